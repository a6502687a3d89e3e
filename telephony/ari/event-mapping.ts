import { HangupCause } from '../../engine/domain/termination.ts';
import { channelId, playbackId } from '../../engine/domain/ids.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { ChannelInfo, ChannelState } from '../../engine/ports/call-events.ts';
import type { AriEvent } from './generated/events.ts';
import type { Channel, Playback } from './generated/models.ts';

/** The events that a node reads. Everything else is noise to it and is filtered out at the switch. */
export const WANTED_EVENTS = [
  'StasisStart',
  'StasisEnd',
  'ChannelStateChange',
  'ChannelDtmfReceived',
  'ChannelHold',
  'ChannelUnhold',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'Dial',
  'PlaybackStarted',
  'PlaybackFinished',
  'RecordingStarted',
  'RecordingFinished',
  'RecordingFailed',
  'ApplicationReplaced',
] as const satisfies readonly AriEvent['type'][];

const STATES: ReadonlyMap<string, ChannelState> = new Map<string, ChannelState>([
  ['Down', 'down'],
  ['Ring', 'ringing'],
  ['Ringing', 'ringing'],
  ['Up', 'up'],
]);

export function channelStateOf(state: string): ChannelState {
  return STATES.get(state) ?? 'other';
}

export function channelInfoOf(channel: Channel): ChannelInfo {
  return {
    id: channelId(channel.id),
    state: channelStateOf(channel.state),
    callerNumber: channel.caller.number,
    callerName: channel.caller.name,
    dialled: channel.dialplan.exten,
    ...trunkOf(channel.name),
    createdAt: Date.parse(channel.creationtime),
  };
}

/** `PJSIP/carrier-0000012f` came in by `carrier`: technology, endpoint, a number in hex. */
function trunkOf(name: string): { readonly trunk?: string } {
  const [, trunk] = /^[^/]+\/(.+)-[0-9a-f]{8}$/.exec(name) ?? [];
  return trunk === undefined ? {} : { trunk };
}

/** The channel that a playback is for; undefined when it plays into a bridge. */
export function targetOf(playback: Playback): { readonly channelId: ChannelId; readonly playbackId: ReturnType<typeof playbackId> } | undefined {
  const [kind, ...rest] = playback.target_uri.split(':');
  return kind === 'channel' ? { channelId: channelId(rest.join(':')), playbackId: playbackId(playback.id) } : undefined;
}

// app_dial's DIALSTATUS, as the event Dial carries it (core, dial.c).
const CAUSE_OF_DIAL_STATUS: ReadonlyMap<string, number> = new Map<string, number>([
  ['BUSY', HangupCause.busy],
  ['NOANSWER', HangupCause.noAnswer],
  ['CONGESTION', HangupCause.congestion],
  ['CHANUNAVAIL', HangupCause.subscriberAbsent],
]);

/** Asterisk sometimes tells cause 0 for a leg that was not answered (asterisk#963); the dial status knows better. */
export function causeOf(cause: number, dialStatus: string | undefined): number {
  return cause === 0 && dialStatus !== undefined ? (CAUSE_OF_DIAL_STATUS.get(dialStatus) ?? 0) : cause;
}
