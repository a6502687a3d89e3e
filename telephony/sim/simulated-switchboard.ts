import { StrowgerError } from '../../engine/domain/errors.ts';
import type { NodeId } from '../../engine/domain/ids.ts';
import type { Switchboard } from '../../engine/ports/call-control.ts';
import type { CallEvents, SwitchEvent } from '../../engine/ports/call-events.ts';
import type { SimulatedSwitch } from './simulated-switch.ts';

/** Several simulated switches as the engine sees them. */
export class SimulatedSwitchboard implements Switchboard, CallEvents {
  readonly #switches: ReadonlyMap<NodeId, SimulatedSwitch>;

  constructor(switches: readonly SimulatedSwitch[]) {
    this.#switches = new Map(switches.map((each) => [each.nodeId, each]));
  }

  get nodeIds(): readonly NodeId[] {
    return [...this.#switches.keys()];
  }

  node(nodeId: NodeId): SimulatedSwitch {
    const found = this.#switches.get(nodeId);
    if (!found) throw new StrowgerError('switch.unreachable', `node ${nodeId} is not configured`, { fields: { nodeId } });
    return found;
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    const forget = [...this.#switches.values()].map((each) => each.subscribe(listener));
    return () => {
      for (const each of forget) each();
    };
  }

  /** Connects all nodes. */
  connect(): void {
    for (const each of this.#switches.values()) each.connect();
  }
}
