import type { WaitEstimate } from './wait-estimator.ts';

/** What is said of a wait: "2 to 4 minutes"; from 0 "less than"; without an end "more than". The ends are of WAIT_STEPS_MINUTES. */
export interface WaitRange {
  readonly fromMinutes: number;
  readonly toMinutes?: number;
}

/** What a waiting caller is told now, and what it was told in all. */
export interface Announcement {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** 1 is the next to be served. Left out when it is not better than what was told before. */
  readonly position?: number;
  /** Left out when nothing is known, or when it is not better than what was told before. */
  readonly wait?: WaitRange;
  /** The best of all announcements so far; for the next one. */
  readonly told: { readonly position: number; readonly toMinutes?: number };
}

/** The ends of what may be said: less than 1, 1 to 2, 2 to 4, 4 to 6, 6 to 10, 10 to 15, more than 15 minutes. */
export const WAIT_STEPS_MINUTES = [0, 1, 2, 4, 6, 10, 15] as const;

/** More often than this is never told (the default of app_queue's min-announce-frequency). */
export const LEAST_ANNOUNCEMENT_GAP_MS = 15_000;

const MINUTE_MS = 60_000;

/**
 * The band that holds P50 and P90, or the range over the bands from the one to the other. A single band around the mean would sound
 * sharper, and be wrong for most callers of a real queue. Undefined when the range would be everything.
 */
export function waitRangeOf({ lowMs, highMs }: Pick<WaitEstimate, 'lowMs' | 'highMs'>): WaitRange | undefined {
  const fromMinutes = WAIT_STEPS_MINUTES.findLast((step) => step * MINUTE_MS <= lowMs) ?? 0;
  const toMinutes = WAIT_STEPS_MINUTES.find((step) => step > fromMinutes && step * MINUTE_MS >= highMs);
  if (toMinutes !== undefined) return { fromMinutes, toMinutes };
  return fromMinutes > 0 ? { fromMinutes } : undefined;
}

/**
 * What to tell a caller now, after `previous` (undefined: nothing yet); undefined when there is nothing better to say, or it is too soon.
 *
 * Neither the position nor the upper end of the wait ever rises: that somebody more urgent came in between is not the caller's
 * business, and a promise is not taken back. The head of the line (position 1) is told nothing: its agent may answer into the words.
 */
export function nextAnnouncement(
  previous: Announcement | undefined,
  estimate: WaitEstimate | undefined,
  position: number,
  now: number,
): Announcement | undefined {
  if (!(Number.isSafeInteger(position) && position > 1 && Number.isFinite(now))) return undefined;
  if (previous !== undefined && now - previous.at < LEAST_ANNOUNCEMENT_GAP_MS) return undefined;
  const told = previous?.told;
  const moved = told === undefined || position < told.position;
  const range = estimate === undefined ? undefined : waitRangeOf(estimate);
  const fits = range !== undefined && (told?.toMinutes === undefined || (range.toMinutes ?? Infinity) <= told.toMinutes);
  // A range that was told is said again with a new position, not by itself.
  const wait = fits && (moved || (range.toMinutes ?? Infinity) < (told.toMinutes ?? Infinity)) ? range : undefined;
  if (!moved && wait === undefined) return undefined;
  const toMinutes = wait?.toMinutes ?? told?.toMinutes;
  return {
    at: now,
    ...(moved ? { position } : {}),
    ...(wait === undefined ? {} : { wait }),
    told: { position: moved ? position : told.position, ...(toMinutes === undefined ? {} : { toMinutes }) },
  };
}
