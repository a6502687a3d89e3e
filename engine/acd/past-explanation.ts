import type { AgentStatus } from '../domain/agent.ts';
import type { OfferOutcome, OverflowReason } from '../domain/contact.ts';
import type { DomainEvent, DomainEventType } from '../domain/events.ts';
import type { AgentId, CallId, ContactId, OfferId, QueueId } from '../domain/ids.ts';
import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import { wishOfEvent, type Wish } from '../domain/wish.ts';
import { stepsOf } from '../routing/steps.ts';
import { closenessOf, compareNearness, countsOf, idleCount, verdictOf, type AgentView, type Closeness, type Demand, type JudgedAgent } from './agent-verdict.ts';

/** What happened to a contact, from its first place in the queue to its end. Times are milliseconds since the epoch. */
export interface ContactHistory {
  readonly contactId: ContactId;
  readonly callId?: CallId;
  readonly queueId: QueueId;
  readonly enqueuedAt: number;
  /** What its caller wanted; what was said only where the event log keeps it. */
  readonly wish?: Wish;
  readonly entries: readonly HistoryEntry[];
  /** It has left the queue, and the conversation, if there was one, is over. */
  readonly ended: boolean;
}

export type HistoryEntry = { readonly at: number } & (
  /** `again`: it came back to its place. */
  | { readonly kind: 'queued'; readonly again: boolean; readonly position: number; readonly priority: number; readonly ageBoostMs: number }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly require: Requirement;
      /** Nobody who was signed in could serve it: it was not waited for. */
      readonly skipped: boolean;
      /** The agents of the queue and who else was near, judged at that moment; the nearest first. */
      readonly agents: readonly JudgedAgent[];
      readonly agentCounts: Readonly<Record<Closeness, number>>;
    }
  | { readonly kind: 'changed'; readonly priority: number; readonly ageBoostMs: number }
  | { readonly kind: 'promoted' }
  | { readonly kind: 'estimated'; readonly ahead: number; readonly expectedMs: number; readonly lowMs: number; readonly highMs: number; readonly told: boolean }
  /** `alsoFree`: others who could have served it at that moment. */
  | { readonly kind: 'offered'; readonly offerId: OfferId; readonly agentId: AgentId; readonly alsoFree: readonly AgentId[] }
  | { readonly kind: 'offerEnded'; readonly offerId: OfferId; readonly agentId: AgentId; readonly outcome: OfferOutcome; readonly rangMs: number }
  | { readonly kind: 'talking'; readonly agentId: AgentId }
  | { readonly kind: 'talked'; readonly agentId: AgentId; readonly endedBy: 'caller' | 'agent' | 'system'; readonly talkMs: number }
  | { readonly kind: 'coded'; readonly agentId: AgentId; readonly code: string }
  | { readonly kind: 'left'; readonly how: 'answered' | 'abandoned' | 'overflowed' | 'withdrawn'; readonly reason?: OverflowReason; readonly waitedMs: number }
);

/** The events that tell it. */
export const PAST_TYPES = [
  'acd.configured',
  'agent.state',
  'contact.queued',
  'contact.changed',
  'contact.step',
  'contact.promoted',
  'contact.estimated',
  'contact.left',
  'contact.coded',
  'offer.made',
  'offer.ended',
  'conversation.started',
  'conversation.ended',
] as const satisfies readonly DomainEventType[];

/** So many agents are named at each step. */
const MOST_AGENTS = 20;
const UNKNOWN = { status: undefined, free: false };
const NOBODY: ReadonlyMap<AgentId, number> = new Map();

/** The history of a contact by the events of its time, and of before it: agents stand where their last event put them. */
export function historyOf(contactId: ContactId, events: Iterable<DomainEvent>): ContactHistory | undefined {
  const past = new PastExplanation(contactId);
  for (const event of events) past.read(event);
  return past.history;
}

/** The same, event by event, for a log that is read in pieces. */
export class PastExplanation {
  readonly #contactId: ContactId;
  readonly #agents = new Map<AgentId, AgentView>();
  readonly #standing = new Map<AgentId, Pick<AgentView, 'status' | 'free'>>();
  readonly #entries: HistoryEntry[] = [];
  #facts: Pick<ContactHistory, 'callId' | 'queueId' | 'enqueuedAt' | 'wish'> | undefined;
  #steps: readonly RoutingStep[] = [];
  #step = 1;
  #left = false;
  #talking = false;

  constructor(contactId: ContactId) {
    this.#contactId = contactId;
  }

  /** Undefined as long as the contact has not come. */
  get history(): ContactHistory | undefined {
    if (this.#facts === undefined) return undefined;
    return { contactId: this.#contactId, ...this.#facts, entries: [...this.#entries], ended: this.#left && !this.#talking };
  }

  read(event: DomainEvent): void {
    if (event.type === 'acd.configured') {
      this.#agents.clear();
      for (const { agentId, skills, queues } of event.agents) {
        const view = { agent: { id: agentId, skills, queues }, ...(this.#standing.get(agentId) ?? UNKNOWN) };
        this.#agents.set(agentId, view);
      }
    } else if (event.type === 'agent.state') {
      this.#readAgent(event);
    } else if ('contactId' in event && event.contactId === this.#contactId) {
      this.#readContact(event);
    }
  }

  #readAgent({ agentId, state, at, reason, contactId, freeSlots = 0 }: Extract<DomainEvent, { type: 'agent.state' }>): void {
    const status: AgentStatus = {
      agentId,
      state,
      since: at,
      idleSince: at,
      ...(reason === undefined ? {} : { reason }),
      ...(contactId === undefined ? {} : { contactId }),
    };
    const standing = { status, free: state === 'ready' || freeSlots > 0 };
    this.#standing.set(agentId, standing);
    const view = this.#agents.get(agentId);
    if (view !== undefined) this.#agents.set(agentId, { ...view, ...standing });
  }

  #readContact(event: DomainEvent): void {
    const { at } = event;
    switch (event.type) {
      case 'contact.queued': {
        const { callId, queueId, enqueuedAt, position, priority, ageBoostMs } = event;
        this.#entries.push({ at, kind: 'queued', again: this.#facts !== undefined, position, priority, ageBoostMs });
        this.#facts = { ...(callId === undefined ? {} : { callId }), queueId, enqueuedAt, ...wishOfEvent(event) };
        this.#steps = stepsOf(event);
        this.#left = false;
        // The first step may be announced in the same moment, or not at all when it is number 1.
        this.#openStep(1, at, false);
        return;
      }
      case 'contact.step':
        this.#enterStep(event.step, at);
        return;
      case 'contact.changed':
        this.#entries.push({ at, kind: 'changed', priority: event.priority, ageBoostMs: event.ageBoostMs });
        return;
      case 'contact.promoted':
        this.#entries.push({ at, kind: 'promoted' });
        return;
      case 'contact.estimated': {
        const { ahead, expectedMs, lowMs, highMs, told } = event;
        this.#entries.push({ at, kind: 'estimated', ahead, expectedMs, lowMs, highMs, told });
        return;
      }
      case 'offer.made': {
        const others = this.#judged(at).filter(({ mayServe, agentId }) => mayServe && agentId !== event.agentId);
        this.#entries.push({ at, kind: 'offered', offerId: event.offerId, agentId: event.agentId, alsoFree: others.slice(0, MOST_AGENTS).map(({ agentId }) => agentId) });
        return;
      }
      case 'offer.ended': {
        const { offerId, agentId, outcome, rangMs } = event;
        this.#entries.push({ at, kind: 'offerEnded', offerId, agentId, outcome, rangMs });
        return;
      }
      case 'conversation.started':
        this.#talking = true;
        this.#entries.push({ at, kind: 'talking', agentId: event.agentId });
        return;
      case 'conversation.ended':
        this.#talking = false;
        this.#entries.push({ at, kind: 'talked', agentId: event.agentId, endedBy: event.endedBy, talkMs: event.talkMs });
        return;
      case 'contact.coded':
        this.#entries.push({ at, kind: 'coded', agentId: event.agentId, code: event.code });
        return;
      case 'contact.left': {
        const { how, reason, waitedMs } = event;
        this.#left = true;
        this.#entries.push({ at, kind: 'left', how, ...(reason === undefined ? {} : { reason }), waitedMs });
        return;
      }
      default:
        return;
    }
  }

  #enterStep(step: number, at: number): void {
    const last = this.#entries.at(-1);
    const untried = last?.kind === 'step' && last.at === at ? last : undefined;
    if (untried !== undefined) this.#entries.pop();
    if (untried !== undefined && untried.step !== step && !this.#isBack() && !isStaffed(untried)) this.#entries.push({ ...untried, skipped: true });
    // What lies between was not announced because nobody could serve it.
    if (!this.#isBack()) for (let between = this.#step + 1; between < step; between += 1) this.#openStep(between, at, true);
    this.#openStep(step, at, false);
  }

  /** It has come back to its place, where its age alone may have brought it past the first steps. */
  #isBack(): boolean {
    const place = this.#entries.findLast(({ kind }) => kind === 'queued');
    return place?.kind === 'queued' && place.again;
  }

  #openStep(step: number, at: number, skipped: boolean): void {
    this.#step = step;
    const agents = this.#judged(at);
    const require = this.#demand().require;
    this.#entries.push({ at, kind: 'step', step, require, skipped, agents: agents.slice(0, MOST_AGENTS), agentCounts: countsOf(agents) });
  }

  #judged(at: number): readonly JudgedAgent[] {
    const demand = this.#demand();
    const idle = idleCount(this.#agents.values(), demand);
    const judged = [...this.#agents.values()].map((view): JudgedAgent => {
      const verdict = verdictOf(view, demand, idle, at);
      return { ...verdict, closeness: closenessOf(verdict) };
    });
    return judged.sort(compareNearness);
  }

  #demand(): Demand {
    const open = this.#steps[this.#step - 1];
    return { queueId: this.#facts?.queueId ?? ('' as QueueId), require: open?.require ?? { all: [] }, keepIdle: open?.keepIdle ?? 0, notBefore: NOBODY };
  }
}

/** Somebody was signed in who could serve the step, then or later. */
function isStaffed({ agentCounts: { mayServe, rings, waits, busy } }: Extract<HistoryEntry, { kind: 'step' }>): boolean {
  return mayServe + rings + waits + busy > 0;
}
