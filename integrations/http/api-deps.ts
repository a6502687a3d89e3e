import type { AdmissionLevel, LoadReason, RefusalReason } from '../../engine/domain/admission.ts';
import type { Agent, AgentStatus } from '../../engine/domain/agent.ts';
import type { Callback, CallbackActor, Period } from '../../engine/domain/callback.ts';
import type { AgentId, CallbackId, ContactId, NodeId, QueueId, RecordingId } from '../../engine/domain/ids.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { Queue } from '../../engine/domain/queue.ts';
import type { Wish } from '../../engine/domain/wish.ts';
import type { PauseReason, RecordingCommand, RecordingRequester, StoredRecording } from '../../engine/domain/recording.ts';
import type { EventReader } from '../../engine/ports/event-log.ts';
import type { RecordingQuery } from '../../engine/ports/recording-archive.ts';
import type { z } from 'zod';
import type { AcdConfigResult, ReloadResult } from './acd-schemas.ts';
import type { CallbackStage } from './callback-schemas.ts';
import type { ReportsApi } from './report-routes.ts';
import type { ContactWhy } from './why-schemas.ts';

/** What the API needs of the engine; the application joins the two. Commands throw `agent.unknown` and `agent.conflict`. */
export interface ApiDeps {
  readonly agents: AgentCommands;
  readonly contacts: ContactCommands;
  readonly acd: AcdCommands;
  readonly callbacks: CallbackCommands;
  /** Undefined where nothing is recorded. */
  readonly recordings: RecordingCommands | undefined;
  readonly engine: EngineCommands;
  queues(): readonly QueueRow[];
  calls(): readonly CallRow[];
  admission(): AdmissionView;
  readonly events: EventReader['read'];
  readonly reports: ReportsApi;
  /** By part. The engine is ready when all that are needed are. */
  health(): Readonly<Record<string, PartHealth>>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}

/** The process itself. */
export interface EngineCommands {
  /** Rejects with `engine.hand-over`. */
  handOver(): Promise<{ readonly calls: number }>;
  readonly drain: DrainCommands;
}

export interface DrainCommands {
  readonly state: DrainView;
  /** Of a switch, or of the engine. Rejects with `switch.unknown` and `store.failed`. */
  set(switchName: string | undefined, draining: boolean): Promise<DrainView>;
}

/** What takes no new calls, and what still goes on there. */
export interface DrainView {
  readonly draining: boolean;
  readonly calls: number;
  readonly switches: readonly { readonly nodeId: NodeId; readonly draining: boolean; readonly calls: number }[];
}

export interface AgentCommands {
  agents(): readonly { readonly agent: Agent; readonly status: AgentStatus }[];
  signIn(agentId: AgentId): AgentStatus;
  signOut(agentId: AgentId): AgentStatus;
  setReady(agentId: AgentId): AgentStatus;
  setNotReady(agentId: AgentId, reason: string): AgentStatus;
  finishWrapUp(agentId: AgentId): AgentStatus;
  /** Throws `agent.code-unknown`, too. */
  enterCode(agentId: AgentId, code: string): void;
}

export interface ContactCommands {
  /** False when no such contact waits. */
  change(contactId: ContactId, change: { readonly priority?: number; readonly ageBoostMs?: number }): boolean;
  /** Of a contact or a call. Rejects with `contact.unknown`. */
  why(id: string): Promise<ContactWhy>;
}

/** Agents, queues and skills as configured. Changes reject with `acd.refused`, `acd.unknown` and `acd.no-file`. */
export interface AcdCommands {
  /** What may be set, as the configuration file is checked: one form, wherever a setting comes from. */
  readonly forms: { readonly agent: z.ZodType<Readonly<Record<string, unknown>>>; readonly queue: z.ZodType<Readonly<Record<string, unknown>>> };
  config(): AcdConfigResult;
  reload(): Promise<ReloadResult>;
  put(kind: 'agents' | 'queues', id: string, settings: Readonly<Record<string, unknown>>): Promise<ReloadResult>;
  remove(kind: 'agents' | 'queues', id: string): Promise<ReloadResult>;
}

/** Customers who are to be called back. Changes throw `callback.unknown`, `callback.conflict`, `callback.refused` (with the field `refusal`) and `store.failed`. */
export interface CallbackCommands {
  /** `wanted`: a time within the wanted window; without it: as soon as its turn comes. */
  request(wish: {
    readonly queueId: QueueId;
    readonly number: string;
    readonly language: Language;
    readonly by: CallbackActor;
    readonly wanted?: number;
    readonly topic?: string;
  }): Promise<CallbackRow>;
  move(callbackId: CallbackId, wanted: number | 'soon', by: CallbackActor): Promise<CallbackRow>;
  cancel(callbackId: CallbackId, by: CallbackActor): CallbackRow | Promise<CallbackRow>;
  get(callbackId: CallbackId): CallbackRow | undefined;
  /** Those that are open, and those that ended a while ago; the soonest first. */
  list(): readonly CallbackRow[];
  windows(queueId: QueueId): readonly { readonly period: Period; readonly left: number }[];
}

/** Recordings that are being made, and those that were put away. */
export interface RecordingCommands {
  /** Of a contact in conversation, or of a call. Throw `recording.unknown`, the first one `recording.conflict`, too. */
  command(id: string, command: RecordingCommand, by: RecordingRequester): RecordingState;
  view(id: string): RecordingState;
  list(query: RecordingQuery): Promise<readonly StoredRecording[]>;
  /** Rejects with `recording.unknown`. */
  get(id: RecordingId): Promise<StoredRecording>;
  /** A-law, 8 kHz. Handing it out is an event. Rejects with `recording.unknown`, `recording.key-missing`, `recording.damaged` and `recording.vault-failed`. */
  fetch(id: RecordingId, by: RecordingRequester): Promise<{ readonly recording: StoredRecording; readonly sound: AsyncIterable<Uint8Array> }>;
  delete(id: RecordingId, by: RecordingRequester): Promise<void>;
}

export interface RecordingState {
  readonly callId: string;
  readonly contactId?: string;
  readonly agentId?: string;
  readonly recordingId?: string;
  readonly state: 'off' | 'recording' | 'paused';
  readonly reasons: readonly PauseReason[];
}

/** Its number is as it is; the API masks it unless configured otherwise. */
export interface CallbackRow extends Callback {
  readonly stage: CallbackStage;
}

export interface QueueRow {
  readonly queue: Queue;
  readonly contacts: readonly QueuedContactView[];
  /** Of one who would come now; absent when nothing can be said. */
  readonly expectedWaitMs?: number;
}

export interface QueuedContactView {
  readonly contactId: string;
  readonly callId?: string;
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly position: number;
  readonly step: number;
  readonly promoted?: boolean;
  readonly offerId?: string;
  /** What was said is as it is; the API leaves it out unless configured otherwise. */
  readonly wish?: Wish;
}

/** What is done about load, of the engine or of a switch. */
export interface LoadView {
  readonly level: AdmissionLevel;
  readonly since: number;
  readonly reasons: readonly LoadReason[];
}

export interface AdmissionView extends LoadView {
  readonly nodes: readonly (LoadView & { readonly nodeId: string; readonly draining: boolean; readonly calls: number })[];
  readonly calls: number;
  readonly callLimit?: number | undefined;
  readonly trunks: readonly { readonly trunk: string; readonly calls: number; readonly limit: { readonly calls?: number; readonly perMinute?: number } }[];
  readonly refused: Readonly<Record<RefusalReason, number>>;
  readonly diverted: number;
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
  /** Calls cannot be served without it. */
  readonly needed: boolean;
  readonly detail?: string;
}
