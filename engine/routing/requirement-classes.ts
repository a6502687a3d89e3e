import type { QueueId } from '../domain/ids.ts';
import type { AgentSelection } from '../domain/queue.ts';
import type { Requirement } from '../domain/requirement.ts';
import type { AgentGroup, AgentGroups } from './agent-groups.ts';
import { fitOf } from './fit.ts';
import type { IdleAgents } from './idle-agents.ts';
import type { RequirementClass } from './requirement-class.ts';
import { agentsNamedBy, canonical, requirementKey } from './requirement-key.ts';
import type { WideIdle } from './wide-idle.ts';

export interface RequirementClassesOptions {
  readonly groups: AgentGroups;
  readonly idle: IdleAgents;
  readonly wide: WideIdle;
  readonly selections: ReadonlyMap<QueueId, AgentSelection>;
}

/** The requirement classes that are in use, and which groups of agents may serve each. */
export class RequirementClasses {
  readonly #groups: AgentGroups;
  readonly #idle: IdleAgents;
  readonly #wide: WideIdle;
  readonly #selections: ReadonlyMap<QueueId, AgentSelection>;
  readonly #byKey = new Map<string, RequirementClass>();
  /** By id. */
  readonly #classes: (RequirementClass | undefined)[] = [];
  readonly #freeIds: number[] = [];

  constructor({ groups, idle, wide, selections }: RequirementClassesOptions) {
    this.#groups = groups;
    this.#idle = idle;
    this.#wide = wide;
    this.#selections = selections;
  }

  get size(): number {
    return this.#byKey.size;
  }

  byId(id: number): RequirementClass {
    return this.#classes[id]!;
  }

  of(queueId: QueueId, require: Requirement, keepIdle: number): RequirementClass {
    const asked = canonical(require);
    const key = `${queueId.length}:${queueId}/${keepIdle}/${requirementKey(asked)}`;
    let cls = this.#byKey.get(key);
    if (cls === undefined) {
      cls = this.#make(key, queueId, asked, keepIdle);
      this.#byKey.set(key, cls);
    }
    return cls;
  }

  /** Counts a group in whose first agent has signed in. Returns the classes that can be served only since. */
  staffed(group: AgentGroup): readonly RequirementClass[] {
    const flipped: RequirementClass[] = [];
    for (const ids of [group.classes, group.reserved]) {
      for (const id of ids) {
        const cls = this.byId(id);
        cls.staffedGroups += 1;
        if (cls.staffedGroups === 1) flipped.push(cls);
      }
    }
    return flipped;
  }

  /** Counts a group out whose last agent has signed out. Returns the classes that nobody can serve any more. */
  unstaffed(group: AgentGroup): readonly RequirementClass[] {
    const flipped: RequirementClass[] = [];
    for (const ids of [group.classes, group.reserved]) {
      for (const id of ids) {
        const cls = this.byId(id);
        cls.staffedGroups -= 1;
        if (cls.staffedGroups === 0) flipped.push(cls);
      }
    }
    return flipped;
  }

  /** Counts an agent among the idle (1) or out of them (-1) where a reserve is kept. */
  countIdle(agent: number, by: 1 | -1): void {
    const { reserved } = this.#groups.groupOfAgent(agent);
    for (let index = 0; index < reserved.length; index += 1) this.#classes[reserved[index]!]!.idle += by;
  }

  /** Forgets the classes that no step plan contains. */
  dropUnused(): void {
    const touched = new Set<number>();
    const dropped = new Set<number>();
    for (const cls of this.#byKey.values()) {
      if (cls.plans.length > 0) continue;
      this.#wide.sleep(cls);
      this.#byKey.delete(cls.key);
      this.#classes[cls.id] = undefined;
      this.#freeIds.push(cls.id);
      dropped.add(cls.id);
      for (const id of cls.groups) touched.add(id);
    }
    for (const id of touched) {
      const group = this.#groups.groups[id]!;
      group.classes = group.classes.filter((classId) => !dropped.has(classId));
      group.reserved = group.reserved.filter((classId) => !dropped.has(classId));
    }
  }

  #make(key: string, queueId: QueueId, require: Requirement, keepIdle: number): RequirementClass {
    for (const named of agentsNamedBy(require)) this.#isolate(this.#groups.numberOf(named));
    const selection = this.#selections.get(queueId) ?? 'longestIdle';
    const fitting = this.#groups.thatMayServe(queueId, require).map((id) => {
      const group = this.#groups.groups[id]!;
      return { group, fit: fitOf(selection, group.sample, require) };
    });
    fitting.sort((a, b) => a.fit - b.fit);
    const cls: RequirementClass = {
      id: this.#freeIds.pop() ?? this.#classes.length,
      key,
      queueId,
      require,
      keepIdle,
      groups: Int32Array.from(fitting, ({ group }) => group.id),
      fitEnds: fitting.flatMap(({ fit }, at) => (fitting[at + 1]?.fit === fit ? [] : [at + 1])),
      staffedGroups: 0,
      idle: 0,
      plans: [],
      wide: undefined,
    };
    this.#classes[cls.id] = cls;
    for (const { group } of fitting) {
      if (group.signedIn > 0) cls.staffedGroups += 1;
      cls.idle += this.#idle.countOf(group.id);
      if (keepIdle > 0) group.reserved.push(cls.id);
      else group.classes.push(cls.id);
    }
    return cls;
  }

  #isolate(agent: number): void {
    if (agent < 0) return;
    let parted: { readonly from: AgentGroup; readonly to: AgentGroup } | undefined;
    this.#idle.regroup(agent, () => {
      parted = this.#groups.isolate(agent);
    });
    if (parted === undefined) return;
    const { from, to } = parted;
    this.#wide.regrouped(from, to);
    for (const ids of [to.classes, to.reserved]) {
      for (const id of ids) {
        const cls = this.byId(id);
        const at = cls.groups.indexOf(from.id);
        // Beside the old one, because it fits as well.
        const { groups, fitEnds } = cls;
        cls.groups = Int32Array.of(...groups.subarray(0, at), to.id, ...groups.subarray(at));
        for (let fit = 0; fit < fitEnds.length; fit += 1) if (fitEnds[fit]! > at) fitEnds[fit]! += 1;
        cls.staffedGroups += Number(to.signedIn > 0) + Number(from.signedIn > 0) - Number(to.signedIn + from.signedIn > 0);
      }
    }
  }
}
