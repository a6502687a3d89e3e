import { agentId, contactId, queueId, type AgentId } from '../../engine/domain/ids.ts';
import { AGENT_SELECTIONS } from '../../engine/domain/queue.ts';
import type { Requirement, RoutingStep } from '../../engine/domain/requirement.ts';
import type { RoutingConfig, RoutingEvent } from '../../engine/routing/routing-event.ts';
import type { ReferenceRouter } from './reference-router.ts';

/** Numbers from 0 to 1. */
export type Random = () => number;

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Told {
  readonly event: RoutingEvent;
  readonly now: number;
}

const SKILLS = ['a', 'b', 'c', 'd', '__proto__'];
const QUEUES = ['q0', 'q1', 'q2'].map(queueId);
const START = 1_000_000;

export interface StreamOptions {
  readonly random: Random;
  readonly agents: number;
  /** More contacts than about this do not wait at once. */
  readonly contacts: number;
}

/**
 * A stream of events as a centre might send them, and as a confused one might: most make sense in the state that the router is
 * in, some name agents and contacts that are not there, some come twice, and the clock now and then jumps.
 */
export class RandomStream {
  readonly #random: Random;
  readonly #agents: readonly AgentId[];
  readonly #most: number;
  readonly #plans: readonly (readonly RoutingStep[])[];
  #now = START;
  #count = 0;
  #lastContact = 0;
  #last: RoutingEvent | undefined;
  /** How much of what happens is an arrival: now there is a backlog, now there are idle agents. */
  #pressure = 0.3;

  constructor({ random, agents, contacts }: StreamOptions) {
    this.#random = random;
    this.#agents = Array.from({ length: agents }, (_, index) => agentId(`agent-${index}`));
    this.#most = contacts;
    this.#plans = Array.from({ length: 40 }, () => this.#steps());
  }

  next(router: ReferenceRouter): Told {
    const now = this.#moveTime(router);
    this.#count += 1;
    if (this.#count % 150 === 0) this.#pressure = this.#pick([0.02, 0.1, 0.2, 0.5]);
    const event = this.#count === 1 ? this.#configured() : this.#chance(0.02) && this.#last !== undefined ? this.#last : this.#event(router);
    this.#last = event;
    return { event, now };
  }

  #event(router: ReferenceRouter): RoutingEvent {
    if (router.held && this.#chance(0.05)) return { type: 'released' };
    if (this.#chance(this.#pressure) && router.contacts.length < this.#most) return this.#arrived();
    const dice = this.#random();
    if (dice < 0.4) return { type: 'agent.idle', agentId: this.#agent(), idleSince: this.#now - this.#pick([0, 0, 0, 5, 300]) };
    if (dice < 0.66) return this.#offerEnded(router);
    if (dice < 0.7) return { type: 'contact.gone', contactId: this.#contact(router) };
    if (dice < 0.82) return { type: 'agent.signedIn', agentId: this.#agent() };
    if (dice < 0.86) return { type: 'agent.signedOut', agentId: this.#agent() };
    if (dice < 0.9) return { type: 'agent.busy', agentId: this.#agent() };
    if (dice < 0.94) return this.#changed(router);
    if (dice < 0.944) return { type: 'held' };
    if (dice < 0.95) return { type: 'released' };
    if (dice < 0.956) return this.#configured();
    return { type: 'tick' };
  }

  #moveTime(router: ReferenceRouter): number {
    const dice = this.#random();
    if (dice < 0.35) this.#now += 0;
    else if (dice < 0.85) this.#now += this.#whole(12);
    else if (dice < 0.95) this.#now = Math.max(this.#now, Math.min(router.dueAt ?? 0, this.#now + 500));
    else if (dice < 0.985) this.#now += this.#whole(400);
    else if (dice < 0.995) this.#now += this.#whole(5_000);
    else this.#now -= this.#whole(2_000);
    return this.#now;
  }

  #configured(): RoutingEvent {
    const names = ['a', 'b', 'c', 'd'];
    const agents = this.#agents
      .filter(() => this.#chance(0.9))
      .map((id) => ({
        id,
        skills: Object.fromEntries(names.filter(() => this.#chance(0.5)).map((skill) => [skill, this.#whole(2) + 1])),
        queues: QUEUES.filter(() => this.#chance(0.7)),
      }));
    const queues = QUEUES.filter(() => this.#chance(0.95)).map((id) => ({ id, selection: this.#pick(AGENT_SELECTIONS) }));
    const [first] = agents;
    const twice = first !== undefined && this.#chance(0.1) ? [{ ...first, skills: {} }] : [];
    const config: RoutingConfig = { agents: [...agents, ...twice], queues, fairAfterMs: this.#pick([100, 400, 2_000, Infinity]) };
    return { type: 'configured', config };
  }

  #arrived(): RoutingEvent {
    this.#lastContact += 1;
    const enqueuedAt = this.#now - this.#pick([0, 0, 0, 0, 3, 50, 600]);
    return {
      type: 'contact.arrived',
      contact: {
        contactId: contactId(`contact-${this.#lastContact}`),
        queueId: this.#chance(0.02) ? queueId('unknown') : this.#pick(QUEUES),
        priority: this.#pick([1, 3, 5, 5, 5]),
        enqueuedAt,
        ageBoostMs: this.#pick([0, 0, 0, 40, 500]),
        steps: this.#pick(this.#plans),
        afterSteps: this.#pick(['any', 'strict']),
        leaveAt: this.#pick([Infinity, Infinity, Infinity, Infinity, enqueuedAt + 2_000, enqueuedAt + 800, this.#now + 60, this.#now]),
        noAgentsGraceMs: this.#pick([0, 20, 300]),
      },
      ...(this.#chance(0.04) ? { offered: true } : {}),
    };
  }

  #offerEnded(router: ReferenceRouter): RoutingEvent {
    const offered = router.contacts.filter((contact) => contact.offered);
    const contact = offered.length === 0 ? undefined : this.#pick(offered);
    if (contact === undefined || this.#chance(0.05)) return { type: 'offer.ended', contactId: this.#contact(router), agentId: this.#agent() };
    // Most offers are accepted: the contact is gone.
    if (this.#chance(0.35)) return { type: 'contact.gone', contactId: contact.arrived.contactId };
    const told = this.#chance(0.05) ? this.#agent() : (contact.offeredTo ?? this.#agent());
    const notBefore = this.#chance(0.6) ? { notBefore: this.#now + this.#pick([0, 10, 60, 400, 1_500]) } : {};
    return { type: 'offer.ended', contactId: contact.arrived.contactId, agentId: told, ...notBefore };
  }

  #changed(router: ReferenceRouter): RoutingEvent {
    return {
      type: 'contact.changed',
      contactId: this.#contact(router),
      ...(this.#chance(0.6) ? { priority: this.#whole(5) + 1 } : {}),
      ...(this.#chance(0.6) ? { ageBoostMs: this.#pick([0, 25, 1_000]) } : {}),
    };
  }

  #steps(): readonly RoutingStep[] {
    return Array.from({ length: this.#whole(4) }, () => ({
      require: this.#requirement(0),
      forMs: this.#pick(['untilServed', 0, 30, 150, 150, 600]),
      ...(this.#chance(0.3) ? { keepIdle: this.#whole(4) } : {}),
    }));
  }

  #requirement(depth: number): Requirement {
    const dice = this.#random();
    if (dice < 0.55 || depth > 2) {
      const bound = this.#random();
      const skill = this.#pick(SKILLS);
      return { skill, ...(bound < 0.3 ? { atLeast: this.#whole(2) + 1 } : bound < 0.4 ? { atMost: this.#whole(2) + 1 } : {}) };
    }
    if (dice < 0.65) return { agent: this.#agent() };
    const parts = (): readonly Requirement[] => Array.from({ length: this.#whole(3) }, () => this.#requirement(depth + 1));
    if (dice < 0.82) return { all: parts() };
    if (dice < 0.93) return { any: parts() };
    return { not: this.#requirement(depth + 1) };
  }

  #agent(): AgentId {
    return this.#chance(0.02) ? agentId('nobody') : this.#pick(this.#agents);
  }

  #contact(router: ReferenceRouter) {
    const { contacts } = router;
    return contacts.length === 0 || this.#chance(0.05) ? contactId('unknown') : this.#pick(contacts).arrived.contactId;
  }

  /** 0 to `most`, inclusive. */
  #whole(most: number): number {
    return Math.min(most, Math.floor(this.#random() * (most + 1)));
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#whole(list.length - 1)] as T;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }
}
