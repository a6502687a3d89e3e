import type { AgentStateName } from '../../engine/domain/agent.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { maskPersonalData } from '../../engine/domain/personal-data.ts';
import type { RecordedEvent } from '../../engine/ports/event-log.ts';
import type { StateKind, Topics } from './topics.ts';

/** What stands in a retained state topic. Times in milliseconds since the epoch. */
export interface StateMessages {
  readonly agent: { readonly v: 1; readonly agentId: string; readonly state: AgentStateName; readonly since: number; readonly reason?: string };
  readonly queue: { readonly v: 1; readonly queueId: string; readonly waiting: number; readonly longestWaitingSince: number | null };
  readonly node:
    | { readonly v: 1; readonly node: string; readonly state: 'up'; readonly since: number; readonly version: string }
    | { readonly v: 1; readonly node: string; readonly state: 'down'; readonly since: number; readonly reason: string };
  readonly engine: { readonly v: 1; readonly engine: string; readonly status: 'online' | 'offline'; readonly since?: number };
}

/** How things stand now, asked for whenever a connection to the broker opens. */
export interface StateSnapshot {
  readonly agents: readonly Omit<StateMessages['agent'], 'v'>[];
  readonly queues: readonly Omit<StateMessages['queue'], 'v'>[];
}

export interface Message {
  readonly topic: string;
  readonly payload: string;
}

export type PersonalDataOnMqtt = 'dropped' | 'masked' | 'shown';

/**
 * An event as it is published: the event itself, the engine that tells it and its place in that engine's log. QoS 1 may
 * deliver it twice: `id` is the same then.
 */
export function eventMessage(topics: Topics, engineId: string, recorded: RecordedEvent, personalData: PersonalDataOnMqtt): Message {
  const { event, seq } = recorded;
  return {
    topic: topics.event(event, engineId),
    payload: JSON.stringify({ ...guarded(event, personalData), engine: engineId, seq }),
  };
}

function guarded(event: DomainEvent, personalData: PersonalDataOnMqtt): object {
  if (!('pii' in event) || event.pii === undefined || personalData === 'shown') return event;
  if (personalData === 'masked') return { ...event, pii: maskPersonalData(event.pii) };
  return { ...event, pii: undefined };
}

/** The state that an event changes; undefined when it changes none. */
export function stateMessageOf(topics: Topics, event: DomainEvent): Message | undefined {
  switch (event.type) {
    case 'agent.state': {
      const { agentId, state, at, reason } = event;
      return stateMessage(topics, 'agent', agentId, { v: 1, agentId, state, since: at, ...(reason === undefined ? {} : { reason }) });
    }
    case 'queue.state': {
      const { queueId, waiting, longestWaitingSince } = event;
      return stateMessage(topics, 'queue', queueId, { v: 1, queueId, waiting, longestWaitingSince });
    }
    case 'node.up':
      return stateMessage(topics, 'node', event.node, { v: 1, node: event.node, state: 'up', since: event.at, version: event.version });
    case 'node.down':
      return stateMessage(topics, 'node', event.node, { v: 1, node: event.node, state: 'down', since: event.at, reason: event.reason });
    default:
      return undefined;
  }
}

export function stateMessage<Kind extends StateKind>(topics: Topics, kind: Kind, id: string, state: StateMessages[Kind]): Message {
  return { topic: topics.state(kind, id), payload: JSON.stringify(state) };
}
