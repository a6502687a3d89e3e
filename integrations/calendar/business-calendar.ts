import { StrowgerError } from '../../engine/domain/errors.ts';
import type { BusinessCalendar, OpenState } from '../../engine/ports/business-calendar.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { readCalendar, type Calendar, type CalendarConfig, type Span } from './calendar-config.ts';
import { chinaHoliday } from './china-holidays.ts';
import type { LocalTime } from './local-time.ts';

/** Business hours by name. Throws `calendar.invalid` when a calendar cannot be read. */
export function createBusinessCalendar(configs: Readonly<Record<string, CalendarConfig>>, logger: Logger): BusinessCalendar {
  const calendars = new Map(Object.entries(configs).map(([name, config]) => [name, readCalendar(name, config)]));
  const warned = new Set<string>();
  const warnOfYear = (year: string) => {
    if (warned.has(year)) return;
    warned.add(year);
    logger.warn(
      { year },
      'The public holidays of this year are not known yet: every week counts as an ordinary one. Add its holidays and make-up days to `overrides` of the calendars.',
    );
  };
  return {
    stateAt: (name, at) => {
      const calendar = calendars.get(name);
      if (!calendar) {
        throw new StrowgerError('calendar.unknown', `There is no calendar '${name}'. Configured: ${[...calendars.keys()].join(', ') || 'none'}.`, {
          fields: { calendar: name },
        });
      }
      return stateOf(calendar, calendar.clock(at), warnOfYear);
    },
  };
}

function stateOf(calendar: Calendar, now: LocalTime, warnOfYear: (year: string) => void): OpenState {
  const override = calendar.overrides.get(now.date);
  if (override === 'closed' || override === 'holiday') return override;
  if (override) return within(override, now);
  const notice = calendar.publicHolidays ? chinaHoliday(now.date) : 'none';
  if (notice === 'holiday') return 'holiday';
  if (notice === 'makeUpDay') return within(calendar.weekly[calendar.makeUpDaysLike], now);
  if (notice === 'yearUnknown' && !hasOverridesFor(calendar, now.year)) warnOfYear(now.year);
  return within(calendar.weekly[now.weekday], now);
}

const within = (spans: readonly Span[], { minute }: LocalTime): OpenState =>
  spans.some(({ from, to }) => minute >= from && minute < to) ? 'open' : 'closed';

function hasOverridesFor(calendar: Calendar, year: string): boolean {
  for (const date of calendar.overrides.keys()) if (date.startsWith(year)) return true;
  return false;
}
