import type { CallbackRefusal, Period } from '../domain/callback.ts';
import type { QueueId } from '../domain/ids.ts';
import type { NumberRequest } from './number-check.ts';

/** A number that was admitted, to be handed back when the request is kept. */
export interface AdmittedNumber {
  readonly ok: true;
  /** E.164. */
  readonly number: string;
}

/** Whose number may be called back, and when. Asked at the request, and again before each dial: rules may have changed. */
export interface NumberGuard<Admitted extends AdmittedNumber = AdmittedNumber> {
  admit(request: NumberRequest): Admitted | { readonly ok: false; readonly refusal: CallbackRefusal };
  /** A number as it is displayed or typed, in the one way to spell it, whether it may be called or not; undefined when it is none. */
  normal(text: string): string | undefined;
  /** `notBefore`: in milliseconds since the epoch, when to ask again. */
  mayDial(number: string): 'dial' | 'impossible' | { readonly notBefore: number };
  /** A callback was taken for this number. */
  requested(admitted: Admitted): void;
  /** This number is dialled. */
  dialled(number: string): void;
}

/** The times that a queue can promise. Milliseconds since the epoch. */
export interface PromiseTimes {
  /** When a request expires that has no window of its own. */
  expiry(queueId: QueueId, now: number): number;
  /** The windows that can be chosen now, soonest first. `taken`: how many callbacks stand in a window already. */
  windows(queueId: QueueId, now: number, taken: (window: Period) => number): readonly { readonly period: Period; readonly left: number }[];
  /** The window that holds a wanted time, or why there is none. */
  windowOf(queueId: QueueId, wanted: number | Period, now: number, taken: (window: Period) => number): Period | CallbackRefusal;
}
