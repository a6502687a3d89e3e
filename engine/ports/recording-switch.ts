import type { ChannelId, NodeId, RecordingId } from '../domain/ids.ts';

export interface RecordingRequest {
  /** Chosen by us and kept before the request: it names the recording on the switch, and tells nobody whose it is. */
  readonly recordingId: RecordingId;
  /** All that its party says and hears is recorded, as one sound. */
  readonly channelId: ChannelId;
  /** The switch ends it after this time. A safety net, should nobody else. */
  readonly maxDurationMs: number;
}

export interface RecordingOnSwitch {
  readonly recordingId: RecordingId;
  /** It is being made now; else it waits to be taken over. */
  readonly isLive: boolean;
}

/** A recording has ended, by our request or not; what was recorded waits to be taken over. Not told while the switch is not connected. */
export interface RecordingEnded {
  readonly nodeId: NodeId;
  readonly recordingId: RecordingId;
}

/**
 * What we can ask of switches about recordings. The switch records: it goes on while no engine runs, and it ends a recording with
 * the channel. Requests about one recording reach the switch in the order in which they were made. Rejections are StrowgerErrors:
 * `switch.gone`, `switch.refused`, `switch.timeout`, `switch.unreachable`.
 */
export interface RecordingSwitch {
  /** Resolves when sound is being kept. Rejected with anything but `switch.unreachable` and `switch.timeout`, nothing is left behind. */
  start(nodeId: NodeId, request: RecordingRequest): Promise<void>;
  /** Muted, silence is recorded in place of the sound, so that places in it stay true to time. Twice does no harm. */
  setMuted(nodeId: NodeId, recordingId: RecordingId, muted: boolean): Promise<void>;
  /** Ends it; `RecordingEnded` is told when all of it is on the switch's disk. Succeeds when it has ended already. */
  stop(nodeId: NodeId, recordingId: RecordingId): Promise<void>;
  /** All recordings of ours on a node, whoever made them. What is half made of one that records nothing is taken away. */
  list(nodeId: NodeId): Promise<readonly RecordingOnSwitch[]>;
  /** The sound of a recording that has ended: A-law, 8 kHz. Fails in reading when it did not come to its end. */
  read(nodeId: NodeId, recordingId: RecordingId): Promise<AsyncIterable<Uint8Array>>;
  /** Deletes one that has ended. Succeeds when it is gone already. */
  remove(nodeId: NodeId, recordingId: RecordingId): Promise<void>;
  /** Returns how to stop listening. */
  onEnded(listener: (event: RecordingEnded) => void): () => void;
}
