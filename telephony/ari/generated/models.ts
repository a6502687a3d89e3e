// Generated from the api-docs of Asterisk 22.10.1 by telephony/ari/generate-types.ts. Do not edit.

export interface AdditionalParam {
  readonly parameter_name: string;
  readonly parameter_value: string;
}

export interface Application {
  readonly bridge_ids: readonly string[];
  readonly channel_ids: readonly string[];
  readonly device_names: readonly string[];
  readonly endpoint_ids: readonly string[];
  readonly events_allowed: readonly unknown[];
  readonly events_disallowed: readonly unknown[];
  readonly name: string;
}

export interface AsteriskInfo {
  readonly build?: BuildInfo;
  readonly config?: ConfigInfo;
  readonly status?: StatusInfo;
  readonly system?: SystemInfo;
}

export interface AsteriskPing {
  readonly asterisk_id: string;
  readonly ping: string;
  readonly timestamp: string;
}

export interface Bridge {
  readonly bridge_class: string;
  readonly bridge_type: 'mixing' | 'holding';
  readonly bridgevars?: unknown;
  readonly channels: readonly string[];
  readonly creationtime: string;
  readonly creator: string;
  readonly id: string;
  readonly name: string;
  readonly technology: string;
  readonly video_mode?: string;
  readonly video_source_id?: string;
}

export interface BuildInfo {
  readonly date: string;
  readonly kernel: string;
  readonly machine: string;
  readonly options: string;
  readonly os: string;
  readonly user: string;
}

export interface CallerID {
  readonly name: string;
  readonly number: string;
}

export interface Channel {
  readonly accountcode: string;
  readonly caller: CallerID;
  readonly caller_rdnis?: string;
  readonly channelvars?: unknown;
  readonly connected: CallerID;
  readonly creationtime: string;
  readonly dialplan: DialplanCEP;
  readonly id: string;
  readonly language: string;
  readonly name: string;
  readonly protocol_id: string;
  readonly state: 'Down' | 'Rsrved' | 'OffHook' | 'Dialing' | 'Ring' | 'Ringing' | 'Up' | 'Busy' | 'Dialing Offhook' | 'Pre-ring' | 'Unknown';
  readonly tenantid?: string;
}

export interface ConfigInfo {
  readonly default_language: string;
  readonly max_channels?: number;
  readonly max_load?: number;
  readonly max_open_files?: number;
  readonly name: string;
  readonly setid: SetId;
}

export interface ConfigTuple {
  readonly attribute: string;
  readonly value: string;
}

export interface ContactInfo {
  readonly aor: string;
  readonly contact_status: 'Unreachable' | 'Reachable' | 'Unknown' | 'NonQualified' | 'Removed';
  readonly roundtrip_usec?: string;
  readonly uri: string;
}

export interface DeviceState {
  readonly name: string;
  readonly state: 'UNKNOWN' | 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'INVALID' | 'UNAVAILABLE' | 'RINGING' | 'RINGINUSE' | 'ONHOLD';
}

export interface Dialed {
}

export interface DialplanCEP {
  readonly app_data: string;
  readonly app_name: string;
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
}

export interface Endpoint {
  readonly channel_ids: readonly string[];
  readonly resource: string;
  readonly state?: 'unknown' | 'offline' | 'online';
  readonly technology: string;
}

export interface FormatLangPair {
  readonly format: string;
  readonly language: string;
}

export interface LiveRecording {
  readonly cause?: string;
  readonly duration?: number;
  readonly format: string;
  readonly name: string;
  readonly silence_duration?: number;
  readonly state: 'queued' | 'recording' | 'paused' | 'done' | 'failed' | 'canceled';
  readonly talking_duration?: number;
  readonly target_uri: string;
}

export interface LogChannel {
  readonly channel: string;
  readonly configuration: string;
  readonly status: string;
  readonly type: string;
}

export interface Mailbox {
  readonly name: string;
  readonly new_messages: number;
  readonly old_messages: number;
}

export interface Module {
  readonly description: string;
  readonly name: string;
  readonly status: string;
  readonly support_level: string;
  readonly use_count: number;
}

export interface Peer {
  readonly address?: string;
  readonly cause?: string;
  readonly peer_status: string;
  readonly port?: string;
  readonly time?: string;
}

export interface Playback {
  readonly id: string;
  readonly language?: string;
  readonly media_uri: string;
  readonly next_media_uri?: string;
  readonly state: 'queued' | 'playing' | 'continuing' | 'done' | 'failed';
  readonly target_uri: string;
}

export interface RESTHeader {
  readonly name: string;
  readonly value: string;
}

export interface RESTQueryStringParameter {
  readonly name: string;
  readonly value: string;
}

export interface RESTRequest {
  readonly content_type?: string;
  readonly message_body?: string;
  readonly method: string;
  readonly query_strings?: readonly RESTQueryStringParameter[];
  readonly request_id: string;
  readonly transaction_id: string;
  readonly type: string;
  readonly uri: string;
}

export interface RTPstat {
  readonly channel_uniqueid: string;
  readonly local_maxjitter?: number;
  readonly local_maxrxploss?: number;
  readonly local_minjitter?: number;
  readonly local_minrxploss?: number;
  readonly local_normdevjitter?: number;
  readonly local_normdevrxploss?: number;
  readonly local_ssrc: number;
  readonly local_stdevjitter?: number;
  readonly local_stdevrxploss?: number;
  readonly maxrtt?: number;
  readonly minrtt?: number;
  readonly normdevrtt?: number;
  readonly remote_maxjitter?: number;
  readonly remote_maxrxploss?: number;
  readonly remote_minjitter?: number;
  readonly remote_minrxploss?: number;
  readonly remote_normdevjitter?: number;
  readonly remote_normdevrxploss?: number;
  readonly remote_ssrc: number;
  readonly remote_stdevjitter?: number;
  readonly remote_stdevrxploss?: number;
  readonly rtt?: number;
  readonly rxcount: number;
  readonly rxjitter?: number;
  readonly rxoctetcount: number;
  readonly rxploss: number;
  readonly stdevrtt?: number;
  readonly txcount: number;
  readonly txjitter?: number;
  readonly txoctetcount: number;
  readonly txploss: number;
}

export interface ReferTo {
  readonly bridge?: Bridge;
  readonly connected_channel?: Channel;
  readonly destination_channel?: Channel;
  readonly requested_destination: RequiredDestination;
}

export interface ReferredBy {
  readonly bridge?: Bridge;
  readonly connected_channel?: Channel;
  readonly source_channel: Channel;
}

export interface RequiredDestination {
  readonly additional_protocol_params?: readonly AdditionalParam[];
  readonly destination?: string;
  readonly protocol_id?: string;
}

export interface SetId {
  readonly group: string;
  readonly user: string;
}

export interface Sound {
  readonly formats: readonly FormatLangPair[];
  readonly id: string;
  readonly text?: string;
}

export interface StatusInfo {
  readonly last_reload_time: string;
  readonly startup_time: string;
}

export interface StoredRecording {
  readonly format: string;
  readonly name: string;
}

export interface SystemInfo {
  readonly entity_id: string;
  readonly version: string;
}

export interface TextMessage {
  readonly body: string;
  readonly from: string;
  readonly to: string;
  readonly variables?: unknown;
}

export interface Variable {
  readonly value: string;
}

export interface Variables {
  readonly variables: unknown;
}
