import type { DomainEvent } from '../domain/events.ts';
import type { AgentId, QueueId } from '../domain/ids.ts';
import type { Zone } from '../domain/zone.ts';
import { agentFigures, type AgentFigures } from './agent-figures.ts';
import { AgentLedger } from './agent-ledger.ts';
import { sumOfAgents } from './agent-tally.ts';
import { Book } from './book.ts';
import { callbackFigures, type CallbackFigures } from './callback-figures.ts';
import { CallbackLedger } from './callback-ledger.ts';
import { newCallbackTally, sumOfCallbacks } from './callback-tally.ts';
import { calibrationBands, calibrationOf, type CalibrationBand, type CalibrationFigures, type Sample } from './calibration.ts';
import { ContactLedger } from './contact-ledger.ts';
import { IntervalGrid, type Interval, type IntervalLength } from './intervals.ts';
import { queueFigures, type QueueFigures, type QueueFrame } from './queue-figures.ts';
import { newQueueTally, sumOfQueues } from './queue-tally.ts';
import { Standing, type Targets } from './standing.ts';

export interface ReporterOptions {
  readonly zone: Zone;
  readonly interval: IntervalLength;
  /** Milliseconds since the epoch; widened to whole intervals. `to` may be Infinity for a report that goes on. */
  readonly range: Interval;
  /** Where to go on from; without it from the beginning of the log. The reporter makes it its own. */
  readonly standing?: Standing;
  /** The targets of a queue of which the log does not tell: its `acd.configured` may have been pruned. */
  readonly targets?: ReadonlyMap<QueueId, Targets>;
  /** Keep what the report about estimated waits needs. */
  readonly calibration?: boolean;
}

/** What every row has: its interval, and whether it is over. */
export interface RowFrame {
  readonly from: number;
  readonly to: number;
  /** `from` by the wall clock of the zone, e.g. `2026-08-12T09:30:00+08:00`. */
  readonly local: string;
  readonly complete: boolean;
}

export type QueueRow = RowFrame & { readonly queueId: QueueId } & QueueFigures;
export type AgentRow = RowFrame & { readonly agentId: AgentId } & AgentFigures;
export type CallbackRow = RowFrame & { readonly queueId: QueueId } & CallbackFigures;
export type TotalRow = RowFrame & { readonly queues: QueueFigures; readonly agents: AgentFigures; readonly callbacks: CallbackFigures };

export interface CalibrationRow extends CalibrationFigures {
  /** Null: all queues. */
  readonly queueId: QueueId | null;
  readonly bands: readonly CalibrationBand[];
}

/**
 * Folds the event log into figures: `apply` each event in its order, then ask for rows as of a moment. The same object
 * serves a live report (fed as events happen) and one of the past (fed from the log): it knows no other source, no clock
 * and no order but that of the events, so the same log gives the same figures.
 */
export class Reporter {
  readonly grid: IntervalGrid;
  readonly #zone: Zone;
  readonly #standing: Standing;
  readonly #book: Book;
  readonly #contacts: ContactLedger;
  readonly #agents: AgentLedger;
  readonly #callbacks: CallbackLedger;
  readonly #configured: readonly QueueId[];

  constructor({ zone, interval, range, standing = new Standing(), targets = new Map(), calibration = false }: ReporterOptions) {
    this.#zone = zone;
    this.#standing = standing;
    this.grid = new IntervalGrid(zone, interval, range);
    this.#book = new Book(this.grid, calibration);
    this.#configured = [...targets.keys()];
    this.#contacts = new ContactLedger(standing, this.#book, (queueId) => standing.targets.get(queueId) ?? targets.get(queueId));
    this.#agents = new AgentLedger(standing, this.#book);
    this.#callbacks = new CallbackLedger(standing, this.#book);
  }

  /** A copy of how things stand after the events so far: another reporter can go on from it. */
  standing(): Standing {
    return new Standing(this.#standing);
  }

  apply(event: DomainEvent): void {
    const before = this.#standing.time;
    const at = this.#standing.advance(event.at);
    if (before !== undefined && at !== before) this.#contacts.timeGoesOn(before);
    switch (event.type) {
      case 'acd.configured':
        for (const { queueId, serviceLevelMs, shortAbandonMs } of event.queues) {
          this.#standing.targets.set(queueId, { serviceLevelMs, shortAbandonMs });
          this.#know(queueId, at);
        }
        return this.#agents.configured(event, at);
      case 'contact.queued':
        this.#know(event.queueId, at);
        return this.#contacts.queued(event, at);
      case 'contact.estimated':
        return this.#contacts.estimated(event, at);
      case 'contact.left':
        this.#know(event.queueId, at);
        return this.#contacts.left(event, at);
      case 'queue.state':
        return this.#contacts.queueState(event, at);
      case 'agent.state':
        return this.#agents.state(event, at);
      case 'conversation.started':
        return this.#agents.conversationStarted(event);
      case 'offer.made':
        return this.#agents.offerMade(event, at);
      case 'offer.ended':
        return this.#agents.offerEnded(event, at);
      case 'callback.offered':
        return this.#callbacks.offered(event, at);
      case 'callback.requested':
        return this.#callbacks.requested(event, at);
      case 'callback.refused':
        return this.#callbacks.refused(event, at);
      case 'callback.moved':
        return this.#callbacks.moved(event, at);
      case 'callback.due':
        return this.#callbacks.due(event, at);
      case 'callback.dialled':
        return this.#callbacks.dialled(event, at);
      case 'callback.attempted':
        return this.#callbacks.attempted(event, at);
      case 'callback.ended':
        return this.#callbacks.ended(event, at);
      case 'call.ended':
        return this.#callbacks.callEnded(event);
      default:
        // The rest of what is announced moves no figure. An engine that stops and starts moves none either: callers stay
        // on the line and agents in their state.
        return undefined;
    }
  }

  /** A row for each interval that has begun and each queue that is known (or only one), also where nothing happened. */
  queueRows(asOf: number, only?: string): readonly QueueRow[] {
    const ids = [...new Set([...this.#configured, ...this.#standing.queues.keys()])].filter((id) => only === undefined || id === only).toSorted();
    return this.#rows(asOf, (interval, frame) => {
      const end = Math.min(interval.to, asOf);
      const { queues } = this.#book.page(interval);
      return ids
        .filter((queueId) => queues.has(queueId) || this.#configured.includes(queueId) || (this.#standing.queues.get(queueId) ?? end) < end)
        .map((queueId) => ({ ...frame, queueId, ...queueFigures(queues.get(queueId) ?? newQueueTally(), this.#frame(interval, asOf, queueId)) }));
    });
  }

  /** A row for each interval and each agent (or only one) who was signed in for some of it. */
  agentRows(asOf: number, only?: string): readonly AgentRow[] {
    return this.#rows(asOf, (interval, frame) =>
      [...this.#book.page(interval).agents]
        .filter(([id]) => only === undefined || id === only)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([agentId, tally]) => ({ ...frame, agentId, ...agentFigures(tally) })),
    );
  }

  /** A row for each interval and each queue (or only one) of whose callbacks the log has told by then. */
  callbackRows(asOf: number, only?: string): readonly CallbackRow[] {
    return this.#rows(asOf, (interval, frame) => {
      const end = Math.min(interval.to, asOf);
      const { callbacks } = this.#book.page(interval);
      const ids = [...new Set([...callbacks.keys(), ...this.#standing.callbackQueues.keys()])];
      return ids
        .filter((queueId) => (only === undefined || queueId === only) && (callbacks.has(queueId) || (this.#standing.callbackQueues.get(queueId) ?? end) < end))
        .toSorted()
        .map((queueId) => ({ ...frame, queueId, ...callbackFigures(callbacks.get(queueId) ?? newCallbackTally()) }));
    });
  }

  /** A row for each interval: all queues as one, all agents as one and all callbacks as one. */
  totalRows(asOf: number): readonly TotalRow[] {
    return this.#rows(asOf, (interval, frame) => {
      const page = this.#book.page(interval);
      const queues = queueFigures(sumOfQueues([...page.queues.values()], page.maxLength), this.#frame(interval, asOf, undefined));
      const agents = agentFigures(sumOfAgents([...page.agents.values()]));
      return [{ ...frame, queues, agents, callbacks: callbackFigures(sumOfCallbacks([...page.callbacks.values()])) }];
    });
  }

  /** How good the estimated waits were of contacts that left in the range: all queues as one, then each queue. */
  calibration(): readonly CalibrationRow[] {
    const samples = this.#book.samples();
    const ids = [...new Set(samples.map(({ queueId }) => queueId))].toSorted();
    const row = (queueId: QueueId | null, part: readonly Sample[]): CalibrationRow => ({ queueId, ...calibrationOf(part), bands: calibrationBands(part) });
    return [row(null, samples), ...ids.map((id) => row(id, samples.filter(({ queueId }) => queueId === id)))];
  }

  /** Drops the intervals that ended before a moment. */
  forgetBefore(moment: number): void {
    this.#book.forgetBefore(moment);
  }

  #know(queueId: QueueId, at: number): void {
    if (!this.#standing.queues.has(queueId)) this.#standing.queues.set(queueId, at);
  }

  #frame(interval: Interval, asOf: number, queueId: QueueId | undefined): QueueFrame {
    let oldestWaiting = Infinity;
    if (interval.to > asOf) {
      for (const visit of this.#standing.visits.values()) {
        if (visit.left === undefined && !visit.isCallback && (queueId === undefined || visit.queueId === queueId)) oldestWaiting = Math.min(oldestWaiting, visit.enqueuedAt);
      }
    }
    return { interval, asOf, since: this.#standing.since ?? asOf, oldestWaiting };
  }

  /** Makes rows with everything that lasts booked up to `asOf`, and takes that out again. */
  #rows<Row>(asOf: number, make: (interval: Interval, frame: RowFrame) => readonly Row[]): readonly Row[] {
    const { time } = this.#standing;
    if (time !== undefined && asOf > time) this.#contacts.timeGoesOn(time);
    const until = Math.min(asOf, this.grid.range.to);
    this.#contacts.bookWaiting(until, 1);
    this.#agents.bookLasting(until, 1);
    this.#callbacks.bookOpen(until, 1);
    try {
      return this.grid.list(asOf).flatMap((interval) => {
        const { from, to } = interval;
        return make(interval, { from, to, local: this.#zone.text(from), complete: to <= asOf });
      });
    } finally {
      this.#contacts.bookWaiting(until, -1);
      this.#agents.bookLasting(until, -1);
      this.#callbacks.bookOpen(until, -1);
    }
  }
}

