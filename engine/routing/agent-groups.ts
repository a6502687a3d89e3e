import type { AgentId, QueueId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import type { RoutedAgent } from './routing-event.ts';
import { satisfies } from './shortfall.ts';

/** Agents with the same skills and queues: what one of them may serve, all may. */
export interface AgentGroup {
  readonly id: number;
  /** Any of them. */
  sample: RoutedAgent;
  readonly queues: ReadonlySet<QueueId>;
  members: number;
  signedIn: number;
  /** Ids of the requirement classes whose contacts they may serve: those that take any idle agent … */
  classes: number[];
  /** … and those that keep a reserve idle. */
  reserved: number[];
}

/**
 * All agents, numbered in the order of the configuration, and their groups. An agent whom a requirement names is alone in its
 * group: so a requirement is always met by all of a group or by none.
 */
export class AgentGroups {
  readonly agents: readonly RoutedAgent[];
  readonly groups: AgentGroup[] = [];
  /** Group of each agent. */
  readonly groupOf: Int32Array;
  readonly #numbers = new Map<AgentId, number>();
  readonly #signedIn: Uint8Array;
  readonly #bySkill = new Map<string, number[]>();
  readonly #byQueue = new Map<QueueId, number[]>();

  /** An agent who is configured twice counts once; a queue that is not configured has nobody. */
  constructor(configured: readonly RoutedAgent[], queues: ReadonlySet<QueueId>) {
    const agents: RoutedAgent[] = [];
    for (const { id, skills, queues: named } of configured) {
      if (this.#numbers.has(id)) continue;
      this.#numbers.set(id, agents.length);
      agents.push({ id, skills, queues: [...new Set(named)].filter((queueId) => queues.has(queueId)).sort() });
    }
    this.agents = agents;
    this.groupOf = new Int32Array(agents.length);
    this.#signedIn = new Uint8Array(agents.length);
    const bySignature = new Map<string, AgentGroup>();
    for (const [number, agent] of agents.entries()) {
      const signature = signatureOf(agent);
      let group = bySignature.get(signature);
      if (group === undefined) {
        group = this.#add(agent);
        bySignature.set(signature, group);
      }
      group.members += 1;
      this.groupOf[number] = group.id;
    }
  }

  /** -1: not configured. */
  numberOf(agentId: AgentId): number {
    return this.#numbers.get(agentId) ?? -1;
  }

  idOf(number: number): AgentId {
    return this.agents[number]!.id;
  }

  groupOfAgent(number: number): AgentGroup {
    return this.groups[this.groupOf[number]!]!;
  }

  isSignedIn(number: number): boolean {
    return this.#signedIn[number] === 1;
  }

  /** Returns the group when it is the first of the group who signs in. */
  signIn(number: number): AgentGroup | undefined {
    this.#signedIn[number] = 1;
    const group = this.groupOfAgent(number);
    group.signedIn += 1;
    return group.signedIn === 1 ? group : undefined;
  }

  /** Returns the group when nobody of the group is left. */
  signOut(number: number): AgentGroup | undefined {
    this.#signedIn[number] = 0;
    const group = this.groupOfAgent(number);
    group.signedIn -= 1;
    return group.signedIn === 0 ? group : undefined;
  }

  mayServe(group: AgentGroup, queueId: QueueId, requirement: Requirement): boolean {
    return group.queues.has(queueId) && satisfies(group.sample, requirement);
  }

  /** Ids of all groups that may serve contacts with this requirement in a queue. */
  thatMayServe(queueId: QueueId, requirement: Requirement): readonly number[] {
    return this.#candidates(queueId, requirement).filter((id) => this.mayServe(this.groups[id]!, queueId, requirement));
  }

  /** Gives an agent a group of its own. Returns the group it was in and the new one; undefined when it was alone. */
  isolate(number: number): { readonly from: AgentGroup; readonly to: AgentGroup } | undefined {
    const from = this.groupOfAgent(number);
    if (from.members === 1) return undefined;
    const to = this.#add(this.agents[number]!);
    to.members = 1;
    to.classes = [...from.classes];
    to.reserved = [...from.reserved];
    from.members -= 1;
    if (this.isSignedIn(number)) {
      to.signedIn = 1;
      from.signedIn -= 1;
    }
    this.groupOf[number] = to.id;
    // What the others of the old group may serve is asked of its sample, so the sample has to be one of them.
    if (from.sample === to.sample) from.sample = this.agents[this.groupOf.indexOf(from.id)]!;
    return { from, to };
  }

  /** Groups among which all are that may serve: those of the queue, or those with the rarest of the skills that are asked for. */
  #candidates(queueId: QueueId, requirement: Requirement): readonly number[] {
    const ofQueue = this.#byQueue.get(queueId) ?? [];
    const fewest = this.#fewest(requirement);
    return fewest === undefined || ofQueue.length <= fewest.length ? ofQueue : fewest;
  }

  #fewest(requirement: Requirement): readonly number[] | undefined {
    if ('skill' in requirement) return this.#bySkill.get(requirement.skill) ?? [];
    if ('agent' in requirement) {
      const number = this.numberOf(requirement.agent);
      return number < 0 ? [] : [this.groupOf[number]!];
    }
    if (!('all' in requirement)) return undefined;
    let fewest: readonly number[] | undefined;
    for (const part of requirement.all) {
      const some = this.#fewest(part);
      if (some !== undefined && (fewest === undefined || some.length < fewest.length)) fewest = some;
    }
    return fewest;
  }

  #add(sample: RoutedAgent): AgentGroup {
    const id = this.groups.length;
    const group: AgentGroup = { id, sample, queues: new Set(sample.queues), members: 0, signedIn: 0, classes: [], reserved: [] };
    this.groups.push(group);
    for (const skill of Object.keys(sample.skills)) post(this.#bySkill, skill, id);
    for (const queueId of group.queues) post(this.#byQueue, queueId, id);
    return group;
  }
}

function post<Key>(lists: Map<Key, number[]>, key: Key, id: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [id]);
  else list.push(id);
}

/** Of an agent whose queues are sorted. Lengths stand before names, so no name can be mistaken for syntax. */
function signatureOf({ skills, queues }: RoutedAgent): string {
  let signature = '';
  for (const skill of Object.keys(skills).sort()) signature += `${skill.length}:${skill}=${skills[skill] ?? ''},`;
  signature += '/';
  for (const queueId of queues) signature += `${queueId.length}:${queueId},`;
  return signature;
}
