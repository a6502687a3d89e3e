import type { Callback } from '../domain/callback.ts';
import type { ContactRequest, Offer } from '../domain/contact.ts';
import { callbackId, type AgentId, type BridgeId, type CallId, type ChannelId, type NodeId, type PlaybackId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';

/** What a call of ours to a customer has come to. Times are milliseconds since the epoch. */
export type Placing =
  /** Agent first: it stands in the queue; an agent's phone rings; the agent reads the story; the customer's phone rings; they talk. */
  | { readonly stage: 'queued'; readonly callId: CallId; readonly contact: ContactRequest }
  | { readonly stage: 'offered'; readonly callId: CallId; readonly contact: ContactRequest; readonly nodeId: NodeId; readonly offer: Offer; readonly agentLeg: ChannelId }
  | ({ readonly stage: 'preview' } & WithAgent)
  /** `tone`: what the agent hears meanwhile. `message`: one is left should a machine answer. */
  | ({ readonly stage: 'dialling'; readonly customerLeg: ChannelId; readonly dialledAt: number; readonly tone: PlaybackId; readonly message?: true } & WithAgent)
  | ({ readonly stage: 'talking'; readonly customerLeg: ChannelId; readonly bridge: BridgeId } & WithAgent)
  /** Customer first: the phone rings. */
  | ({ readonly stage: 'calling'; readonly message?: true } & Dialled)
  /** Answered, the call is a session with a flow. `machine`: the flow leaves a message, for the agent who was to have the call. */
  | ({ readonly stage: 'inFlow'; readonly machine?: true; readonly agentId?: AgentId } & Dialled);

interface Dialled {
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly customerLeg: ChannelId;
  readonly dialledAt: number;
}

interface WithAgent {
  readonly callId: CallId;
  readonly contact: ContactRequest;
  readonly nodeId: NodeId;
  readonly agentId: AgentId;
  readonly agentLeg: ChannelId;
  /** When the agent answered. */
  readonly since: number;
}

/** A callback with the attempt that is under way, as it is journaled. */
export interface CallbackRecord {
  readonly callback: Callback;
  readonly placing?: Placing;
}

export function encodeCallback({ callback, placing }: CallbackRecord): Json {
  return { v: 1, callback, ...(placing === undefined ? {} : { placing }) } as unknown as Json;
}

/** Undefined when the record was written by a version that we do not understand. */
export function decodeCallback(record: Json): CallbackRecord | undefined {
  const { v, callback, placing } = (record ?? {}) as { readonly v?: Json; readonly callback?: Partial<Callback>; readonly placing?: Placing };
  if (v !== 1 || typeof callback?.callbackId !== 'string' || typeof callback.number !== 'string' || typeof callback.notBefore !== 'number' || typeof callback.period?.to !== 'number') return undefined;
  return { callback: { ...(callback as Callback), callbackId: callbackId(callback.callbackId) }, ...(placing === undefined ? {} : { placing }) };
}

/** How often the customer has been dialled, the attempt that is under way among them. */
export function attemptsOf({ callback, placing }: CallbackRecord): number {
  return callback.attempts.length + (placing !== undefined && 'dialledAt' in placing ? 1 : 0);
}
