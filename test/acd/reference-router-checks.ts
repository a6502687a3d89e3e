import type { AgentId, ContactId } from '../../engine/domain/ids.ts';
import type { RoutingStep } from '../../engine/domain/requirement.ts';
import type { ArrivingContact, RoutingConfig, RoutingDecision, RoutingEvent } from '../../engine/routing/routing-event.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { stepsOf } from '../../engine/routing/steps.ts';

interface Watched {
  readonly arrived: ArrivingContact;
  readonly steps: readonly RoutingStep[];
  step: RoutingStep | undefined;
  promoted: boolean;
  offered: boolean;
  offeredTo: AgentId | undefined;
  readonly notBefore: Map<AgentId, number>;
}

/**
 * What must be true of any router, watched from outside: from what it is told and what it decides alone. Throws at the first
 * breach.
 */
export class StreamChecker {
  #config: RoutingConfig = { agents: [], queues: [], fairAfterMs: Infinity };
  readonly #signedIn = new Set<AgentId>();
  readonly #idle = new Set<AgentId>();
  readonly #contacts = new Map<ContactId, Watched>();
  #held = false;
  #latest = -Infinity;
  #before = -Infinity;

  /** `decisions` must follow from `event`: what time alone has brought is to be asked for by a `tick` first. */
  watch(event: RoutingEvent, now: number, decisions: readonly RoutingDecision[]): void {
    this.#latest = Math.max(this.#latest, now);
    this.#apply(event, now);
    for (const decision of decisions) {
      const contact = this.#contacts.get(decision.contactId);
      if (contact === undefined) throw new Error(`${decision.kind} for ${decision.contactId}, which does not wait`);
      this.#carryOut(decision, contact, now);
    }
    if (!this.#held) this.#checkNobodyIdles(now);
    this.#before = now;
  }

  #apply(event: RoutingEvent, now: number): void {
    switch (event.type) {
      case 'configured': {
        this.#config = event.config;
        for (const set of [this.#signedIn, this.#idle]) for (const id of set) if (this.#agent(id) === undefined) set.delete(id);
        break;
      }
      case 'agent.signedIn':
        if (this.#agent(event.agentId) !== undefined) this.#signedIn.add(event.agentId);
        break;
      case 'agent.signedOut':
        this.#signedIn.delete(event.agentId);
        this.#idle.delete(event.agentId);
        break;
      case 'agent.idle': {
        const reserved = [...this.#contacts.values()].some(({ offeredTo }) => offeredTo === event.agentId);
        if (this.#signedIn.has(event.agentId) && !reserved) this.#idle.add(event.agentId);
        break;
      }
      case 'agent.busy':
        this.#idle.delete(event.agentId);
        break;
      case 'contact.arrived': {
        const { contact: arrived, offered = false } = event;
        if (this.#contacts.has(arrived.contactId)) break;
        const contact: Watched = { arrived, steps: stepsOf(arrived), step: undefined, promoted: false, offered, offeredTo: undefined, notBefore: new Map() };
        this.#contacts.set(arrived.contactId, contact);
        break;
      }
      case 'contact.gone':
        this.#contacts.delete(event.contactId);
        break;
      case 'offer.ended': {
        const contact = this.#contacts.get(event.contactId);
        if (contact === undefined || !contact.offered || (contact.offeredTo ?? event.agentId) !== event.agentId) break;
        contact.offered = false;
        contact.offeredTo = undefined;
        if (event.notBefore !== undefined && event.notBefore > now) contact.notBefore.set(event.agentId, event.notBefore);
        break;
      }
      case 'held':
        this.#held = true;
        break;
      case 'released':
        this.#held = false;
        break;
      case 'contact.changed':
      case 'tick':
        break;
    }
  }

  #carryOut(decision: RoutingDecision, contact: Watched, now: number): void {
    const { contactId } = decision;
    if (this.#held) throw new Error(`${decision.kind} for ${contactId} while held`);
    switch (decision.kind) {
      case 'step':
        contact.step = contact.steps[decision.openStep.index];
        if (contact.step === undefined) throw new Error(`${contactId} has no step ${decision.openStep.index}`);
        break;
      case 'promoted':
        if (contact.promoted) throw new Error(`${contactId} is promoted twice`);
        contact.promoted = true;
        break;
      case 'offer': {
        const { agentId } = decision;
        if (contact.offered) throw new Error(`${contactId} is offered twice`);
        this.#checkOffer(contact, agentId, now);
        this.#idle.delete(agentId);
        contact.offered = true;
        contact.offeredTo = agentId;
        break;
      }
      case 'overflow':
        if (contact.offered) throw new Error(`${contactId} overflows while a phone rings for it`);
        this.#contacts.delete(contactId);
        break;
    }
  }

  #checkOffer(contact: Watched, agentId: AgentId, now: number): void {
    const { contactId, enqueuedAt } = contact.arrived;
    // Of exclusions that end in this very tick one ends before the other; for sure only those are over that were before it.
    const before = Math.min(this.#before, now);
    for (const other of this.#contacts.values()) {
      if (other.offeredTo === agentId) throw new Error(`${agentId} is offered ${contactId} and ${other.arrived.contactId}`);
      if (other === contact || !other.promoted || other.offered || other.arrived.enqueuedAt >= enqueuedAt) continue;
      if (this.#mayTake(other, agentId, before)) throw new Error(`${contactId} gets ${agentId} before ${other.arrived.contactId}, which is promoted and came earlier`);
    }
    // An exclusion that is over stays so when the clock jumps back.
    if (!this.#mayTake(contact, agentId, this.#latest)) throw new Error(`${contactId} gets ${agentId}, who may not serve it now`);
  }

  #checkNobodyIdles(now: number): void {
    if (this.#idle.size === 0) return;
    for (const contact of this.#contacts.values()) {
      if (contact.offered) continue;
      for (const agentId of this.#idle) {
        if (this.#mayTake(contact, agentId, now)) throw new Error(`${agentId} is idle beside ${contact.arrived.contactId}`);
      }
    }
  }

  #mayTake({ arrived: { queueId }, step, notBefore }: Watched, agentId: AgentId, now: number): boolean {
    if (step === undefined || !this.#idle.has(agentId) || (notBefore.get(agentId) ?? -Infinity) > now) return false;
    const qualifies = (id: AgentId): boolean => {
      const agent = this.#agent(id);
      return agent !== undefined && agent.queues.includes(queueId) && satisfies(agent, step.require);
    };
    if (!qualifies(agentId) || !this.#config.queues.some(({ id }) => id === queueId)) return false;
    const { keepIdle = 0 } = step;
    return keepIdle <= 0 || [...this.#idle].filter(qualifies).length > keepIdle;
  }

  #agent(agentId: AgentId) {
    return this.#config.agents.find(({ id }) => id === agentId);
  }
}
