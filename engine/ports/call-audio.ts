import type { ChannelId, NodeId } from '../domain/ids.ts';

/** Rate of all sound of calls here: what telephones carry. Samples are mono, signed 16-bit. */
export const CALL_SAMPLE_RATE_HZ = 8_000;

/** Takes what a caller says. */
export interface AudioSink {
  /** About 20 ms a time, in order, also while the caller is silent. Only what the caller says, not what is played to the caller. */
  audio(samples: Int16Array): void;
  /** No more comes: the channel has gone, or the way to the switch broke. Told once, and not after `close`. */
  ended(reason: string): void;
}

/** The sound of one call, both ways, while it is open. */
export interface AudioTap {
  /** Plays samples to the caller over whatever else is played; what is not played yet waits in the switch. */
  send(samples: Int16Array): void;
  /** Drops what was sent and is not played yet. */
  flush(): void;
  /** Leaves nothing behind on the switch. Succeeds when everything has gone already. */
  close(): Promise<void>;
}

/** Opens the sound of calls. The call itself goes on as it was: prompts, digits and bridges work as before. */
export interface CallAudio {
  /** Rejects with a `StrowgerError`: `switch.gone`, `switch.refused`, `switch.timeout`, `switch.unreachable`; then nothing is left behind either. */
  open(nodeId: NodeId, channelId: ChannelId, sink: AudioSink): Promise<AudioTap>;
}
