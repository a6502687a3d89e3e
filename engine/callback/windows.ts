import type { CallbackRefusal, Period } from '../domain/callback.ts';
import type { Zone } from '../domain/zone.ts';
import type { WindowPolicy } from '../domain/callback-policy.ts';
import { cutByDay, type OpenHours } from './open-days.ts';

/** A callback that is asked for now finds a day with hours within so many days, or none. Today counts as 0. */
export const BUSINESS_DAY_SEARCH_DAYS = 14;

export interface WindowsInput {
  readonly policy: WindowPolicy;
  /** When the centre is open, in order: of `wholeDays`, today's hours from their beginning, for windows are counted from there. */
  readonly hours: readonly Period[];
  readonly zone: Zone;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many callbacks are promised for a window already. */
  readonly taken: (window: Period) => number;
}

/** A window that may be promised. */
export interface OfferedWindow {
  readonly period: Period;
  /** So many callbacks may still be promised for it; at least one. */
  readonly left: number;
}

/** Why a wanted time cannot be promised. */
export type WindowRefusal = Extract<CallbackRefusal, 'windowPast' | 'windowFull' | 'notOffered'>;

/** The windows that may be promised now, in order. Promise the moments, not the readings of the clock: they stay when clocks change. */
export function offeredWindows(input: WindowsInput): OfferedWindow[] {
  return openHours(input)
    .flatMap((open) => windowsWithin(open, input))
    .filter((window) => !isLate(window, input))
    .map((period) => ({ period, left: leftOf(period, input) }))
    .filter(({ left }) => left > 0);
}

/**
 * The window that holds a wanted moment (milliseconds since the epoch), or the whole of a wanted period; or why it cannot be promised:
 *
 * - windowPast: it has begun, or begins sooner than the policy allows
 * - windowFull: as many as the policy allows are promised for it
 * - notOffered: closed then, too many days ahead, or no single window
 */
export function windowOf(wanted: number | Period, input: WindowsInput): OfferedWindow | WindowRefusal {
  // A period that ends where a window does lies within it: `to` is not part of either.
  const { from, to } = typeof wanted === 'number' ? { from: wanted, to: wanted + 1 } : wanted;
  if (!(from < to)) return 'notOffered';
  if (from < input.now) return 'windowPast';
  const open = openHours(input).find((hours) => from >= hours.from && to <= hours.to);
  const period = open && windowsWithin(open, input).find((window) => from >= window.from && to <= window.to);
  if (period === undefined) return 'notOffered';
  if (isLate(period, input)) return 'windowPast';
  const left = leftOf(period, input);
  return left > 0 ? { period, left } : 'windowFull';
}

/**
 * When today's business ends: the end of today's hours by the wall clock, or when that is over, of the next day that has hours. Hours beyond
 * midnight belong to the next day. Undefined when there are none within `BUSINESS_DAY_SEARCH_DAYS`. Milliseconds since the epoch.
 */
export function businessDayEnd({ hours, now, zone }: Pick<WindowsInput, 'hours' | 'now' | 'zone'>): number | undefined {
  const today = zone.dayOf(now);
  const days = cutByDay(hours, zone).filter(({ to }) => to > now);
  const day = days[0]?.day;
  if (day === undefined || day > today + BUSINESS_DAY_SEARCH_DAYS) return undefined;
  return days.findLast((open) => open.day === day)?.to;
}

/** Of today, from the beginning, and of the days ahead. */
function openHours({ policy, hours, zone, now }: WindowsInput): OpenHours[] {
  const today = zone.dayOf(now);
  return cutByDay(hours, zone).filter(({ day }) => day >= today && day <= today + policy.daysAhead);
}

/**
 * Counted by the wall clock from where the hours begin, so that "ten to eleven" is that on every day of the year; where the clock is put back,
 * a window is longer than the others. Less than half of a window, at the end of the hours or where the clock is put forward, is none.
 */
function windowsWithin(open: OpenHours, { zone, policy: { lengthMs } }: WindowsInput): Period[] {
  const windows: Period[] = [];
  let reading = open.from + zone.offsetMs(open.from);
  for (let from = open.from; from < open.to; ) {
    reading += lengthMs;
    const to = Math.min(zone.instantOf(reading), open.to);
    if (to - from >= lengthMs / 2) windows.push({ from, to });
    from = Math.max(from, to);
  }
  return windows;
}

const isLate = (window: Period, { policy, now }: WindowsInput): boolean => window.from < now + policy.leadMs;

const leftOf = (window: Period, { policy, taken }: WindowsInput): number => policy.capacity - taken(window);
