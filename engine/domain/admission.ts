/**
 * What is done about load. Each level does what the ones before it do.
 * 0 normal; 1 spare: what is optional is left out; 2 divert: new callers are told to call later, or leave a callback; 3 refuse: new
 * calls are refused at the edge. Whoever is in stays in, at every level.
 */
export const ADMISSION_LEVELS = [0, 1, 2, 3] as const;
export type AdmissionLevel = (typeof ADMISSION_LEVELS)[number];

/** What load is measured by. Times in milliseconds; `busy` is the share of time in which the event loop had work. */
export const LOAD_MEASURES = ['calls', 'busy', 'loopLagMs', 'eventLagMs', 'requestMs'] as const;
export type LoadMeasure = (typeof LOAD_MEASURES)[number];

/** Why a level holds: a figure that reached the value at which the level begins, and has not been well below it for long enough. */
export interface LoadReason {
  readonly measure: LoadMeasure;
  /** As measured last. */
  readonly value: number;
  /** Where the level begins. */
  readonly limit: number;
}

/** Why a call was not taken. `draining`: somebody wants the switch, or the engine, to become empty. */
export const REFUSAL_REASONS = ['overload', 'callLimit', 'trunkCalls', 'trunkRate', 'callerCalls', 'callerRate', 'draining'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
