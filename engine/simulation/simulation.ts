import { queueId } from '../domain/ids.ts';
import type { ContactRouter, RoutingConfig, RoutingDecision, RoutingEvent } from '../routing/routing-event.ts';
import { SkillRouter } from '../routing/skill-router.ts';
import { arrivingContact, CallerSource, newContactId, type Caller } from './caller.ts';
import { samplerOf, type Sampler } from './distribution.ts';
import { EventHeap } from './event-heap.ts';
import type { SimulationModel } from './model.ts';
import { PeriodBook, type Ending } from './period-book.ts';
import { RandomStream } from './random-stream.ts';
import { LAST_STAFF_EVENT, Staff } from './staff.ts';
import type { PeriodTally } from './tally.ts';
import { WaitingCount } from './waiting-count.ts';

export interface SimulationOptions {
  /** Any whole number of 32 bits. The same model, seed and replication give the same result, bit for bit. */
  readonly seed: number;
  /** Which of the independent repetitions. */
  readonly replication?: number;
  /** Who decides; by default the router of production. */
  readonly newRouter?: () => ContactRouter;
  /** What begins earlier is not counted. */
  readonly warmUpMs?: number;
  /** Length of a period; one period without it. */
  readonly periodMs?: number;
  /** Keep the waits of the answered one by one, for percentiles. */
  readonly keepWaits?: boolean;
}

export interface SimulationResult {
  /** The periods from the warm-up to the end of the model, and one more for what came or was done after that. */
  readonly periods: readonly PeriodTally[];
  /** When the last caller had gone. */
  readonly endedAt: number;
  /** How often the router was told something. */
  readonly routed: number;
}

/** Kinds of events that belong to callers; those of agents have lower numbers. */
const EVENT = {
  arrival: LAST_STAFF_EVENT + 1,
  retry: LAST_STAFF_EVENT + 2,
  abandon: LAST_STAFF_EVENT + 3,
  answer: LAST_STAFF_EVENT + 4,
  miss: LAST_STAFF_EVENT + 5,
  talkEnd: LAST_STAFF_EVENT + 6,
  period: LAST_STAFF_EVENT + 7,
} as const;

const TICK: RoutingEvent = { type: 'tick' };

/** One day, or one long run, of a contact centre in virtual time. */
export function simulate(model: SimulationModel, options: SimulationOptions): SimulationResult {
  return new Simulation(model, options).run();
}

class Simulation {
  readonly #model: SimulationModel;
  readonly #book: PeriodBook;
  readonly #router: ContactRouter;
  readonly #events = new EventHeap();
  readonly #staff: Staff;
  readonly #sources: readonly CallerSource[];
  readonly #waiting: WaitingCount;
  readonly #queueIndex: ReadonlyMap<string, number>;
  readonly #answerAfter: readonly (Sampler | undefined)[];
  readonly #byId = new Map<string, Caller>();
  /** Callers who are in, or will call again, by slot. */
  readonly #callers: (Caller | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  readonly #decisions: RoutingDecision[] = [];
  #now = 0;
  #numbered = 0;
  #lines = 0;
  #routed = 0;
  /** Callers who are in, calls that will come again, and types of which somebody will still come. */
  #live = 0;
  /** A time at which the router wanted to be asked although it had nothing to say: it is not asked for it again. */
  #vainDue: number | undefined;

  constructor(model: SimulationModel, options: SimulationOptions) {
    const { seed, replication = 0, newRouter = () => new SkillRouter(), warmUpMs = 0, periodMs = Infinity, keepWaits = false } = options;
    this.#model = model;
    this.#book = new PeriodBook(model, { warmUpMs, periodMs, keepWaits });
    this.#queueIndex = new Map(model.queues.map(({ id }, index) => [id, index]));
    this.#waiting = new WaitingCount(model.queues.length);
    this.#answerAfter = model.groups.map(({ answerAfter }) => answerAfter && samplerOf(answerAfter));
    // Before the agents' own events, so that what they do at a boundary counts for the period that begins.
    this.#book.periods.forEach(({ fromMs }, index) => this.#events.add(fromMs, EVENT.period, index));
    this.#staff = new Staff(model.groups, this.#events, (event) => this.#tell(event));
    this.#router = newRouter();
    this.#tell({ type: 'configured', config: routingConfig(model, this.#staff) });
    const factor = model.dayFactor === undefined ? 1 : samplerOf(model.dayFactor)(new RandomStream(seed, replication, 'day'), 0);
    this.#sources = model.contactTypes.map((type) => new CallerSource(type, factor, seed, replication));
    this.#sources.forEach((_, type) => this.#planArrival(type));
  }

  run(): SimulationResult {
    const { lengthMs, stopAtEnd = false } = this.#model;
    while (this.#live > 0 || this.#now < lengthMs) {
      const due = this.#dueAt();
      const next = this.#events.nextAt;
      const at = Math.min(due, next);
      if (at === Infinity || (stopAtEnd && at >= lengthMs)) break;
      this.#now = Math.max(this.#now, at);
      if (due <= next) this.#tick();
      else this.#take();
    }
    if (stopAtEnd) this.#now = lengthMs;
    for (const caller of this.#callers) if (caller?.stage === 'waiting' || caller?.stage === 'ringing') this.#book.ended(caller, 'unfinished');
    this.#staff.countFor([], this.#now);
    this.#waiting.countFor([], this.#now);
    this.#book.close(this.#now);
    return { periods: this.#book.periods, endedAt: this.#now, routed: this.#routed };
  }

  #take(): void {
    const events = this.#events;
    events.take();
    const { kind, subject, version } = events;
    if (kind <= LAST_STAFF_EVENT) {
      this.#staff.handle(kind, subject, version, this.#now);
      this.#carryOut();
      return;
    }
    switch (kind) {
      case EVENT.arrival:
        this.#live -= 1;
        this.#planArrival(subject);
        this.#arrive(subject, this.#sources[subject]!.newSeed(), 0, 0);
        break;
      case EVENT.period:
        this.#usePeriod(subject);
        break;
      case EVENT.talkEnd:
        this.#endTalk(this.#callers[subject]!);
        break;
      default: {
        const caller = this.#callers[subject];
        if (caller?.number !== version) break;
        if (kind === EVENT.retry) this.#callAgain(caller);
        else if (kind === EVENT.abandon) this.#abandon(caller);
        else if (kind === EVENT.answer) this.#answer(caller);
        else this.#miss(caller);
      }
    }
    this.#carryOut();
  }

  // Callers

  #planArrival(type: number): void {
    const at = this.#sources[type]!.next();
    if (at >= this.#model.lengthMs) return;
    this.#live += 1;
    this.#events.add(at, EVENT.arrival, type);
  }

  #arrive(type: number, seed: number, attempt: number, earlierWaitMs: number): void {
    const source = this.#sources[type]!;
    this.#numbered += 1;
    const number = this.#numbered;
    const caller: Caller = {
      number,
      contactId: newContactId(number),
      type,
      seed,
      attempt,
      earlierWaitMs,
      startedAt: this.#now,
      period: this.#book.periodOf(this.#now),
      slot: this.#freeSlots.pop() ?? this.#callers.length,
      queue: this.#queueIndex.get(source.type.queue)!,
      queuedAt: this.#now,
      stage: 'waiting',
      agent: -1,
      offers: 0,
    };
    this.#callers[caller.slot] = caller;
    this.#live += 1;
    const { isCallback = false } = source.type;
    if (!isCallback && this.#lines >= (this.#model.trunks ?? Infinity)) {
      this.#book.ended(caller, 'blocked');
      this.#release(caller);
      return;
    }
    if (!isCallback) this.#lines += 1;
    this.#enqueue(caller);
    if (caller.stage !== 'waiting' && caller.stage !== 'ringing') return;
    const patienceMs = source.patienceMs(caller);
    if (patienceMs < Infinity) this.#events.add(this.#now + patienceMs, EVENT.abandon, caller.slot, number);
  }

  /** Into the queue of `caller.queue`. */
  #enqueue(caller: Caller): void {
    const queue = this.#model.queues[caller.queue]!;
    const { type } = this.#sources[caller.type]!;
    caller.queuedAt = this.#now;
    caller.stage = 'waiting';
    this.#countWaiting(caller, 1);
    this.#byId.set(caller.contactId, caller);
    this.#tell({ type: 'contact.arrived', contact: arrivingContact(caller, type, queue) });
    this.#carryOut();
    // Steps of 0 ms have their turn before it is said that the contact has to wait.
    while (this.#dueAt() <= this.#now) this.#tick();
    if (!type.isCallback && caller.stage === 'waiting' && caller.queue === this.#queueIndex.get(queue.id) && this.#waiting.of(caller.queue) > (queue.maxWaiting ?? Infinity)) {
      this.#leaveQueue(caller);
      this.#tell({ type: 'contact.gone', contactId: caller.contactId });
      this.#end(caller, 'turnedAway');
    }
  }

  #offer(caller: Caller, agent: number): void {
    const group = this.#staff.groupOf[agent]!;
    const { missShare = 0 } = this.#model.groups[group]!;
    const answerAfter = this.#answerAfter[group];
    this.#countWaiting(caller, -1);
    caller.stage = 'ringing';
    caller.agent = agent;
    if (answerAfter === undefined && missShare === 0) {
      this.#answer(caller);
      return;
    }
    const { ringTimeoutMs } = this.#model.queues[caller.queue]!;
    const random = this.#sources[caller.type]!.offerStream(caller);
    const isMissed = random.uniform() < missShare;
    const ringMs = answerAfter?.(random, this.#now) ?? 0;
    caller.offers += 1;
    this.#staff.ring(agent, this.#now);
    if (isMissed || ringMs > ringTimeoutMs) this.#events.add(this.#now + ringTimeoutMs, EVENT.miss, caller.slot, caller.number);
    else this.#events.add(this.#now + ringMs, EVENT.answer, caller.slot, caller.number);
  }

  #answer(caller: Caller): void {
    if (caller.stage !== 'ringing') return;
    const now = this.#now;
    const source = this.#sources[caller.type]!;
    this.#staff.talk(caller.agent, now);
    this.#byId.delete(caller.contactId);
    this.#tell({ type: 'contact.gone', contactId: caller.contactId });
    caller.stage = 'talking';
    const { talkFactor = 1 } = this.#model.groups[this.#staff.groupOf[caller.agent]!]!;
    const talkMs = source.talkMs(caller) * talkFactor;
    this.#events.add(now + talkMs, EVENT.talkEnd, caller.slot, caller.number);
    this.#book.answered(caller, now, talkMs + source.wrapUpMs(caller));
  }

  #miss(caller: Caller): void {
    if (caller.stage !== 'ringing') return;
    const { agent } = caller;
    const { awayMs = 0 } = this.#model.groups[this.#staff.groupOf[agent]!]!;
    caller.stage = 'waiting';
    caller.agent = -1;
    this.#countWaiting(caller, 1);
    this.#tell({ type: 'offer.ended', contactId: caller.contactId, agentId: this.#staff.ids[agent]! });
    this.#staff.miss(agent, this.#now + awayMs, this.#now);
  }

  #endTalk(caller: Caller): void {
    const wrapUpMs = this.#sources[caller.type]!.wrapUpMs(caller);
    this.#freeLine(caller);
    this.#release(caller);
    if (wrapUpMs > 0) this.#staff.wrapUp(caller.agent, this.#now + wrapUpMs, this.#now);
    else this.#staff.free(caller.agent, this.#now);
  }

  #abandon(caller: Caller): void {
    if (caller.stage !== 'waiting' && caller.stage !== 'ringing') return;
    const { agent, stage } = caller;
    const source = this.#sources[caller.type]!;
    if (stage === 'waiting') this.#leaveQueue(caller);
    this.#byId.delete(caller.contactId);
    this.#tell({ type: 'contact.gone', contactId: caller.contactId });
    if (stage === 'ringing') this.#staff.rescind(agent, this.#now);
    this.#freeLine(caller);
    this.#book.abandoned(caller, this.#now);
    caller.earlierWaitMs += this.#now - caller.startedAt;
    const retryMs = source.retryMs(caller, this.#now);
    if (retryMs === undefined) {
      this.#release(caller);
      return;
    }
    this.#book.willRetry(caller);
    caller.stage = 'gone';
    this.#events.add(this.#now + retryMs, EVENT.retry, caller.slot, caller.number);
  }

  #callAgain(caller: Caller): void {
    this.#release(caller);
    this.#arrive(caller.type, caller.seed, caller.attempt + 1, caller.earlierWaitMs);
  }

  #overflow(caller: Caller, reason: 'timeout' | 'noAgents'): void {
    const { overflowTo } = this.#model.queues[caller.queue]!;
    this.#leaveQueue(caller);
    const next = overflowTo === undefined ? undefined : this.#queueIndex.get(overflowTo);
    if (next === undefined) {
      this.#end(caller, reason === 'timeout' ? 'overflowed' : 'noAgents');
      return;
    }
    this.#book.movedOn(caller, reason);
    caller.queue = next;
    this.#enqueue(caller);
  }

  #leaveQueue(caller: Caller): void {
    this.#countWaiting(caller, -1);
    caller.stage = 'gone';
  }

  #end(caller: Caller, ending: Ending): void {
    this.#byId.delete(caller.contactId);
    this.#freeLine(caller);
    this.#book.ended(caller, ending);
    this.#release(caller);
  }

  #countWaiting({ type, queue }: Caller, by: 1 | -1): void {
    if (!this.#sources[type]!.type.isCallback) this.#waiting.change(queue, by, this.#now);
  }

  #freeLine({ type }: Caller): void {
    if (!this.#sources[type]!.type.isCallback) this.#lines -= 1;
  }

  #release(caller: Caller): void {
    caller.stage = 'gone';
    this.#callers[caller.slot] = undefined;
    this.#freeSlots.push(caller.slot);
    this.#live -= 1;
  }

  // The router

  #tell(event: RoutingEvent): void {
    this.#routed += 1;
    this.#vainDue = undefined;
    for (const decision of this.#router.handle(event, this.#now)) this.#decisions.push(decision);
  }

  /** Decisions in their order, also those that come of carrying out others. */
  #carryOut(): void {
    for (let decision = this.#decisions.shift(); decision !== undefined; decision = this.#decisions.shift()) {
      const caller = this.#byId.get(decision.contactId);
      if (caller === undefined) continue;
      if (decision.kind === 'offer') this.#offer(caller, this.#staff.indexOf(decision.agentId));
      else if (decision.kind === 'overflow') this.#overflow(caller, decision.reason);
    }
  }

  #dueAt(): number {
    const due = this.#router.dueAt;
    return due === undefined || due === this.#vainDue ? Infinity : due;
  }

  #tick(): void {
    const due = this.#router.dueAt;
    this.#tell(TICK);
    const isVain = this.#decisions.length === 0 && this.#router.dueAt === due;
    this.#carryOut();
    if (isVain) this.#vainDue = due;
  }

  #usePeriod(index: number): void {
    const { groups, lengths } = this.#book.periods[index]!;
    this.#staff.countFor(groups, this.#now);
    this.#waiting.countFor(lengths, this.#now);
  }
}

function routingConfig({ groups, queues, fairAfterMs = Infinity }: SimulationModel, staff: Staff): RoutingConfig {
  const queuesOf = groups.map((group) => group.queues.map((id) => queueId(id)));
  return {
    agents: staff.ids.map((id, agent) => {
      const group = staff.groupOf[agent]!;
      return { id, skills: groups[group]!.skills, queues: queuesOf[group]! };
    }),
    queues: queues.map(({ id, selection }) => ({ id: queueId(id), selection })),
    fairAfterMs,
  };
}
