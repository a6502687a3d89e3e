import { HangupCause } from '../../engine/domain/termination.ts';
import type { AnsweredBy } from '../../engine/ports/call-events.ts';

/** What a phone does when it is rung. */
export type PhoneBehaviour =
  | {
      readonly does: 'answer';
      readonly afterMs: number;
      /** The talk ends by the phone after this time. */
      readonly talkMs?: number;
      /** What a switch that listens takes it for; a person when not given. */
      readonly soundsLike?: AnsweredBy;
    }
  | { readonly does: 'end'; readonly afterMs: number; readonly cause: number; readonly rings: boolean }
  /** Rings until the other side gives up, or the test calls `answer()` or `reject()`. */
  | { readonly does: 'ring' }
  /** The switch refuses to dial it: no such endpoint, or no phone registered under it. */
  | { readonly does: 'refuseDial' };

export const answers = (afterMs: number, talkMs?: number): PhoneBehaviour => ({
  does: 'answer',
  afterMs,
  ...(talkMs === undefined ? {} : { talkMs }),
});
/** Picks up, and plays a greeting. */
export const isMachine = (afterMs = 0, talkMs?: number): PhoneBehaviour => ({
  does: 'answer',
  afterMs,
  ...(talkMs === undefined ? {} : { talkMs }),
  soundsLike: 'machine',
});
/** SIP 486 Busy Here. */
export const isBusy = (afterMs = 0): PhoneBehaviour => ({ does: 'end', afterMs, cause: HangupCause.busy, rings: false });
/** SIP 603 Decline, after ringing. */
export const rejects = (afterMs = 0): PhoneBehaviour => ({ does: 'end', afterMs, cause: HangupCause.rejected, rings: true });
export const neverAnswers = (): PhoneBehaviour => ({ does: 'ring' });
/** Nobody there: cause 20 (subscriber absent) or 3 (no route). */
export const isUnreachable = (cause: number = HangupCause.subscriberAbsent, afterMs = 0): PhoneBehaviour => ({
  does: 'end',
  afterMs,
  cause,
  rings: false,
});
export const isNotRegistered = (): PhoneBehaviour => ({ does: 'refuseDial' });
