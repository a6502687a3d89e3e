import type { Callback, CallbackActor, CallbackEnd, CallbackRefusal, Period } from '../domain/callback.ts';
import { StrowgerError } from '../domain/errors.ts';
import { callbackId as toCallbackId, type CallbackId, type CallId, type NodeId, type QueueId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { Journal } from '../ports/journal.ts';
import { AgentFirst } from './agent-first.ts';
import type { NumberGuard, PromiseTimes } from './callback-admission.ts';
import { CallbackBook, type Entry } from './callback-book.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../domain/callback-policy.ts';
import { attemptsOf, type Placing } from './callback-record.ts';
import { CustomerFirst, type CustomerFirstHost, type FlowEnd } from './customer-first.ts';
import type { Permission, PlacementServices } from './placement.ts';

export interface CallbackDeskOptions extends PlacementServices {
  readonly journal: Journal;
  /** How a queue places callbacks; undefined when it has none. */
  readonly policyOf: (queueId: QueueId) => CallbackPolicy | undefined;
  readonly guard: NumberGuard;
  readonly times: PromiseTimes;
  /** Whether this call of the customer's still goes on. */
  readonly isOnLine: (callId: CallId) => boolean;
  readonly startFlow: (callback: Callback, placing: Extract<Placing, { readonly stage: 'inFlow' }>) => boolean;
}

/** What somebody asks for. */
export interface CallbackWish {
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
}

/** A callback as people and tools see it. */
export interface CallbackView extends Callback {
  readonly stage: 'scheduled' | Placing['stage'] | 'ended';
}

/** The clock is looked at so often at least: it may be set, and a timer that waits for days would not know. */
const LOOK_AGAIN_MS = 60_000;
/** Customer first: how often it is asked whether an agent will soon be free, while somebody is due. */
const ASK_AGAIN_MS = 1_000;
const PRUNE_EVERY_MS = 3_600_000;

type Placed = AgentFirst | CustomerFirst;

/**
 * All callbacks: takes requests, places each when its time has come, and keeps the book. The one writer of everything that happens to
 * them. Long, because what may happen to a callback is read together.
 */
export class CallbackDesk {
  readonly #o: CallbackDeskOptions;
  readonly #book: CallbackBook;
  readonly #placed = new Map<CallbackId, Placed>();
  /** Not on the disk yet, so not promised to anybody. */
  readonly #unconfirmed = new Set<Entry>();
  #timer: unknown;
  #timerAt = Infinity;
  #prunedAt = 0;
  #ready = false;
  #closed = false;

  constructor(options: CallbackDeskOptions) {
    this.#o = options;
    this.#book = new CallbackBook(options.clock, options.journal, options.log);
  }

  // What people ask for

  /** Takes a request. Resolves when it is on the disk: only then may it be confirmed. Throws `callback.refused` and `store.failed`. */
  async request(wish: CallbackWish): Promise<CallbackView> {
    const { clock, ids, guard, journal, announce } = this.#o;
    const { queueId, by, wanted } = wish;
    const now = clock.now();
    if (this.#o.distributor.queue(queueId) === undefined) throw this.#refused(wish, 'queueUnknown');
    if (this.#o.policyOf(queueId) === undefined) throw this.#refused(wish, 'notOffered');
    const admitted = guard.admit({ text: wish.number, ...(wish.callerNumber === undefined ? {} : { caller: wish.callerNumber }) });
    if (!admitted.ok) throw this.#refused(wish, admitted.refusal);
    const { number } = admitted;
    if (this.#book.openFor(number, queueId) !== undefined) throw this.#refused(wish, 'alreadyPending');
    const period = this.#periodOf(wish, now);
    const { virtualSince = now, priority = 5, steps = [], afterSteps = 'strict', topic, language } = wish;
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
      attempts: [],
      notBefore: period.from,
    });
    guard.requested(admitted);
    const { callbackId, kind } = entry.callback;
    // Before it is durable, so that the event is on the disk with it.
    announce({ type: 'callback.requested', callbackId, queueId, kind, period, virtualSince: entry.callback.virtualSince, by, pii: { number } }, callOf(by));
    this.#unconfirmed.add(entry);
    try {
      await journal.durable();
    } catch (error) {
      // Nobody was promised anything: in the books it has ended, and it must not come back.
      this.#end(entry, 'impossible');
      this.#book.drop(entry);
      throw error;
    } finally {
      this.#unconfirmed.delete(entry);
    }
    this.#wake(now);
    return viewOf(entry);
  }

  /** Rejects with `callback.unknown`, with `callback.conflict` when it has ended or the customer is being dialled, and with `store.failed`: it is cancelled then, but a loss of power may undo it. */
  async cancel(callbackId: CallbackId, by: CallbackActor): Promise<CallbackView> {
    const entry = this.#changeable(callbackId, 'cancelled');
    this.#end(entry, 'canceled', by);
    await this.#o.journal.durable();
    return viewOf(entry);
  }

  /** To another window; `soon`: as soon as its turn comes. Rejects as `cancel`, and with `callback.refused` when the window cannot be had; the old one stays in each case. */
  async move(callbackId: CallbackId, wanted: number | Period | 'soon', by: CallbackActor): Promise<CallbackView> {
    const { clock, journal, announce } = this.#o;
    const known = this.#book.get(callbackId);
    if (known === undefined || known.callback.ended !== undefined) this.#changeable(callbackId, 'moved');
    if (known === undefined) throw unknown(callbackId);
    const { queueId, number, language, kind, period: before, notBefore } = known.callback;
    const wish: CallbackWish = { queueId, number, language, by, ...(wanted === 'soon' ? {} : { wanted }) };
    const period = this.#periodOf(wish, clock.now(), callbackId);
    const entry = this.#changeable(callbackId, 'moved');
    this.#forget(entry);
    this.#book.update(entry, { kind: wanted === 'soon' ? 'soon' : 'at', period, notBefore: period.from });
    announce({ type: 'callback.moved', callbackId, queueId, period, by }, callOf(by));
    this.#unconfirmed.add(entry);
    try {
      await journal.durable();
    } catch (error) {
      this.#book.update(entry, { kind, period: before, notBefore });
      announce({ type: 'callback.moved', callbackId, queueId, period: before, by }, callOf(by));
      this.#wake(clock.now());
      throw error;
    } finally {
      this.#unconfirmed.delete(entry);
    }
    this.#wake(clock.now());
    return viewOf(entry);
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

  // What sessions tell (customer first)

  /** The customer of a callback talks to an agent. */
  connected(callbackId: CallbackId): void {
    const placed = this.#placed.get(callbackId);
    if (placed instanceof CustomerFirst) placed.connected();
  }

  flowEnded(callbackId: CallbackId, how: FlowEnd): void {
    const placed = this.#placed.get(callbackId);
    if (placed instanceof CustomerFirst) placed.flowEnded(how);
  }

  // Life

  /** Reads the journal. Nothing is placed before `start`. */
  async restore(): Promise<void> {
    await this.#book.restore();
    for (const entry of this.#book.all()) if (entry.placing !== undefined) this.#takeUp(entry, entry.placing);
  }

  /** Begins to place what is due: once the contacts of before a restart are back in their queues. */
  start(): void {
    this.#ready = true;
    const known = new Set(this.#o.switchboard.nodeIds);
    // A node that was taken out of the configuration cannot tell any more what became of its calls.
    for (const nodeId of this.nodes()) if (!known.has(nodeId)) this.reconcile(nodeId, { channels: [], bridges: [] }, new Set());
    this.#wake(this.#o.clock.now());
  }

  /** Nodes on which something of before a restart is to be found. */
  nodes(): readonly NodeId[] {
    const found = new Set<NodeId>();
    for (const { placing } of this.#book.all()) if (placing !== undefined && 'nodeId' in placing) found.add(placing.nodeId);
    return [...found];
  }

  /** A node is connected (again): what it holds is right. `inSession`: the callbacks whose customers are in sessions that were taken up. */
  reconcile(nodeId: NodeId, snapshot: SwitchSnapshot, inSession: ReadonlySet<CallbackId>): void {
    for (const [callbackId, placed] of [...this.#placed]) {
      const placing = this.#book.get(callbackId)?.placing;
      if (placing === undefined || !('nodeId' in placing) || placing.nodeId !== nodeId) continue;
      if (placing.stage === 'inFlow' && placed instanceof CustomerFirst && !inSession.has(callbackId)) placed.flowEnded('failed');
      else placed.reconcile(snapshot);
    }
  }

  close(): void {
    this.#closed = true;
    this.#o.clock.clearTimeout(this.#timer);
    for (const placed of this.#placed.values()) placed.release();
  }

  // Placing

  #wake(at: number): void {
    if (!this.#ready || this.#closed || at >= this.#timerAt) return;
    const { clock } = this.#o;
    clock.clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = clock.setTimeout(() => {
      this.#timerAt = Infinity;
      this.#turn();
    }, Math.max(0, at - clock.now()));
  }

  /** Looks at all whose time has come. */
  #turn(): void {
    const { clock } = this.#o;
    const now = clock.now();
    if (now - this.#prunedAt > PRUNE_EVERY_MS) {
      this.#prunedAt = now;
      this.#book.prune();
    }
    let next = now + LOOK_AGAIN_MS;
    const due: Entry[] = [];
    for (const entry of this.#book.toLookAt(now)) {
      const { callback } = entry;
      if (this.#unconfirmed.has(entry)) continue;
      const deadline = this.#deadline(callback);
      if (now >= deadline && this.#takeBack(entry)) {
        this.#end(entry, 'expired');
        continue;
      }
      if (now < deadline) next = Math.min(next, deadline);
      const isPlaced = entry.placing !== undefined || this.#placed.has(callback.callbackId);
      if (!isPlaced && callback.notBefore <= now) due.push(entry);
      else if (now < callback.period.to) this.#book.lookLater(entry);
      else if (!isPlaced) next = Math.min(next, callback.notBefore);
    }
    due.sort((a, b) => a.callback.priority - b.callback.priority || a.callback.virtualSince - b.callback.virtualSince);
    const withoutAgent = new Set<QueueId>();
    for (const entry of due) if (!this.#place(entry, withoutAgent)) next = Math.min(next, now + ASK_AGAIN_MS);
    this.#wake(Math.min(next, this.#book.nextLookAt));
  }

  /** False when it has to wait because no agent will soon be free; its queue is noted then, for those of this turn that come after it in the queue. */
  #place(entry: Entry, withoutAgent: Set<QueueId>): boolean {
    const { callback } = entry;
    const policy = this.#o.policyOf(callback.queueId);
    if (policy === undefined) {
      this.#end(entry, 'impossible');
      return true;
    }
    const allowed = this.#permission(callback);
    if (typeof allowed === 'object') {
      this.#book.update(entry, { notBefore: allowed.notBefore });
      this.#wake(allowed.notBefore);
      return true;
    }
    if (allowed !== 'dial') {
      this.#end(entry, allowed);
      return true;
    }
    const { callbackId, queueId, period, requestedBy } = callback;
    // Who still hears the goodbye of the call in which it asked would be busy.
    if (requestedBy.by === 'customer' && this.#o.isOnLine(requestedBy.callId)) return false;
    if (policy.order === 'customerFirst' && (withoutAgent.has(queueId) || !this.#agentSoon(callback, policy))) {
      withoutAgent.add(queueId);
      return false;
    }
    this.#o.announce({ type: 'callback.due', callbackId, queueId, period });
    const host = this.#host(entry);
    const placed = policy.order === 'agentFirst' ? new AgentFirst(host) : new CustomerFirst(host);
    this.#placed.set(callbackId, placed);
    placed.begin();
    return true;
  }

  /** Whether the customer, dialled now, will not wait for long: an idle agent for each who is ahead, or one who is expected in time. */
  #agentSoon({ queueId, priority }: Callback, { dialAheadMs }: CallbackPolicy): boolean {
    const { distributor } = this.#o;
    const waiting = distributor.queues().find(({ queue }) => queue.id === queueId)?.contacts.filter((contact) => contact.priority <= priority).length ?? 0;
    const idle = distributor.agents().filter(({ agent, status }) => status.state === 'ready' && agent.queues.includes(queueId)).length;
    let underWay = 0;
    for (const [id, placed] of this.#placed) {
      if (placed instanceof CustomerFirst && this.#book.get(id)?.callback.queueId === queueId && this.#book.get(id)?.callback.ended === undefined) underWay += 1;
    }
    if (idle > waiting + underWay) return true;
    const expected = distributor.expectedWait(queueId)?.expectedMs;
    return underWay === 0 && waiting === 0 && expected !== undefined && expected <= dialAheadMs;
  }

  #takeUp(entry: Entry, placing: Placing): void {
    const host = this.#host(entry);
    const { callbackId } = entry.callback;
    if (placing.stage === 'calling' || placing.stage === 'inFlow') this.#placed.set(callbackId, new CustomerFirst(host, placing));
    else {
      const placed = new AgentFirst(host, placing);
      this.#placed.set(callbackId, placed);
      placed.resume();
    }
  }

  #host(entry: Entry): CustomerFirstHost {
    const { clock, journal, guard, startFlow, ...services } = this.#o;
    return {
      ...services,
      clock,
      callback: () => entry.callback,
      // A queue may have lost its callbacks while one is being placed: that one is still brought to its end.
      policy: () => this.#o.policyOf(entry.callback.queueId) ?? CALLBACK_DEFAULTS,
      keep: (placing) => this.#book.setPlacing(entry, placing),
      durable: async () => {
        guard.dialled(entry.callback.number);
        await journal.durable();
      },
      permission: () => this.#permission(entry.callback),
      missed: (outcome, agentId) => this.#missed(entry, outcome, agentId),
      reached: (agentId) => this.#reached(entry, agentId),
      putBack: (notBefore) => {
        this.#gone(entry);
        this.#book.update(entry, { notBefore });
        this.#wake(notBefore);
      },
      giveUp: (how) => {
        this.#gone(entry);
        this.#end(entry, how);
      },
      over: () => this.#gone(entry),
      startFlow: (placing) => startFlow(entry.callback, placing),
    };
  }

  #permission(callback: Callback): Permission {
    const now = this.#o.clock.now();
    if (now >= this.#deadline(callback)) return 'expired';
    if (now < callback.notBefore) return { notBefore: callback.notBefore };
    return this.#o.guard.mayDial(callback.number);
  }

  #deadline({ period, queueId }: Callback): number {
    return period.to + (this.#o.policyOf(queueId)?.lateMs ?? 0);
  }

  #missed(entry: Entry, outcome: Exclude<Callback['attempts'][number]['outcome'], 'answered'>, agentId: Callback['attempts'][number]['agentId']): void {
    const { clock, announce } = this.#o;
    const { callback, placing } = entry;
    const { callbackId, queueId } = callback;
    const now = clock.now();
    const at = placing !== undefined && 'dialledAt' in placing ? placing.dialledAt : now;
    const attempts = [...callback.attempts, { at, outcome, ...(agentId === undefined ? {} : { agentId }) }];
    const policy = this.#o.policyOf(queueId);
    const after = policy?.after[outcome] ?? 'giveUp';
    const isLast = policy === undefined || attempts.length >= policy.attempts || after === 'giveUp';
    const nextAt = isLast ? Infinity : now + after;
    const inTime = nextAt < this.#deadline(callback);
    this.#gone(entry);
    this.#book.update(entry, { attempts, ...(inTime ? { notBefore: nextAt } : {}) });
    announce(
      {
        type: 'callback.attempted',
        callbackId,
        queueId,
        attempt: attempts.length,
        outcome,
        ...(agentId === undefined ? {} : { agentId }),
        ...(inTime ? { nextAt } : {}),
      },
      placing?.callId,
    );
    if (inTime) this.#wake(nextAt);
    else this.#end(entry, isLast ? 'attemptsUsed' : 'expired');
  }

  #reached(entry: Entry, agentId: Callback['attempts'][number]['agentId']): void {
    const { callback, placing } = entry;
    if (callback.ended !== undefined) return;
    const { callbackId, queueId } = callback;
    const at = placing !== undefined && 'dialledAt' in placing ? placing.dialledAt : this.#o.clock.now();
    const attempts = [...callback.attempts, { at, outcome: 'answered' as const, ...(agentId === undefined ? {} : { agentId }) }];
    this.#book.update(entry, { attempts });
    this.#o.announce(
      { type: 'callback.attempted', callbackId, queueId, attempt: attempts.length, outcome: 'answered', ...(agentId === undefined ? {} : { agentId }) },
      placing?.callId,
    );
    this.#end(entry, 'reached');
  }

  #end(entry: Entry, how: CallbackEnd, by?: CallbackActor): void {
    const { clock, announce } = this.#o;
    const { callback, placing } = entry;
    if (callback.ended !== undefined) return;
    const { callbackId, queueId, attempts, kind, period, requestedAt } = callback;
    const at = clock.now();
    this.#book.update(entry, { ended: { how, at, ...(by === undefined ? {} : { by }) } });
    announce(
      { type: 'callback.ended', callbackId, queueId, how, attempts: attempts.length, kind, period, tookMs: Math.max(0, at - requestedAt), ...(by === undefined ? {} : { by }) },
      placing?.callId ?? (by === undefined ? undefined : callOf(by)),
    );
  }

  /** The placement has ended. */
  #gone(entry: Entry): void {
    this.#placed.delete(entry.callback.callbackId);
    this.#book.setPlacing(entry, undefined);
  }

  /** Stops what is under way, when the customer's phone does not ring yet. */
  #takeBack(entry: Entry): boolean {
    const placed = this.#placed.get(entry.callback.callbackId);
    if (placed === undefined) return true;
    if (!placed.cancel()) return false;
    this.#gone(entry);
    return true;
  }

  #forget(entry: Entry): void {
    this.#placed.delete(entry.callback.callbackId);
    if (entry.placing !== undefined) this.#book.setPlacing(entry, undefined);
  }

  #changeable(callbackId: CallbackId, what: string): Entry {
    const entry = this.#book.get(callbackId);
    if (entry === undefined) throw unknown(callbackId);
    const { ended } = entry.callback;
    if (ended !== undefined) {
      throw new StrowgerError('callback.conflict', `Callback ${callbackId} has ended (${ended.how}): it cannot be ${what}.`, { fields: { callbackId, how: ended.how } });
    }
    if (this.#unconfirmed.has(entry)) {
      throw new StrowgerError('callback.conflict', `Callback ${callbackId} is being changed at this moment.`, { fields: { callbackId }, hint: 'Try again.' });
    }
    if (!this.#takeBack(entry)) {
      throw new StrowgerError('callback.conflict', `The customer of callback ${callbackId} is being called now: it cannot be ${what}.`, {
        fields: { callbackId, attempts: attemptsOf(entry) },
      });
    }
    return entry;
  }

  #periodOf(wish: CallbackWish, now: number, except?: CallbackId): Period {
    const { times } = this.#o;
    const { queueId, wanted } = wish;
    if (wanted === undefined) return { from: now, to: times.expiry(queueId, now) };
    const found = times.windowOf(queueId, wanted, now, this.#taken(queueId, except));
    if (typeof found === 'string') throw this.#refused(wish, found);
    return found;
  }

  #taken(queueId: QueueId, except?: CallbackId): (window: Period) => number {
    return ({ from }) => this.#book.taken(queueId, from, except);
  }

  #refused(wish: CallbackWish, refusal: CallbackRefusal): StrowgerError {
    const { queueId, by, number } = wish;
    this.#o.announce({ type: 'callback.refused', queueId, refusal, by, pii: { number } }, callOf(by));
    return new StrowgerError('callback.refused', `The callback is not taken: ${refusal}.`, { fields: { queueId, refusal } });
  }
}

function unknown(callbackId: CallbackId): StrowgerError {
  return new StrowgerError('callback.unknown', `There is no callback ${callbackId}.`, { fields: { callbackId } });
}

function callOf(by: CallbackActor): Parameters<PlacementServices['announce']>[1] {
  return by.by === 'customer' ? by.callId : undefined;
}

function viewOf({ callback, placing }: Entry): CallbackView {
  return { ...callback, stage: callback.ended !== undefined ? 'ended' : (placing?.stage ?? 'scheduled') };
}
