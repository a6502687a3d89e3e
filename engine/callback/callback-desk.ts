import type { Callback, CallbackActor, CallbackRefusal, Period } from '../domain/callback.ts';
import { StrowgerError } from '../domain/errors.ts';
import { callbackId as toCallbackId, type CallbackId, type CallId, type NodeId, type QueueId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { Wish } from '../domain/wish.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { PromiseTimes } from './callback-admission.ts';
import { CallbackBook, type Entry } from './callback-book.ts';
import { CallbackPlacer, type CallbackPlacerOptions } from './callback-placer.ts';
import { attemptsOf, type Placing } from './callback-record.ts';
import type { FlowEnd } from './customer-first.ts';

export interface CallbackDeskOptions extends CallbackPlacerOptions {
  readonly times: PromiseTimes;
}

/** What somebody asks for. */
export interface CallbackRequest {
  readonly queueId: QueueId;
  /** As the phone displays it or the caller typed it. */
  readonly number: string;
  /** The number that the caller calls from, for the limits of one caller; empty when withheld. Absent: no caller asks. */
  readonly callerNumber?: string;
  readonly language: Language;
  readonly by: CallbackActor;
  /** A time within the wanted window, or the window; without it: as soon as its turn comes. */
  readonly wanted?: number | Period;
  /** The place that the caller leaves (milliseconds since the epoch); now when not given. */
  readonly virtualSince?: number;
  readonly priority?: number;
  readonly steps?: readonly RoutingStep[];
  readonly afterSteps?: 'strict' | 'any';
  readonly topic?: string;
  readonly wish?: Wish;
}

/** A callback as people and tools see it. */
export interface CallbackView extends Callback {
  readonly stage: 'scheduled' | Placing['stage'] | 'ended';
}

/** All callbacks: takes requests, keeps the book, and has each placed when its time has come. The one writer of everything that happens to them. */
export class CallbackDesk {
  readonly #o: CallbackDeskOptions;
  readonly #book: CallbackBook;
  readonly #placer: CallbackPlacer;

  constructor(options: CallbackDeskOptions) {
    this.#o = options;
    this.#book = new CallbackBook(options.clock, options.journal, options.log);
    this.#placer = new CallbackPlacer(options, this.#book);
  }

  // What people ask for

  /** Takes a request. Resolves when it is on the disk: only then may it be confirmed. Throws `callback.refused` and `store.failed`. */
  async request(request: CallbackRequest): Promise<CallbackView> {
    const { clock, ids, guard, announce } = this.#o;
    const { queueId, by, wanted } = request;
    const now = clock.now();
    if (this.#o.distributor.queue(queueId) === undefined) throw this.#refused(request, 'queueUnknown');
    if (this.#o.policyOf(queueId) === undefined) throw this.#refused(request, 'notOffered');
    const admitted = guard.admit({ text: request.number, ...(request.callerNumber === undefined ? {} : { caller: request.callerNumber }) });
    if (!admitted.ok) throw this.#refused(request, admitted.refusal);
    const { number } = admitted;
    if (this.#book.openFor(number, queueId) !== undefined) throw this.#refused(request, 'alreadyPending');
    const period = this.#periodOf(request, now);
    const { virtualSince = now, priority = 5, steps = [], afterSteps = 'strict', topic, wish, language } = request;
    const entry = this.#book.add({
      callbackId: toCallbackId(ids.next('callback')),
      queueId,
      number,
      language,
      kind: wanted === undefined ? 'soon' : 'at',
      period,
      requestedAt: now,
      requestedBy: by,
      virtualSince: Math.min(virtualSince, now),
      priority,
      steps,
      afterSteps,
      ...(topic === undefined ? {} : { topic }),
      ...(wish === undefined ? {} : { wish }),
      attempts: [],
      notBefore: period.from,
    });
    guard.requested(admitted);
    const { callbackId, kind } = entry.callback;
    // Before it is durable, so that the event is on the disk with it.
    announce({ type: 'callback.requested', callbackId, queueId, kind, period, virtualSince: entry.callback.virtualSince, by, pii: { number } }, callOf(by));
    return this.#confirm(entry, () => {
      // Nobody was promised anything: in the books it has ended, and it must not come back.
      this.#placer.end(entry, 'impossible');
      this.#book.drop(entry);
    });
  }

  /** Rejects with `callback.unknown`, with `callback.conflict` when it has ended or the customer is being dialled, and with `store.failed`: it is cancelled then, but a loss of power may undo it. */
  async cancel(callbackId: CallbackId, by: CallbackActor): Promise<CallbackView> {
    const entry = this.#changeable(callbackId, 'cancelled');
    this.#takeBack(entry, 'cancelled');
    this.#placer.end(entry, 'canceled', by);
    await this.#o.journal.durable();
    return viewOf(entry);
  }

  /** To another window; `soon`: as soon as its turn comes. Rejects as `cancel`, and with `callback.refused` when the window cannot be had; the old one stays in each case. */
  async move(callbackId: CallbackId, wanted: number | Period | 'soon', by: CallbackActor): Promise<CallbackView> {
    const entry = this.#changeable(callbackId, 'moved');
    const { queueId, number, language, kind, period: before, notBefore } = entry.callback;
    const request: CallbackRequest = { queueId, number, language, by, ...(wanted === 'soon' ? {} : { wanted }) };
    const period = this.#periodOf(request, this.#o.clock.now(), callbackId);
    this.#takeBack(entry, 'moved');
    const moved = (to: Pick<Callback, 'kind' | 'period' | 'notBefore'>): void => {
      this.#book.update(entry, to);
      this.#o.announce({ type: 'callback.moved', callbackId, queueId, period: to.period, by }, callOf(by));
    };
    moved({ kind: wanted === 'soon' ? 'soon' : 'at', period, notBefore: period.from });
    return this.#confirm(entry, () => moved({ kind, period: before, notBefore }));
  }

  get(callbackId: CallbackId): CallbackView | undefined {
    const entry = this.#book.get(callbackId);
    return entry === undefined ? undefined : viewOf(entry);
  }

  /** Those that are open, and those that ended a while ago; the soonest first. */
  list(): readonly CallbackView[] {
    return [...this.#book.all()].map(viewOf).sort((a, b) => a.notBefore - b.notBefore || a.virtualSince - b.virtualSince);
  }

  /** The open one of a number (as displayed or typed) in a queue. */
  pending(text: string, queueId: QueueId): CallbackView | undefined {
    const number = this.#o.guard.normal(text);
    const entry = number === undefined ? undefined : this.#book.openFor(number, queueId);
    return entry === undefined ? undefined : viewOf(entry);
  }

  /** Windows that can be chosen in a queue now, soonest first. */
  windows(queueId: QueueId): readonly { readonly period: Period; readonly left: number }[] {
    return this.#o.policyOf(queueId) === undefined ? [] : this.#o.times.windows(queueId, this.#o.clock.now(), this.#taken(queueId));
  }

  // For sessions

  /** A switch is to become empty, is away (`away`), or is back. */
  standAside(away?: NodeId): void {
    this.#placer.standAside(away);
  }

  /** Callbacks that are being placed on a node, and are no calls of a session. */
  placedOn(nodeId: NodeId): number {
    return this.#placer.placedOn(nodeId);
  }

  /** Nodes on which something of before a restart is to be found. */
  nodes(): readonly NodeId[] {
    return this.#placer.nodes();
  }

  reconcile(nodeId: NodeId, snapshot: SwitchSnapshot, inSession: ReadonlySet<CallbackId>): void {
    this.#placer.reconcile(nodeId, snapshot, inSession);
  }

  connected(callbackId: CallbackId): void {
    this.#placer.connected(callbackId);
  }

  flowEnded(callbackId: CallbackId, how: FlowEnd): void {
    this.#placer.flowEnded(callbackId, how);
  }

  // Life

  /** Reads the journal. Nothing is placed before `start`. */
  async restore(): Promise<void> {
    await this.#book.restore();
    this.#placer.restore();
  }

  /** Begins to place what is due: once the contacts of before a restart are back in their queues. */
  start(): void {
    this.#placer.start();
  }

  close(): void {
    this.#placer.close();
  }

  /** Waits until what was changed is on the disk; nothing of it is placed before. `undo`: it could not be kept. */
  async #confirm(entry: Entry, undo: () => void): Promise<CallbackView> {
    this.#placer.withhold(entry);
    try {
      await this.#o.journal.durable();
    } catch (error) {
      undo();
      throw error;
    } finally {
      this.#placer.release(entry);
    }
    return viewOf(entry);
  }

  /** One that may be changed now. Throws `callback.unknown` and `callback.conflict`. */
  #changeable(callbackId: CallbackId, what: string): Entry {
    const entry = this.#book.get(callbackId);
    if (entry === undefined) throw new StrowgerError('callback.unknown', `There is no callback ${callbackId}.`, { fields: { callbackId } });
    const { ended } = entry.callback;
    if (ended !== undefined) {
      throw new StrowgerError('callback.conflict', `Callback ${callbackId} has ended (${ended.how}): it cannot be ${what}.`, { fields: { callbackId, how: ended.how } });
    }
    if (this.#placer.isWithheld(entry)) {
      throw new StrowgerError('callback.conflict', `Callback ${callbackId} is being changed at this moment.`, { fields: { callbackId }, hint: 'Try again.' });
    }
    return entry;
  }

  #takeBack(entry: Entry, what: string): void {
    if (this.#placer.takeBack(entry)) return;
    const { callbackId } = entry.callback;
    throw new StrowgerError('callback.conflict', `The customer of callback ${callbackId} is being called now: it cannot be ${what}.`, {
      fields: { callbackId, attempts: attemptsOf(entry) },
    });
  }

  #periodOf(request: CallbackRequest, now: number, except?: CallbackId): Period {
    const { times } = this.#o;
    const { queueId, wanted } = request;
    if (wanted === undefined) return { from: now, to: times.expiry(queueId, now) };
    const found = times.windowOf(queueId, wanted, now, this.#taken(queueId, except));
    if (typeof found === 'string') throw this.#refused(request, found);
    return found;
  }

  #taken(queueId: QueueId, except?: CallbackId): (window: Period) => number {
    return ({ from }) => this.#book.taken(queueId, from, except);
  }

  #refused(request: CallbackRequest, refusal: CallbackRefusal): StrowgerError {
    const { queueId, by, number } = request;
    this.#o.announce({ type: 'callback.refused', queueId, refusal, by, pii: { number } }, callOf(by));
    return new StrowgerError('callback.refused', `The callback is not taken: ${refusal}.`, { fields: { queueId, refusal } });
  }
}

function callOf(by: CallbackActor): CallId | undefined {
  return by.by === 'customer' ? by.callId : undefined;
}

function viewOf({ callback, placing }: Entry): CallbackView {
  return { ...callback, stage: callback.ended !== undefined ? 'ended' : (placing?.stage ?? 'scheduled') };
}
