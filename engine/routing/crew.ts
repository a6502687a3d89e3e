import { AgentGroups } from './agent-groups.ts';
import { IdleAgents } from './idle-agents.ts';
import type { RequirementClass } from './requirement-class.ts';
import { RequirementClasses } from './requirement-classes.ts';
import type { RouterContact } from './router-contact.ts';
import type { RoutingConfig } from './routing-event.ts';
import { WideIdle, type WideLimits } from './wide-idle.ts';

/** The agents of one configuration: who is signed in, who is idle, who is spoken for, and whom a contact gets. */
export class Crew {
  readonly groups: AgentGroups;
  readonly classes: RequirementClasses;
  readonly idle: IdleAgents;
  readonly #wide: WideIdle;
  readonly #reserved: Uint8Array;

  constructor({ agents, queues }: Pick<RoutingConfig, 'agents' | 'queues'>, limits: WideLimits) {
    this.groups = new AgentGroups(agents, new Set(queues.map(({ id }) => id)));
    this.idle = new IdleAgents(this.groups);
    this.#wide = new WideIdle(this.groups, this.idle, limits);
    this.#reserved = new Uint8Array(this.groups.agents.length);
    this.classes = new RequirementClasses({
      groups: this.groups,
      idle: this.idle,
      wide: this.#wide,
      selections: new Map(queues.map(({ id, selection }) => [id, selection])),
    });
  }

  /** Takes over who is signed in and who is idle of those who were there before and still are. */
  adopt(before: Crew): void {
    for (const [was, { id }] of before.groups.agents.entries()) {
      const agent = this.groups.numberOf(id);
      if (agent < 0) continue;
      if (before.groups.isSignedIn(was)) this.signIn(agent);
      if (before.idle.has(was)) this.addIdle(agent, before.idle.since(was));
    }
  }

  /** Returns the classes that can be served only since. */
  signIn(agent: number): readonly RequirementClass[] {
    const group = this.groups.signIn(agent);
    return group === undefined ? [] : this.classes.staffed(group);
  }

  /** Returns the classes that nobody can serve any more. */
  signOut(agent: number): readonly RequirementClass[] {
    const group = this.groups.signOut(agent);
    return group === undefined ? [] : this.classes.unstaffed(group);
  }

  /** True while an offer is open. */
  isReserved(agent: number): boolean {
    return this.#reserved[agent] === 1;
  }

  setReserved(agent: number, isReserved: boolean): void {
    this.#reserved[agent] = isReserved ? 1 : 0;
  }

  addIdle(agent: number, since: number): void {
    this.idle.add(agent, since);
    this.classes.countIdle(agent, 1);
    this.#wide.added(agent);
  }

  removeIdle(agent: number): void {
    if (!this.idle.has(agent)) return;
    this.idle.remove(agent);
    this.classes.countIdle(agent, -1);
  }

  /** Whom of the idle agents a contact gets under its open step; -1: none. */
  bestFor({ cls, notBefore }: Pick<RouterContact, 'cls' | 'notBefore'>): number {
    if (cls === undefined || this.idle.count === 0 || (cls.keepIdle > 0 && cls.idle <= cls.keepIdle)) return -1;
    return notBefore === undefined ? this.#wide.bestOf(cls) : this.idle.bestBut(cls, notBefore);
  }
}
