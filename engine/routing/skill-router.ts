import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { ContactLine } from './contact-line.ts';
import { Crew } from './crew.ts';
import type { IdleEntry } from './idle-agents.ts';
import type { RequirementClass, SharedPlan } from './requirement-class.ts';
import type { RouterContact } from './router-contact.ts';
import { viewOf, type RoutedContactView } from './routed-contact-view.ts';
import type { ContactRouter, RoutingConfig, RoutingDecision, RoutingEvent } from './routing-event.ts';
import { StepPlans } from './step-plans.ts';
import { firstStep, nextStep, stepEndsAt } from './steps.ts';
import type { WideLimits } from './wide-idle.ts';

type Event<Type extends RoutingEvent['type']> = Extract<RoutingEvent, { type: Type }>;

export interface SkillRouterOptions extends WideLimits {
  /** So many different lists of steps are remembered at least. */
  readonly remembered?: number;
}

const NOTHING_CONFIGURED: RoutingConfig = { agents: [], queues: [], fairAfterMs: Infinity };
const NO_DECISIONS: readonly RoutingDecision[] = Object.freeze([]);

/**
 * The router for production. Between two calls of `handle` no contact stands that an idle agent may serve; so an event concerns
 * only the agent or the contacts that it names, and is decided by comparing the heads of a few heaps.
 *
 * While held it only notes what it is told. On release, and after a new configuration, everything is looked at once more.
 */
export class SkillRouter implements ContactRouter {
  readonly #limits: WideLimits;
  readonly #line = new ContactLine();
  readonly #plans: StepPlans;
  #crew: Crew;
  #fairAfterMs = Infinity;
  #held = false;
  #now = 0;
  /** Of this call; undefined while there is none, so that nothing is allocated for the many events that decide nothing. */
  #decisions: RoutingDecision[] | undefined;

  constructor({ remembered, ...limits }: SkillRouterOptions = {}) {
    this.#limits = limits;
    this.#crew = new Crew(NOTHING_CONFIGURED, limits);
    this.#plans = new StepPlans(this.#crew.classes, remembered);
  }

  handle(event: RoutingEvent, now: number): readonly RoutingDecision[] {
    this.#decisions = undefined;
    this.#now = now;
    if (!this.#held) this.#passTime();
    this.#apply(event);
    // What the event brought may be over at once: a step of 0 ms, a wait that had ended before the restart.
    if (!this.#held) this.#passTime();
    return this.#decisions ?? NO_DECISIONS;
  }

  get dueAt(): number | undefined {
    return this.#held || this.#line.dueAt === Infinity ? undefined : this.#line.dueAt;
  }

  // Views

  contact(contactId: ContactId): RoutedContactView | undefined {
    const contact = this.#line.get(contactId);
    return contact === undefined ? undefined : viewOf(contact);
  }

  /** How many agents are signed in who may serve a step in a queue, now or when free. */
  staffed(queueId: QueueId, step: Pick<RoutingStep, 'require'>): number {
    const { groups, classes } = this.#crew;
    let count = 0;
    for (const id of classes.of(queueId, step.require, 0).groups) count += groups.groups[id]?.signedIn ?? 0;
    return count;
  }

  /** In the order of the configuration. */
  idleAgents(): readonly IdleEntry[] {
    return this.#crew.idle.entries();
  }

  // Events

  #apply(event: RoutingEvent): void {
    switch (event.type) {
      case 'configured':
        this.#configured(event);
        break;
      case 'agent.signedIn':
        this.#signedIn(event.agentId);
        break;
      case 'agent.signedOut':
        this.#signedOut(event.agentId);
        break;
      case 'agent.idle':
        this.#becameIdle(event);
        break;
      case 'agent.busy': {
        const agent = this.#crew.groups.numberOf(event.agentId);
        if (agent >= 0) this.#crew.removeIdle(agent);
        break;
      }
      case 'contact.arrived':
        this.#arrived(event);
        break;
      case 'contact.gone': {
        const contact = this.#line.get(event.contactId);
        if (contact !== undefined) this.#leave(contact);
        break;
      }
      case 'contact.changed':
        this.#changed(event);
        break;
      case 'offer.ended':
        this.#offerEnded(event);
        break;
      case 'held':
        this.#held = true;
        break;
      case 'released':
        if (this.#held) {
          this.#held = false;
          this.#renew();
        }
        break;
      case 'tick':
        break;
    }
  }

  #configured({ config }: Event<'configured'>): void {
    const before = this.#crew;
    this.#crew = new Crew(config, this.#limits);
    this.#fairAfterMs = config.fairAfterMs;
    this.#line.allAside();
    this.#plans.rebind(this.#crew.classes);
    this.#crew.adopt(before);
    for (const contact of this.#line.all()) {
      if (!contact.promoted) contact.promoteAt = contact.enqueuedAt + config.fairAfterMs;
      contact.cls = contact.openStep === undefined ? undefined : contact.plan.classes[contact.openStep.index];
      this.#line.stand(contact);
      // Not taken over from the crew before: an agent may have been left out of one configuration and be back in the next.
      if (contact.offeredTo !== undefined) this.#setReserved(contact.offeredTo, true);
    }
    if (!this.#held) this.#renew();
  }

  #signedIn(agentId: AgentId): void {
    const agent = this.#crew.groups.numberOf(agentId);
    if (agent >= 0 && !this.#crew.groups.isSignedIn(agent)) this.#staffingChanged(this.#crew.signIn(agent));
  }

  #signedOut(agentId: AgentId): void {
    const agent = this.#crew.groups.numberOf(agentId);
    if (agent < 0 || !this.#crew.groups.isSignedIn(agent)) return;
    this.#crew.removeIdle(agent);
    this.#staffingChanged(this.#crew.signOut(agent));
  }

  #becameIdle({ agentId, idleSince }: Event<'agent.idle'>): void {
    const crew = this.#crew;
    const agent = crew.groups.numberOf(agentId);
    if (agent < 0 || !crew.groups.isSignedIn(agent) || crew.idle.has(agent) || crew.isReserved(agent)) return;
    let first = this.#held || this.#line.standing === 0 ? undefined : this.#line.firstFor(agent, crew, 1);
    // The common way: nobody else is idle who could serve this contact, for else it would not stand.
    if (first?.cls?.keepIdle === 0) {
      this.#offer(first, agent, agentId);
      return;
    }
    crew.addIdle(agent, idleSince);
    while (first !== undefined) {
      this.#offer(first, crew.bestFor(first));
      first = crew.idle.has(agent) ? this.#line.firstFor(agent, crew, 0) : undefined;
    }
  }

  #arrived({ contact: arriving, offered = false }: Event<'contact.arrived'>): void {
    if (this.#line.get(arriving.contactId) !== undefined) return;
    const plan = this.#plans.of(arriving);
    const contact = this.#line.enter(arriving, plan, offered);
    contact.promoteAt = arriving.enqueuedAt + this.#fairAfterMs;
    if (this.#held) return;
    if (contact.promoteAt <= this.#now) this.#promote(contact);
    this.#review(contact);
    this.#seek(contact);
    this.#line.schedule(contact);
  }

  #changed({ contactId, priority, ageBoostMs }: Event<'contact.changed'>): void {
    const contact = this.#line.get(contactId);
    if (contact === undefined) return;
    contact.priority = priority ?? contact.priority;
    contact.ageBoostMs = ageBoostMs ?? contact.ageBoostMs;
    this.#line.reorder(contact);
  }

  #offerEnded({ contactId, agentId, notBefore }: Event<'offer.ended'>): void {
    const contact = this.#line.get(contactId);
    if (contact === undefined || !contact.offered) return;
    if (contact.offeredTo !== undefined && contact.offeredTo !== agentId) return;
    this.#endOffer(contact);
    if (notBefore !== undefined && notBefore > this.#now) contact.exclude(agentId, notBefore);
    this.#seek(contact);
    if (!this.#held) this.#line.schedule(contact);
  }

  // Time

  #passTime(): void {
    while (this.#line.dueAt <= this.#now) this.#fallsDue(this.#line.dueFirst, this.#line.dueAt);
  }

  /** The contact's next chance goes before its end when both fall due in the same millisecond. */
  #fallsDue(contact: RouterContact, due: number): void {
    if (contact.promoteAt <= due) this.#promote(contact);
    else if (contact.stepEndsAt <= due) {
      if (this.#review(contact)) this.#seek(contact);
    } else if (contact.askAgainAt <= due) {
      this.#line.stepAside(contact);
      contact.forgetExclusions(this.#now);
      this.#seek(contact);
    } else {
      this.#overflow(contact, contact.nobodyUntil <= due ? 'noAgents' : 'timeout');
      return;
    }
    this.#line.schedule(contact);
  }

  // Rules

  /** Looks at everything once more: while held nothing was decided, or what was decided followed from another configuration. */
  #renew(): void {
    for (const contact of this.#line.all()) {
      if (contact.promoteAt <= this.#now) this.#promote(contact);
      this.#line.stepAside(contact);
      contact.forgetExclusions(this.#now);
      this.#review(contact);
      this.#line.stand(contact);
      this.#line.schedule(contact);
    }
    if (this.#crew.idle.count > 0) this.#seekInOrder([...this.#line.all()]);
  }

  #staffingChanged(flipped: readonly RequirementClass[]): void {
    if (this.#held || flipped.length === 0) return;
    const plans = new Set<SharedPlan>();
    for (const cls of flipped) for (const plan of cls.plans) if (plan.contacts.length > 0) plans.add(plan);
    const moved: RouterContact[] = [];
    for (const contact of this.#line.withPlans(plans)) {
      if (this.#review(contact)) moved.push(contact);
      this.#line.schedule(contact);
    }
    this.#seekInOrder(moved);
  }

  /** Finds the step that is open now. Returns whether it is another one than before; then the contact stands nowhere yet. */
  #review(contact: RouterContact): boolean {
    const { steps, servable, classes } = contact.plan;
    const before = contact.openStep;
    const openStep =
      before === undefined ? firstStep(steps, contact.enqueuedAt, this.#now, servable) : nextStep(steps, before, this.#now, servable);
    if (openStep === undefined) {
      if (contact.nobodyUntil === Infinity) contact.nobodyUntil = this.#now + contact.noAgentsGraceMs;
      contact.stepEndsAt = Infinity;
      return false;
    }
    contact.nobodyUntil = Infinity;
    contact.stepEndsAt = stepEndsAt(steps, openStep, servable) ?? Infinity;
    if (openStep === before) return false;
    this.#line.stepAside(contact);
    contact.openStep = openStep;
    contact.cls = classes[openStep.index];
    this.#decide({ kind: 'step', contactId: contact.contactId, openStep });
    return true;
  }

  #seekInOrder(contacts: readonly RouterContact[]): void {
    for (const contact of this.#line.inOrder(contacts)) {
      this.#seek(contact);
      this.#line.schedule(contact);
    }
  }

  /** Gives a contact the best idle agent; when there is none it stands and waits. */
  #seek(contact: RouterContact): void {
    if (contact.offered) return;
    const agent = this.#held ? -1 : this.#crew.bestFor(contact);
    if (agent >= 0) this.#offer(contact, agent);
    else this.#line.stand(contact);
  }

  #offer(contact: RouterContact, agent: number, agentId: AgentId = this.#crew.groups.idOf(agent)): void {
    this.#line.stepAside(contact);
    this.#crew.removeIdle(agent);
    this.#crew.setReserved(agent, true);
    contact.offered = true;
    contact.offeredTo = agentId;
    this.#line.schedule(contact);
    this.#decide({ kind: 'offer', contactId: contact.contactId, agentId });
  }

  #endOffer(contact: RouterContact): void {
    if (contact.offeredTo !== undefined) this.#setReserved(contact.offeredTo, false);
    contact.offered = false;
    contact.offeredTo = undefined;
  }

  #setReserved(agentId: AgentId, isReserved: boolean): void {
    const agent = this.#crew.groups.numberOf(agentId);
    if (agent >= 0) this.#crew.setReserved(agent, isReserved);
  }

  #promote(contact: RouterContact): void {
    contact.promoted = true;
    contact.promoteAt = Infinity;
    this.#line.reorder(contact);
    this.#decide({ kind: 'promoted', contactId: contact.contactId });
  }

  #overflow(contact: RouterContact, reason: Extract<OverflowReason, 'timeout' | 'noAgents'>): void {
    this.#leave(contact);
    this.#decide({ kind: 'overflow', contactId: contact.contactId, reason });
  }

  #decide(decision: RoutingDecision): void {
    if (this.#decisions === undefined) this.#decisions = [decision];
    else this.#decisions.push(decision);
  }

  #leave(contact: RouterContact): void {
    this.#endOffer(contact);
    this.#line.leave(contact);
  }
}
