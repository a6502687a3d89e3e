import { nodeId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

export interface SimulatedSwitchRig {
  readonly clock: VirtualClock;
  readonly sim: SimulatedSwitch;
  /** All that the switch told, node events included. */
  readonly events: SwitchEvent[];
  /** The types of the events so far; `since` skips those before. */
  readonly types: (since?: number) => SwitchEvent['type'][];
}

/**
 * A simulated switch on a virtual clock that its waits move. Media: `sound:<name>-<ms>` lasts as long as its name says,
 * `sound:missing` is missing.
 */
export function simulatedSwitchRig({ node = 'pbx', clock = new VirtualClock() }: { node?: string; clock?: VirtualClock } = {}): SimulatedSwitchRig {
  const sim = new SimulatedSwitch({
    nodeId: nodeId(node),
    clock,
    mediaDurationMs: (uri) => {
      const [, durationMs] = /-(\d+)$/.exec(uri) ?? [];
      return durationMs === undefined ? undefined : Number(durationMs);
    },
    advance: (durationMs) => clock.advanceBy(durationMs),
  });
  const events: SwitchEvent[] = [];
  sim.subscribe((event) => events.push(event));
  return { clock, sim, events, types: (since = 0) => events.slice(since).map(({ type }) => type) };
}
