import type { Period } from '../domain/callback.ts';
import { DAY_MS, type Zone } from '../domain/zone.ts';

/** Open hours within one date of the wall clock. */
export interface OpenHours extends Period {
  /** Days since the epoch. */
  readonly day: number;
}

/** Today and so many days after it, whole, by the wall clock of the zone: what open periods are asked for. `now` is milliseconds since the epoch. */
export function wholeDays({ zone, now, daysAhead }: { readonly zone: Zone; readonly now: number; readonly daysAhead: number }): Period {
  return { from: zone.startOfDay(now), to: zone.instantOf((zone.dayOf(now) + daysAhead + 1) * DAY_MS) };
}

/** Cuts open periods at midnight. A centre that never closes has days too; uncut, they would begin wherever somebody began to look. */
export function cutByDay(hours: readonly Period[], zone: Zone): OpenHours[] {
  const cut: OpenHours[] = [];
  for (const period of hours) {
    for (let from = period.from; from < period.to; ) {
      const to = Math.min(period.to, zone.nextDay(from));
      cut.push({ day: zone.dayOf(from), from, to });
      from = to;
    }
  }
  return cut;
}
