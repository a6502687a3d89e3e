import type { AttemptOutcome, Callback, CallbackActor, CallbackAttempt, CallbackEnd } from '../domain/callback.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../domain/callback-policy.ts';
import type { AgentId, CallbackId, CallId, NodeId, QueueId } from '../domain/ids.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { TimerHandle } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { AgentFirst } from './agent-first.ts';
import type { NumberGuard } from './callback-admission.ts';
import type { CallbackBook, Entry } from './callback-book.ts';
import type { Placing } from './callback-record.ts';
import { CustomerFirst, type CustomerFirstHost, type FlowEnd } from './customer-first.ts';
import type { AttemptDetails, Permission, PlacementServices } from './placement.ts';

export interface CallbackPlacerOptions extends PlacementServices {
  readonly journal: Journal;
  /** How a queue places callbacks; undefined when it has none. */
  readonly policyOf: (queueId: QueueId) => CallbackPolicy | undefined;
  readonly guard: NumberGuard;
  /** Whether this call of the customer's still goes on. */
  readonly isOnLine: (callId: CallId) => boolean;
  /** The customer has answered: a flow is to greet. False when there is no such flow. */
  readonly startFlow: (callback: Callback, placing: Extract<Placing, { readonly stage: 'inFlow' }>) => boolean;
}

/** The clock is looked at so often at least: it may be set, and a timer that waits for days would not know. */
const LOOK_AGAIN_MS = 60_000;
/** Customer first: how often it is asked whether an agent will soon be free, while somebody is due. */
const ASK_AGAIN_MS = 1_000;
/** One takes a millisecond or so; the calls that go on wait no longer than for these. */
const PLACED_AT_ONCE = 20;
const PRUNE_EVERY_MS = 3_600_000;
/** NTP slews a clock that is a little off, and steps one that is far off: less than this is no step. */
const CLOCK_STEP_MS = 1_000;

type Placed = AgentFirst | CustomerFirst;

/** Places callbacks when their time has come, and books what becomes of each attempt. */
export class CallbackPlacer {
  readonly #o: CallbackPlacerOptions;
  readonly #book: CallbackBook;
  readonly #placed = new Map<CallbackId, Placed>();
  readonly #withheld = new Set<Entry>();
  #timer: TimerHandle;
  #timerAt = Infinity;
  #prunedAt = 0;
  /** What the clock said last. */
  #seenAt = 0;
  #ready = false;
  #closed = false;

  constructor(options: CallbackPlacerOptions, book: CallbackBook) {
    this.#o = options;
    this.#book = book;
  }

  /** Takes up what was under way before a restart. Nothing new is placed before `start`. */
  restore(): void {
    for (const { callback } of this.#book.all()) this.#seenAt = Math.max(this.#seenAt, callback.requestedAt, ...callback.attempts.map(({ at }) => at));
    for (const entry of this.#book.all()) if (entry.placing !== undefined) this.#takeUp(entry, entry.placing);
  }

  /** Begins to place what is due: once the contacts of before a restart are back in their queues. */
  start(): void {
    this.#ready = true;
    const known = new Set(this.#o.switchboard.nodeIds);
    // A node that was taken out of the configuration cannot tell any more what became of its calls.
    for (const nodeId of this.nodes()) if (!known.has(nodeId)) this.reconcile(nodeId, { channels: [], bridges: [] }, new Set());
    this.standAside();
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

  /** The customer of a callback talks to an agent (customer first). */
  connected(callbackId: CallbackId): void {
    const placed = this.#placed.get(callbackId);
    if (placed instanceof CustomerFirst) placed.connected();
  }

  /** The customer's call in its flow is over (customer first). */
  flowEnded(callbackId: CallbackId, how: FlowEnd): void {
    const placed = this.#placed.get(callbackId);
    if (placed instanceof CustomerFirst) placed.flowEnded(how);
  }

  /** Is not placed until `release`: it is not on the disk yet, so nobody was promised it. */
  withhold(entry: Entry): void {
    this.#withheld.add(entry);
  }

  isWithheld(entry: Entry): boolean {
    return this.#withheld.has(entry);
  }

  release(entry: Entry): void {
    this.#withheld.delete(entry);
    this.wake(this.#o.clock.now());
  }

  /** Stops what is under way; false when it is too late because the customer's phone rings. */
  takeBack(entry: Entry): boolean {
    const placed = this.#placed.get(entry.callback.callbackId);
    if (placed === undefined) return true;
    if (!placed.cancel()) return false;
    this.#gone(entry);
    return true;
  }

  /**
   * A switch is to become empty, or is away (`away`): if no other is there, who only stands in a queue yet leaves it, and is due again when one is.
   * An agent whose phone rings at one that is away is not waited for.
   */
  standAside(away?: NodeId): void {
    const canCall = this.#o.legs.nodeForCalls() !== undefined;
    for (const callbackId of [...this.#placed.keys()]) {
      const entry = this.#book.get(callbackId);
      const placing = entry?.placing;
      if (entry !== undefined && ((placing?.stage === 'queued' && !canCall) || (placing?.stage === 'offered' && placing.nodeId === away))) this.takeBack(entry);
    }
    this.wake(this.#o.clock.now());
  }

  /** Callbacks that are being placed on a node, and are no calls of a session. */
  placedOn(nodeId: NodeId): number {
    return [...this.#book.all()].filter(({ placing }) => placing !== undefined && placing.stage !== 'inFlow' && 'nodeId' in placing && placing.nodeId === nodeId).length;
  }

  /** Books its end, once. */
  end(entry: Entry, how: CallbackEnd, by?: CallbackActor): void {
    const { clock, announce } = this.#o;
    const { callback, placing } = entry;
    if (callback.ended !== undefined) return;
    const { callbackId, queueId, attempts, kind, period, requestedAt } = callback;
    const at = clock.now();
    this.#book.update(entry, { ended: { how, at, ...(by === undefined ? {} : { by }) } });
    announce(
      { type: 'callback.ended', callbackId, queueId, how, attempts: attempts.length, kind, period, tookMs: Math.max(0, at - requestedAt), ...(by === undefined ? {} : { by }) },
      placing?.callId ?? (by?.by === 'customer' ? by.callId : undefined),
    );
  }

  /** Looks at what is due at this time (milliseconds since the epoch), if not sooner. */
  wake(at: number): void {
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
    this.#noticeClock(now);
    if (now - this.#prunedAt > PRUNE_EVERY_MS) {
      this.#prunedAt = now;
      this.#book.prune();
    }
    let next = now + LOOK_AGAIN_MS;
    const due: Entry[] = [];
    for (const entry of this.#book.toLookAt(now)) {
      const { callback } = entry;
      if (this.#withheld.has(entry)) continue;
      const deadline = this.#deadline(callback);
      if (now >= deadline && this.takeBack(entry)) {
        this.end(entry, 'expired');
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
    let placed = 0;
    for (const entry of due) {
      if (!this.#place(entry, withoutAgent)) next = Math.min(next, now + ASK_AGAIN_MS);
      else if ((placed += 1) === PLACED_AT_ONCE) {
        next = now;
        break;
      }
    }
    this.wake(Math.min(next, this.#book.nextLookAt));
  }

  /**
   * Somebody has set the clock back: what was to happen after a while happens after that while, and who came first stays first. A window that
   * was promised stays what it is. (Set forward, intervals are shorter once, which harms nobody.)
   */
  #noticeClock(now: number): void {
    const backMs = this.#seenAt - now;
    this.#seenAt = now;
    if (backMs <= CLOCK_STEP_MS) return;
    this.#o.log.warn({ event: 'callback.clockSetBack', backMs }, 'The clock was set back: callbacks that are not promised for a window are placed as if it had not.');
    for (const entry of [...this.#book.all()]) {
      const { ended, kind, notBefore, period, virtualSince } = entry.callback;
      if (ended !== undefined) continue;
      const from = kind === 'soon' ? period.from - backMs : period.from;
      this.#book.update(entry, { period: { ...period, from }, notBefore: Math.max(from, notBefore - backMs), virtualSince: virtualSince - backMs });
    }
  }

  /**
   * False when it has to wait: for a switch that takes calls, or because no agent will soon be free; its queue is noted then, for those of this turn
   * that come after it in the queue.
   */
  #place(entry: Entry, withoutAgent: Set<QueueId>): boolean {
    const { callback } = entry;
    const policy = this.#o.policyOf(callback.queueId);
    if (policy === undefined) {
      this.end(entry, 'impossible');
      return true;
    }
    const allowed = this.#permission(callback);
    if (typeof allowed === 'object') {
      const notBefore = Math.max(callback.period.from, allowed.notBefore);
      this.#book.update(entry, { notBefore });
      this.wake(notBefore);
      return true;
    }
    if (allowed !== 'dial') {
      this.end(entry, allowed);
      return true;
    }
    const { callbackId, queueId, period, requestedBy } = callback;
    // Who still hears the goodbye of the call in which it asked would be busy.
    if (requestedBy.by === 'customer' && this.#o.isOnLine(requestedBy.callId)) return false;
    if (this.#o.legs.nodeForCalls() === undefined) return false;
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
      if (placed instanceof CustomerFirst && placed.wantsAgent && this.#book.get(id)?.callback.queueId === queueId && this.#book.get(id)?.callback.ended === undefined) underWay += 1;
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
      policy: () => this.#policyOf(entry),
      keep: (placing) => this.#book.setPlacing(entry, placing),
      durable: async () => {
        guard.dialled(entry.callback.number);
        await journal.durable();
      },
      permission: () => this.#permission(entry.callback),
      isInTime: () => {
        const now = this.#o.clock.now();
        return now >= entry.callback.notBefore && now < this.#deadline(entry.callback);
      },
      detection: () => {
        const { detectMachines, messageFlow } = this.#policyOf(entry);
        if (!detectMachines) return undefined;
        return { waitForGreeting: messageFlow !== undefined && typeof this.#nextTry(entry.callback, 'machine') !== 'number' };
      },
      leaveMessage: (placing) => {
        const placed = new CustomerFirst(this.#host(entry), placing);
        this.#placed.set(entry.callback.callbackId, placed);
        placed.enterFlow(placing);
      },
      missed: (outcome, how) => this.#missed(entry, outcome, how),
      reached: (agentId) => this.#reached(entry, agentId),
      putBack: (at) => {
        const notBefore = Math.max(entry.callback.period.from, at);
        this.#gone(entry);
        this.#book.update(entry, { notBefore });
        this.wake(notBefore);
      },
      giveUp: (how) => {
        this.#gone(entry);
        this.end(entry, how);
      },
      over: () => this.#gone(entry),
      startFlow: (placing) => startFlow(entry.callback, placing),
    };
  }

  /** A queue may have lost its callbacks while one is being placed: that one is still brought to its end. */
  #policyOf({ callback }: Entry): CallbackPolicy {
    return this.#o.policyOf(callback.queueId) ?? CALLBACK_DEFAULTS;
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

  #missed(entry: Entry, outcome: Exclude<AttemptOutcome, 'answered'>, how: AttemptDetails = {}): void {
    const { callback, placing } = entry;
    const next = this.#nextTry(callback, outcome);
    this.#attempted(entry, placing, outcome, how, typeof next === 'number' ? next : undefined);
    this.#gone(entry);
    if (typeof next === 'number') this.wake(next);
    else this.end(entry, next);
  }

  /** When it is tried again should the attempt that is under way, or begins now, come to nothing so; or how it ends then. */
  #nextTry(callback: Callback, outcome: Exclude<AttemptOutcome, 'answered'>): number | 'attemptsUsed' | 'expired' {
    const policy = this.#o.policyOf(callback.queueId);
    const after = policy?.after[outcome] ?? 'giveUp';
    if (policy === undefined || after === 'giveUp' || callback.attempts.length + 1 >= policy.attempts) return 'attemptsUsed';
    if (callback.attempts.filter((attempt) => attempt.outcome === outcome).length + 1 >= (policy.attemptsByOutcome[outcome] ?? Infinity)) return 'attemptsUsed';
    // Not before its window, which is to come again where the clock was set back during the attempt.
    const at = Math.max(callback.period.from, this.#o.clock.now() + after);
    return at < this.#deadline(callback) ? at : 'expired';
  }

  #reached(entry: Entry, agentId: AgentId | undefined): void {
    if (entry.callback.ended !== undefined) return;
    this.#attempted(entry, entry.placing, 'answered', agentId === undefined ? {} : { agentId }, undefined);
    this.end(entry, 'reached');
  }

  #attempted(entry: Entry, placing: Placing | undefined, outcome: AttemptOutcome, { agentId, messageLeft }: AttemptDetails, nextAt: number | undefined): void {
    const { callbackId, queueId, attempts: before } = entry.callback;
    const who = agentId === undefined ? {} : { agentId };
    const at = placing !== undefined && 'dialledAt' in placing ? placing.dialledAt : this.#o.clock.now();
    const attempts: readonly CallbackAttempt[] = [...before, { at, outcome, ...who }];
    this.#book.update(entry, { attempts, ...(nextAt === undefined ? {} : { notBefore: nextAt }) });
    this.#o.announce(
      { type: 'callback.attempted', callbackId, queueId, attempt: attempts.length, outcome, ...who, ...(messageLeft ? { messageLeft } : {}), ...(nextAt === undefined ? {} : { nextAt }) },
      placing?.callId,
    );
  }

  /** The placement has ended. */
  #gone(entry: Entry): void {
    this.#placed.delete(entry.callback.callbackId);
    this.#book.setPlacing(entry, undefined);
  }
}
