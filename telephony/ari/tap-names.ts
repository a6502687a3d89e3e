import { bridgeId, channelId } from '../../engine/domain/ids.ts';
import type { BridgeId, ChannelId } from '../../engine/domain/ids.ts';

/** The things of one tap on the switch. Their names tell them from calls, whoever made them and when. */
export interface TapNames {
  /** Hears the caller, and whispers to the caller: ARI's snoop. */
  readonly snoop: ChannelId;
  /** Carries the sound over a WebSocket: ARI's external media. */
  readonly media: ChannelId;
  /** Joins the two. */
  readonly bridge: BridgeId;
}

export function tapNames(id: string): TapNames {
  return { snoop: channelId(`${id}-snoop`), media: channelId(`${id}-media`), bridge: bridgeId(id) };
}

// The ending tells it from a caller's channel on a switch that is named "tap": Asterisk's own ids end in `.number`.
const CHANNEL = /^(tap-.+)-(?:snoop|media)$/;

/** The id of the tap whose channel this is; undefined for a channel of a call. */
export function tapOfChannel(id: string): string | undefined {
  return id.startsWith('tap-') ? CHANNEL.exec(id)?.[1] : undefined;
}

export function isTapBridge(id: string): boolean {
  return id.startsWith('tap-');
}
