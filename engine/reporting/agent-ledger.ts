import type { AgentStateName } from '../domain/agent.ts';
import type { OfferOutcome } from '../domain/contact.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { AgentId, QueueId } from '../domain/ids.ts';
import type { Book } from './book.ts';
import type { OfferCounts } from './queue-tally.ts';
import type { AgentStanding, Standing, Work } from './standing.ts';

type EventOf<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/** Which part of a piece of work an agent's time in a state is. */
const PART_OF_WORK: Partial<Record<AgentStateName, 'talkMs' | 'heldMs' | 'wrapUpMs'>> = { talking: 'talkMs', held: 'heldMs', wrapUp: 'wrapUpMs' };

/** The states of an agent who has a contact, and leaves it before signing out. */
const WITH_CONTACT: ReadonlySet<AgentStateName> = new Set(['reserved', 'ringing', 'talking', 'held', 'wrapUp']);

/** For a `notReady` that was announced without a reason. */
const NO_REASON = 'unspecified';

/** Follows agents through their states and offers, and books their time and their work. */
export class AgentLedger {
  readonly #standing: Standing;
  readonly #book: Book;

  constructor(standing: Standing, book: Book) {
    this.#standing = standing;
    this.#book = book;
  }

  state({ agentId, state, reason, contactId, queueId, beside = [] }: EventOf<'agent.state'>, at: number): void {
    const before = this.#standing.agents.get(agentId);
    const last = before === undefined ? undefined : this.#endState(agentId, before, at);
    // To a caller it is all the same whom the agent talks to instead.
    const others = before?.aside.map((other) => ({ ...other, heldMs: other.heldMs + Math.max(0, at - before.since) })) ?? [];
    const nameless = last !== undefined && (contactId === undefined || last.contactId === undefined);
    let work = PART_OF_WORK[state] === undefined ? undefined : nameless ? last : [last, ...others].find((each) => each?.contactId === contactId);
    const aside: Work[] = [];
    for (const each of [last, ...others]) {
      if (each === undefined || each === work) continue;
      if (each.contactId !== undefined && beside.includes(each.contactId)) aside.push(each);
      else this.#bookWork(agentId, each, at);
    }
    if (PART_OF_WORK[state] !== undefined) {
      // Who is found on hold or wrapping up began it before the log did.
      work ??= { contactId, queueId, talkMs: 0, heldMs: 0, wrapUpMs: 0, partial: before === undefined && state !== 'talking' };
      work = { ...work, contactId: work.contactId ?? contactId, queueId: work.queueId ?? queueId };
    }
    this.#standing.agents.set(agentId, { state, since: at, reason, work, aside });
  }

  /** Names the contact of a piece of work where `agent.state` did not (logs of older versions). */
  conversationStarted({ agentId, contactId }: EventOf<'conversation.started'>): void {
    const agent = this.#standing.agents.get(agentId);
    if (agent?.work === undefined || agent.work.queueId !== undefined) return;
    const queueId = this.#standing.visits.get(contactId)?.queueId;
    this.#standing.agents.set(agentId, { ...agent, work: { ...agent.work, contactId, queueId } });
  }

  offerMade({ agentId, offerId, queueId }: EventOf<'offer.made'>, at: number): void {
    this.#standing.offers.set(agentId, { offerId, queueId });
    this.#countOffer(agentId, queueId, 'made', at);
  }

  offerEnded({ agentId, offerId, contactId, outcome }: EventOf<'offer.ended'>, at: number): void {
    const open = this.#standing.offers.get(agentId);
    const known = open?.offerId === offerId ? open : undefined;
    if (known !== undefined) this.#standing.offers.delete(agentId);
    this.#countOffer(agentId, known?.queueId ?? this.#standing.visits.get(contactId)?.queueId, outcome, at);
  }

  /** An agent who was taken out of the configuration between two runs of the engine vanishes without another event, unless there was a contact to serve to its end. */
  configured({ agents }: EventOf<'acd.configured'>, at: number): void {
    const configured = new Set(agents.map(({ agentId }) => agentId));
    for (const [agentId, before] of [...this.#standing.agents]) {
      if (configured.has(agentId) || WITH_CONTACT.has(before.state)) continue;
      this.#bookState(agentId, before, at, 1);
      this.#standing.agents.delete(agentId);
    }
  }

  /** Books (1) or takes out again (-1) the states that last, as if it were `asOf`. */
  bookLasting(asOf: number, sign: 1 | -1): void {
    for (const [agentId, agent] of this.#standing.agents) this.#bookState(agentId, agent, asOf, sign);
  }

  /** Books a state that is over. Returns the work with its time. */
  #endState(agentId: AgentId, agent: AgentStanding, at: number): Work | undefined {
    this.#bookState(agentId, agent, at, 1);
    const part = PART_OF_WORK[agent.state];
    if (agent.work === undefined || part === undefined) return agent.work;
    return { ...agent.work, [part]: agent.work[part] + Math.max(0, at - agent.since) };
  }

  #bookState(agentId: AgentId, { state, since, reason }: AgentStanding, until: number, sign: 1 | -1): void {
    if (state === 'loggedOut') return;
    this.#book.forEachInterval(since, until, (interval, partMs) => {
      if (partMs === 0) return;
      const { stateMs, notReadyByReasonMs } = this.#book.agentIn(interval, agentId);
      stateMs[state] += sign * partMs;
      if (state === 'notReady') notReadyByReasonMs[reason ?? NO_REASON] = (notReadyByReasonMs[reason ?? NO_REASON] ?? 0) + sign * partMs;
    });
  }

  #bookWork(agentId: AgentId, work: Work, at: number): void {
    if (work.partial) return;
    const tallies = [this.#book.agent(at, agentId), work.queueId === undefined ? undefined : this.#book.queue(at, work.queueId)];
    for (const tally of tallies) {
      if (tally === undefined) continue;
      tally.handled += 1;
      tally.talkMs += work.talkMs;
      tally.heldMs += work.heldMs;
      tally.wrapUpMs += work.wrapUpMs;
    }
  }

  #countOffer(agentId: AgentId, queueId: QueueId | undefined, what: OfferOutcome | 'made', at: number): void {
    const counts: (OfferCounts | undefined)[] = [
      this.#book.agent(at, agentId)?.offers,
      queueId === undefined ? undefined : this.#book.queue(at, queueId)?.offers,
    ];
    for (const count of counts) if (count !== undefined) count[what] += 1;
  }
}
