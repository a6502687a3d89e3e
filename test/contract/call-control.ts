import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { channelId } from '../../engine/domain/ids.ts';
import type { CallControlRig } from './call-control-rig.ts';
import { bridges } from './call-control/bridges.ts';
import { ContractCalls } from './call-control/contract-calls.ts';
import { dialledLegs } from './call-control/dialled-legs.ts';
import { incomingCalls } from './call-control/incoming-calls.ts';
import { playbacks } from './call-control/playbacks.ts';
import { requestsAndEvents } from './call-control/requests-and-events.ts';

/**
 * What the ports CallControl and CallEvents promise, as tests. The simulated switch and both transports to a real
 * Asterisk are held to it, so that a flow that works in virtual time works on the line.
 */
export function callControlContract(name: string, makeRig: () => Promise<CallControlRig>): void {
  describe(`${name} keeps the contract of call control`, () => {
    const calls = new ContractCalls();

    beforeAll(() => calls.open(makeRig));
    // Each test leaves an empty switch.
    afterEach(async () => {
      const { node } = calls.rig;
      const { channels, bridges: open } = await node.snapshot();
      await Promise.all(channels.map((channel) => node.hangup(channel.id)));
      await Promise.all(open.map((bridge) => node.destroyBridge(bridge.id, channelId('any'))));
      await Promise.all(channels.map((channel) => calls.events.next('channel.gone', channel.id)));
      let left = await node.snapshot();
      // Asterisk under load lists a bridge a moment longer than it takes to agree to its end, and no event of ours tells when it stops.
      for (let looks = 0; left.bridges.length > 0 && looks < 250; looks += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        left = await node.snapshot();
      }
      expect(left).toEqual({ channels: [], bridges: [] });
      const twiceOrNever = [...calls.events.farewells()].filter(([, times]) => times !== 1);
      expect(twiceOrNever, 'each channel is said to be gone exactly once').toEqual([]);
    });
    afterAll(() => calls.rig.close());

    incomingCalls(calls);
    playbacks(calls);
    dialledLegs(calls);
    bridges(calls);
    requestsAndEvents(calls);
  });
}
