import type { AgentStateName } from '../domain/agent.ts';
import type { DomainEvent } from '../domain/events.ts';
import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { AgentSelection } from '../domain/queue.ts';
import type { RoutingStep, Skills } from '../domain/requirement.ts';

/** A contact as the event log tells of it. */
export interface RecordedContact {
  readonly queueId: QueueId;
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly steps: readonly RoutingStep[];
  readonly afterSteps: 'strict' | 'any';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly how: 'answered' | 'abandoned' | 'overflowed' | 'withdrawn' | 'waiting';
  readonly waitedMs: number;
  readonly talkMs?: number;
  readonly wrapUpMs?: number;
  /** Nobody was on the line while it waited. */
  readonly isCallback: boolean;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An agent as configured last, and when it was there. */
export interface RecordedAgent {
  readonly agentId: AgentId;
  readonly skills: Skills;
  readonly queues: readonly QueueId[];
  /** Signed in; milliseconds since the epoch. */
  readonly signedIn: readonly Span[];
  /** Of these, not ready or not responding. */
  readonly away: readonly Span[];
}

export interface RecordedQueue {
  readonly queueId: QueueId;
  readonly serviceLevelMs: number;
  readonly shortAbandonMs: number;
  readonly selection: AgentSelection;
}

/** What of an event log a simulation needs. */
export interface RecordedLog {
  /** The first and the last event, milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly contacts: readonly RecordedContact[];
  readonly agents: readonly RecordedAgent[];
  readonly queues: readonly RecordedQueue[];
  /** How long phones rang that were answered. */
  readonly rangMs: readonly number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The way an agent's time was spent, so far. */
interface Course {
  readonly signedIn: Span[];
  readonly away: Span[];
  state: AgentStateName;
  signedInAt: number | undefined;
  awayAt: number | undefined;
  wrapping: { readonly contactId: ContactId; readonly at: number } | undefined;
}

const AWAY: readonly AgentStateName[] = ['notReady', 'notResponding'];

/** Reads an event log, oldest event first. Events that do not matter here are passed over. */
export function readRecordedLog(events: Iterable<DomainEvent>): RecordedLog {
  const contacts = new Map<ContactId, Mutable<RecordedContact>>();
  const courses = new Map<AgentId, Course>();
  const rangMs: number[] = [];
  let configured: Extract<DomainEvent, { type: 'acd.configured' }> | undefined;
  let fromMs = Infinity;
  let toMs = -Infinity;
  for (const event of events) {
    fromMs = Math.min(fromMs, event.at);
    toMs = Math.max(toMs, event.at);
    switch (event.type) {
      case 'contact.queued': {
        // A contact that comes back to its place came only once.
        if (contacts.has(event.contactId)) break;
        const { queueId, priority, ageBoostMs, steps, afterSteps, enqueuedAt, callbackId } = event;
        contacts.set(event.contactId, { queueId, priority, ageBoostMs, steps, afterSteps, at: enqueuedAt, how: 'waiting', waitedMs: 0, isCallback: callbackId !== undefined });
        break;
      }
      case 'contact.left': {
        const contact = contacts.get(event.contactId);
        if (contact !== undefined) Object.assign(contact, { how: event.how, waitedMs: event.waitedMs });
        break;
      }
      case 'conversation.ended': {
        const contact = contacts.get(event.contactId);
        if (contact !== undefined) contact.talkMs = (contact.talkMs ?? 0) + event.talkMs;
        break;
      }
      case 'offer.ended':
        if (event.outcome === 'accepted') rangMs.push(event.rangMs);
        break;
      case 'agent.state': {
        const course = courses.get(event.agentId) ?? newCourse();
        courses.set(event.agentId, course);
        const { wrapping } = course;
        if (wrapping !== undefined) {
          const contact = contacts.get(wrapping.contactId);
          if (contact !== undefined) contact.wrapUpMs = event.at - wrapping.at;
        }
        course.wrapping = event.state === 'wrapUp' && event.contactId !== undefined ? { contactId: event.contactId, at: event.at } : undefined;
        follow(course, event.state, event.at);
        break;
      }
      case 'acd.configured':
        configured = event;
        break;
      default:
    }
  }
  if (fromMs === Infinity) return { fromMs: 0, toMs: 0, contacts: [], agents: [], queues: [], rangMs };
  for (const contact of contacts.values()) if (contact.how === 'waiting') contact.waitedMs = Math.max(0, toMs - contact.at);
  return {
    fromMs,
    toMs,
    contacts: [...contacts.values()].sort((a, b) => a.at - b.at),
    agents: (configured?.agents ?? []).map((agent) => {
      const course = courses.get(agent.agentId) ?? newCourse();
      follow(course, 'loggedOut', toMs);
      return { ...agent, signedIn: course.signedIn, away: course.away };
    }),
    queues: configured?.queues ?? [],
    rangMs,
  };
}

function newCourse(): Course {
  return { signedIn: [], away: [], state: 'loggedOut', signedInAt: undefined, awayAt: undefined, wrapping: undefined };
}

function follow(course: Course, state: AgentStateName, at: number): void {
  if (state === 'loggedOut' && course.signedInAt !== undefined) {
    course.signedIn.push({ fromMs: course.signedInAt, toMs: at });
    course.signedInAt = undefined;
  } else if (state !== 'loggedOut') {
    course.signedInAt ??= at;
  }
  const isAway = AWAY.includes(state);
  if (!isAway && course.awayAt !== undefined) {
    course.away.push({ fromMs: course.awayAt, toMs: at });
    course.awayAt = undefined;
  } else if (isAway) {
    course.awayAt ??= at;
  }
  course.state = state;
}
