import type { Agent, AgentStatus } from '../../engine/domain/agent.ts';
import type { AgentId, CallId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import type { RecordedEvent } from '../../engine/ports/event-log.ts';

export interface AgentRow {
  readonly agent: Agent;
  readonly status: AgentStatus;
}

/** What the API can ask of agents. Throws StrowgerErrors `agent.unknown` and `agent.conflict`. */
export interface AgentCommands {
  agents(): readonly AgentRow[];
  signIn(agentId: AgentId): AgentStatus;
  signOut(agentId: AgentId): AgentStatus;
  setReady(agentId: AgentId): AgentStatus;
  setNotReady(agentId: AgentId, reason: string): AgentStatus;
  finishWrapUp(agentId: AgentId): AgentStatus;
}

/** Whether a part of the engine can do its work, and why not. */
export interface PartHealth {
  readonly ready: boolean;
  readonly detail?: string;
}

/** Everything the API serves, as narrow as it needs. */
export interface ApiDeps {
  readonly agents: AgentCommands;
  /** Queues and calls as JSON; phone numbers are masked by whoever provides them. */
  readonly queues: () => Json;
  readonly calls: () => Json;
  readonly events: (query: { readonly afterSeq: number; readonly callId?: CallId; readonly limit: number }) => Promise<readonly RecordedEvent[]>;
  readonly health: () => Readonly<Record<string, PartHealth>>;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
}
