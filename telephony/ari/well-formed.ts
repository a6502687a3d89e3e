import type { WANTED_EVENTS } from './event-mapping.ts';

type Bag = Readonly<Record<string, unknown>>;
type WantedEvent = (typeof WANTED_EVENTS)[number];

const isText = (value: unknown): value is string => typeof value === 'string';
const isId = (value: unknown): boolean => isText(value) && value !== '';
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;
const hasId = (value: unknown): value is Bag => isBag(value) && isId(value['id']);

/** Whether a channel has all that is read of it where it is new to us. */
export function isChannel(value: unknown): boolean {
  if (!hasId(value) || !['name', 'state', 'creationtime'].every((key) => isText(value[key]))) return false;
  const { caller, dialplan } = value;
  return isBag(caller) && isText(caller['number']) && isText(caller['name']) && isBag(dialplan) && isText(dialplan['exten']) && isText(dialplan['app_name']) && isText(dialplan['app_data']);
}

/** Whether a bridge has all that is read of it. */
export function isBridge(value: unknown): boolean {
  return hasId(value) && isText(value['name']) && Array.isArray(value['channels']) && value['channels'].every(isText);
}

const ofChannel = ({ channel }: Bag): boolean => hasId(channel);
const ofPlayback = ({ playback }: Bag): boolean => hasId(playback) && isText(playback['target_uri']) && /^\w+:./.test(playback['target_uri']) && isText(playback['state']);
const ofRecording = ({ recording }: Bag): boolean => isBag(recording) && isText(recording['name']);

/** What is read of each event. */
const SHAPES: Readonly<Record<WantedEvent, (event: Bag) => boolean>> = {
  StasisStart: (event) => isChannel(event['channel']) && Array.isArray(event['args']) && event['args'].every(isText),
  StasisEnd: ofChannel,
  ChannelStateChange: ({ channel }) => hasId(channel) && isText(channel['state']),
  ChannelDtmfReceived: (event) => ofChannel(event) && isText(event['digit']) && Number.isFinite(event['duration_ms']),
  ChannelHold: ofChannel,
  ChannelUnhold: ofChannel,
  ChannelHangupRequest: ofChannel,
  ChannelDestroyed: (event) => ofChannel(event) && Number.isInteger(event['cause']),
  Dial: ({ peer, dialstatus }) => hasId(peer) && isText(dialstatus),
  PlaybackStarted: ofPlayback,
  PlaybackFinished: ofPlayback,
  RecordingStarted: ofRecording,
  RecordingFinished: ofRecording,
  RecordingFailed: ofRecording,
  ApplicationReplaced: () => true,
};

/**
 * Whether an event has all that is read of it, so that one that does not (an Asterisk of another make, a proxy that cuts) ends neither the
 * connection nor the process. Plain checks: a schema library takes longer than all else that is done with an event.
 */
export function isWellFormed(event: { readonly type: WantedEvent }): boolean {
  return SHAPES[event.type](event);
}

/** Whether an event is one of those that are read: the filter at the switch lets no other through. */
export function isWanted<E extends { readonly type: string }>(event: E): event is E & { readonly type: WantedEvent } {
  return Object.hasOwn(SHAPES, event.type);
}
