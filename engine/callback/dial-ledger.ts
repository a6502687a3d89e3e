import type { Json } from '../domain/json.ts';
import type { NumberUsage } from './number-rules.ts';
import { RecentTimes } from '../domain/recent-times.ts';
import { RunningTotal, type RunningTotalOptions } from './running-total.ts';

export interface DialLedgerOptions {
  /** How far back questions may go: at least `NumberRules.caps.withinMs`. Default 24 hours. */
  readonly windowMs?: number;
  /** At most so many numbers that were asked for, so many that asked and so many that were dialled. Default 200 000. */
  readonly maxNumbers?: number;
  /** A count of one number stops here; above every cap of one number or caller. Default 1 000. */
  readonly maxPerNumber?: number;
}

/** What survives a restart. Holds phone numbers: personal. */
export type DialLedgerState = {
  readonly version: 1;
  readonly requestsFor: readonly Json[];
  readonly requestsBy: readonly Json[];
  readonly dialsTo: readonly Json[];
  readonly requests: readonly Json[];
  readonly dials: readonly Json[];
};

const VERSION = 1;
const DEFAULTS = { windowMs: 24 * 3_600_000, maxNumbers: 200_000, maxPerNumber: 1_000 } as const satisfies DialLedgerOptions;
/** More than one in a second of the window, day and night. Above, the oldest are counted a little too long. */
const MAX_ENTRIES = 100_000;

/** What was asked for and what was dialled, for the caps of the rules. Times are milliseconds since the epoch, costs as in `CallCost`. */
export class DialLedger implements NumberUsage {
  readonly #requestsFor: RecentTimes;
  readonly #requestsBy: RecentTimes;
  readonly #dialsTo: RecentTimes;
  readonly #requests: RunningTotal;
  readonly #dials: RunningTotal;

  constructor(options: DialLedgerOptions = {}) {
    const { windowMs, maxNumbers, maxPerNumber } = { ...DEFAULTS, ...options };
    const times = { windowMs, maxKeys: maxNumbers, maxTimes: maxPerNumber };
    const total: RunningTotalOptions = { windowMs, maxEntries: MAX_ENTRIES };
    this.#requestsFor = new RecentTimes(times);
    this.#requestsBy = new RecentTimes(times);
    this.#dialsTo = new RecentTimes(times);
    this.#requests = new RunningTotal(total);
    this.#dials = new RunningTotal(total);
  }

  /** A ledger as the previous process left it; an empty one when `state` is none of this version. */
  static fromJSON(state: Json | undefined, options: DialLedgerOptions = {}): DialLedger {
    const ledger = new DialLedger(options);
    if (typeof state !== 'object' || state === null || !('version' in state) || state.version !== VERSION) return ledger;
    ledger.#requestsFor.restore(state['requestsFor']);
    ledger.#requestsBy.restore(state['requestsBy']);
    ledger.#dialsTo.restore(state['dialsTo']);
    ledger.#requests.restore(state['requests']);
    ledger.#dials.restore(state['dials']);
    return ledger;
  }

  /** A callback was taken. What `checkNumber` answered fits; refused requests are not told. */
  requested(request: { readonly number: string; readonly caller?: string; readonly estimatedCost: number }, at: number): void {
    this.#requestsFor.add(request.number, at);
    if (request.caller !== undefined) this.#requestsBy.add(request.caller, at);
    this.#requests.add(at, request.estimatedCost);
  }

  /** A customer is dialled, whatever comes of it. What `checkDial` answered fits. */
  dialled(dial: { readonly number: string; readonly estimatedCost: number }, at: number): void {
    this.#dialsTo.add(dial.number, at);
    this.#dials.add(at, dial.estimatedCost);
  }

  requestsFor(number: string, since: number): number {
    return this.#requestsFor.count(number, since);
  }

  requestsBy(caller: string, since: number): number {
    return this.#requestsBy.count(caller, since);
  }

  dialsTo(number: string, since: number): number {
    return this.#dialsTo.count(number, since);
  }

  requests(since: number): { readonly count: number; readonly cost: number } {
    return this.#requests.since(since);
  }

  dials(since: number): { readonly count: number; readonly cost: number } {
    return this.#dials.since(since);
  }

  toJSON(): DialLedgerState {
    return {
      version: VERSION,
      requestsFor: this.#requestsFor.toJSON(),
      requestsBy: this.#requestsBy.toJSON(),
      dialsTo: this.#dialsTo.toJSON(),
      requests: this.#requests.toJSON(),
      dials: this.#dials.toJSON(),
    };
  }
}
