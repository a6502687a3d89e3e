import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContactRouter, RoutingDecision, RoutingEvent } from '../routing/routing-event.ts';
import { SkillRouter } from '../routing/skill-router.ts';
import type { OpenStep } from '../routing/steps.ts';
import type { Deadlines } from './deadlines.ts';
import { idleFrom } from './idle-from.ts';
import type { Member } from './roster.ts';
import type { WaitingContact, WaitingLine } from './waiting-line.ts';
import { arrivalOf, stepNumber } from './waiting-views.ts';

export interface RoutingDeskOptions {
  readonly clock: Clock;
  readonly announce: Announce;
  readonly deadlines: Deadlines;
  readonly line: WaitingLine;
  readonly findAgent: (agentId: AgentId) => Member | undefined;
  readonly offer: (contact: WaitingContact, member: Member) => void;
  readonly overflow: (contact: WaitingContact, reason: OverflowReason) => void;
  /** There is something to be told: a turn is wanted. */
  readonly wake: () => void;
}

/** Between the distributor and the router: tells it what has happened, in order, and carries its decisions out. */
export class RoutingDesk {
  readonly #o: RoutingDeskOptions;
  readonly #router: ContactRouter = new SkillRouter();
  #happened: { readonly event: RoutingEvent; readonly arriving?: WaitingContact }[] = [];

  constructor(options: RoutingDeskOptions) {
    this.#o = options;
  }

  /** Is told in the next turn. */
  note(event: RoutingEvent): void {
    this.#happened.push({ event });
    this.#o.wake();
  }

  /** A contact has come to wait. `offered`: an agent's phone rings for it already. */
  arrived(contact: WaitingContact, offered: boolean): void {
    this.#happened.push({ event: arrivalOf(contact, offered), arriving: contact });
    this.#o.wake();
  }

  turn(): void {
    const { clock, deadlines, line } = this.#o;
    // Carrying a decision out may make something happen that the router is to be told.
    for (let next = this.#happened.shift(); next !== undefined; next = this.#happened.shift()) {
      const { event, arriving } = next;
      if (arriving !== undefined) {
        // It came and went within one turn.
        if (line.get(arriving.request.contactId) !== arriving) continue;
        arriving.isRouted = true;
      }
      for (const decision of this.#router.handle(event, clock.now())) this.#carryOut(decision);
    }
    const { dueAt } = this.#router;
    if (dueAt === undefined) deadlines.clear('route');
    else deadlines.set('route', dueAt, () => this.note({ type: 'tick' }));
  }

  #carryOut(decision: RoutingDecision): void {
    const { line, announce, overflow } = this.#o;
    const { contactId } = decision;
    const contact = line.get(contactId);
    if (decision.kind === 'offer') this.#offer(contact, decision);
    // Not its own: the router still thinks of the one that stood here under the same id, and hears of its end next.
    else if (contact === undefined || !contact.isRouted) return;
    else if (decision.kind === 'step') this.#openStep(contact, decision.openStep);
    else if (decision.kind === 'overflow') overflow(contact, decision.reason);
    else {
      line.move(contact, () => (contact.promoted = true));
      announce({ type: 'contact.promoted', contactId }, contact.request.callId);
    }
  }

  #offer(contact: WaitingContact | undefined, { contactId, agentId }: { readonly contactId: ContactId; readonly agentId: AgentId }): void {
    const member = this.#o.findAgent(agentId);
    const idleSince = member === undefined ? undefined : idleFrom(member.agent, member.status);
    if (contact?.isRouted === true && contact.offer === undefined && member !== undefined && idleSince !== undefined) {
      this.#o.offer(contact, member);
      return;
    }
    // One of the two changed in this very turn; the router hears of it next, but it must not keep the other one reserved.
    if (contact === undefined) this.note({ type: 'contact.gone', contactId });
    else if (contact.isRouted) this.note({ type: 'offer.ended', contactId, agentId });
    if (idleSince !== undefined) this.note({ type: 'agent.idle', agentId, idleSince });
  }

  #openStep(contact: WaitingContact, openStep: OpenStep): void {
    const before = stepNumber(contact.openStep);
    contact.openStep = openStep;
    contact.opened.push(openStep);
    const step = stepNumber(openStep);
    const { contactId, callId } = contact.request;
    if (step !== before) this.#o.announce({ type: 'contact.step', contactId, step }, callId);
  }
}
