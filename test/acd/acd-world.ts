import { freeSlots, type Agent } from '../../engine/domain/agent.ts';
import type { ContactRequest, Offer, OverflowReason } from '../../engine/domain/contact.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { agentId, queueId, type AgentId, type ContactId, type OfferId } from '../../engine/domain/ids.ts';
import type { Requirement, RoutingStep } from '../../engine/domain/requirement.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import type { ContactOwner } from '../../engine/acd/distributor.ts';
import { agent, DistributorRig, queue } from './distributor-rig.ts';

/** One thing that happens; `a` and `b` choose whom and how. */
export interface Happening {
  readonly what: (typeof HAPPENINGS)[number];
  readonly a: number;
  readonly b: number;
}

/** Repeated by how often they should come. */
export const HAPPENINGS = [
  'enqueue', 'enqueue', 'enqueue', 'enqueue',
  'withdraw',
  'answer', 'answer', 'answer',
  'undelivered', 'undelivered',
  'lateOutcome',
  'hangUp', 'hangUp',
  'signIn', 'signIn', 'signOut',
  'ready', 'ready', 'notReady', 'finishWrapUp',
  'rings', 'hold', 'prioritise', 'configure',
  'pass', 'pass', 'pass',
  'burst',
  'comeBack',
  'restart',
] as const;

const QUEUES = [
  queue('bank', { maxWaitMs: 90_000 }),
  queue('loans', { wrapUpMs: 0, ringTimeoutMs: 7_000 }),
];
const both = [queueId('bank'), queueId('loans')];
const AGENTS: readonly Agent[] = [
  agent('li', { skills: { loans: 5, english: 3 }, queues: both, capacity: 3 }),
  agent('wang', { skills: { loans: 2 }, queues: both }),
  agent('zhao', { skills: { english: 1 }, queues: [queueId('bank')] }),
  agent('sun', { queues: [queueId('loans')] }),
];
/** What the configuration becomes from time to time: other skills and queues, an agent less, another one more. */
const STAFFS: readonly (readonly Agent[])[] = [
  AGENTS,
  AGENTS.filter(({ id }) => id !== 'wang'),
  [...AGENTS.slice(0, 2).reverse(), agent('zhao', { skills: { loans: 4 }, queues: both, capacity: 2 }), agent('qian', { skills: { english: 5 }, queues: both })],
];
/** The most that each ever has. */
const CAPACITY: Readonly<Record<string, number>> = { li: 3, zhao: 2 };
const EVERYBODY = [...new Set(STAFFS.flat().map(({ id }) => id))];
const REQUIREMENTS: readonly Requirement[] = [
  { all: [] },
  { skill: 'loans' },
  { skill: 'loans', atLeast: 3 },
  { any: [{ skill: 'english' }, { agent: agentId('sun') }] },
  { not: { skill: 'loans' } },
  { skill: 'nobody has this' },
];
const STEP_TIMES = [0, 2_000, 15_000, 'untilServed'] as const;
const PASSES = [0, 1, 400, 5_000, 10_000, 30_000, 60_000];
const UNDELIVERED = ['rejected', 'busy', 'unreachable', 'failed'] as const;
const REST_MS = { rejected: 5_000, busy: 10_000, unreachable: 10_000, failed: 10_000 };

export function broken(rule: string): never {
  throw new Error(`broken: ${rule}`);
}

/** The owner of a contact as a session is one: it believes what it is told, and complains about what it must not be told. */
class Session implements ContactOwner {
  request: ContactRequest;
  readonly #world: AcdWorld;
  phase: 'waiting' | 'ringing' | 'talking' | 'gone' = 'waiting';
  offer: Offer | undefined;
  /** Agents who may not get this contact before a time. */
  readonly notBefore = new Map<AgentId, number>();

  constructor(request: ContactRequest, world: AcdWorld) {
    this.request = request;
    this.#world = world;
  }

  offerMade(offer: Offer): void {
    this.#told();
    if (this.phase !== 'waiting') broken(`${this.request.contactId} is ${this.phase} and gets an offer`);
    this.phase = 'ringing';
    this.offer = offer;
  }

  offerTakenBack(offer: Offer): void {
    this.#told();
    if (this.phase !== 'ringing' || this.offer?.offerId !== offer.offerId) broken(`${offer.offerId} is taken back though it does not ring`);
    this.phase = 'waiting';
  }

  contactChanged(request: ContactRequest): void {
    this.#told();
    this.request = request;
  }

  overflowed(_reason: OverflowReason): void {
    this.#told();
    if (this.phase !== 'waiting') broken(`${this.request.contactId} is ${this.phase} and overflows`);
    this.phase = 'gone';
  }

  #told(): void {
    if (this.#world.inCall) broken('an owner is told something from inside a call');
  }
}

/** What the event log says, and must not say. */
class Ledger {
  readonly openOffers = new Map<OfferId, { agentId: AgentId; contactId: ContactId }>();
  readonly talks = new Map<ContactId, AgentId>();
  readonly queued = new Set<ContactId>();
  /** Queued when the process died. */
  readonly before = new Set<ContactId>();
  readonly #everMade = new Set<OfferId>();

  read(event: DomainEvent): void {
    switch (event.type) {
      case 'contact.queued':
        if (this.queued.has(event.contactId)) broken(`${event.contactId} is queued twice`);
        this.queued.add(event.contactId);
        this.before.delete(event.contactId);
        break;
      case 'contact.left':
        if (!this.queued.delete(event.contactId) && !this.before.delete(event.contactId)) broken(`${event.contactId} left twice`);
        break;
      case 'offer.made':
        for (const open of this.openOffers.values()) {
          if (open.agentId === event.agentId) broken(`${event.agentId} has two offers`);
          if (open.contactId === event.contactId) broken(`${event.contactId} has two offers`);
        }
        if ([...this.talks.values()].filter((id) => id === event.agentId).length >= (CAPACITY[event.agentId] ?? 1)) broken(`${event.agentId} talks and gets an offer`);
        if (this.#everMade.has(event.offerId)) broken(`${event.offerId} is made twice`);
        this.#everMade.add(event.offerId);
        this.openOffers.set(event.offerId, event);
        break;
      case 'offer.ended':
        if (!this.openOffers.delete(event.offerId)) broken(`${event.offerId} ends twice`);
        break;
      case 'conversation.started':
        if (this.talks.has(event.contactId)) broken(`${event.contactId} has two conversations`);
        this.talks.set(event.contactId, event.agentId);
        break;
      case 'conversation.ended':
        if (!this.talks.delete(event.contactId)) broken(`the conversation of ${event.contactId} ends twice`);
        break;
      default:
        break;
    }
  }

  died(): void {
    for (const id of this.queued) this.before.add(id);
    this.queued.clear();
  }
}

/**
 * A distributor, its callers and its agents, who do whatever comes to their minds.
 * Long, because what may happen, who believes what, and what must hold then are read together.
 */
export class AcdWorld {
  readonly rig = new DistributorRig(AGENTS, QUEUES);
  readonly #ledger = new Ledger();
  readonly #offersSeen: OfferId[] = [];
  #sessions: Session[] = [];
  #read = 0;
  #count = 0;
  #burst = 0;
  #heldUntil = 0;
  #settled = true;
  inCall = false;

  async happen({ what, a, b }: Happening): Promise<void> {
    const { clock } = this.rig;
    if (what === 'pass') await clock.advanceBy(pick(PASSES, a));
    else if (what === 'restart') await this.#restart(a, b);
    else if (what === 'burst') this.#burst = 1 + (a % 5);
    else this.#call(() => this.#act(what, a, b));
    // In a burst several things happen before the distributor gets its turn.
    if (this.#burst > 0) {
      this.#burst -= 1;
      return;
    }
    await clock.settle();
    this.check();
  }

  /** From here on everybody does what is right. Then nobody may be left over, and nothing of it. */
  async comeToAnEnd(): Promise<void> {
    const { clock } = this.rig;
    this.#burst = 0;
    this.#settleAll();
    await clock.settle();
    for (let round = 0; this.#sessions.length > 0; round += 1) {
      if (round > 200) broken(`${this.#sessions.map(({ request }) => request.contactId).join(', ')} never got through`);
      for (const { id } of this.rig.config.agents) {
        this.rig.distributor.signIn(id);
        this.rig.distributor.setReady(id);
      }
      await clock.settle();
      for (const session of this.#sessions) if (session.phase === 'ringing') this.#call(() => this.#answer(session));
      await clock.advanceBy(500);
      for (const session of this.#sessions) if (session.phase === 'talking') this.#call(() => this.#hangUp(session, 0));
      await clock.settle();
      this.check();
    }
    // Also those who are no longer configured, but wrap up their last conversation.
    for (const { agent: { id } } of this.rig.distributor.agents()) this.rig.distributor.signOut(id);
    await clock.advanceBy(1);
    if (this.#ledger.openOffers.size > 0) broken('an offer never ended');
    if (this.#ledger.talks.size > 0) broken('a conversation never ended');
    if (clock.pending > 0) broken('a timer is left over');
    if (this.rig.distributor.queues().some(({ contacts }) => contacts.length > 0)) broken('a contact is left over');
  }

  #call(act: () => void): void {
    this.inCall = true;
    try {
      act();
    } catch (error) {
      // Agents may ask for what cannot be; it must not change anything, which `check` sees.
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      const mayBe = code === 'agent.unknown' || (code === 'agent.conflict' && String(error).includes('not possible now'));
      if (!mayBe) throw error;
    } finally {
      this.inCall = false;
    }
  }

  #act(what: Exclude<Happening['what'], 'pass' | 'restart' | 'burst'>, a: number, b: number): void {
    const { distributor } = this.rig;
    const id = pick(EVERYBODY, a);
    const session = pick(this.#sessions, a);
    const ringing = pick(this.#sessions.filter(({ phase }) => phase === 'ringing'), a);
    switch (what) {
      case 'enqueue':
        this.#enqueueNew(a, b);
        break;
      case 'withdraw':
        if (session === undefined) break;
        distributor.withdraw(session.request.contactId, b % 2 === 0 ? 'abandoned' : 'withdrawn');
        if (session.phase !== 'talking') session.phase = 'gone';
        break;
      case 'comeBack': {
        // The switch was away for a moment: the session is taken up anew, under the same id, and what rang for it has gone.
        const index = this.#sessions.findIndex((each) => each === session);
        if (session === undefined || (session.phase !== 'waiting' && session.phase !== 'ringing')) break;
        const again = new Session(session.request, this);
        this.#sessions[index] = again;
        distributor.enqueue(again.request, again, true);
        break;
      }
      case 'answer':
        if (ringing !== undefined) this.#answer(ringing);
        break;
      case 'undelivered':
        if (ringing?.offer !== undefined) this.#undelivered(ringing, ringing.offer, pick(UNDELIVERED, b));
        break;
      case 'lateOutcome': {
        const offerId = pick(this.#offersSeen, a);
        const rings = this.#sessions.some(({ phase, offer }) => phase === 'ringing' && offer?.offerId === offerId);
        if (offerId !== undefined && !rings && distributor.offerEnded(offerId, b % 2 === 0 ? 'accepted' : 'busy')) {
          // Only right when the offer is open and its owner has yet to hear of it; nobody can know its id then.
          broken(`${offerId} ended twice`);
        }
        break;
      }
      case 'hangUp': {
        const talking = pick(this.#sessions.filter(({ phase }) => phase === 'talking'), a);
        if (talking !== undefined) this.#hangUp(talking, b);
        break;
      }
      case 'signIn':
        distributor.signIn(id);
        break;
      case 'signOut':
        distributor.signOut(id);
        break;
      case 'ready':
        distributor.setReady(id);
        break;
      case 'notReady':
        distributor.setNotReady(id, `reason ${b % 2}`);
        break;
      case 'finishWrapUp':
        distributor.finishWrapUp(id);
        break;
      case 'rings':
        if (ringing?.offer !== undefined) distributor.offerRinging(ringing.offer.offerId);
        break;
      case 'hold': {
        const talking = pick(this.#sessions.filter(({ phase }) => phase === 'talking'), a);
        if (talking !== undefined) distributor.conversationHeld(talking.request.contactId, b % 2 === 0);
        break;
      }
      case 'prioritise':
        if (session !== undefined) distributor.change(session.request.contactId, b % 2 === 0 ? { priority: 1 + (b % 3) } : { ageBoostMs: (b % 4) * 30_000 });
        break;
      case 'configure': {
        const { config } = this.rig;
        this.rig.config = { ...config, agents: pick(STAFFS, b), fairAfterMs: pick([10_000, 60_000, 1_200_000], a) };
        distributor.configure(this.rig.config);
        break;
      }
    }
  }

  #enqueueNew(a: number, b: number): void {
    this.#count += 1;
    const steps: RoutingStep[] = [];
    for (let index = 0; index < a % 4; index += 1) {
      steps.push({ require: pick(REQUIREMENTS, a + index * b), forMs: pick(STEP_TIMES, b + index) });
    }
    const request = this.rig.request(`contact-${this.#count}`, {
      queueId: pick(QUEUES, b).id,
      priority: 1 + (a % 3),
      steps,
      afterSteps: b % 3 === 0 ? 'any' : 'strict',
      enqueuedAt: this.rig.clock.now() - (b % 7 === 0 ? 20_000 : 0),
    });
    const session = new Session(request, this);
    this.#sessions.push(session);
    this.rig.distributor.enqueue(request, session);
  }

  #answer(session: Session): void {
    if (session.offer === undefined) return;
    this.#offersSeen.push(session.offer.offerId);
    // False in a burst: the offer was taken back and the session is about to hear of it.
    if (this.rig.distributor.offerEnded(session.offer.offerId, 'accepted')) session.phase = 'talking';
    else if (this.#burst === 0) broken(`${session.offer.offerId} rings, but had ended`);
  }

  #undelivered(session: Session, offer: Offer, outcome: (typeof UNDELIVERED)[number]): void {
    this.#offersSeen.push(offer.offerId);
    if (!this.rig.distributor.offerEnded(offer.offerId, outcome)) return;
    session.phase = 'waiting';
    session.notBefore.set(offer.agentId, this.rig.clock.now() + REST_MS[outcome]);
  }

  #hangUp(session: Session, b: number): void {
    this.rig.distributor.conversationEnded(session.request.contactId, pick(['caller', 'agent', 'system'] as const, b));
    session.phase = 'gone';
  }

  async #restart(a: number, b: number): Promise<void> {
    const { rig } = this;
    await rig.clock.settle();
    this.check();
    this.#ledger.died();
    await rig.restart(pick(PASSES, a));
    this.#heldUntil = rig.clock.now() + 3_000;
    this.#settled = false;
    const { distributor } = rig;
    // They come back in any order, and some not as they left: hung up, or the session's own record is older.
    const rotated = this.#sessions.map((_, index, all) => pick(all, index + b));
    const returning = b % 2 === 0 ? rotated : rotated.reverse();
    this.#sessions = [];
    for (const [index, former] of returning.entries()) {
      if (former.phase === 'gone') continue;
      const fate = (a + index * 3) % 8;
      if (fate === 0) continue;
      const session = new Session(former.request, this);
      this.#sessions.push(session);
      const { contactId: id } = session.request;
      this.#call(() => {
        if (former.phase === 'talking' && former.offer !== undefined && fate !== 1) {
          distributor.adoptConversation(session.request, { agentId: former.offer.agentId, since: rig.clock.now() });
          session.phase = 'talking';
          session.offer = former.offer;
        } else if (former.phase === 'ringing' && former.offer !== undefined && fate === 2) {
          // Answered while we were away.
          distributor.adoptConversation(session.request, { agentId: former.offer.agentId, since: rig.clock.now() });
          session.phase = 'talking';
          session.offer = former.offer;
        } else if (former.phase === 'ringing' && former.offer !== undefined && fate !== 1) {
          if (!distributor.adoptOffer(session.request, former.offer, session)) broken(`${former.offer.offerId} is lost by a restart`);
          session.phase = 'ringing';
          session.offer = former.offer;
          this.#ledger.queued.add(id);
          this.#ledger.before.delete(id);
        } else {
          distributor.enqueue(session.request, session);
        }
      });
      if (b % 5 === 0) await rig.clock.advanceBy(50);
    }
    // Mostly at once; sometimes a switch stays away, and the rest comes later or with the next restart.
    if (b % 4 !== 0) this.#settleAll();
  }

  #settleAll(): void {
    this.#call(() => this.rig.distributor.settle());
    this.#readLog();
    this.#heldUntil = 0;
    this.#settled = true;
    this.#ledger.before.clear();
  }

  #readLog(): void {
    const { events } = this.rig.log;
    for (; this.#read < events.length; this.#read += 1) {
      const event = events[this.#read];
      if (event !== undefined) this.#ledger.read(event);
    }
  }

  /** What must hold whenever the distributor has had its turn. */
  check(): void {
    const { clock, distributor, complaints } = this.rig;
    this.#readLog();
    if (complaints.length > 0) broken(complaints.join('; '));
    const now = clock.now();
    const statuses = distributor.agents().map(({ status }) => status);
    const offers = [...this.#ledger.openOffers];
    for (const { agentId: id, state, offerId, contactId: contact, beside = [] } of statuses) {
      const open = offers.find(([, offer]) => offer.agentId === id);
      if ((state === 'reserved' || state === 'ringing') !== (open !== undefined) || offerId !== open?.[0]) broken(`${id} is ${state}, the log says otherwise`);
      const logged = [...this.#ledger.talks].flatMap(([with_, other]) => (other === id ? [with_] : []));
      const talks = state === 'talking' || state === 'held';
      const talksTo = [...(talks && contact !== undefined ? [contact] : []), ...beside.flatMap((other) => (other.state === 'wrapUp' ? [] : [other.contactId]))];
      if (talksTo.sort().join() !== logged.sort().join()) broken(`${id} is ${state} and talks to ${talksTo.join()}, the log says ${logged.join()}`);
      if (1 + beside.length > (CAPACITY[id] ?? 1)) broken(`${id} has ${1 + beside.length} contacts`);
    }

    const listed = new Map(distributor.queues().flatMap(({ contacts }) => contacts.map((contact) => [contact.contactId, contact])));
    for (const session of this.#sessions) {
      const { contactId: id } = session.request;
      const { phase } = session;
      const waits = phase === 'waiting' || phase === 'ringing';
      const entry = listed.get(id);
      if (waits !== (entry !== undefined) || waits !== this.#ledger.queued.has(id)) broken(`${id} believes to be ${phase} and is lost`);
      if (phase === 'talking' && this.#ledger.talks.get(id) !== session.offer?.agentId) broken(`${id} talks, the log says otherwise`);
      if (phase === 'waiting' && entry?.offerId !== undefined) broken(`${id} has an offer that it does not know`);
      if (phase === 'ringing' && entry?.offerId !== session.offer?.offerId) broken(`${id} believes in another offer`);
    }
    if (listed.size !== this.#sessions.filter(({ phase }) => phase === 'waiting' || phase === 'ringing').length) broken('a contact has no owner');
    this.#sessions = this.#sessions.filter(({ phase }) => phase !== 'gone');
    if (now >= this.#heldUntil) this.#checkNobodyStarves(now);
    if (this.#settled && this.#ledger.before.size > 0) broken('a contact was lost by a restart');
  }

  #checkNobodyStarves(now: number): void {
    const { distributor } = this.rig;
    const signedIn = distributor.agents().filter(({ status }) => status.state !== 'loggedOut');
    for (const session of this.#sessions) {
      if (session.phase !== 'waiting') continue;
      const { contactId: id, queueId: inQueue, steps, enqueuedAt } = session.request;
      const { queue: itsQueue, contacts } = distributor.queues().find(({ queue: { id: some } }) => some === inQueue) ?? broken('no queue');
      const step = contacts.find((contact) => contact.contactId === id)?.step ?? broken(`${id} is not in its queue`);
      const require = steps[step - 1]?.require ?? { all: [] };
      const able = signedIn.filter(({ agent: one }) => one.queues.includes(inQueue) && satisfies(one, require));
      if (able.length === 0) broken(`${id} waits for a step that nobody can serve`);
      const free = able.find(({ agent: one, status }) => freeSlots(one, status) > 0 && (session.notBefore.get(one.id) ?? 0) <= now);
      if (free !== undefined) broken(`${id} starves though ${free.agent.id} is idle`);
      if (itsQueue.maxWaitMs !== 'untilServed' && now >= enqueuedAt + itsQueue.maxWaitMs) broken(`${id} waits for too long`);
    }
  }

  /** Everything that was decided, to be compared. */
  story(): string {
    return this.rig.log.events.map((event) => JSON.stringify(event)).join('\n');
  }
}

function pick<Item>(from: readonly Item[], index: number): Item {
  // Undefined from an empty list, which callers whose list may be empty look for.
  return from[index % from.length] as Item;
}

