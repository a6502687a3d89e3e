// Generated from the api-docs of Asterisk 22.10.1 by telephony/ari/generate-types.ts. Do not edit.

import type {
  Bridge,
  Channel,
  ContactInfo,
  DeviceState,
  Endpoint,
  LiveRecording,
  Peer,
  Playback,
  ReferTo,
  ReferredBy,
  TextMessage,
} from './models.ts';

export interface ApplicationMoveFailed {
  readonly application: string;
  readonly args: readonly string[];
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly destination: string;
  readonly timestamp: string;
  readonly type: 'ApplicationMoveFailed';
}

export interface ApplicationRegistered {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly timestamp: string;
  readonly type: 'ApplicationRegistered';
}

export interface ApplicationReplaced {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly timestamp: string;
  readonly type: 'ApplicationReplaced';
}

export interface ApplicationUnregistered {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly timestamp: string;
  readonly type: 'ApplicationUnregistered';
}

export interface BridgeAttendedTransfer {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly destination_application?: string;
  readonly destination_bridge?: string;
  readonly destination_link_first_leg?: Channel;
  readonly destination_link_second_leg?: Channel;
  readonly destination_threeway_bridge?: Bridge;
  readonly destination_threeway_channel?: Channel;
  readonly destination_type: string;
  readonly is_external: boolean;
  readonly replace_channel?: Channel;
  readonly result: string;
  readonly timestamp: string;
  readonly transfer_target?: Channel;
  readonly transferee?: Channel;
  readonly transferer_first_leg: Channel;
  readonly transferer_first_leg_bridge?: Bridge;
  readonly transferer_second_leg: Channel;
  readonly transferer_second_leg_bridge?: Bridge;
  readonly type: 'BridgeAttendedTransfer';
}

export interface BridgeBlindTransfer {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge?: Bridge;
  readonly channel: Channel;
  readonly context: string;
  readonly exten: string;
  readonly is_external: boolean;
  readonly replace_channel?: Channel;
  readonly result: string;
  readonly timestamp: string;
  readonly transferee?: Channel;
  readonly type: 'BridgeBlindTransfer';
}

export interface BridgeCreated {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly timestamp: string;
  readonly type: 'BridgeCreated';
}

export interface BridgeDestroyed {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly timestamp: string;
  readonly type: 'BridgeDestroyed';
}

export interface BridgeMerged {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly bridge_from: Bridge;
  readonly timestamp: string;
  readonly type: 'BridgeMerged';
}

export interface BridgeVideoSourceChanged {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly old_video_source_id?: string;
  readonly timestamp: string;
  readonly type: 'BridgeVideoSourceChanged';
}

export interface CallBroadcast {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly called?: string;
  readonly caller?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'CallBroadcast';
}

export interface CallClaimed {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'CallClaimed';
  readonly winner_app: string;
}

export interface ChannelCallerId {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly caller_presentation: number;
  readonly caller_presentation_txt: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelCallerId';
}

export interface ChannelConnectedLine {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelConnectedLine';
}

export interface ChannelCreated {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelCreated';
}

export interface ChannelDestroyed {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly cause: number;
  readonly cause_txt: string;
  readonly channel: Channel;
  readonly tech_cause?: number;
  readonly timestamp: string;
  readonly type: 'ChannelDestroyed';
}

export interface ChannelDialplan {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly dialplan_app: string;
  readonly dialplan_app_data: string;
  readonly timestamp: string;
  readonly type: 'ChannelDialplan';
}

export interface ChannelDtmfReceived {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly digit: string;
  readonly duration_ms: number;
  readonly timestamp: string;
  readonly type: 'ChannelDtmfReceived';
}

export interface ChannelEnteredBridge {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly channel?: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelEnteredBridge';
}

export interface ChannelHangupRequest {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly cause?: number;
  readonly channel: Channel;
  readonly soft?: boolean;
  readonly tech_cause?: number;
  readonly timestamp: string;
  readonly type: 'ChannelHangupRequest';
}

export interface ChannelHold {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly musicclass?: string;
  readonly timestamp: string;
  readonly type: 'ChannelHold';
}

export interface ChannelLeftBridge {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge: Bridge;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelLeftBridge';
}

export interface ChannelStateChange {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelStateChange';
}

export interface ChannelTalkingFinished {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly duration: number;
  readonly timestamp: string;
  readonly type: 'ChannelTalkingFinished';
}

export interface ChannelTalkingStarted {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelTalkingStarted';
}

export interface ChannelToneDetected {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelToneDetected';
}

export interface ChannelTransfer {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly refer_to: ReferTo;
  readonly referred_by: ReferredBy;
  readonly state?: string;
  readonly timestamp: string;
  readonly type: 'ChannelTransfer';
}

export interface ChannelUnhold {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelUnhold';
}

export interface ChannelUserevent {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly bridge?: Bridge;
  readonly channel?: Channel;
  readonly endpoint?: Endpoint;
  readonly eventname: string;
  readonly timestamp: string;
  readonly type: 'ChannelUserevent';
  readonly userevent: unknown;
}

export interface ChannelVarset {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel?: Channel;
  readonly timestamp: string;
  readonly type: 'ChannelVarset';
  readonly value: string;
  readonly variable: string;
}

export interface ContactStatusChange {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly contact_info: ContactInfo;
  readonly endpoint: Endpoint;
  readonly timestamp: string;
  readonly type: 'ContactStatusChange';
}

export interface DeviceStateChanged {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly device_state: DeviceState;
  readonly timestamp: string;
  readonly type: 'DeviceStateChanged';
}

export interface Dial {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly caller?: Channel;
  readonly dialstatus: string;
  readonly dialstring?: string;
  readonly forward?: string;
  readonly forwarded?: Channel;
  readonly peer: Channel;
  readonly timestamp: string;
  readonly type: 'Dial';
}

export interface EndpointStateChange {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly endpoint: Endpoint;
  readonly timestamp: string;
  readonly type: 'EndpointStateChange';
}

export interface PeerStatusChange {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly endpoint: Endpoint;
  readonly peer: Peer;
  readonly timestamp: string;
  readonly type: 'PeerStatusChange';
}

export interface PlaybackContinuing {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly playback: Playback;
  readonly timestamp: string;
  readonly type: 'PlaybackContinuing';
}

export interface PlaybackFinished {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly playback: Playback;
  readonly timestamp: string;
  readonly type: 'PlaybackFinished';
}

export interface PlaybackStarted {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly playback: Playback;
  readonly timestamp: string;
  readonly type: 'PlaybackStarted';
}

export interface RESTResponse {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly content_type?: string;
  readonly message_body?: string;
  readonly reason_phrase: string;
  readonly request_id: string;
  readonly status_code: number;
  readonly timestamp: string;
  readonly transaction_id: string;
  readonly type: 'RESTResponse';
  readonly uri: string;
}

export interface RecordingFailed {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly recording: LiveRecording;
  readonly timestamp: string;
  readonly type: 'RecordingFailed';
}

export interface RecordingFinished {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly recording: LiveRecording;
  readonly timestamp: string;
  readonly type: 'RecordingFinished';
}

export interface RecordingStarted {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly recording: LiveRecording;
  readonly timestamp: string;
  readonly type: 'RecordingStarted';
}

export interface StasisEnd {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly timestamp: string;
  readonly type: 'StasisEnd';
}

export interface StasisStart {
  readonly application: string;
  readonly args: readonly string[];
  readonly asterisk_id?: string;
  readonly channel: Channel;
  readonly replace_channel?: Channel;
  readonly timestamp: string;
  readonly type: 'StasisStart';
}

export interface TextMessageReceived {
  readonly application: string;
  readonly asterisk_id?: string;
  readonly endpoint?: Endpoint;
  readonly message: TextMessage;
  readonly timestamp: string;
  readonly type: 'TextMessageReceived';
}

/** Whatever the event WebSocket delivers, told apart by `type`. */
export type AriEvent =
  | ApplicationMoveFailed
  | ApplicationRegistered
  | ApplicationReplaced
  | ApplicationUnregistered
  | BridgeAttendedTransfer
  | BridgeBlindTransfer
  | BridgeCreated
  | BridgeDestroyed
  | BridgeMerged
  | BridgeVideoSourceChanged
  | CallBroadcast
  | CallClaimed
  | ChannelCallerId
  | ChannelConnectedLine
  | ChannelCreated
  | ChannelDestroyed
  | ChannelDialplan
  | ChannelDtmfReceived
  | ChannelEnteredBridge
  | ChannelHangupRequest
  | ChannelHold
  | ChannelLeftBridge
  | ChannelStateChange
  | ChannelTalkingFinished
  | ChannelTalkingStarted
  | ChannelToneDetected
  | ChannelTransfer
  | ChannelUnhold
  | ChannelUserevent
  | ChannelVarset
  | ContactStatusChange
  | DeviceStateChanged
  | Dial
  | EndpointStateChange
  | PeerStatusChange
  | PlaybackContinuing
  | PlaybackFinished
  | PlaybackStarted
  | RESTResponse
  | RecordingFailed
  | RecordingFinished
  | RecordingStarted
  | StasisEnd
  | StasisStart
  | TextMessageReceived;

export const ARI_EVENT_TYPES = [
  'ApplicationMoveFailed',
  'ApplicationRegistered',
  'ApplicationReplaced',
  'ApplicationUnregistered',
  'BridgeAttendedTransfer',
  'BridgeBlindTransfer',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'BridgeVideoSourceChanged',
  'CallBroadcast',
  'CallClaimed',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDestroyed',
  'ChannelDialplan',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelHold',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'ChannelTalkingFinished',
  'ChannelTalkingStarted',
  'ChannelToneDetected',
  'ChannelTransfer',
  'ChannelUnhold',
  'ChannelUserevent',
  'ChannelVarset',
  'ContactStatusChange',
  'DeviceStateChanged',
  'Dial',
  'EndpointStateChange',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackFinished',
  'PlaybackStarted',
  'RESTResponse',
  'RecordingFailed',
  'RecordingFinished',
  'RecordingStarted',
  'StasisEnd',
  'StasisStart',
  'TextMessageReceived',
] as const satisfies readonly AriEvent['type'][];
