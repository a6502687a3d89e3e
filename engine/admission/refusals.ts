import { REFUSAL_REASONS, type RefusalReason } from '../domain/admission.ts';
import type { Announce } from '../ports/announcer.ts';

/** A call that was not taken. */
export interface RefusedCall {
  readonly reason: RefusalReason;
  readonly dialled: string;
  readonly trunk: string | undefined;
  readonly callerNumber: string;
}

const TELL_EVERY_MS = 1_000;

/**
 * Tells of refused calls: the first at once, then once a second how many there were. A flood that is refused must not cost an event, a line
 * in the log and a message each.
 */
export class Refusals {
  readonly #announce: Announce;
  readonly #counts = new Map<RefusalReason, number>(REFUSAL_REASONS.map((reason) => [reason, 0]));
  readonly #untold = new Map<string, { count: number; last: RefusedCall }>();
  readonly #toldAt = new Map<string, number>();

  constructor(announce: Announce) {
    this.#announce = announce;
  }

  /** Since the process began. */
  get counts(): ReadonlyMap<RefusalReason, number> {
    return this.#counts;
  }

  add(call: RefusedCall, now: number): void {
    this.#counts.set(call.reason, (this.#counts.get(call.reason) ?? 0) + 1);
    const key = `${call.reason} ${call.trunk ?? ''}`;
    this.#untold.set(key, { count: (this.#untold.get(key)?.count ?? 0) + 1, last: call });
    if (now - (this.#toldAt.get(key) ?? -Infinity) >= TELL_EVERY_MS) this.#tell(key, now);
  }

  /** Tells what has been waiting for long enough. */
  flush(now: number): void {
    for (const key of [...this.#untold.keys()]) if (now - (this.#toldAt.get(key) ?? -Infinity) >= TELL_EVERY_MS) this.#tell(key, now);
    for (const [key, at] of this.#toldAt) if (now - at >= TELL_EVERY_MS && !this.#untold.has(key)) this.#toldAt.delete(key);
  }

  #tell(key: string, now: number): void {
    const untold = this.#untold.get(key);
    if (untold === undefined) return;
    this.#untold.delete(key);
    this.#toldAt.set(key, now);
    const { count, last: { reason, dialled, trunk, callerNumber } } = untold;
    this.#announce({ type: 'call.refused', reason, count, dialled, ...(trunk === undefined ? {} : { trunk }), pii: { callerNumber } });
  }
}
