// The library's functions key their days by the zone of the process: west of Greenwich each holiday comes a day early
// (chinese-days 1.5.7, seen with TZ=America/New_York). Its published table has plain dates, so that is what we read.
import table from 'chinese-days/dist/chinese-days.json' with { type: 'json' };

/** What the State Council says about a date: a holiday, a working day that makes up for one, or nothing. */
export type HolidayNotice = 'holiday' | 'makeUpDay' | 'none' | 'yearUnknown';

const holidays: Readonly<Record<string, string>> = table.holidays;
const workdays: Readonly<Record<string, string>> = table.workdays;
// A year is known when its notice is in the table. Each notice names New Year's Day.
const isKnown = (year: string) => holidays[`${year}-01-01`] !== undefined;

/** `date` is `YYYY-MM-DD`. The notice for a year appears in the November before it. */
export function chinaHoliday(date: string): HolidayNotice {
  if (workdays[date] !== undefined) return 'makeUpDay';
  if (holidays[date] !== undefined) return 'holiday';
  return isKnown(date.slice(0, 4)) ? 'none' : 'yearUnknown';
}
