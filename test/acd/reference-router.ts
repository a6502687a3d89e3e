import type { AgentId, ContactId, QueueId } from '../../engine/domain/ids.ts';
import type { Requirement, RoutingStep } from '../../engine/domain/requirement.ts';
import { fitOf } from '../../engine/routing/fit.ts';
import type { ArrivingContact, ContactRouter, RoutedAgent, RoutingConfig, RoutingDecision, RoutingEvent } from '../../engine/routing/routing-event.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { firstStep, nextStep, stepEndsAt, stepsOf, type OpenStep } from '../../engine/routing/steps.ts';

/** A contact as the reference remembers it. */
export interface ReferenceContact {
  readonly arrived: ArrivingContact;
  readonly sequence: number;
  readonly steps: readonly RoutingStep[];
  priority: number;
  ageBoostMs: number;
  openStep: OpenStep | undefined;
  promoted: boolean;
  offered: boolean;
  offeredTo: AgentId | undefined;
  /** When it has waited long enough for somebody to sign in; undefined while somebody is who could serve it. */
  nobodyUntil: number | undefined;
  readonly notBefore: Map<AgentId, number>;
}

/** What time brings a contact, in the order in which it comes when it falls due in one millisecond. */
const CAUSES = ['promotion', 'step', 'exclusion', 'noAgents', 'timeout'] as const;
interface Due {
  readonly due: number;
  readonly contact: ReferenceContact;
  readonly cause: (typeof CAUSES)[number];
}

/**
 * The contract of `ContactRouter`, written down as plainly as possible: nothing is remembered that follows from something else,
 * and after every change all contacts are gone through in order. Much too slow for a large centre; what the fast router is compared with.
 */
export class ReferenceRouter implements ContactRouter {
  #config: RoutingConfig = { agents: [], queues: [], fairAfterMs: Infinity };
  readonly #signedIn = new Set<AgentId>();
  readonly #idleSince = new Map<AgentId, number>();
  readonly #contacts = new Map<ContactId, ReferenceContact>();
  #sequence = 0;
  #held = false;
  #now = 0;
  #decisions: RoutingDecision[] = [];

  handle(event: RoutingEvent, now: number): readonly RoutingDecision[] {
    this.#now = now;
    this.#decisions = [];
    this.#passTime();
    this.#apply(event);
    this.#match();
    this.#passTime();
    return this.#decisions;
  }

  get dueAt(): number | undefined {
    return this.#held ? undefined : this.#nextDue()?.due;
  }

  // What tests look at

  get held(): boolean {
    return this.#held;
  }

  get contacts(): readonly ReferenceContact[] {
    return [...this.#contacts.values()].sort(comparePlaces);
  }

  /** Agents who are idle, since when. */
  get idle(): ReadonlyMap<AgentId, number> {
    return this.#idleSince;
  }

  // Events

  #apply(event: RoutingEvent): void {
    switch (event.type) {
      case 'configured': {
        const { agents, queues, fairAfterMs } = event.config;
        this.#config = { agents: agents.filter(({ id }, at) => agents.findIndex((other) => other.id === id) === at), queues, fairAfterMs };
        const known = new Set(event.config.agents.map(({ id }) => id));
        for (const id of this.#signedIn) if (!known.has(id)) this.#signedIn.delete(id);
        for (const id of this.#idleSince.keys()) if (!known.has(id)) this.#idleSince.delete(id);
        this.#renew();
        break;
      }
      case 'agent.signedIn':
        if (this.#agent(event.agentId) !== undefined) this.#signedIn.add(event.agentId);
        this.#reviewAll();
        break;
      case 'agent.signedOut':
        this.#signedIn.delete(event.agentId);
        this.#idleSince.delete(event.agentId);
        this.#reviewAll();
        break;
      case 'agent.idle': {
        const isOffered = [...this.#contacts.values()].some(({ offeredTo }) => offeredTo === event.agentId);
        if (!this.#signedIn.has(event.agentId) || this.#idleSince.has(event.agentId) || isOffered) break;
        this.#idleSince.set(event.agentId, event.idleSince);
        break;
      }
      case 'agent.busy':
        this.#idleSince.delete(event.agentId);
        break;
      case 'contact.arrived':
        this.#arrived(event.contact, event.offered ?? false);
        break;
      case 'contact.gone':
        this.#contacts.delete(event.contactId);
        break;
      case 'contact.changed': {
        const contact = this.#contacts.get(event.contactId);
        if (contact === undefined) break;
        contact.priority = event.priority ?? contact.priority;
        contact.ageBoostMs = event.ageBoostMs ?? contact.ageBoostMs;
        break;
      }
      case 'offer.ended': {
        const contact = this.#contacts.get(event.contactId);
        if (contact === undefined || !contact.offered) break;
        if (contact.offeredTo !== undefined && contact.offeredTo !== event.agentId) break;
        contact.offered = false;
        contact.offeredTo = undefined;
        if (event.notBefore !== undefined && event.notBefore > this.#now) contact.notBefore.set(event.agentId, event.notBefore);
        break;
      }
      case 'held':
        this.#held = true;
        break;
      case 'released':
        if (!this.#held) break;
        this.#held = false;
        this.#renew();
        break;
      case 'tick':
        break;
    }
  }

  #arrived(arrived: ArrivingContact, offered: boolean): void {
    if (this.#contacts.has(arrived.contactId)) return;
    this.#sequence += 1;
    const { priority, ageBoostMs } = arrived;
    const contact: ReferenceContact = {
      arrived,
      sequence: this.#sequence,
      steps: stepsOf(arrived),
      priority,
      ageBoostMs,
      openStep: undefined,
      promoted: false,
      offered,
      offeredTo: undefined,
      nobodyUntil: undefined,
      notBefore: new Map(),
    };
    this.#contacts.set(arrived.contactId, contact);
    if (this.#held) return;
    this.#promoteIfDue(contact);
    this.#review(contact);
  }

  #renew(): void {
    if (this.#held) return;
    for (const contact of this.#contacts.values()) {
      this.#promoteIfDue(contact);
      this.#forgetExclusions(contact);
      this.#review(contact);
    }
  }

  // Time

  #passTime(): void {
    if (this.#held) return;
    for (let next = this.#nextDue(); next !== undefined && next.due <= this.#now; next = this.#nextDue()) {
      const { contact, cause } = next;
      switch (cause) {
        case 'promotion':
          this.#promoteIfDue(contact);
          break;
        case 'step':
          this.#review(contact);
          break;
        case 'exclusion':
          this.#forgetExclusions(contact);
          break;
        case 'noAgents':
        case 'timeout':
          this.#contacts.delete(contact.arrived.contactId);
          this.#decisions.push({ kind: 'overflow', contactId: contact.arrived.contactId, reason: cause });
          break;
      }
      this.#match();
    }
  }

  #nextDue(): Due | undefined {
    const dues: Due[] = [];
    for (const contact of this.#contacts.values()) {
      const { arrived, openStep, nobodyUntil, offered, promoted, steps, notBefore } = contact;
      const add = (cause: Due['cause'], due: number | undefined): void => {
        if (due !== undefined && due !== Infinity) dues.push({ due, contact, cause });
      };
      if (!promoted) add('promotion', arrived.enqueuedAt + this.#config.fairAfterMs);
      if (openStep !== undefined && nobodyUntil === undefined) add('step', stepEndsAt(steps, openStep, this.#servable(contact)));
      for (const until of notBefore.values()) add('exclusion', until);
      if (!offered) add('noAgents', nobodyUntil);
      if (!offered) add('timeout', arrived.leaveAt);
    }
    return dues.sort((a, b) => a.due - b.due || a.contact.sequence - b.contact.sequence || CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause))[0];
  }

  #promoteIfDue(contact: ReferenceContact): void {
    if (contact.promoted || contact.arrived.enqueuedAt + this.#config.fairAfterMs > this.#now) return;
    contact.promoted = true;
    this.#decisions.push({ kind: 'promoted', contactId: contact.arrived.contactId });
  }

  #forgetExclusions({ notBefore }: ReferenceContact): void {
    for (const [agentId, until] of notBefore) if (until <= this.#now) notBefore.delete(agentId);
  }

  // Steps

  #reviewAll(): void {
    if (!this.#held) for (const contact of this.#contacts.values()) this.#review(contact);
  }

  #review(contact: ReferenceContact): void {
    const { arrived, steps, openStep: before } = contact;
    const servable = this.#servable(contact);
    const openStep = before === undefined ? firstStep(steps, arrived.enqueuedAt, this.#now, servable) : nextStep(steps, before, this.#now, servable);
    if (openStep === undefined) {
      contact.nobodyUntil ??= this.#now + arrived.noAgentsGraceMs;
      return;
    }
    contact.nobodyUntil = undefined;
    if (openStep === before) return;
    contact.openStep = openStep;
    this.#decisions.push({ kind: 'step', contactId: arrived.contactId, openStep });
  }

  #servable(contact: ReferenceContact): (index: number) => boolean {
    return (index) => {
      const step = contact.steps[index];
      return step !== undefined && this.#qualified(contact.arrived.queueId, step.require).some(({ id }) => this.#signedIn.has(id));
    };
  }

  // Agents

  /** Every contact in order gets the best agent that it may have. */
  #match(): void {
    if (this.#held) return;
    for (const contact of this.contacts) {
      if (contact.offered) continue;
      const [best] = this.#choices(contact);
      if (best === undefined) continue;
      contact.offered = true;
      contact.offeredTo = best.id;
      this.#idleSince.delete(best.id);
      this.#decisions.push({ kind: 'offer', contactId: contact.arrived.contactId, agentId: best.id });
    }
  }

  /** The idle agents who may serve a contact now, the best first. */
  #choices({ arrived: { queueId }, steps, openStep, notBefore }: ReferenceContact): readonly RoutedAgent[] {
    const step = openStep === undefined ? undefined : steps[openStep.index];
    if (step === undefined || this.#idleSince.size === 0) return [];
    const idle = this.#qualified(queueId, step.require).filter(({ id }) => this.#idleSince.has(id));
    if (idle.length <= (step.keepIdle ?? 0)) return [];
    const selection = this.#config.queues.find(({ id }) => id === queueId)?.selection ?? 'longestIdle';
    const since = (agent: RoutedAgent): number => this.#idleSince.get(agent.id) ?? 0;
    // `sort` is stable and the agents are in the order of the configuration.
    return idle
      .filter(({ id }) => !notBefore.has(id))
      .sort((a, b) => fitOf(selection, a, step.require) - fitOf(selection, b, step.require) || since(a) - since(b));
  }

  #qualified(queueId: QueueId, require: Requirement): readonly RoutedAgent[] {
    if (!this.#config.queues.some(({ id }) => id === queueId)) return [];
    return this.#config.agents.filter((agent) => agent.queues.includes(queueId) && satisfies(agent, require));
  }

  #agent(agentId: AgentId): RoutedAgent | undefined {
    return this.#config.agents.find(({ id }) => id === agentId);
  }
}

/** The order of all contacts. */
export function comparePlaces(a: ReferenceContact, b: ReferenceContact): number {
  if (a.promoted !== b.promoted) return a.promoted ? -1 : 1;
  if (a.promoted) return a.arrived.enqueuedAt - b.arrived.enqueuedAt || a.sequence - b.sequence;
  return a.priority - b.priority || age(a) - age(b) || a.sequence - b.sequence;
}

function age({ arrived, ageBoostMs }: ReferenceContact): number {
  return arrived.enqueuedAt - ageBoostMs;
}
