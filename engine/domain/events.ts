import type { AdmissionLevel, LoadReason, RefusalReason } from './admission.ts';
import type { AgentStateName } from './agent.ts';
import type { AttemptOutcome, CallbackActor, CallbackEnd, CallbackRefusal, Period } from './callback.ts';
import type { OfferOutcome, OverflowReason } from './contact.ts';
import type { AgentId, CallbackId, CallId, ContactId, NodeId, OfferId, QueueId, RecordingId } from './ids.ts';
import type { Language } from './language.ts';
import type { AgentSelection } from './queue.ts';
import type { PauseReason, RecordingActor, RecordingStep, StopReason } from './recording.ts';
import type { RoutingStep, Skills } from './requirement.ts';
import type { Termination } from './termination.ts';
import type { Wish } from './wish.ts';

/**
 * Everything that is announced, as one union. A body that changes its meaning gets a new `v`; fields may be added.
 * `pii` holds what identifies a person: adapters mask or drop it as configured. Secrets are in no event.
 */
export type DomainEventBody =
  // The way of a call
  | {
      readonly type: 'call.started';
      readonly flow: string;
      readonly flowVersion: string;
      readonly pii: { readonly callerNumber: string; readonly callerName: string };
      readonly dialled: string;
    }
  | { readonly type: 'call.resumed'; readonly state: string; readonly outageMs: number }
  | { readonly type: 'call.state'; readonly state: string }
  | { readonly type: 'call.language'; readonly language: Language }
  | {
      readonly type: 'call.ended';
      readonly termination: Termination;
      readonly durationMs: number;
    }
  | {
      /** Calls that were not taken for want of room. Told at most once a second for a reason and a trunk: `count` calls since the time before, the newest of which is described. */
      readonly type: 'call.refused';
      readonly reason: RefusalReason;
      readonly count: number;
      readonly dialled: string;
      /** What it came in by. */
      readonly trunk?: string;
      readonly pii: { readonly callerNumber: string };
    }
  | {
      /** A switch takes no new calls any more, or takes them again. */
      readonly type: 'node.draining';
      readonly node: NodeId;
      readonly draining: boolean;
      /** Those that go on, to their ends. */
      readonly calls: number;
    }
  | { readonly type: 'call.rejected'; readonly reason: 'unknownNumber' | 'flowBroken'; readonly dialled: string }
  // What the caller heard and did
  | { readonly type: 'prompt.started'; readonly prompts: readonly string[]; readonly language: Language }
  | {
      readonly type: 'prompt.finished';
      readonly prompts: readonly string[];
      readonly interrupted: boolean;
      readonly playedMs: number;
    }
  | { readonly type: 'prompt.failed'; readonly prompts: readonly string[] }
  | {
      /** Menu keys only; what `collect` gathers is never announced digit by digit. */
      readonly type: 'digit.pressed';
      readonly digit: string;
    }
  | { readonly type: 'menu.chosen'; readonly prompt: string; readonly choice: string; readonly by: 'dtmf' | 'speech' }
  | { readonly type: 'menu.missed'; readonly prompt: string; readonly why: 'noInput' | 'noMatch'; readonly attempt: number }
  | {
      /** What a caller said, and what was made of it. `text` is without numbers and names (personal-data.ts). */
      readonly type: 'speech.heard';
      readonly prompt: string;
      readonly decision: 'accept' | 'confirm' | 'either' | 'again';
      readonly choice?: string;
      readonly confidence: number;
      readonly pii: { readonly text: string };
    }
  | {
      /** Nobody can hear the caller: keys go on. `code` is that of an error (docs/errors.md). */
      readonly type: 'speech.failed';
      readonly prompt: string;
      readonly code: string;
    }
  | { readonly type: 'digits.collected'; readonly prompt: string; readonly count: number }
  | {
      readonly type: 'service.called';
      readonly service: string;
      readonly outcome: 'ok' | 'failed';
      readonly code?: string;
      readonly durationMs: number;
    }
  // Who somebody claims to be. `account`, `caller` and `key` are pseudonyms (engine/ports/pseudonyms.ts)
  | {
      /** By the back office, or by a lock before it was asked. A caller who withholds its number has no `caller`. */
      readonly type: 'identification.refused';
      readonly service: string;
      readonly by: 'backOffice' | 'lock';
      readonly account: string;
      readonly caller?: string;
    }
  | {
      /** Guessing at an account, or by a caller, or by those who withhold their number, has come to an end for a while. */
      readonly type: 'identification.locked';
      readonly scope: 'account' | 'caller' | 'withheldCallers';
      readonly key: string;
      readonly failures: number;
      readonly until: number;
    }
  // Queue, offers, conversation
  | {
      /** Also when a contact comes back to its place (after a restart, or with an agent who hung up at once): the same `contactId`. */
      readonly type: 'contact.queued';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly priority: number;
      readonly ageBoostMs: number;
      readonly enqueuedAt: number;
      readonly position: number;
      readonly steps: readonly RoutingStep[];
      readonly afterSteps: 'strict' | 'any';
      /** It is a customer who is called back. */
      readonly callbackId?: CallbackId;
      /** What the caller wants: the choice that told it, and what was said, without numbers and names. */
      readonly wish?: Omit<Wish, 'text'>;
      readonly pii?: { readonly text: string };
    }
  | { readonly type: 'contact.changed'; readonly contactId: ContactId; readonly priority: number; readonly ageBoostMs: number }
  /** 1 is the first; one more than there are is 'any agent of the queue'. */
  | { readonly type: 'contact.step'; readonly contactId: ContactId; readonly step: number }
  /** It has waited so long that it goes before all that have not, whatever their priority. */
  | { readonly type: 'contact.promoted'; readonly contactId: ContactId }
  | {
      /** What was expected of the rest of its wait, for the caller (`told`) or for the books, to be compared with what came. */
      readonly type: 'contact.estimated';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly ahead: number;
      readonly expectedMs: number;
      /** Half of the waits are expected to be shorter than `lowMs`, nine in ten shorter than `highMs`. */
      readonly lowMs: number;
      readonly highMs: number;
      readonly told: boolean;
    }
  | {
      readonly type: 'contact.left';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly how: 'answered' | 'abandoned' | 'overflowed' | 'withdrawn';
      readonly reason?: OverflowReason;
      readonly waitedMs: number;
      /** As in `contact.queued`. */
      readonly callbackId?: CallbackId;
    }
  | {
      readonly type: 'offer.made';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly agentId: AgentId;
    }
  | {
      readonly type: 'offer.ended';
      readonly offerId: OfferId;
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly outcome: OfferOutcome;
      readonly rangMs: number;
    }
  | { readonly type: 'conversation.started'; readonly contactId: ContactId; readonly agentId: AgentId }
  | {
      readonly type: 'conversation.ended';
      readonly contactId: ContactId;
      readonly agentId: AgentId;
      readonly endedBy: 'caller' | 'agent' | 'system';
      readonly talkMs: number;
    }
  | {
      readonly type: 'agent.state';
      readonly agentId: AgentId;
      readonly state: AgentStateName;
      readonly reason?: string;
      /** The contact that a reserved, ringing, talking, held or wrapping agent works for, and its queue. */
      readonly contactId?: ContactId;
      readonly queueId?: QueueId;
      /** The other contacts of an agent with a capacity above one; not given when there are none. */
      readonly beside?: readonly ContactId[];
      /** So many more contacts may be offered to an agent who is not ready but talks; not given when none. */
      readonly freeSlots?: number;
    }
  /** What the agent entered about a conversation (disposition code), in the wrap-up or after it. */
  | { readonly type: 'contact.coded'; readonly contactId: ContactId; readonly agentId: AgentId; readonly queueId: QueueId; readonly code: string }
  | { readonly type: 'queue.state'; readonly queueId: QueueId; readonly waiting: number; readonly longestWaitingSince: number | null }
  | {
      /** Agents and queues as they are from now on: at the start of the engine and after each change. Reports and explanations of the past need it. */
      readonly type: 'acd.configured';
      readonly agents: readonly { readonly agentId: AgentId; readonly skills: Skills; readonly queues: readonly QueueId[] }[];
      readonly queues: readonly {
        readonly queueId: QueueId;
        readonly serviceLevelMs: number;
        readonly shortAbandonMs: number;
        readonly selection: AgentSelection;
      }[];
    }
  // Callbacks
  | { /** A caller was asked whether to be called back. */ readonly type: 'callback.offered'; readonly queueId: QueueId }
  | {
      readonly type: 'callback.requested';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      readonly kind: 'soon' | 'at';
      readonly period: Period;
      readonly virtualSince: number;
      readonly by: CallbackActor;
      readonly pii: { readonly number: string };
    }
  | {
      readonly type: 'callback.refused';
      readonly queueId: QueueId;
      readonly refusal: CallbackRefusal;
      readonly by: CallbackActor;
      readonly pii: { readonly number: string };
    }
  | { readonly type: 'callback.moved'; readonly callbackId: CallbackId; readonly queueId: QueueId; readonly period: Period; readonly by: CallbackActor }
  /** Its time has come: it stands in the queue, or the customer is about to be dialled. */
  | { readonly type: 'callback.due'; readonly callbackId: CallbackId; readonly queueId: QueueId; readonly period: Period }
  | { readonly type: 'callback.dialled'; readonly callbackId: CallbackId; readonly queueId: QueueId; readonly attempt: number; readonly agentId?: AgentId }
  | {
      readonly type: 'callback.attempted';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      /** 1 is the first. */
      readonly attempt: number;
      readonly outcome: AttemptOutcome;
      readonly agentId?: AgentId;
      /** A machine took our message to its end. */
      readonly messageLeft?: boolean;
      /** When it is tried again; not given when it is not. */
      readonly nextAt?: number;
    }
  | {
      readonly type: 'callback.ended';
      readonly callbackId: CallbackId;
      readonly queueId: QueueId;
      readonly how: CallbackEnd;
      readonly attempts: number;
      readonly kind: 'soon' | 'at';
      readonly period: Period;
      /** From the request to its end. */
      readonly tookMs: number;
      readonly by?: CallbackActor;
    }
  // Who used the API (docs/security.md). Of what was sent, only the names of the fields
  | {
      readonly type: 'api.changed';
      readonly user: string;
      readonly role: string;
      readonly via: 'token' | 'session' | 'local';
      /** As the OpenAPI document names it. */
      readonly operation: string;
      /** What stands in the path: ids. */
      readonly target: Readonly<Record<string, string>>;
      readonly fields: readonly string[];
      /** The address that the request came from. */
      readonly from: string;
      readonly outcome: 'done' | 'refused';
      /** Of an error (docs/errors.md). */
      readonly code?: string;
    }
  | {
      readonly type: 'api.signedIn';
      /** Empty when there is no such user: what was typed may be a password. */
      readonly user: string;
      readonly from: string;
      readonly outcome: 'done' | 'refused' | 'locked';
    }
  | { readonly type: 'api.signedOut'; readonly user: string; readonly from: string }
  // Recordings: together they prove what was kept, what was not, and who has heard it
  | {
      /** From now on the sound is kept. */
      readonly type: 'recording.started';
      readonly recordingId: RecordingId;
      readonly by: RecordingActor;
      /** The conversation, where there is one. */
      readonly contactId?: ContactId;
      readonly queueId?: QueueId;
      readonly agentId?: AgentId;
    }
  /** The switch has confirmed that silence is recorded. */
  | { readonly type: 'recording.paused'; readonly recordingId: RecordingId; readonly reason: PauseReason; readonly by?: RecordingActor }
  | {
      /** This reason for silence has ended. */
      readonly type: 'recording.resumed';
      readonly recordingId: RecordingId;
      readonly reason: PauseReason;
      /** Another one still holds: silence goes on. */
      readonly stillPaused: boolean;
      readonly by?: RecordingActor;
    }
  | {
      readonly type: 'recording.stopped';
      readonly recordingId: RecordingId;
      readonly reason: StopReason;
      /** By our clock, pauses included. */
      readonly lastedMs: number;
      readonly by?: RecordingActor;
    }
  | {
      /** It is encrypted on our disk, and the switch may forget it. */
      readonly type: 'recording.stored';
      readonly recordingId: RecordingId;
      readonly durationMs: number;
      readonly bytes: number;
      /** Of the sound as the switch recorded it: what is handed out can be compared with it. */
      readonly sha256: string;
      readonly keyId: string;
      readonly deleteAt: number;
      /** Found on a switch; nobody knew it. */
      readonly found?: true;
    }
  | {
      readonly type: 'recording.failed';
      readonly recordingId: RecordingId;
      readonly step: RecordingStep;
      /** Of an error (docs/errors.md). */
      readonly code: string;
    }
  /** Its sound was handed out. */
  | { readonly type: 'recording.fetched'; readonly recordingId: RecordingId; readonly by: RecordingActor }
  | { readonly type: 'recording.deleted'; readonly recordingId: RecordingId; readonly by: RecordingActor }
  // The engine and its switches
  | { readonly type: 'node.up'; readonly node: NodeId; readonly version: string }
  | { readonly type: 'node.down'; readonly node: NodeId; readonly reason: string }
  | {
      /** What is done about load has changed: of the engine, or of a node. 0 is normal (domain/admission.ts). */
      readonly type: 'admission.level';
      readonly level: AdmissionLevel;
      readonly was: AdmissionLevel;
      readonly reasons: readonly LoadReason[];
      readonly node?: NodeId;
    }
  | { readonly type: 'engine.started'; readonly resumed: number }
  | { readonly type: 'engine.stopped' };

export type DomainEventType = DomainEventBody['type'];

/** A domain event as it stands in the event log. */
export type DomainEvent = {
  /** Version of the body's shape. */
  readonly v: 1;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly callId?: CallId;
} & DomainEventBody;
