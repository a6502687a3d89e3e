/** A pending timer; only its clock knows what it is. */
export type TimerHandle = unknown;

/** Time as the engine sees it. Fits XState's own Clock, so the same object drives flows, verbs and router. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  setTimeout(fn: (...args: unknown[]) => void, timeoutMs: number): TimerHandle;
  clearTimeout(handle: TimerHandle): void;
}
