import type { AnyStateMachine } from 'xstate';
import type { FlowEnd } from '../callback/customer-first.ts';
import type { CallbackId, NodeId } from '../domain/ids.ts';
import type { Switchboard, SwitchSnapshot } from '../ports/call-control.ts';
import type { CallEvents } from '../ports/call-events.ts';
import type { FlowLibrary } from '../ports/flow-library.ts';
import type { SessionServices } from './call-session.ts';
import type { HeldEvents } from './held-events.ts';

export interface SessionsOptions extends SessionServices {
  readonly switchboard: Switchboard;
  readonly events: CallEvents;
  readonly flows: FlowLibrary<AnyStateMachine>;
  /** Who calls customers back. */
  readonly callbacks?: CallbackCalls;
  /** Of the events of before, when another process gave its calls to this one; undefined when none did. */
  readonly held?: Pick<HeldEvents, 'isUnbroken'> | undefined;
  /** A switch that has been away for so long is given up with its calls. Default 120 000. */
  readonly switchLostMs?: number | undefined;
  /** What new callers meet while they are told to call later; where there is none, or no such flow, they are refused. */
  readonly overloadFlow?: string | undefined;
}

/** The calls of ours to customers, as sessions see them. */
export interface CallbackCalls {
  /** Nodes on which something of before a restart is to be found. */
  nodes(): readonly NodeId[];
  reconcile(nodeId: NodeId, snapshot: SwitchSnapshot, inSession: ReadonlySet<CallbackId>): void;
  connected(callbackId: CallbackId): void;
  flowEnded(callbackId: CallbackId, how: FlowEnd): void;
  /** A switch is away, or another is back: while there is none to call from, no agent is to be bound to a callback. */
  standAside(away?: NodeId): void;
  /** All that a restart left has been compared with the switches. */
  start(): void;
}

