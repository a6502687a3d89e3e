declare const brand: unique symbol;
/** A string that cannot be mistaken for another kind of id. */
export type Brand<Name extends string> = string & { readonly [brand]: Name };

/** One call of one caller, from first event to termination. Ours, unique for ever. */
export type CallId = Brand<'CallId'>;
/** A channel of the switch (ARI channel id). We choose it for the legs that we dial. */
export type ChannelId = Brand<'ChannelId'>;
export type BridgeId = Brand<'BridgeId'>;
export type PlaybackId = Brand<'PlaybackId'>;
/** One switch (an Asterisk). A call belongs to exactly one node. */
export type NodeId = Brand<'NodeId'>;
export type AgentId = Brand<'AgentId'>;
export type QueueId = Brand<'QueueId'>;
/** What waits in a queue: a call now, a callback later. */
export type ContactId = Brand<'ContactId'>;
/** One reservation of one agent for one contact. */
export type OfferId = Brand<'OfferId'>;

/** One request to call a customer back. */
export type CallbackId = Brand<'CallbackId'>;
/** One recording of one call, on the switch and where it is kept. */
export type RecordingId = Brand<'RecordingId'>;

export const callId = (value: string): CallId => value as CallId;
export const channelId = (value: string): ChannelId => value as ChannelId;
export const bridgeId = (value: string): BridgeId => value as BridgeId;
export const playbackId = (value: string): PlaybackId => value as PlaybackId;
export const nodeId = (value: string): NodeId => value as NodeId;
export const agentId = (value: string): AgentId => value as AgentId;
export const queueId = (value: string): QueueId => value as QueueId;
export const contactId = (value: string): ContactId => value as ContactId;
export const offerId = (value: string): OfferId => value as OfferId;
export const callbackId = (value: string): CallbackId => value as CallbackId;
export const recordingId = (value: string): RecordingId => value as RecordingId;
