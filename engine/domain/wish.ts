/** What a caller wants, as far as the flow has found out: for routing, and for the agent who takes the call. */
export interface Wish {
  /** The choice of a menu that tells it. Absent: something was said, and not understood. */
  readonly choice?: string;
  /** How sure that was; absent where a key was pressed. */
  readonly confidence?: number;
  /** What was said, as `maskSpeech` leaves it. Personal all the same. */
  readonly text?: string;
}

/** A wish as it stands in an event: what was said is under `pii`, where adapters mask or drop it. */
export function wishInEvent(wish: Wish | undefined): { readonly wish?: Omit<Wish, 'text'>; readonly pii?: { readonly text: string } } {
  if (wish === undefined) return {};
  const { text, ...known } = wish;
  return { wish: known, ...(text === undefined ? {} : { pii: { text } }) };
}

/** The wish of an event. Text that was masked away is none. */
export function wishOfEvent({ wish, pii }: ReturnType<typeof wishInEvent>): { readonly wish?: Wish } {
  const text = pii?.text ?? '';
  return wish === undefined ? {} : { wish: { ...wish, ...(text === '' ? {} : { text }) } };
}
