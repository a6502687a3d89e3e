import type { NodeId } from '../domain/ids.ts';
import type { CallEvents, SwitchEvent } from '../ports/call-events.ts';

/**
 * Keeps what the switches tell from the moment of a hand-over until the journal can be read, and gives it to the first who subscribes. Of a
 * node whose connection was lost meanwhile nothing is kept: the next connection tells all anew.
 */
export class HeldEvents implements CallEvents {
  readonly #source: CallEvents;
  readonly #kept = new Map<NodeId, SwitchEvent[]>();
  #stop: () => void;

  constructor(source: CallEvents) {
    this.#source = source;
    this.#stop = source.subscribe((event) => this.#keep(event));
  }

  /** The nodes whose events are kept. */
  get nodes(): readonly NodeId[] {
    return [...this.#kept.keys()];
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    this.#stop();
    this.#stop = () => undefined;
    const kept = [...this.#kept.values()].flat();
    this.#kept.clear();
    const stop = this.#source.subscribe(listener);
    for (const event of kept) listener(event);
    return stop;
  }

  #keep(event: SwitchEvent): void {
    const { nodeId } = event;
    if (event.type === 'node.up') this.#kept.set(nodeId, [event]);
    else if (event.type === 'node.down' || event.type === 'node.replaced') this.#kept.delete(nodeId);
    else this.#kept.get(nodeId)?.push(event);
  }
}
