export type OpenState = 'open' | 'closed' | 'holiday';

/** Business hours by name, with public holidays and make-up working days. */
export interface BusinessCalendar {
  /** Throws `calendar.unknown` for a name that is not configured. `at` is milliseconds since the epoch. */
  stateAt(calendar: string, at: number): OpenState;
}
