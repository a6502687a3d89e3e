import { service } from './service.ts';

/**
 * What a flow asks of the engine's own callbacks: declare what is used in `services` of `defineIvr`, under these names. Times are
 * milliseconds since the epoch. `number`: as typed, or the flow's `callerNumber`.
 */

/**
 * Asks for a callback. `window`: the beginning of a window of `callbackWindows`; 0 for as soon as the caller's turn comes. A caller who
 * stepped aside from the queue leaves its place, skills and priority to the callback.
 *
 * - taken: it is on the disk and may be confirmed
 * - pending: this number has one in this queue already
 * - badNumber: no number, too short, or withheld
 * - notAllowed: a number that is not called back (abroad, premium rate, one of our own, do not call)
 * - tooMany: too often today
 * - windowGone: the window has filled up or begun meanwhile
 * - unavailable: the queue has no callbacks
 */
export const requestCallback = service<
  { queue: string; number: string; window: number; topic: string },
  | { outcome: 'taken'; callbackId: string }
  | { outcome: 'pending' }
  | { outcome: 'badNumber' }
  | { outcome: 'notAllowed' }
  | { outcome: 'tooMany' }
  | { outcome: 'windowGone' }
  | { outcome: 'unavailable' }
>();

/** The callback that this number has in a queue: `soon` as its turn comes, or `at` a time. */
export const findCallback = service<
  { queue: string; number: string },
  { outcome: 'soon'; callbackId: string } | { outcome: 'at'; callbackId: string; from: number; to: number } | { outcome: 'none' }
>();

/** The next windows that can be chosen; 0 where there are fewer. */
export const callbackWindows = service<
  { queue: string },
  { outcome: 'some'; first: number; firstEnd: number; second: number; secondEnd: number; third: number; thirdEnd: number } | { outcome: 'none' }
>();

/** Takes a callback back. `tooLate`: it has ended, or the customer is being called. */
export const cancelCallback = service<{ callbackId: string }, { outcome: 'canceled' } | { outcome: 'tooLate' }>();

/** Moves a callback to a window (as `requestCallback`). */
export const moveCallback = service<{ callbackId: string; window: number }, { outcome: 'moved' } | { outcome: 'windowGone' } | { outcome: 'tooLate' }>();
