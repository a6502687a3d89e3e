/** A moment as a wall clock somewhere shows it. */
export interface LocalTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly year: string;
  readonly weekday: Weekday;
  /** Minutes since midnight, by the wall clock. */
  readonly minute: number;
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Reads moments (milliseconds since the epoch) in an IANA zone; undefined when there is no such zone. */
export function localClock(timeZone: string): ((at: number) => LocalTime) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return (at) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(at)) parts[type] = value;
    const { year = '', month = '', day = '', hour = '', minute = '' } = parts;
    const weekday = WEEKDAYS[new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()];
    return { date: `${year}-${month}-${day}`, year, weekday: weekday ?? 'sun', minute: Number(hour) * 60 + Number(minute) };
  };
}
