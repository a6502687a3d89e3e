import type { CallbackRefusal, Period } from '../domain/callback.ts';
import type { Zone } from '../domain/zone.ts';
import type { WindowPolicy } from '../domain/callback-policy.ts';
import { cutByDay, type OpenHours } from './open-days.ts';

/** A callback that is asked for now finds a day with hours within so many days, or none. Today counts as 0. */
export const BUSINESS_DAY_SEARCH_DAYS = 14;

export interface WindowsInput {
  readonly policy: WindowPolicy;
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

/** Open hours with their windows: what does not change with the moment of a day. Worth keeping, for the arithmetic of the calendar takes milliseconds. */
export type WindowGrid = readonly { readonly open: OpenHours; readonly windows: readonly Period[] }[];

/** `hours`: when the centre is open, in order; of `wholeDays`, today's hours from their beginning, for windows are counted from there. */
export function windowGrid(hours: readonly Period[], { zone, policy }: Pick<WindowsInput, 'zone' | 'policy'>): WindowGrid {
  return cutByDay(hours, zone).map((open) => ({ open, windows: windowsWithin(open, zone, policy.lengthMs) }));
}

/** The windows that may be promised now, in order. Promise the moments, not the readings of the clock: they stay when clocks change. */
export function offeredWindows(grid: WindowGrid, input: WindowsInput): OfferedWindow[] {
  return ofOfferedDays(grid, input)
    .flatMap(({ windows }) => windows)
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
export function windowOf(wanted: number | Period, grid: WindowGrid, input: WindowsInput): OfferedWindow | WindowRefusal {
  // A period that ends where a window does lies within it: `to` is not part of either.
  const { from, to } = typeof wanted === 'number' ? { from: wanted, to: wanted + 1 } : wanted;
  if (!(from < to)) return 'notOffered';
  if (from < input.now) return 'windowPast';
  const within = ofOfferedDays(grid, input).find(({ open }) => from >= open.from && to <= open.to);
  const period = within?.windows.find((window) => from >= window.from && to <= window.to);
  if (period === undefined) return 'notOffered';
  if (isLate(period, input)) return 'windowPast';
  const left = leftOf(period, input);
  return left > 0 ? { period, left } : 'windowFull';
}

/**
 * When today's business ends: the end of today's hours by the wall clock, or when that is over, of the next day that has hours. Hours beyond
 * midnight belong to the next day. Undefined when there are none within `BUSINESS_DAY_SEARCH_DAYS`. Milliseconds since the epoch.
 */
export function businessDayEnd(hours: readonly Period[], { now, zone }: Pick<WindowsInput, 'now' | 'zone'>): number | undefined {
  const today = zone.dayOf(now);
  const days = cutByDay(hours, zone).filter(({ to }) => to > now);
  const day = days[0]?.day;
  if (day === undefined || day > today + BUSINESS_DAY_SEARCH_DAYS) return undefined;
  return days.findLast((open) => open.day === day)?.to;
}

/** Of today, from the beginning, and of the days ahead. */
function ofOfferedDays(grid: WindowGrid, { policy, zone, now }: WindowsInput): WindowGrid {
  const today = zone.dayOf(now);
  return grid.filter(({ open: { day } }) => day >= today && day <= today + policy.daysAhead);
}

/**
 * Counted by the wall clock from where the hours begin, so that "ten to eleven" is that on every day of the year; where the clock is put back,
 * a window is longer than the others. Less than half of a window, at the end of the hours or where the clock is put forward, is none.
 */
function windowsWithin(open: OpenHours, zone: Zone, lengthMs: number): Period[] {
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
