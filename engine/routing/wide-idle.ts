import type { AgentGroup, AgentGroups } from './agent-groups.ts';
import type { IdleAgents } from './idle-agents.ts';
import type { IdleHeap, RequirementClass, WideHeaps } from './requirement-class.ts';

/** With more groups than this a class is wide: a look at the head of each would take too long. */
const WIDE_FROM = 256;
/** To note an agent takes about so many times as long as to look at a group; both happen in proportion to the class's size. */
const NOTE_COST = 8;
const FIRST_LIMIT = 64;

/** What tests set to see the ways of a large centre in a small one. */
export interface WideLimits {
  /** With more groups than this a class is wide. */
  readonly wideFrom?: number;
  /** A wide class sleeps when, since it was asked last, more than groups/noteCost agents became idle. */
  readonly noteCost?: number;
}

interface WideMembership {
  readonly cls: RequirementClass;
  readonly heap: IdleHeap;
}

/**
 * Finds the best idle agent of classes with many groups. While a wide class is asked often, each agent who becomes idle is noted
 * in its heaps; who is idle no more is found out when it comes to the top. When it is asked seldom that costs more than a look
 * at all groups now and then, so then it sleeps.
 */
export class WideIdle {
  readonly #groups: AgentGroups;
  readonly #idle: IdleAgents;
  readonly #wideFrom: number;
  readonly #noteCost: number;
  /** By group: the classes to tell of an agent who becomes idle. */
  readonly #awake: WideMembership[][] = [];
  #awakeCount = 0;

  constructor(groups: AgentGroups, idle: IdleAgents, { wideFrom = WIDE_FROM, noteCost = NOTE_COST }: WideLimits = {}) {
    this.#groups = groups;
    this.#idle = idle;
    this.#wideFrom = wideFrom;
    this.#noteCost = noteCost;
  }

  /** As `IdleAgents.bestOf`, for any class. */
  bestOf(cls: RequirementClass): number {
    if (cls.groups.length <= this.#wideFrom) return this.#idle.bestOf(cls);
    let { wide } = cls;
    if (wide === undefined) {
      wide = { heaps: [], askedAt: -Infinity };
      cls.wide = wide;
    }
    const isOften = !this.#isSeldom(wide);
    wide.askedAt = this.#idle.stamp;
    if (wide.heaps.length === 0) {
      if (isOften) this.#wake(cls, wide);
      return this.#idle.bestOf(cls);
    }
    for (const heap of wide.heaps) {
      const best = heap.first();
      if (best >= 0) return best;
    }
    return -1;
  }

  /** To be called when an agent has become idle. */
  added(agent: number): void {
    if (this.#awakeCount === 0) return;
    const awake = this.#awake[this.#groups.groupOf[agent]!];
    if (awake === undefined) return;
    for (let index = awake.length - 1; index >= 0; index -= 1) {
      const { cls, heap } = awake[index]!;
      if (cls.wide !== undefined && this.#isSeldom(cls.wide)) this.sleep(cls);
      else heap.push(agent);
    }
  }

  /** An agent has got a group of its own. */
  regrouped(from: AgentGroup, to: AgentGroup): void {
    this.#listOf(to.id).push(...this.#listOf(from.id));
  }

  /** Forgets what was noted for a class. */
  sleep(cls: RequirementClass): void {
    const { wide } = cls;
    if (wide === undefined || wide.heaps.length === 0) return;
    for (const id of cls.groups) {
      const awake = this.#awake[id]!;
      const at = awake.findIndex((one) => one.cls === cls);
      const last = awake.pop()!;
      if (at < awake.length) awake[at] = last;
    }
    cls.wide = { heaps: [], askedAt: wide.askedAt };
    this.#awakeCount -= 1;
  }

  #listOf(group: number): WideMembership[] {
    while (this.#awake.length <= group) this.#awake.push([]);
    return this.#awake[group]!;
  }

  #isSeldom(wide: WideHeaps): boolean {
    return (this.#idle.stamp - wide.askedAt) * this.#noteCost > this.#groups.groups.length;
  }

  #wake(cls: RequirementClass, wide: WideHeaps): void {
    const heaps: LazyHeap[] = [];
    let index = 0;
    for (const end of cls.fitEnds) {
      const heap = new LazyHeap(this.#idle);
      heaps.push(heap);
      for (; index < end; index += 1) {
        const id = cls.groups[index]!;
        this.#listOf(id).push({ cls, heap });
        for (const agent of this.#idle.ofGroup(id)) heap.push(agent);
      }
    }
    cls.wide = { heaps, askedAt: wide.askedAt };
    this.#awakeCount += 1;
  }
}

/** Idle agents, the one to be taken first at the top. An agent who has been taken stays until it comes to the top or a clearing. */
class LazyHeap implements IdleHeap {
  readonly #idle: IdleAgents;
  readonly #agents: number[] = [];
  readonly #stamps: number[] = [];
  readonly #since: number[] = [];
  #limit = FIRST_LIMIT;

  constructor(idle: IdleAgents) {
    this.#idle = idle;
  }

  push(agent: number): void {
    if (this.#agents.length >= this.#limit) this.#clear();
    this.#insert(agent, this.#idle.stampOf(agent), this.#idle.since(agent));
  }

  /** -1: nobody. */
  first(): number {
    while (this.#agents.length > 0) {
      if (this.#isLive(0)) return this.#agents[0]!;
      this.#pop();
    }
    return -1;
  }

  #isLive(at: number): boolean {
    const agent = this.#agents[at]!;
    return this.#idle.has(agent) && this.#idle.stampOf(agent) === this.#stamps[at];
  }

  #clear(): void {
    const live: number[] = [];
    for (let at = 0; at < this.#agents.length; at += 1) if (this.#isLive(at)) live.push(this.#agents[at]!);
    this.#agents.length = 0;
    this.#stamps.length = 0;
    this.#since.length = 0;
    for (const agent of live) this.#insert(agent, this.#idle.stampOf(agent), this.#idle.since(agent));
    this.#limit = Math.max(FIRST_LIMIT, 2 * live.length);
  }

  #insert(agent: number, stamp: number, since: number): void {
    let at = this.#agents.length;
    this.#agents.push(agent);
    this.#stamps.push(stamp);
    this.#since.push(since);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(since, agent, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, agent, stamp, since);
  }

  #pop(): void {
    const agent = this.#agents.pop()!;
    const stamp = this.#stamps.pop()!;
    const since = this.#since.pop()!;
    const size = this.#agents.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isBefore(this.#since[child + 1]!, this.#agents[child + 1]!, child)) child += 1;
      if (!(this.#since[child]! < since || (this.#since[child] === since && this.#agents[child]! < agent))) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, agent, stamp, since);
  }

  #isBefore(since: number, agent: number, at: number): boolean {
    const other = this.#since[at]!;
    return since < other || (since === other && agent < this.#agents[at]!);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#agents[from]!, this.#stamps[from]!, this.#since[from]!);
  }

  #put(at: number, agent: number, stamp: number, since: number): void {
    this.#agents[at] = agent;
    this.#stamps[at] = stamp;
    this.#since[at] = since;
  }
}
