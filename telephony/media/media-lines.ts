import type { ChannelId, NodeId } from '../../engine/domain/ids.ts';

/** Where the sound of a line is: a WebSocket of Asterisk's chan_websocket. */
export interface MediaAddress {
  /** `ws://…/media/…` or `wss://…` */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What stands beside one call on the switch, so that its sound can be fetched and brought. */
export interface MediaLine {
  readonly address: MediaAddress;
  /** Runs `open`, which opens the WebSocket, at a moment at which the switch bears it; gives what it gives, and rejects as it rejects. */
  connect<T>(open: () => Promise<T>): Promise<T>;
  /** Begins the flow of sound; the WebSocket must be open. Rejects with `switch.gone`, `switch.refused`, `switch.timeout`, `switch.unreachable`. */
  join(): Promise<void>;
  /** Sees to it that what is sent is heard even while nothing else is played. Never rejects. */
  carry(): void;
  /** Takes everything away, in whatever state it is; settles when it has gone. The WebSocket is closed after that: a switch that loses it ends the channel at a moment of its own. Never rejects: what cannot be reached now goes with the next connection. */
  clear(): Promise<void>;
}

/** What telephony/media needs of a switch: all of it that is not sound. A node of telephony/ari has it. */
export interface MediaLines {
  readonly nodeId: NodeId;
  /**
   * Puts a line beside a channel. `id` is the caller's choice and unique for ever (`tap-…`). `lost` is called once when the line has ended by
   * itself: the channel has gone, or the switch. Rejects like `join`, then nothing is left behind.
   */
  lay(id: string, channelId: ChannelId, lost: (reason: string) => void): Promise<MediaLine>;
}
