/**
 * How a call ended, as a value. `result` is closed: who has to look into it follows from it alone.
 * - success: the call did what it was for (also a caller who hangs up after being served)
 * - callerError: the caller did not get through to anything (hung up in the menu, abandoned the queue)
 * - serverError: ours (flow failed, prompt missing)
 * - upstreamError: carrier, gateway or switch
 * - indeterminate: cannot be attributed
 */
export const TERMINATION_RESULTS = ['success', 'callerError', 'serverError', 'upstreamError', 'indeterminate'] as const;
export type TerminationResult = (typeof TERMINATION_RESULTS)[number];

export const TERMINATION_REASONS = [
  'flowEnded', // the flow said goodbye
  'callerHungUp', // in the menu, or while being told something
  'abandoned', // in the queue, or while an agent's phone rang
  'served', // after a conversation with an agent
  'flowFailed', // the flow threw; a caller who had not been served went to the switch's fallback
  'switchLost', // the switch restarted or vanished
  'goneBeforeAnswer', // the caller was gone before we could answer
  'mediaFailed',
  'unknown',
] as const;
export type TerminationReason = (typeof TERMINATION_REASONS)[number];

export interface Termination {
  readonly result: TerminationResult;
  readonly reason: TerminationReason;
  /** Q.850 cause of the caller's channel, when the switch told one. Never trust it alone (asterisk#963, #1124). */
  readonly cause?: number;
}

const RESULT_OF: Readonly<Record<TerminationReason, TerminationResult>> = {
  flowEnded: 'success',
  served: 'success',
  callerHungUp: 'callerError',
  abandoned: 'callerError',
  goneBeforeAnswer: 'callerError',
  flowFailed: 'serverError',
  mediaFailed: 'serverError',
  switchLost: 'upstreamError',
  unknown: 'indeterminate',
};

/** The termination that a reason stands for. */
export function termination(reason: TerminationReason, cause?: number): Termination {
  return { result: RESULT_OF[reason], reason, ...(cause === undefined ? {} : { cause }) };
}

/** Q.850 causes that we read or set (ITU-T Q.850 §2.2.7). */
export const HangupCause = {
  unallocated: 1,
  noRouteToDestination: 3,
  normal: 16,
  busy: 17,
  noUserResponding: 18,
  noAnswer: 19,
  subscriberAbsent: 20,
  rejected: 21,
  destinationOutOfOrder: 27,
  normalUnspecified: 31,
  noCircuit: 34,
  temporaryFailure: 41,
  congestion: 42,
} as const;

/** Why a leg that we dialled did not come to a conversation. */
export type DialFailure = 'busy' | 'rejected' | 'noAnswer' | 'unreachable' | 'failed';

/** Reads a Q.850 cause of a leg that never answered. Unknown causes are `failed`, so that they are seen. */
export function dialFailureOf(cause: number): DialFailure {
  switch (cause) {
    case HangupCause.busy:
      return 'busy';
    case HangupCause.rejected:
      return 'rejected';
    case HangupCause.noUserResponding:
    case HangupCause.noAnswer:
      return 'noAnswer';
    case HangupCause.unallocated:
    case HangupCause.noRouteToDestination:
    case HangupCause.subscriberAbsent:
    case HangupCause.destinationOutOfOrder:
      return 'unreachable';
    default:
      return 'failed';
  }
}
