import type { DomainEvent } from '../domain/events.ts';
import type { CallbackId, QueueId } from '../domain/ids.ts';
import type { Book } from './book.ts';
import type { CallbackStanding, Standing } from './standing.ts';

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/** Follows callbacks from the offer to their end, and books what became of them. `callback.due` is no figure: it comes with each try to place one. */
export class CallbackLedger {
  readonly #standing: Standing;
  readonly #book: Book;

  constructor(standing: Standing, book: Book) {
    this.#standing = standing;
    this.#book = book;
  }

  offered({ queueId, callId }: EventOf<'callback.offered'>, at: number): void {
    this.#know(queueId, at);
    if (callId !== undefined) {
      const before = this.#standing.offeredCalls.get(callId);
      // The offer is repeated while the caller waits.
      if (before?.has(queueId)) return;
      this.#standing.offeredCalls.set(callId, new Set([...(before ?? []), queueId]));
    }
    const tally = this.#book.callbacks(at, queueId);
    if (tally !== undefined) tally.offered += 1;
  }

  requested({ callbackId, queueId, kind, by }: EventOf<'callback.requested'>, at: number): void {
    this.#know(queueId, at);
    const tally = this.#book.callbacks(at, queueId);
    if (tally !== undefined) {
      tally.requestedBy[by.by] += 1;
      tally.requestedFor[kind] += 1;
    }
    if (!this.#standing.callbacks.has(callbackId)) this.#standing.callbacks.set(callbackId, { queueId, requestedAt: at, hasEnded: false });
  }

  refused({ queueId, refusal }: EventOf<'callback.refused'>, at: number): void {
    this.#know(queueId, at);
    const tally = this.#book.callbacks(at, queueId);
    if (tally !== undefined) tally.refusedBy[refusal] = (tally.refusedBy[refusal] ?? 0) + 1;
  }

  moved({ callbackId, queueId }: EventOf<'callback.moved'>, at: number): void {
    this.#seen(callbackId, queueId, at);
    const tally = this.#book.callbacks(at, queueId);
    if (tally !== undefined) tally.moved += 1;
  }

  due({ callbackId, queueId }: EventOf<'callback.due'>, at: number): void {
    this.#seen(callbackId, queueId, at);
  }

  dialled({ callbackId, queueId, callId, agentId }: EventOf<'callback.dialled'>, at: number): void {
    this.#seen(callbackId, queueId, at);
    // Without an agent on the line: the customer will stand in the queue, or be turned away at its entrance.
    if (callId !== undefined && agentId === undefined) this.#standing.callbackCalls.add(callId);
  }

  attempted({ callbackId, queueId, outcome, callId }: EventOf<'callback.attempted'>, at: number): void {
    this.#seen(callbackId, queueId, at);
    if (callId !== undefined && outcome !== 'answered') this.#standing.callbackCalls.delete(callId);
    const tally = this.#book.callbacks(at, queueId);
    if (tally !== undefined) tally.attemptsBy[outcome] += 1;
  }

  ended(event: EventOf<'callback.ended'>, at: number): void {
    const { callbackId, queueId, how, attempts, kind, period } = event;
    const known = this.#standing.callbacks.get(callbackId);
    if (known?.hasEnded) return;
    this.#know(queueId, at);
    const tookMs = Math.max(0, event.tookMs);
    const ended: CallbackStanding = { queueId, requestedAt: known?.requestedAt ?? at - tookMs, hasEnded: true };
    this.#standing.callbacks.set(callbackId, ended);
    this.#standing.endedCallbacks.push({ callbackId, at });
    this.#bookSpan(ended, at, 1);
    const tally = this.#book.callbacks(at, queueId);
    if (tally === undefined) return;
    tally.ended[how] += 1;
    if (how !== 'reached') {
      if (kind === 'at' && how !== 'canceled') tally.promisesMissed += 1;
      return;
    }
    if (attempts === 1) tally.reachedAtFirst += 1;
    if (kind === 'soon') {
      tally.soonMs.push(tookMs);
      return;
    }
    tally.delaysMs.push(Math.max(0, at - period.from));
    if (at >= period.from && at < period.to) tally.reachedWithin += 1;
  }

  callEnded({ callId }: EventOf<'call.ended'>): void {
    if (callId === undefined) return;
    this.#standing.offeredCalls.delete(callId);
    this.#standing.callbackCalls.delete(callId);
  }

  /** Books (1) or takes out again (-1) those that are open, as if it were `asOf`. */
  bookOpen(asOf: number, sign: 1 | -1): void {
    for (const callback of this.#standing.callbacks.values()) if (!callback.hasEnded) this.#bookSpan(callback, asOf, sign);
  }

  /** One of which the log does not tell the request was open before the log began. */
  #seen(callbackId: CallbackId, queueId: QueueId, at: number): void {
    this.#know(queueId, at);
    if (!this.#standing.callbacks.has(callbackId)) this.#standing.callbacks.set(callbackId, { queueId, requestedAt: undefined, hasEnded: false });
  }

  #bookSpan({ queueId, requestedAt = -Infinity, hasEnded }: CallbackStanding, until: number, sign: 1 | -1): void {
    this.#book.forEachInterval(requestedAt, until, (interval) => {
      const tally = this.#book.callbacksIn(interval, queueId);
      if (requestedAt < interval.from) tally.openAtStart += sign;
      if (!hasEnded || until >= interval.to) tally.openAtEnd += sign;
    });
  }

  #know(queueId: QueueId, at: number): void {
    if (!this.#standing.callbackQueues.has(queueId)) this.#standing.callbackQueues.set(queueId, at);
  }
}
