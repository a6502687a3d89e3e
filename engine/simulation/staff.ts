import { agentId, type AgentId } from '../domain/ids.ts';
import type { RoutingEvent } from '../routing/routing-event.ts';
import type { EventHeap } from './event-heap.ts';
import { sizeOf, type AgentGroup } from './model.ts';
import type { GroupTally } from './tally.ts';

/** What an agent does; as numbers, because they stand in a typed array. */
export const DOES = { off: 0, idle: 1, ringing: 2, talking: 3, wrapUp: 4, away: 5, onBreak: 6 } as const;
const STATES = 7;

/** The kinds of events that belong to agents; `Staff.handle` takes them. */
export const STAFF_EVENT = { signIn: 1, signOut: 2, breakStart: 3, breakEnd: 4, level: 5, wrapUpEnd: 6, back: 7 } as const;
export const LAST_STAFF_EVENT = STAFF_EVENT.back;

interface Break {
  readonly agent: number;
  readonly untilMs: number;
}

/** The agents of a simulation: who is there, what each does, and the time that was spent with it. */
export class Staff {
  readonly ids: readonly AgentId[];
  readonly groupOf: Uint32Array;
  readonly #groups: readonly AgentGroup[];
  readonly #first: number[] = [];
  readonly #events: EventHeap;
  readonly #tell: (event: RoutingEvent) => void;
  readonly #index = new Map<AgentId, number>();
  readonly #does: Uint8Array;
  /** Grows with each change of what an agent does: an event that was planned before is stale. */
  readonly #version: Int32Array;
  readonly #idleSince: Float64Array;
  readonly #breakUntil: Float64Array;
  /** The shift is over, but not the call. */
  readonly #isLeaving: Uint8Array;
  /** The router has been told that the agent is signed in. */
  readonly #isKnown: Uint8Array;
  readonly #breaks: Break[] = [];
  /** How many of a group may be there: `Infinity` when shifts say who. */
  readonly #target: Float64Array;
  readonly #counts: Int32Array;
  readonly #flushedAt: Float64Array;
  #tallies: readonly GroupTally[] = [];

  constructor(groups: readonly AgentGroup[], events: EventHeap, tell: (event: RoutingEvent) => void) {
    this.#groups = groups;
    this.#events = events;
    this.#tell = tell;
    const ids: AgentId[] = [];
    for (const group of groups) {
      this.#first.push(ids.length);
      for (let i = 0; i < sizeOf(group); i += 1) ids.push(agentId(`${group.id}-${i + 1}`));
    }
    this.ids = ids;
    ids.forEach((id, index) => this.#index.set(id, index));
    this.groupOf = new Uint32Array(ids.length);
    this.#does = new Uint8Array(ids.length);
    this.#version = new Int32Array(ids.length);
    this.#idleSince = new Float64Array(ids.length);
    this.#breakUntil = new Float64Array(ids.length);
    this.#isLeaving = new Uint8Array(ids.length);
    this.#isKnown = new Uint8Array(ids.length);
    this.#target = new Float64Array(groups.length).fill(Infinity);
    this.#counts = new Int32Array(groups.length * STATES);
    this.#flushedAt = new Float64Array(groups.length);
    groups.forEach((group, index) => this.#plan(group, index));
  }

  #plan(group: AgentGroup, index: number): void {
    let agent = this.#first[index]!;
    const { presence } = group;
    this.groupOf.fill(index, agent, agent + sizeOf(group));
    this.#counts[index * STATES] = sizeOf(group);
    if (presence.kind === 'levels') {
      this.#target[index] = 0;
      for (const { atMs, agents } of presence.levels) this.#events.add(atMs, STAFF_EVENT.level, index, agents);
      return;
    }
    for (const shift of presence.shifts) {
      for (let i = 0; i < shift.agents; i += 1, agent += 1) {
        for (const { fromMs, toMs } of shift.spans) {
          this.#events.add(fromMs, STAFF_EVENT.signIn, agent);
          if (toMs < Infinity) this.#events.add(toMs, STAFF_EVENT.signOut, agent);
        }
        for (const { fromMs, toMs } of shift.breaks) {
          this.#events.add(fromMs, STAFF_EVENT.breakStart, this.#breaks.length);
          this.#breaks.push({ agent, untilMs: toMs });
        }
      }
    }
  }

  indexOf(id: AgentId): number {
    return this.#index.get(id)!;
  }

  versionOf(agent: number): number {
    return this.#version[agent]!;
  }

  /** Carries out a planned event; `version` as the event has it. */
  handle(kind: number, subject: number, version: number, now: number): void {
    switch (kind) {
      case STAFF_EVENT.signIn:
        this.#signIn(subject, now);
        break;
      case STAFF_EVENT.signOut:
        this.#signOut(subject, now);
        break;
      case STAFF_EVENT.breakStart:
        this.#startBreak(this.#breaks[subject]!, now);
        break;
      case STAFF_EVENT.level:
        this.#setLevel(subject, version, now);
        break;
      default:
        if (version === this.#version[subject]) this.free(subject, now);
    }
  }

  /** An offer was decided: the phone rings. */
  ring(agent: number, now: number): void {
    this.#move(agent, DOES.ringing, now);
  }

  talk(agent: number, now: number): void {
    this.#move(agent, DOES.talking, now);
    const tally = this.#tallyOf(agent);
    if (tally !== undefined) tally.answered += 1;
    if (this.#isLeaving[agent] === 1) this.#forget(agent);
  }

  wrapUp(agent: number, untilMs: number, now: number): void {
    this.#move(agent, DOES.wrapUp, now);
    this.#events.add(untilMs, STAFF_EVENT.wrapUpEnd, agent, this.#version[agent]);
  }

  /** Did not answer: away for a while. */
  miss(agent: number, untilMs: number, now: number): void {
    const tally = this.#tallyOf(agent);
    if (tally !== undefined) tally.missed += 1;
    this.#move(agent, DOES.away, now);
    if (this.#isLeaving[agent] === 1) this.free(agent, now);
    else this.#events.add(untilMs, STAFF_EVENT.back, agent, this.#version[agent]);
  }

  /** Has nothing to do any more: goes home, has the break that is due, or is idle. */
  free(agent: number, now: number): void {
    const group = this.groupOf[agent]!;
    if (this.#isLeaving[agent] === 1 || this.#present(group) > this.#target[group]!) this.#leave(agent, now);
    else if (this.#breakUntil[agent]! > now) this.#rest(agent, now);
    else this.#idle(agent, now, now);
  }

  /** The caller hung up while the phone rang: idle as before. */
  rescind(agent: number, now: number): void {
    if (this.#isLeaving[agent] === 1 || this.#breakUntil[agent]! > now) this.free(agent, now);
    else this.#idle(agent, this.#idleSince[agent]!, now);
  }

  /** From now on time counts for these tallies; what was spent so far is added to the ones before. */
  countFor(tallies: readonly GroupTally[], now: number): void {
    for (let group = 0; group < this.#groups.length; group += 1) this.#flush(group, now);
    this.#tallies = tallies;
  }

  #signIn(agent: number, now: number): void {
    this.#isLeaving[agent] = 0;
    this.#introduce(agent);
    if (this.#does[agent] === DOES.off) this.#idle(agent, now, now);
  }

  #signOut(agent: number, now: number): void {
    switch (this.#does[agent]) {
      case DOES.off:
        return;
      case DOES.ringing:
        this.#isLeaving[agent] = 1;
        return;
      case DOES.talking:
      case DOES.wrapUp:
        // Nobody can count on this agent any more, so those who wait for one like it must not.
        this.#isLeaving[agent] = 1;
        this.#forget(agent);
        return;
      default:
        this.#leave(agent, now);
    }
  }

  #startBreak({ agent, untilMs }: Break, now: number): void {
    if (this.#does[agent] === DOES.off) return;
    this.#breakUntil[agent] = untilMs;
    if (this.#does[agent] === DOES.idle) this.#rest(agent, now);
  }

  #setLevel(group: number, agents: number, now: number): void {
    this.#target[group] = agents;
    const first = this.#first[group]!;
    const end = first + sizeOf(this.#groups[group]!);
    let present = this.#present(group);
    for (let agent = first; agent < end; agent += 1) {
      const does = this.#does[agent]!;
      if (agents === 0) this.#signOut(agent, now);
      else if (this.#isLeaving[agent] === 1) this.#signIn(agent, now);
      else if (does === DOES.off && present < agents) {
        this.#signIn(agent, now);
        present += 1;
      } else if (present > agents && (does === DOES.idle || does === DOES.away || does === DOES.onBreak)) {
        this.#leave(agent, now);
        present -= 1;
      }
    }
  }

  #present(group: number): number {
    return sizeOf(this.#groups[group]!) - this.#counts[group * STATES]!;
  }

  #idle(agent: number, since: number, now: number): void {
    this.#introduce(agent);
    this.#move(agent, DOES.idle, now);
    this.#idleSince[agent] = since;
    this.#tell({ type: 'agent.idle', agentId: this.ids[agent]!, idleSince: since });
  }

  #rest(agent: number, now: number): void {
    this.#tell({ type: 'agent.busy', agentId: this.ids[agent]! });
    this.#move(agent, DOES.onBreak, now);
    this.#events.add(this.#breakUntil[agent]!, STAFF_EVENT.breakEnd, agent, this.#version[agent]);
  }

  #leave(agent: number, now: number): void {
    this.#isLeaving[agent] = 0;
    this.#breakUntil[agent] = 0;
    this.#move(agent, DOES.off, now);
    this.#forget(agent);
  }

  #introduce(agent: number): void {
    if (this.#isKnown[agent] === 1) return;
    this.#isKnown[agent] = 1;
    this.#tell({ type: 'agent.signedIn', agentId: this.ids[agent]! });
  }

  #forget(agent: number): void {
    if (this.#isKnown[agent] === 0) return;
    this.#isKnown[agent] = 0;
    this.#tell({ type: 'agent.signedOut', agentId: this.ids[agent]! });
  }

  #move(agent: number, does: number, now: number): void {
    const group = this.groupOf[agent]!;
    this.#flush(group, now);
    this.#counts[group * STATES + this.#does[agent]!]! -= 1;
    this.#counts[group * STATES + does]! += 1;
    this.#does[agent] = does;
    this.#version[agent]! += 1;
  }

  /** Undefined while nothing is counted yet. */
  #tallyOf(agent: number): GroupTally | undefined {
    return this.#tallies[this.groupOf[agent]!];
  }

  #flush(group: number, now: number): void {
    const spent = now - this.#flushedAt[group]!;
    if (spent <= 0) return;
    this.#flushedAt[group] = now;
    const tally = this.#tallies[group];
    if (tally === undefined) return;
    const row = group * STATES;
    tally.idleMs += spent * this.#counts[row + DOES.idle]!;
    tally.ringingMs += spent * this.#counts[row + DOES.ringing]!;
    tally.talkingMs += spent * this.#counts[row + DOES.talking]!;
    tally.wrapUpMs += spent * this.#counts[row + DOES.wrapUp]!;
    tally.awayMs += spent * this.#counts[row + DOES.away]!;
    tally.breakMs += spent * this.#counts[row + DOES.onBreak]!;
  }
}
