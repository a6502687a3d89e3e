import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { AnsweredBy, ChannelInfo } from './call-events.ts';

/** A leg that we dial. */
export interface OriginateRequest {
  /** Chosen by us and registered before the request, so that no event of the leg can come too early. */
  readonly channelId: ChannelId;
  /** What the switch dials, e.g. `PJSIP/1001`. */
  readonly endpoint: string;
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** The switch gives up ringing after this time. Ours is the clock that decides; this is the safety net. */
  readonly timeoutMs: number;
  /** Handed back in `channel.entered` when the leg is answered. */
  readonly args: readonly string[];
  readonly language?: Language;
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * The switch listens who has answered before the leg is ours: `channel.entered` tells (`answeredBy`). It takes a second or two, in which
   * the one who answered hears nothing. `waitForGreeting`: a machine's greeting is waited for to its end, so that a message can be left.
   */
  readonly detectMachine?: { readonly waitForGreeting: boolean };
}

/** What exists on a node at one moment, in our application or dialled by us. */
export interface SwitchSnapshot {
  readonly channels: readonly (ChannelInfo & {
    /** In our Stasis application, i.e. under our control now. False for a leg that still rings. */
    readonly inApplication: boolean;
    /** Whether its party has the other one on hold; only of channels in a bridge, and only where the switch can tell. */
    readonly held?: boolean;
    /** As `channel.entered` told it. */
    readonly answeredBy?: AnsweredBy;
  })[];
  readonly bridges: readonly { readonly id: BridgeId; readonly channelIds: readonly ChannelId[] }[];
}

/**
 * What we can ask of one switch. A promise settles when the switch has taken or refused the request; what follows from
 * it arrives as events. Rejections are StrowgerErrors: `switch.gone`, `switch.refused`, `switch.timeout`,
 * `switch.unreachable`. Requests about one channel reach the switch in the order in which they were made.
 *
 * Requests that only end something (`hangup`, `stopPlayback`, `stopMusic`, `removeFromBridge`, `destroyBridge`)
 * succeed when the thing is gone already.
 */
export interface CallControl {
  readonly nodeId: NodeId;
  answer(channelId: ChannelId): Promise<void>;
  hangup(channelId: ChannelId, cause?: number): Promise<void>;
  /**
   * Gives a caller to the switch's own fallback, as if no engine were connected: an announcement, and a fixed destination where there is one
   * (asterisk-config/extensions.conf). Takes effect after what is being played; `channel.left` tells that it has, and the channel is ours no more.
   */
  sendToFallback(channelId: ChannelId): Promise<void>;
  /** Plays `media` (URIs of the switch, e.g. `sound:/path/without-extension`) one after another as one playback. */
  play(channelId: ChannelId, playbackId: PlaybackId, media: readonly string[]): Promise<void>;
  /**
   * Plays a minute of silence, to be stopped like any playback. While something is played, the switch tells each key once; while nothing is,
   * keys in quick succession may be told twice (telephony/ari/README.md). So it is played where every single key counts.
   */
  playSilence(channelId: ChannelId, playbackId: PlaybackId): Promise<void>;
  stopPlayback(channelId: ChannelId, playbackId: PlaybackId): Promise<void>;
  /** Whether a playback runs, or waits for the one before: for who may have missed the event that tells its end. */
  isPlaying(channelId: ChannelId, playbackId: PlaybackId): Promise<boolean>;
  startMusic(channelId: ChannelId, musicClass?: string): Promise<void>;
  stopMusic(channelId: ChannelId): Promise<void>;
  /** Taken or refused, the leg ends in exactly one `channel.gone`, also when it never came to life. */
  originate(request: OriginateRequest): Promise<void>;
  createBridge(bridgeId: BridgeId, owner: ChannelId): Promise<void>;
  addToBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<void>;
  removeFromBridge(bridgeId: BridgeId, channelId: ChannelId): Promise<void>;
  /** `owner`: who is in it and goes on; undefined where nobody is known to be. */
  destroyBridge(bridgeId: BridgeId, owner: ChannelId | undefined): Promise<void>;
  /**
   * From now on the switch itself refuses new calls to hotlines, before they reach us (SIP 503), for so many milliseconds or until it is
   * asked again; 0: no more. Where its dialplan has no such gate (asterisk-config/extensions.conf), nothing changes.
   */
  refuseCalls(forMs: number): Promise<void>;
  /** All channels and bridges that concern our application, for reconciliation. */
  snapshot(): Promise<SwitchSnapshot>;
}

/** The switches that the engine drives. */
export interface Switchboard {
  /** Throws `switch.unreachable` for a node that is not configured. */
  node(nodeId: NodeId): CallControl;
  readonly nodeIds: readonly NodeId[];
}
