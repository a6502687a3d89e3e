import type { AgentStateName } from './agent.ts';
import type { OfferOutcome, OverflowReason } from './contact.ts';
import type { AgentId, CallId, ContactId, NodeId, OfferId, QueueId } from './ids.ts';
import type { Language } from './language.ts';
import type { Termination } from './termination.ts';

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
  | { readonly type: 'digits.collected'; readonly prompt: string; readonly count: number }
  | {
      readonly type: 'service.called';
      readonly service: string;
      readonly outcome: 'ok' | 'failed';
      readonly code?: string;
      readonly durationMs: number;
    }
  // Queue, offers, conversation
  | { readonly type: 'contact.queued'; readonly contactId: ContactId; readonly queueId: QueueId; readonly priority: number; readonly position: number }
  | { readonly type: 'contact.step'; readonly contactId: ContactId; readonly step: number }
  | {
      readonly type: 'contact.left';
      readonly contactId: ContactId;
      readonly queueId: QueueId;
      readonly how: 'answered' | 'abandoned' | 'overflowed' | 'withdrawn';
      readonly reason?: OverflowReason;
      readonly waitedMs: number;
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
  | { readonly type: 'agent.state'; readonly agentId: AgentId; readonly state: AgentStateName; readonly reason?: string }
  | { readonly type: 'queue.state'; readonly queueId: QueueId; readonly waiting: number; readonly longestWaitingSince: number | null }
  // The engine and its switches
  | { readonly type: 'node.up'; readonly node: NodeId; readonly version: string }
  | { readonly type: 'node.down'; readonly node: NodeId; readonly reason: string }
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
