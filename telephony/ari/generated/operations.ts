// Generated from the api-docs of Asterisk 22.10.1 by telephony/ari/generate-types.ts. Do not edit.

import type {
  Application,
  AsteriskInfo,
  AsteriskPing,
  Bridge,
  Channel,
  ConfigTuple,
  DeviceState,
  Endpoint,
  LiveRecording,
  LogChannel,
  Mailbox,
  Module,
  Playback,
  RTPstat,
  Sound,
  StoredRecording,
  Variable,
  Variables,
} from './models.ts';

/** Parameters and result of each operation. */
export interface AriOperations {
  'applications.filter': { params: { readonly applicationName: string; readonly filter?: unknown }; result: Application };
  'applications.get': { params: { readonly applicationName: string }; result: Application };
  'applications.list': { params: Record<never, never>; result: readonly Application[] };
  'applications.subscribe': { params: { readonly applicationName: string; readonly eventSource: readonly string[] }; result: Application };
  'applications.unsubscribe': { params: { readonly applicationName: string; readonly eventSource: readonly string[] }; result: Application };
  'asterisk.addLog': { params: { readonly logChannelName: string; readonly configuration: string }; result: void };
  'asterisk.deleteLog': { params: { readonly logChannelName: string }; result: void };
  'asterisk.deleteObject': { params: { readonly configClass: string; readonly objectType: string; readonly id: string }; result: void };
  'asterisk.getGlobalVar': { params: { readonly variable: string }; result: Variable };
  'asterisk.getInfo': { params: { readonly only?: readonly ('build' | 'system' | 'config' | 'status')[] }; result: AsteriskInfo };
  'asterisk.getModule': { params: { readonly moduleName: string }; result: Module };
  'asterisk.getObject': { params: { readonly configClass: string; readonly objectType: string; readonly id: string }; result: readonly ConfigTuple[] };
  'asterisk.listLogChannels': { params: Record<never, never>; result: readonly LogChannel[] };
  'asterisk.listModules': { params: Record<never, never>; result: readonly Module[] };
  'asterisk.loadModule': { params: { readonly moduleName: string }; result: void };
  'asterisk.ping': { params: Record<never, never>; result: AsteriskPing };
  'asterisk.reloadModule': { params: { readonly moduleName: string }; result: void };
  'asterisk.rotateLog': { params: { readonly logChannelName: string }; result: void };
  'asterisk.setGlobalVar': { params: { readonly variable: string; readonly value?: string }; result: void };
  'asterisk.unloadModule': { params: { readonly moduleName: string }; result: void };
  'asterisk.updateObject': { params: { readonly configClass: string; readonly objectType: string; readonly id: string; readonly fields?: Readonly<Record<string, string>> }; result: readonly ConfigTuple[] };
  'bridges.addChannel': { params: { readonly bridgeId: string; readonly channel: readonly string[]; readonly role?: string; readonly absorbDTMF?: boolean; readonly mute?: boolean; readonly inhibitConnectedLineUpdates?: boolean }; result: void };
  'bridges.clearVideoSource': { params: { readonly bridgeId: string }; result: void };
  'bridges.create': { params: { readonly type?: string; readonly bridgeId?: string; readonly name?: string; readonly variables?: Readonly<Record<string, string>> }; result: Bridge };
  'bridges.createWithId': { params: { readonly type?: string; readonly bridgeId: string; readonly name?: string; readonly variables?: Readonly<Record<string, string>> }; result: Bridge };
  'bridges.destroy': { params: { readonly bridgeId: string }; result: void };
  'bridges.get': { params: { readonly bridgeId: string }; result: Bridge };
  'bridges.getBridgeVar': { params: { readonly bridgeId: string; readonly variable: string }; result: Variable };
  'bridges.getBridgeVars': { params: { readonly bridgeId: string; readonly variables: readonly string[] }; result: Variables };
  'bridges.list': { params: Record<never, never>; result: readonly Bridge[] };
  'bridges.play': { params: { readonly bridgeId: string; readonly media: readonly string[]; readonly announcer_format?: string; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number; readonly playbackId?: string }; result: Playback };
  'bridges.playWithId': { params: { readonly bridgeId: string; readonly playbackId: string; readonly media: readonly string[]; readonly announcer_format?: string; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number }; result: Playback };
  'bridges.record': { params: { readonly bridgeId: string; readonly name: string; readonly format: string; readonly recorder_format?: string; readonly maxDurationSeconds?: number; readonly maxSilenceSeconds?: number; readonly ifExists?: 'fail' | 'overwrite' | 'append'; readonly beep?: boolean; readonly terminateOn?: 'none' | 'any' | '*' | '#' }; result: LiveRecording };
  'bridges.removeChannel': { params: { readonly bridgeId: string; readonly channel: readonly string[] }; result: void };
  'bridges.setBridgeVar': { params: { readonly bridgeId: string; readonly variable: string; readonly value?: string; readonly report_events?: boolean }; result: void };
  'bridges.setBridgeVars': { params: { readonly bridgeId: string; readonly variables: Readonly<Record<string, string>> }; result: void };
  'bridges.setVideoSource': { params: { readonly bridgeId: string; readonly channelId: string }; result: void };
  'bridges.startMoh': { params: { readonly bridgeId: string; readonly mohClass?: string }; result: void };
  'bridges.stopMoh': { params: { readonly bridgeId: string }; result: void };
  'channels.answer': { params: { readonly channelId: string }; result: void };
  'channels.continueInDialplan': { params: { readonly channelId: string; readonly context?: string; readonly extension?: string; readonly priority?: number; readonly label?: string }; result: void };
  'channels.create': { params: { readonly endpoint: string; readonly app: string; readonly appArgs?: string; readonly channelId?: string; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string; readonly variables?: Readonly<Record<string, string>> }; result: Channel };
  'channels.dial': { params: { readonly channelId: string; readonly caller?: string; readonly timeout?: number }; result: void };
  'channels.externalMedia': { params: { readonly channelId?: string; readonly app: string; readonly variables?: Readonly<Record<string, string>>; readonly external_host?: string; readonly encapsulation?: 'rtp' | 'audiosocket' | 'none'; readonly transport?: 'udp' | 'tcp' | 'websocket'; readonly connection_type?: 'client' | 'server'; readonly format: string; readonly direction?: 'both'; readonly data?: string; readonly transport_data?: string }; result: Channel };
  'channels.get': { params: { readonly channelId: string }; result: Channel };
  'channels.getChannelVar': { params: { readonly channelId: string; readonly variable: string }; result: Variable };
  'channels.getChannelVars': { params: { readonly channelId: string; readonly variables: readonly string[] }; result: Variables };
  'channels.hangup': { params: { readonly channelId: string; readonly reason_code?: string; readonly reason?: 'normal' | 'busy' | 'congestion' | 'no_answer' | 'timeout' | 'rejected' | 'unallocated' | 'normal_unspecified' | 'number_incomplete' | 'codec_mismatch' | 'interworking' | 'failure' | 'answered_elsewhere' }; result: void };
  'channels.hold': { params: { readonly channelId: string }; result: void };
  'channels.list': { params: Record<never, never>; result: readonly Channel[] };
  'channels.move': { params: { readonly channelId: string; readonly app: string; readonly appArgs?: string }; result: void };
  'channels.mute': { params: { readonly channelId: string; readonly direction?: 'both' | 'in' | 'out' }; result: void };
  'channels.originate': { params: { readonly endpoint: string; readonly extension?: string; readonly context?: string; readonly priority?: number; readonly label?: string; readonly app?: string; readonly appArgs?: string; readonly callerId?: string; readonly timeout?: number; readonly variables?: Readonly<Record<string, string>>; readonly channelId?: string; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string }; result: Channel };
  'channels.originateWithId': { params: { readonly channelId: string; readonly endpoint: string; readonly extension?: string; readonly context?: string; readonly priority?: number; readonly label?: string; readonly app?: string; readonly appArgs?: string; readonly callerId?: string; readonly timeout?: number; readonly variables?: Readonly<Record<string, string>>; readonly otherChannelId?: string; readonly originator?: string; readonly formats?: string }; result: Channel };
  'channels.play': { params: { readonly channelId: string; readonly media: readonly string[]; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number; readonly playbackId?: string }; result: Playback };
  'channels.playWithId': { params: { readonly channelId: string; readonly playbackId: string; readonly media: readonly string[]; readonly lang?: string; readonly offsetms?: number; readonly skipms?: number }; result: Playback };
  'channels.progress': { params: { readonly channelId: string }; result: void };
  'channels.record': { params: { readonly channelId: string; readonly name: string; readonly format: string; readonly maxDurationSeconds?: number; readonly maxSilenceSeconds?: number; readonly ifExists?: 'fail' | 'overwrite' | 'append'; readonly beep?: boolean; readonly terminateOn?: 'none' | 'any' | '*' | '#' }; result: LiveRecording };
  'channels.redirect': { params: { readonly channelId: string; readonly endpoint: string }; result: void };
  'channels.ring': { params: { readonly channelId: string }; result: void };
  'channels.ringStop': { params: { readonly channelId: string }; result: void };
  'channels.rtpstatistics': { params: { readonly channelId: string }; result: RTPstat };
  'channels.sendDTMF': { params: { readonly channelId: string; readonly dtmf?: string; readonly before?: number; readonly between?: number; readonly duration?: number; readonly after?: number }; result: void };
  'channels.setChannelVar': { params: { readonly channelId: string; readonly variable: string; readonly value?: string; readonly report_events?: boolean }; result: void };
  'channels.setChannelVars': { params: { readonly channelId: string; readonly variables: Readonly<Record<string, string>> }; result: void };
  'channels.snoopChannel': { params: { readonly channelId: string; readonly spy?: 'none' | 'both' | 'out' | 'in'; readonly whisper?: 'none' | 'both' | 'out' | 'in'; readonly app: string; readonly appArgs?: string; readonly snoopId?: string }; result: Channel };
  'channels.snoopChannelWithId': { params: { readonly channelId: string; readonly snoopId: string; readonly spy?: 'none' | 'both' | 'out' | 'in'; readonly whisper?: 'none' | 'both' | 'out' | 'in'; readonly app: string; readonly appArgs?: string }; result: Channel };
  'channels.startMoh': { params: { readonly channelId: string; readonly mohClass?: string }; result: void };
  'channels.startSilence': { params: { readonly channelId: string }; result: void };
  'channels.stopMoh': { params: { readonly channelId: string }; result: void };
  'channels.stopSilence': { params: { readonly channelId: string }; result: void };
  'channels.transfer_progress': { params: { readonly channelId: string; readonly states: string }; result: void };
  'channels.unhold': { params: { readonly channelId: string }; result: void };
  'channels.unmute': { params: { readonly channelId: string; readonly direction?: 'both' | 'in' | 'out' }; result: void };
  'deviceStates.delete': { params: { readonly deviceName: string }; result: void };
  'deviceStates.get': { params: { readonly deviceName: string }; result: DeviceState };
  'deviceStates.list': { params: Record<never, never>; result: readonly DeviceState[] };
  'deviceStates.update': { params: { readonly deviceName: string; readonly deviceState: 'NOT_INUSE' | 'INUSE' | 'BUSY' | 'INVALID' | 'UNAVAILABLE' | 'RINGING' | 'RINGINUSE' | 'ONHOLD' }; result: void };
  'endpoints.get': { params: { readonly tech: string; readonly resource: string }; result: Endpoint };
  'endpoints.list': { params: Record<never, never>; result: readonly Endpoint[] };
  'endpoints.listByTech': { params: { readonly tech: string }; result: readonly Endpoint[] };
  'endpoints.refer': { params: { readonly to: string; readonly from: string; readonly refer_to: string; readonly to_self?: boolean; readonly variables?: Readonly<Record<string, string>> }; result: void };
  'endpoints.referToEndpoint': { params: { readonly tech: string; readonly resource: string; readonly from: string; readonly refer_to: string; readonly to_self?: boolean; readonly variables?: Readonly<Record<string, string>> }; result: void };
  'endpoints.sendMessage': { params: { readonly to: string; readonly from: string; readonly body?: string; readonly variables?: Readonly<Record<string, string>> }; result: void };
  'endpoints.sendMessageToEndpoint': { params: { readonly tech: string; readonly resource: string; readonly from: string; readonly body?: string; readonly variables?: Readonly<Record<string, string>> }; result: void };
  'events.claimChannel': { params: { readonly channelId: string; readonly application: string }; result: void };
  'events.userEvent': { params: { readonly eventName: string; readonly application: string; readonly source?: readonly string[]; readonly variables?: Readonly<Record<string, string>> }; result: void };
  'mailboxes.delete': { params: { readonly mailboxName: string }; result: void };
  'mailboxes.get': { params: { readonly mailboxName: string }; result: Mailbox };
  'mailboxes.list': { params: Record<never, never>; result: readonly Mailbox[] };
  'mailboxes.update': { params: { readonly mailboxName: string; readonly oldMessages: number; readonly newMessages: number }; result: void };
  'playbacks.control': { params: { readonly playbackId: string; readonly operation: 'restart' | 'pause' | 'unpause' | 'reverse' | 'forward' }; result: void };
  'playbacks.get': { params: { readonly playbackId: string }; result: Playback };
  'playbacks.stop': { params: { readonly playbackId: string }; result: void };
  'recordings.cancel': { params: { readonly recordingName: string }; result: void };
  'recordings.copyStored': { params: { readonly recordingName: string; readonly destinationRecordingName: string }; result: StoredRecording };
  'recordings.deleteStored': { params: { readonly recordingName: string }; result: void };
  'recordings.getLive': { params: { readonly recordingName: string }; result: LiveRecording };
  'recordings.getStored': { params: { readonly recordingName: string }; result: StoredRecording };
  'recordings.getStoredFile': { params: { readonly recordingName: string }; result: unknown };
  'recordings.listStored': { params: Record<never, never>; result: readonly StoredRecording[] };
  'recordings.mute': { params: { readonly recordingName: string }; result: void };
  'recordings.pause': { params: { readonly recordingName: string }; result: void };
  'recordings.stop': { params: { readonly recordingName: string }; result: void };
  'recordings.unmute': { params: { readonly recordingName: string }; result: void };
  'recordings.unpause': { params: { readonly recordingName: string }; result: void };
  'sounds.get': { params: { readonly soundId: string }; result: Sound };
  'sounds.list': { params: { readonly lang?: string; readonly format?: string }; result: readonly Sound[] };
}

/** `body`: the one parameter that travels as JSON; `bare` when it is the whole body, not a field of it. */
export interface AriOperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: { readonly name: string; readonly bare: boolean };
}

export const ARI_OPERATIONS: Readonly<Record<keyof AriOperations, AriOperationRow>> = {
  'applications.filter': { method: 'PUT', path: '/applications/{applicationName}/eventFilter', query: [], body: { name: 'filter', bare: true } },
  'applications.get': { method: 'GET', path: '/applications/{applicationName}', query: [] },
  'applications.list': { method: 'GET', path: '/applications', query: [] },
  'applications.subscribe': { method: 'POST', path: '/applications/{applicationName}/subscription', query: ['eventSource'] },
  'applications.unsubscribe': { method: 'DELETE', path: '/applications/{applicationName}/subscription', query: ['eventSource'] },
  'asterisk.addLog': { method: 'POST', path: '/asterisk/logging/{logChannelName}', query: ['configuration'] },
  'asterisk.deleteLog': { method: 'DELETE', path: '/asterisk/logging/{logChannelName}', query: [] },
  'asterisk.deleteObject': { method: 'DELETE', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [] },
  'asterisk.getGlobalVar': { method: 'GET', path: '/asterisk/variable', query: ['variable'] },
  'asterisk.getInfo': { method: 'GET', path: '/asterisk/info', query: ['only'] },
  'asterisk.getModule': { method: 'GET', path: '/asterisk/modules/{moduleName}', query: [] },
  'asterisk.getObject': { method: 'GET', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [] },
  'asterisk.listLogChannels': { method: 'GET', path: '/asterisk/logging', query: [] },
  'asterisk.listModules': { method: 'GET', path: '/asterisk/modules', query: [] },
  'asterisk.loadModule': { method: 'POST', path: '/asterisk/modules/{moduleName}', query: [] },
  'asterisk.ping': { method: 'GET', path: '/asterisk/ping', query: [] },
  'asterisk.reloadModule': { method: 'PUT', path: '/asterisk/modules/{moduleName}', query: [] },
  'asterisk.rotateLog': { method: 'PUT', path: '/asterisk/logging/{logChannelName}/rotate', query: [] },
  'asterisk.setGlobalVar': { method: 'POST', path: '/asterisk/variable', query: ['variable', 'value'] },
  'asterisk.unloadModule': { method: 'DELETE', path: '/asterisk/modules/{moduleName}', query: [] },
  'asterisk.updateObject': { method: 'PUT', path: '/asterisk/config/dynamic/{configClass}/{objectType}/{id}', query: [], body: { name: 'fields', bare: false } },
  'bridges.addChannel': { method: 'POST', path: '/bridges/{bridgeId}/addChannel', query: ['channel', 'role', 'absorbDTMF', 'mute', 'inhibitConnectedLineUpdates'] },
  'bridges.clearVideoSource': { method: 'DELETE', path: '/bridges/{bridgeId}/videoSource', query: [] },
  'bridges.create': { method: 'POST', path: '/bridges', query: ['type', 'bridgeId', 'name'], body: { name: 'variables', bare: false } },
  'bridges.createWithId': { method: 'POST', path: '/bridges/{bridgeId}', query: ['type', 'name'], body: { name: 'variables', bare: false } },
  'bridges.destroy': { method: 'DELETE', path: '/bridges/{bridgeId}', query: [] },
  'bridges.get': { method: 'GET', path: '/bridges/{bridgeId}', query: [] },
  'bridges.getBridgeVar': { method: 'GET', path: '/bridges/{bridgeId}/variable', query: ['variable'] },
  'bridges.getBridgeVars': { method: 'GET', path: '/bridges/{bridgeId}/variables', query: ['variables'] },
  'bridges.list': { method: 'GET', path: '/bridges', query: [] },
  'bridges.play': { method: 'POST', path: '/bridges/{bridgeId}/play', query: ['media', 'announcer_format', 'lang', 'offsetms', 'skipms', 'playbackId'] },
  'bridges.playWithId': { method: 'POST', path: '/bridges/{bridgeId}/play/{playbackId}', query: ['media', 'announcer_format', 'lang', 'offsetms', 'skipms'] },
  'bridges.record': { method: 'POST', path: '/bridges/{bridgeId}/record', query: ['name', 'format', 'recorder_format', 'maxDurationSeconds', 'maxSilenceSeconds', 'ifExists', 'beep', 'terminateOn'] },
  'bridges.removeChannel': { method: 'POST', path: '/bridges/{bridgeId}/removeChannel', query: ['channel'] },
  'bridges.setBridgeVar': { method: 'POST', path: '/bridges/{bridgeId}/variable', query: ['variable', 'value', 'report_events'] },
  'bridges.setBridgeVars': { method: 'POST', path: '/bridges/{bridgeId}/variables', query: [], body: { name: 'variables', bare: false } },
  'bridges.setVideoSource': { method: 'POST', path: '/bridges/{bridgeId}/videoSource/{channelId}', query: [] },
  'bridges.startMoh': { method: 'POST', path: '/bridges/{bridgeId}/moh', query: ['mohClass'] },
  'bridges.stopMoh': { method: 'DELETE', path: '/bridges/{bridgeId}/moh', query: [] },
  'channels.answer': { method: 'POST', path: '/channels/{channelId}/answer', query: [] },
  'channels.continueInDialplan': { method: 'POST', path: '/channels/{channelId}/continue', query: ['context', 'extension', 'priority', 'label'] },
  'channels.create': { method: 'POST', path: '/channels/create', query: ['endpoint', 'app', 'appArgs', 'channelId', 'otherChannelId', 'originator', 'formats'], body: { name: 'variables', bare: false } },
  'channels.dial': { method: 'POST', path: '/channels/{channelId}/dial', query: ['caller', 'timeout'] },
  'channels.externalMedia': { method: 'POST', path: '/channels/externalMedia', query: ['channelId', 'app', 'external_host', 'encapsulation', 'transport', 'connection_type', 'format', 'direction', 'data', 'transport_data'], body: { name: 'variables', bare: false } },
  'channels.get': { method: 'GET', path: '/channels/{channelId}', query: [] },
  'channels.getChannelVar': { method: 'GET', path: '/channels/{channelId}/variable', query: ['variable'] },
  'channels.getChannelVars': { method: 'GET', path: '/channels/{channelId}/variables', query: ['variables'] },
  'channels.hangup': { method: 'DELETE', path: '/channels/{channelId}', query: ['reason_code', 'reason'] },
  'channels.hold': { method: 'POST', path: '/channels/{channelId}/hold', query: [] },
  'channels.list': { method: 'GET', path: '/channels', query: [] },
  'channels.move': { method: 'POST', path: '/channels/{channelId}/move', query: ['app', 'appArgs'] },
  'channels.mute': { method: 'POST', path: '/channels/{channelId}/mute', query: ['direction'] },
  'channels.originate': { method: 'POST', path: '/channels', query: ['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout', 'channelId', 'otherChannelId', 'originator', 'formats'], body: { name: 'variables', bare: false } },
  'channels.originateWithId': { method: 'POST', path: '/channels/{channelId}', query: ['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout', 'otherChannelId', 'originator', 'formats'], body: { name: 'variables', bare: false } },
  'channels.play': { method: 'POST', path: '/channels/{channelId}/play', query: ['media', 'lang', 'offsetms', 'skipms', 'playbackId'] },
  'channels.playWithId': { method: 'POST', path: '/channels/{channelId}/play/{playbackId}', query: ['media', 'lang', 'offsetms', 'skipms'] },
  'channels.progress': { method: 'POST', path: '/channels/{channelId}/progress', query: [] },
  'channels.record': { method: 'POST', path: '/channels/{channelId}/record', query: ['name', 'format', 'maxDurationSeconds', 'maxSilenceSeconds', 'ifExists', 'beep', 'terminateOn'] },
  'channels.redirect': { method: 'POST', path: '/channels/{channelId}/redirect', query: ['endpoint'] },
  'channels.ring': { method: 'POST', path: '/channels/{channelId}/ring', query: [] },
  'channels.ringStop': { method: 'DELETE', path: '/channels/{channelId}/ring', query: [] },
  'channels.rtpstatistics': { method: 'GET', path: '/channels/{channelId}/rtp_statistics', query: [] },
  'channels.sendDTMF': { method: 'POST', path: '/channels/{channelId}/dtmf', query: ['dtmf', 'before', 'between', 'duration', 'after'] },
  'channels.setChannelVar': { method: 'POST', path: '/channels/{channelId}/variable', query: ['variable', 'value', 'report_events'] },
  'channels.setChannelVars': { method: 'POST', path: '/channels/{channelId}/variables', query: [], body: { name: 'variables', bare: false } },
  'channels.snoopChannel': { method: 'POST', path: '/channels/{channelId}/snoop', query: ['spy', 'whisper', 'app', 'appArgs', 'snoopId'] },
  'channels.snoopChannelWithId': { method: 'POST', path: '/channels/{channelId}/snoop/{snoopId}', query: ['spy', 'whisper', 'app', 'appArgs'] },
  'channels.startMoh': { method: 'POST', path: '/channels/{channelId}/moh', query: ['mohClass'] },
  'channels.startSilence': { method: 'POST', path: '/channels/{channelId}/silence', query: [] },
  'channels.stopMoh': { method: 'DELETE', path: '/channels/{channelId}/moh', query: [] },
  'channels.stopSilence': { method: 'DELETE', path: '/channels/{channelId}/silence', query: [] },
  'channels.transfer_progress': { method: 'POST', path: '/channels/{channelId}/transfer_progress', query: ['states'] },
  'channels.unhold': { method: 'DELETE', path: '/channels/{channelId}/hold', query: [] },
  'channels.unmute': { method: 'DELETE', path: '/channels/{channelId}/mute', query: ['direction'] },
  'deviceStates.delete': { method: 'DELETE', path: '/deviceStates/{deviceName}', query: [] },
  'deviceStates.get': { method: 'GET', path: '/deviceStates/{deviceName}', query: [] },
  'deviceStates.list': { method: 'GET', path: '/deviceStates', query: [] },
  'deviceStates.update': { method: 'PUT', path: '/deviceStates/{deviceName}', query: ['deviceState'] },
  'endpoints.get': { method: 'GET', path: '/endpoints/{tech}/{resource}', query: [] },
  'endpoints.list': { method: 'GET', path: '/endpoints', query: [] },
  'endpoints.listByTech': { method: 'GET', path: '/endpoints/{tech}', query: [] },
  'endpoints.refer': { method: 'POST', path: '/endpoints/refer', query: ['to', 'from', 'refer_to', 'to_self'], body: { name: 'variables', bare: false } },
  'endpoints.referToEndpoint': { method: 'POST', path: '/endpoints/{tech}/{resource}/refer', query: ['from', 'refer_to', 'to_self'], body: { name: 'variables', bare: false } },
  'endpoints.sendMessage': { method: 'PUT', path: '/endpoints/sendMessage', query: ['to', 'from', 'body'], body: { name: 'variables', bare: false } },
  'endpoints.sendMessageToEndpoint': { method: 'PUT', path: '/endpoints/{tech}/{resource}/sendMessage', query: ['from', 'body'], body: { name: 'variables', bare: false } },
  'events.claimChannel': { method: 'POST', path: '/events/claim', query: ['channelId', 'application'] },
  'events.userEvent': { method: 'POST', path: '/events/user/{eventName}', query: ['application', 'source'], body: { name: 'variables', bare: false } },
  'mailboxes.delete': { method: 'DELETE', path: '/mailboxes/{mailboxName}', query: [] },
  'mailboxes.get': { method: 'GET', path: '/mailboxes/{mailboxName}', query: [] },
  'mailboxes.list': { method: 'GET', path: '/mailboxes', query: [] },
  'mailboxes.update': { method: 'PUT', path: '/mailboxes/{mailboxName}', query: ['oldMessages', 'newMessages'] },
  'playbacks.control': { method: 'POST', path: '/playbacks/{playbackId}/control', query: ['operation'] },
  'playbacks.get': { method: 'GET', path: '/playbacks/{playbackId}', query: [] },
  'playbacks.stop': { method: 'DELETE', path: '/playbacks/{playbackId}', query: [] },
  'recordings.cancel': { method: 'DELETE', path: '/recordings/live/{recordingName}', query: [] },
  'recordings.copyStored': { method: 'POST', path: '/recordings/stored/{recordingName}/copy', query: ['destinationRecordingName'] },
  'recordings.deleteStored': { method: 'DELETE', path: '/recordings/stored/{recordingName}', query: [] },
  'recordings.getLive': { method: 'GET', path: '/recordings/live/{recordingName}', query: [] },
  'recordings.getStored': { method: 'GET', path: '/recordings/stored/{recordingName}', query: [] },
  'recordings.getStoredFile': { method: 'GET', path: '/recordings/stored/{recordingName}/file', query: [] },
  'recordings.listStored': { method: 'GET', path: '/recordings/stored', query: [] },
  'recordings.mute': { method: 'POST', path: '/recordings/live/{recordingName}/mute', query: [] },
  'recordings.pause': { method: 'POST', path: '/recordings/live/{recordingName}/pause', query: [] },
  'recordings.stop': { method: 'POST', path: '/recordings/live/{recordingName}/stop', query: [] },
  'recordings.unmute': { method: 'DELETE', path: '/recordings/live/{recordingName}/mute', query: [] },
  'recordings.unpause': { method: 'DELETE', path: '/recordings/live/{recordingName}/pause', query: [] },
  'sounds.get': { method: 'GET', path: '/sounds/{soundId}', query: [] },
  'sounds.list': { method: 'GET', path: '/sounds', query: ['lang', 'format'] },
};
