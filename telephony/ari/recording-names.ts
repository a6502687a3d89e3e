import { channelId, recordingId } from '../../engine/domain/ids.ts';
import type { ChannelId, RecordingId } from '../../engine/domain/ids.ts';
import { RECORDING_PREFIX } from '../../engine/domain/recording.ts';

// Beside the channel of a call stands a snoop that records it; its ending tells it from a caller's channel (Asterisk's own ids end in `.number`).
const SNOOP = new RegExp(`^(${RECORDING_PREFIX}-.+)-snoop$`);

/** The channel that records. */
export function snoopOf(id: RecordingId): ChannelId {
  return channelId(`${id}-snoop`);
}

/** The recording that a channel makes; undefined for any other channel. */
export function recordingOfChannel(id: string): RecordingId | undefined {
  if (!id.startsWith(`${RECORDING_PREFIX}-`)) return undefined;
  const found = SNOOP.exec(id)?.[1];
  return found === undefined ? undefined : recordingId(found);
}

/** What a recording is called on the switch. The application is part of it: another one may record there, too. */
export function storedNameOf(app: string, id: RecordingId): string {
  return `${app}-${id}`;
}

/** The recording of this application that is stored under a name; undefined for what is not ours. */
export function recordingOfName(app: string, name: string): RecordingId | undefined {
  return name.startsWith(`${app}-${RECORDING_PREFIX}-`) ? recordingId(name.slice(app.length + 1)) : undefined;
}
