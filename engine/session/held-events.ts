import type { NodeId } from '../domain/ids.ts';
import type { CallEvents, SwitchEvent } from '../ports/call-events.ts';

/**
 * Keeps what the switches tell from the moment of a hand-over until the journal can be read, and gives it to the first who subscribes. Of a
 * node whose connection was lost meanwhile nothing is kept: the next connection tells all anew.
 */
export class HeldEvents implements CallEvents {
  readonly #source: CallEvents;
  readonly #kept = new Map<NodeId, SwitchEvent[]>();
  readonly #connections = new Map<NodeId, number>();
  #stop: () => void;

  constructor(source: CallEvents) {
    this.#source = source;
    this.#stop = source.subscribe((event) => this.#keep(event));
  }

  /** The nodes whose events are kept. */
  get nodes(): readonly NodeId[] {
    return [...this.#kept.keys()];
  }

  /** Nothing of the node was missed: its first connection holds. */
  isUnbroken(nodeId: NodeId): boolean {
    return this.#connections.get(nodeId) === 1;
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    this.#stop();
    this.#stop = () => undefined;
    const kept = [...this.#kept.values()].flat();
    this.#kept.clear();
    const stop = this.#source.subscribe((event) => {
      this.#count(event);
      listener(event);
    });
    for (const event of kept) listener(event);
    return stop;
  }

  #keep(event: SwitchEvent): void {
    const { nodeId } = event;
    this.#count(event);
    if (event.type === 'node.up') this.#kept.set(nodeId, [event]);
    else if (event.type === 'node.down' || event.type === 'node.replaced') this.#kept.delete(nodeId);
    else this.#kept.get(nodeId)?.push(event);
  }

  #count({ type, nodeId }: SwitchEvent): void {
    if (type === 'node.up') this.#connections.set(nodeId, (this.#connections.get(nodeId) ?? 0) + 1);
  }
}
