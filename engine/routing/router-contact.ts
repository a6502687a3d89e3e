import type { AgentId, ContactId } from '../domain/ids.ts';
import { ContactTime, ContactTimes } from './contact-times.ts';
import type { Place } from './place.ts';
import type { RequirementClass } from './requirement-class.ts';
import type { ArrivingContact } from './routing-event.ts';
import type { StepPlan } from './step-plans.ts';
import type { OpenStep } from './steps.ts';

/** A contact in the router, from its arrival until it is gone or overflows. */
export class RouterContact implements Place {
  readonly contactId: ContactId;
  /** Small and dense; used again when the contact has gone. */
  readonly slot: number;
  /** Order of arrival. */
  readonly sequence: number;
  readonly plan: StepPlan;
  priority: number;
  ageBoostMs: number;
  readonly noAgentsGraceMs: number;
  /** Undefined until somebody was signed in who could serve any step. */
  openStep: OpenStep | undefined = undefined;
  /** The class of the open step. */
  cls: RequirementClass | undefined = undefined;
  promoted = false;
  /** An agent's phone rings for it. */
  offered: boolean;
  /** Whose; undefined also when the contact came with an offer from before a restart. */
  offeredTo: AgentId | undefined = undefined;
  /** Agents who are not to be asked before a time; undefined when anyone may be asked, as nearly always. */
  notBefore: Map<AgentId, number> | undefined = undefined;
  readonly #times: ContactTimes;

  constructor(arriving: ArrivingContact, plan: StepPlan, offered: boolean, slot: number, sequence: number, times: ContactTimes) {
    this.contactId = arriving.contactId;
    this.slot = slot;
    this.sequence = sequence;
    this.plan = plan;
    this.priority = arriving.priority;
    this.ageBoostMs = arriving.ageBoostMs;
    this.noAgentsGraceMs = arriving.noAgentsGraceMs;
    this.offered = offered;
    this.#times = times;
    times.reset(slot);
    times.set(slot, ContactTime.enqueued, arriving.enqueuedAt);
    times.set(slot, ContactTime.leave, arriving.leaveAt);
  }

  get enqueuedAt(): number {
    return this.#times.get(this.slot, ContactTime.enqueued);
  }

  /** When it goes before all that have not waited so long; `Infinity` once it does. */
  get promoteAt(): number {
    return this.#times.get(this.slot, ContactTime.promote);
  }

  set promoteAt(at: number) {
    this.#times.set(this.slot, ContactTime.promote, at);
  }

  /** When the open step gives way to another; `Infinity`: not by time alone. */
  get stepEndsAt(): number {
    return this.#times.get(this.slot, ContactTime.stepEnds);
  }

  set stepEndsAt(at: number) {
    this.#times.set(this.slot, ContactTime.stepEnds, at);
  }

  /** When the next agent may be asked again. */
  get askAgainAt(): number {
    return this.#times.get(this.slot, ContactTime.askAgain);
  }

  set askAgainAt(at: number) {
    this.#times.set(this.slot, ContactTime.askAgain, at);
  }

  /** When it overflows because nobody is signed in who could serve any step; `Infinity` while somebody is. */
  get nobodyUntil(): number {
    return this.#times.get(this.slot, ContactTime.nobody);
  }

  set nobodyUntil(at: number) {
    this.#times.set(this.slot, ContactTime.nobody, at);
  }

  /** An agent is not to be asked before a time. Only to be called while the contact stands nowhere. */
  exclude(agentId: AgentId, until: number): void {
    this.notBefore ??= new Map();
    this.notBefore.set(agentId, until);
    this.askAgainAt = Math.min(...this.notBefore.values());
  }

  /** Lets agents be asked again whose time has come. Only to be called while the contact stands nowhere. */
  forgetExclusions(now: number): void {
    const { notBefore } = this;
    if (notBefore === undefined) return;
    let next = Infinity;
    for (const [agentId, until] of notBefore) {
      if (until <= now) notBefore.delete(agentId);
      else next = Math.min(next, until);
    }
    this.askAgainAt = next;
    if (notBefore.size === 0) this.notBefore = undefined;
  }

  /** When time alone next brings something. */
  get dueAt(): number {
    return this.#times.due(this.slot, this.offered);
  }
}

/** All contacts, by id and by slot. */
export class RouterContacts {
  readonly #times = new ContactTimes();
  readonly #byId = new Map<ContactId, RouterContact>();
  readonly #bySlot: (RouterContact | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  /** By slot: place in the plan's list of contacts. */
  readonly #placeInPlan: number[] = [];
  #sequence = 0;

  get(contactId: ContactId): RouterContact | undefined {
    return this.#byId.get(contactId);
  }

  bySlot(slot: number): RouterContact {
    return this.#bySlot[slot]!;
  }

  /** In the order of arrival. */
  all(): Iterable<RouterContact> {
    return this.#byId.values();
  }

  add(arriving: ArrivingContact, plan: StepPlan, offered: boolean): RouterContact {
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    this.#sequence += 1;
    const contact = new RouterContact(arriving, plan, offered, slot, this.#sequence, this.#times);
    this.#byId.set(contact.contactId, contact);
    this.#bySlot[slot] = contact;
    this.#placeInPlan[slot] = plan.contacts.length;
    plan.contacts.push(slot);
    return contact;
  }

  remove({ contactId, slot, plan }: RouterContact): void {
    this.#byId.delete(contactId);
    this.#bySlot[slot] = undefined;
    this.#freeSlots.push(slot);
    const place = this.#placeInPlan[slot]!;
    const last = plan.contacts.pop()!;
    if (last === slot) return;
    plan.contacts[place] = last;
    this.#placeInPlan[last] = place;
  }
}
