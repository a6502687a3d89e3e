import type { Agent, AgentStatus } from '../../engine/domain/agent.ts';
import type { AgentId } from '../../engine/domain/ids.ts';
import type { Queue } from '../../engine/domain/queue.ts';
import type { EventReader } from '../../engine/ports/event-log.ts';

/** What the API needs of the engine; the application joins the two. Commands throw `agent.unknown` and `agent.conflict`. */
export interface ApiDeps {
  readonly agents: AgentCommands;
  queues(): readonly { readonly queue: Queue; readonly contacts: readonly QueuedContactView[] }[];
  calls(): readonly CallRow[];
  readonly events: EventReader['read'];
  /** The parts that serve calls. The engine is ready when all of them are. */
  health(): Readonly<Record<string, PartHealth>>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}

export interface AgentCommands {
  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[];
  signIn(agentId: AgentId): AgentStatus;
  signOut(agentId: AgentId): AgentStatus;
  setReady(agentId: AgentId): AgentStatus;
  setNotReady(agentId: AgentId, reason: string): AgentStatus;
  finishWrapUp(agentId: AgentId): AgentStatus;
}

export interface QueuedContactView {
  readonly contactId: string;
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly position: number;
  readonly step: number;
  readonly offerId?: string;
}

/** A live call. */
export interface CallRow {
  readonly callId: string;
  readonly nodeId: string;
  readonly flow: string;
  readonly flowVersion: string;
  readonly state: string;
  readonly stand: string;
  readonly startedAt: number;
  readonly dialled: string;
  /** As it is; the API masks it unless configured otherwise. */
  readonly callerNumber: string;
}

/** Whether a part of the engine can do its work, and why not. */
export interface PartHealth {
  readonly ready: boolean;
  readonly detail?: string;
}
