import type { AgentId } from '../domain/ids.ts';
import type { AgentGroups } from './agent-groups.ts';
import { heapInsert, heapRemove, type HeapOrder } from './indexed-heap.ts';
import type { RequirementClass } from './requirement-class.ts';

/** An idle agent, as others may see it. */
export interface IdleEntry {
  readonly agentId: AgentId;
  /** Milliseconds since the epoch. */
  readonly idleSince: number;
}

/** The idle agents: of each group a heap in the order in which they are taken, longest idle first, then by configuration. */
export class IdleAgents implements HeapOrder {
  readonly #groups: AgentGroups;
  /** By group. */
  readonly #heaps: number[][] = [];
  /** By group: whom a scan would take of it, -1 for nobody. */
  #heads = new Int32Array(0);
  /** By agent. */
  readonly #positions: Int32Array;
  readonly #since: Float64Array;
  readonly #stamps: Float64Array;
  #stamp = 0;
  #count = 0;

  constructor(groups: AgentGroups) {
    this.#groups = groups;
    this.#positions = new Int32Array(groups.agents.length).fill(-1);
    this.#since = new Float64Array(groups.agents.length);
    this.#stamps = new Float64Array(groups.agents.length);
    this.#makeRoom();
  }

  get count(): number {
    return this.#count;
  }

  /** How often an agent became idle so far. */
  get stamp(): number {
    return this.#stamp;
  }

  has(agent: number): boolean {
    return this.#positions[agent]! >= 0;
  }

  since(agent: number): number {
    return this.#since[agent]!;
  }

  /** Another number each time that the agent becomes idle: what was noted of an earlier time can be told from now. */
  stampOf(agent: number): number {
    return this.#stamps[agent]!;
  }

  add(agent: number, since: number): void {
    this.#stamp += 1;
    this.#stamps[agent] = this.#stamp;
    this.#since[agent] = since;
    this.#count += 1;
    this.#insert(agent);
  }

  remove(agent: number): void {
    if (!this.has(agent)) return;
    this.#count -= 1;
    this.#take(agent);
  }

  /** To be called round a change of the agent's group. */
  regroup(agent: number, change: () => void): void {
    const isIdle = this.has(agent);
    if (isIdle) this.#take(agent);
    change();
    this.#makeRoom();
    if (isIdle) this.#insert(agent);
  }

  before(a: number, b: number): boolean {
    const difference = this.#since[a]! - this.#since[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  /** How many of a group are idle. */
  countOf(group: number): number {
    return this.#heaps[group]!.length;
  }

  /** The idle agents of a group, in no particular order. */
  ofGroup(group: number): readonly number[] {
    return this.#heaps[group]!;
  }

  /** The agent whom a contact of a class gets; -1 when nobody is idle who may serve it. */
  bestOf({ groups, fitEnds }: RequirementClass): number {
    const heads = this.#heads;
    let best = -1;
    let index = 0;
    for (let fit = 0; fit < fitEnds.length && best < 0; fit += 1) {
      const end = fitEnds[fit]!;
      for (; index < end; index += 1) {
        const head = heads[groups[index]!]!;
        if (head >= 0 && (best < 0 || this.before(head, best))) best = head;
      }
    }
    return best;
  }

  /** As `bestOf`, for a contact for which some agents are not to be asked. */
  bestBut({ groups, fitEnds }: RequirementClass, excluded: ReadonlyMap<AgentId, number>): number {
    let best = -1;
    let index = 0;
    for (let fit = 0; fit < fitEnds.length && best < 0; fit += 1) {
      const end = fitEnds[fit]!;
      for (; index < end; index += 1) {
        for (const agent of this.#heaps[groups[index]!]!) {
          if (!excluded.has(this.#groups.idOf(agent)) && (best < 0 || this.before(agent, best))) best = agent;
        }
      }
    }
    return best;
  }

  /** In the order of the configuration. */
  entries(): readonly IdleEntry[] {
    return this.#groups.agents.flatMap(({ id }, agent) => (this.has(agent) ? [{ agentId: id, idleSince: this.since(agent) }] : []));
  }

  #insert(agent: number): void {
    const group = this.#groups.groupOf[agent]!;
    const heap = this.#heaps[group]!;
    heapInsert(heap, this.#positions, this, agent);
    this.#heads[group] = heap[0]!;
  }

  #take(agent: number): void {
    const group = this.#groups.groupOf[agent]!;
    const heap = this.#heaps[group]!;
    heapRemove(heap, this.#positions, this, agent);
    this.#heads[group] = heap.length === 0 ? -1 : heap[0]!;
  }

  #makeRoom(): void {
    const count = this.#groups.groups.length;
    while (this.#heaps.length < count) this.#heaps.push([]);
    if (this.#heads.length >= count) return;
    const heads = new Int32Array(Math.max(count, this.#heads.length * 2)).fill(-1);
    heads.set(this.#heads);
    this.#heads = heads;
  }
}
