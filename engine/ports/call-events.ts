import type { Digit } from '../domain/digits.ts';
import type { ChannelId, NodeId, PlaybackId } from '../domain/ids.ts';

/** Who answered a leg, as far as can be told by listening; `unknown` also when nothing was said. */
export type AnsweredBy = 'person' | 'machine' | 'unknown';

export type ChannelState = 'down' | 'ringing' | 'up' | 'other';

export interface ChannelInfo {
  readonly id: ChannelId;
  readonly state: ChannelState;
  /** As received: may be empty, odd or long. Personal. */
  readonly callerNumber: string;
  readonly callerName: string;
  /** The number that was called: the dialplan's extension. */
  readonly dialled: string;
  /** What it came in by or goes out by: the switch's name of the trunk or phone; undefined: the switch does not tell. */
  readonly trunk?: string;
  /** Milliseconds since the epoch, by the switch's clock. */
  readonly createdAt: number;
}

/** What a switch tells us. `at` is milliseconds since the epoch by the engine's clock, taken when the event was read. */
export type SwitchEvent = { readonly nodeId: NodeId; readonly at: number } & (
  | {
      /** A channel came under our control: a new call, or a leg of ours that was answered (`args` as we gave them). */
      readonly type: 'channel.entered';
      readonly channel: ChannelInfo;
      readonly args: readonly string[];
      /** Only of legs that were dialled with `detectMachine`. */
      readonly answeredBy?: AnsweredBy;
    }
  | { readonly type: 'channel.state'; readonly channelId: ChannelId; readonly state: ChannelState }
  | { /** The channel left our control (it may go on elsewhere). */ readonly type: 'channel.left'; readonly channelId: ChannelId }
  | {
      /** The channel no longer exists. `cause` is Q.850, 0 when the switch told none. */
      readonly type: 'channel.gone';
      readonly channelId: ChannelId;
      readonly cause: number;
    }
  | {
      /**
       * The party of this channel put the other one on hold, or took it back. While held, the other one hears the switch's
       * music instead of the party, in a bridge, without our doing. Told on each change only; not told when the channel ends.
       */
      readonly type: 'channel.hold';
      readonly channelId: ChannelId;
      readonly held: boolean;
    }
  | { readonly type: 'digit'; readonly channelId: ChannelId; readonly digit: Digit; readonly durationMs: number }
  | { readonly type: 'playback.started'; readonly channelId: ChannelId; readonly playbackId: PlaybackId }
  | {
      readonly type: 'playback.finished';
      readonly channelId: ChannelId;
      readonly playbackId: PlaybackId;
      /**
       * False when the switch could not play it (a file is missing); of several media, the last one tells. Stopped by us
       * and cut off by a hang-up count as ok.
       */
      readonly ok: boolean;
    }
  | {
      /**
       * Events flow from now on. What happened before must be read from a snapshot; only the ends of channels that this
       * process knew are told afterwards (`channel.gone` with cause 0).
       */
      readonly type: 'node.up';
      /** The switch was started again since this process was last connected to it: no call of before is left. */
      readonly restarted?: true;
    }
  | { readonly type: 'node.down'; readonly reason: string }
  | {
      /** A newer engine took our application over: stop acting on this node. */
      readonly type: 'node.replaced';
    }
);

/** The same as SwitchEvent before the node has stamped it. */
export type SwitchEventBody = SwitchEvent extends infer E ? (E extends SwitchEvent ? Omit<E, 'nodeId' | 'at'> : never) : never;

export interface CallEvents {
  /** Listeners are called in order of arrival, one event after another. Returns how to stop listening. */
  subscribe(listener: (event: SwitchEvent) => void): () => void;
}
