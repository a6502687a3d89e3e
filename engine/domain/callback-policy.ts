import type { AttemptOutcome } from './callback.ts';

/** What becomes of a callback after an attempt that did not reach the customer: tried again after so long, or given up. */
export type AfterAttempt = number | 'giveUp';

/** How callbacks of one queue are placed. Durations are milliseconds. */
export interface CallbackPolicy {
  /**
   * `agentFirst`: an agent is reserved, sees the story, and the customer is dialled while the agent is on the line. `customerFirst`: the
   * customer is dialled when an agent will soon be free, confirms with a key, and is connected from the head of the queue.
   */
  readonly order: 'agentFirst' | 'customerFirst';
  /** The customer is dialled so many times at most. What was not the customer's doing or the network's (an agent who rejects) is no attempt. */
  readonly attempts: number;
  readonly after: Readonly<Record<Exclude<AttemptOutcome, 'answered'>, AfterAttempt>>;
  /** Given up when so many attempts have ended so, though `attempts` would allow more. */
  readonly attemptsByOutcome: Readonly<Partial<Record<Exclude<AttemptOutcome, 'answered'>, number>>>;
  /** The customer's phone rings so long at most. */
  readonly ringMs: number;
  /** With `agentFirst`: time to read the story before the customer is dialled. */
  readonly previewMs: number;
  /** With `customerFirst`: dialled so long before an agent is expected to be free. */
  readonly dialAheadMs: number;
  /** With `customerFirst`: the flow that greets the customer, asks for a key and routes. */
  readonly flow?: string;
  /** The switch listens who answers, before an agent or a flow has the line. */
  readonly detectMachines: boolean;
  /** With `detectMachines`: the flow that leaves a message when a machine answers the last attempt. */
  readonly messageFlow?: string;
  /** When a request without a chosen window expires: at the end of the business day (or of the day, without hours), or after so long. */
  readonly expiresAfter: 'businessDay' | number;
  /** A request whose time passed while nothing could be placed (an outage) is still placed so long after its period. 0: it expires. */
  readonly lateMs: number;
  /** The windows that are offered. */
  readonly windows: WindowPolicy;
}

export interface WindowPolicy {
  readonly lengthMs: number;
  /** So many callbacks are promised for one window at most. */
  readonly capacity: number;
  /** A window begins so long after it is chosen at least. */
  readonly leadMs: number;
  /** Today counts as 0. */
  readonly daysAhead: number;
}

const MINUTE_MS = 60_000;

/** What a queue does when its configuration says no more than that it has callbacks. */
export const CALLBACK_DEFAULTS = {
  order: 'agentFirst',
  attempts: 3,
  after: {
    machine: 60 * MINUTE_MS,
    hungUp: 15 * MINUTE_MS,
    busy: 5 * MINUTE_MS,
    noAnswer: 30 * MINUTE_MS,
    refused: 60 * MINUTE_MS,
    wrongNumber: 'giveUp',
    networkFailure: 2 * MINUTE_MS,
    interrupted: 5 * MINUTE_MS,
  },
  attemptsByOutcome: {},
  ringMs: 30_000,
  previewMs: 0,
  dialAheadMs: 20_000,
  detectMachines: false,
  expiresAfter: 'businessDay',
  lateMs: 0,
  windows: { lengthMs: 60 * MINUTE_MS, capacity: 10, leadMs: 15 * MINUTE_MS, daysAhead: 3 },
} as const satisfies CallbackPolicy;
