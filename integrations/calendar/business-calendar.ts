import { StrowgerError } from '../../engine/domain/errors.ts';
import type { BusinessCalendar } from '../../engine/ports/business-calendar.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { OpeningHours } from '../../engine/ports/opening-hours.ts';
import { readCalendar, type CalendarConfig } from './calendar-config.ts';
import { CalendarDays } from './calendar-days.ts';

/** Business hours by name. Throws `calendar.invalid` when a calendar cannot be read. */
export function createBusinessCalendar(configs: Readonly<Record<string, CalendarConfig>>, logger: Logger): BusinessCalendar & OpeningHours {
  const warned = new Set<string>();
  const warnOfYear = (year: string) => {
    if (warned.has(year)) return;
    warned.add(year);
    logger.warn(
      { year },
      'The public holidays of this year are not known yet: every week counts as an ordinary one. Add its holidays and make-up days to `overrides` of the calendars.',
    );
  };
  const calendars = new Map(Object.entries(configs).map(([name, config]) => [name, new CalendarDays(readCalendar(name, config), warnOfYear)]));
  const named = (name: string): CalendarDays => {
    const calendar = calendars.get(name);
    if (calendar) return calendar;
    throw new StrowgerError('calendar.unknown', `There is no calendar '${name}'. Configured: ${[...calendars.keys()].join(', ') || 'none'}.`, {
      fields: { calendar: name },
    });
  };
  return {
    stateAt: (name, at) => named(name).stateAt(at),
    openPeriods: (name, from, to) => named(name).openPeriods(from, to),
    timeZone: (name) => named(name).timeZone,
  };
}
