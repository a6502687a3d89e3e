import type { DomainEvent } from '../domain/events.ts';
import type { QueueId } from '../domain/ids.ts';
import type { Book } from './book.ts';
import type { LevelEvent, QueueTally } from './queue-tally.ts';
import { RETURN_MS, type DepartureKind, type Standing, type Targets, type Visit } from './standing.ts';

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/**
 * Follows contacts through their queues and books offers, departures, waits and service-level events. Customers who are called back are
 * followed and not booked: their wait in the queue is no caller's wait.
 */
export class ContactLedger {
  readonly #standing: Standing;
  readonly #book: Book;
  readonly #targetsOf: (queueId: QueueId) => Targets | undefined;
  /** Queues whose length has changed at the time of the latest event. */
  readonly #changed = new Set<QueueId>();

  constructor(standing: Standing, book: Book, targetsOf: (queueId: QueueId) => Targets | undefined) {
    this.#standing = standing;
    this.#book = book;
    this.#targetsOf = targetsOf;
  }

  queued(event: EventOf<'contact.queued'>, at: number): void {
    const { contactId, queueId } = event;
    const known = this.#standing.visits.get(contactId);
    if (known !== undefined && known.queueId === queueId) {
      // Still waiting: the engine has restarted.
      if (known.left === undefined) return;
      if (at - known.left.at <= RETURN_MS) {
        this.#takeBack(known);
        return;
      }
    }
    // Logs of older versions do not tell `enqueuedAt`.
    const enqueuedAt = (event.enqueuedAt as number | undefined) ?? at;
    const isCallback = event.callbackId !== undefined;
    this.#enter({ contactId, queueId, offeredAt: at, enqueuedAt: Math.min(enqueuedAt, at), isCallback, targets: this.#targetsOf(queueId), estimates: [] });
  }

  estimated({ contactId, queueId, expectedMs, lowMs, highMs, told }: EventOf<'contact.estimated'>, at: number): void {
    const visit = this.#standing.visits.get(contactId);
    if (visit === undefined || visit.left !== undefined || visit.queueId !== queueId) return;
    const estimates = [...visit.estimates, { at, expectedMs, lowMs, highMs, told }];
    this.#standing.visits.set(contactId, { ...visit, estimates });
  }

  left(event: EventOf<'contact.left'>, at: number): void {
    const { contactId, queueId } = event;
    const waitedMs = Math.max(0, event.waitedMs);
    let visit = this.#standing.visits.get(contactId);
    if (visit?.queueId !== queueId) visit = undefined;
    if (visit?.left?.how === 'lost') visit = this.#takeBack(visit);
    if (visit === undefined) {
      // Turned away at the entrance, or queued before the log begins.
      const enqueuedAt = at - waitedMs;
      const isCallback = event.callbackId !== undefined || (event.callId !== undefined && this.#standing.callbackCalls.has(event.callId));
      visit = this.#enter({ contactId, queueId, offeredAt: enqueuedAt, enqueuedAt, isCallback, targets: this.#targetsOf(queueId), estimates: [] });
    }
    if (visit.left !== undefined) return;
    const short = event.how === 'abandoned' && visit.targets !== undefined && waitedMs < visit.targets.shortAbandonMs;
    this.#depart(visit, at, short ? 'shortAbandoned' : event.how, waitedMs, event.reason);
  }

  /** An empty queue holds nobody: who is still in the books has left in events that were lost. */
  queueState({ queueId, waiting }: EventOf<'queue.state'>, at: number): void {
    const { lengths, callbackLengths } = this.#standing;
    if (waiting > 0 || (lengths.get(queueId) ?? 0) + (callbackLengths.get(queueId) ?? 0) === 0) return;
    for (const visit of [...this.#standing.visits.values()]) {
      if (visit.queueId !== queueId || visit.left !== undefined) continue;
      this.#depart(visit, at, 'lost', Math.max(0, at - visit.enqueuedAt));
    }
  }

  /** Time goes on from `at`: how long the queues are at its end has lasted, what was between two events of one moment has not. */
  timeGoesOn(at: number): void {
    if (this.#changed.size === 0) return;
    const interval = this.#book.grid.at(at);
    if (interval !== undefined) {
      const { lengths } = this.#standing;
      for (const queueId of this.#changed) {
        const tally = this.#book.queueIn(interval, queueId);
        tally.maxLength = Math.max(tally.maxLength, lengths.get(queueId) ?? 0);
      }
      const page = this.#book.page(interval);
      let total = 0;
      for (const length of lengths.values()) total += length;
      page.maxLength = Math.max(page.maxLength, total);
    }
    this.#changed.clear();
  }

  /** Books (1) or takes out again (-1) those who wait, as if it were `asOf`. */
  bookWaiting(asOf: number, sign: 1 | -1): void {
    for (const visit of this.#standing.visits.values()) if (visit.left === undefined && !visit.isCallback) this.#bookWait(visit, asOf, sign);
  }

  #enter(visit: Visit): Visit {
    const elsewhere = this.#standing.visits.get(visit.contactId);
    if (elsewhere !== undefined && elsewhere.left === undefined) {
      const at = Math.max(elsewhere.offeredAt, visit.offeredAt);
      this.#depart(elsewhere, at, 'withdrawn', at - elsewhere.enqueuedAt);
    }
    this.#standing.visits.set(visit.contactId, visit);
    this.#count(visit, 1);
    const tally = visit.isCallback ? undefined : this.#book.queue(visit.offeredAt, visit.queueId);
    if (tally !== undefined) {
      tally.offered += 1;
      noteTarget(tally, visit);
    }
    return visit;
  }

  #depart(visit: Visit, at: number, how: DepartureKind, waitedMs: number, reason?: EventOf<'contact.left'>['reason']): void {
    const samples = visit.estimates.map((estimate) => ({
      ...estimate,
      queueId: visit.queueId,
      actualMs: Math.max(0, at - estimate.at),
      answered: how === 'answered',
    }));
    // Nobody leaves before coming, also when the clock was far ahead at that moment.
    const left = { at: Math.max(at, visit.offeredAt), how, waitedMs, samples, ...(reason === undefined ? {} : { reason }) };
    const gone = { ...visit, left };
    this.#standing.visits.set(visit.contactId, gone);
    this.#standing.departed.push({ contactId: visit.contactId, at, left });
    this.#count(visit, -1);
    this.#bookDeparture(gone, 1);
    if (!visit.isCallback) for (const sample of samples) this.#book.addSample(sample, left.at);
  }

  /** The contact has not left after all. */
  #takeBack(visit: Visit): Visit {
    this.#bookDeparture(visit, -1);
    for (const sample of visit.left?.samples ?? []) this.#book.removeSample(sample);
    const { left: _, ...waiting } = visit;
    this.#standing.visits.set(visit.contactId, waiting);
    this.#count(visit, 1);
    return waiting;
  }

  #count({ queueId, isCallback }: Visit, change: 1 | -1): void {
    const lengths = isCallback ? this.#standing.callbackLengths : this.#standing.lengths;
    lengths.set(queueId, (lengths.get(queueId) ?? 0) + change);
    if (!isCallback) this.#changed.add(queueId);
  }

  #bookDeparture(visit: Visit, sign: 1 | -1): void {
    const { left } = visit;
    if (left === undefined || visit.isCallback) return;
    this.#bookWait(visit, left.at, sign);
    const tally = this.#book.queue(left.at, visit.queueId);
    if (tally === undefined) return;
    const waits = tally.waits[left.how];
    if (sign === 1) waits.push(left.waitedMs);
    else waits.splice(waits.lastIndexOf(left.waitedMs), 1);
    if (left.reason !== undefined) tally.overflowedBy[left.reason] = (tally.overflowedBy[left.reason] ?? 0) + sign;
    if (visit.targets === undefined) return;
    if (left.how === 'answered' || left.how === 'abandoned') tally.measured[left.how] += sign;
  }

  /** The wait itself, up to `until`: the length of the queue and the service-level event. */
  #bookWait(visit: Visit, until: number, sign: 1 | -1): void {
    const { queueId, offeredAt, enqueuedAt } = visit;
    this.#book.forEachInterval(offeredAt, until, (interval, partMs) => {
      const tally = this.#book.queueIn(interval, queueId);
      tally.lengthMs += sign * partMs;
      if (offeredAt < interval.from) tally.waitingAtStart += sign;
      // Stays when the rest is taken out: whoever waited at the end of an interval did so.
      if (until >= interval.to) tally.oldestAtEnd = Math.min(tally.oldestAtEnd, enqueuedAt);
    });
    const event = levelEvent(visit, until);
    const tally = event && this.#book.queue(event.at, queueId);
    if (event && tally) {
      tally.level[event.kind] += sign;
      noteTarget(tally, visit);
    }
  }
}

function noteTarget(tally: QueueTally, { targets }: Visit): void {
  if (targets !== undefined) tally.targetsMs.add(targets.serviceLevelMs);
}

/** The service-level event of a visit, if it has come by `until`: whichever is first of leaving and the target. */
function levelEvent({ offeredAt, enqueuedAt, targets, left }: Visit, until: number): { readonly kind: LevelEvent; readonly at: number } | undefined {
  if (targets === undefined) return undefined;
  const due = Math.max(offeredAt, enqueuedAt + targets.serviceLevelMs);
  if (left === undefined) return until > due ? { kind: 'late', at: due } : undefined;
  // `due` is later than `left` where a clock was put back meanwhile.
  if (left.waitedMs > targets.serviceLevelMs) return { kind: 'late', at: Math.min(due, left.at) };
  return { kind: left.how, at: left.at };
}
