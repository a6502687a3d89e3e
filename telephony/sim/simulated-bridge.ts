import type { BridgeId } from '../../engine/domain/ids.ts';
import type { ChannelBridge, SimulatedChannel } from './simulated-channel.ts';

/** A mixing bridge: who is in it hears the others. */
export class SimulatedBridge implements ChannelBridge {
  readonly id: BridgeId;
  readonly channels = new Set<SimulatedChannel>();

  constructor(id: BridgeId) {
    this.id = id;
  }

  add(channel: SimulatedChannel): void {
    channel.bridge?.remove(channel);
    this.channels.add(channel);
    channel.bridge = this;
  }

  remove(channel: SimulatedChannel): void {
    if (!this.channels.delete(channel)) return;
    channel.bridge = undefined;
    // Who is left by the one that held it stays on hold until it leaves the bridge itself (seen on 22.10).
    channel.setHeld(false);
  }
}
