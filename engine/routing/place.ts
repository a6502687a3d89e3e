/** What a contact's place in the order of all follows from. */
export interface Place {
  readonly promoted: boolean;
  /** 1 is the most urgent. */
  readonly priority: number;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
  readonly ageBoostMs: number;
  /** Order of arrival. */
  readonly sequence: number;
}

/** Goes before all priorities, whatever they are. */
const PROMOTED = -Infinity;

/** Places compare by band, then by age, then by sequence; the lowest goes first. */
export function bandOf({ promoted, priority }: Place): number {
  return promoted ? PROMOTED : priority;
}

/** See `bandOf`. The boost is virtual age among contacts of one priority; promoted ones stand by their real age. */
export function ageOf({ promoted, enqueuedAt, ageBoostMs }: Place): number {
  return promoted ? enqueuedAt : enqueuedAt - ageBoostMs;
}

/** Negative when `a` goes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  const bandA = bandOf(a);
  const bandB = bandOf(b);
  if (bandA !== bandB) return bandA < bandB ? -1 : 1;
  return ageOf(a) - ageOf(b) || a.sequence - b.sequence;
}
