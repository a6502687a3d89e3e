import type { Admission } from '../engine/admission/admission.ts';
import type { CallbackDesk } from '../engine/callback/callback-desk.ts';
import { StrowgerError } from '../engine/domain/errors.ts';
import { nodeId, type NodeId } from '../engine/domain/ids.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Journal } from '../engine/ports/journal.ts';

export interface DrainOptions {
  readonly nodeIds: readonly NodeId[];
  readonly admission: Pick<Admission, 'drain' | 'isDraining' | 'state'>;
  readonly callbacks: Pick<CallbackDesk, 'standAside' | 'placedOn'>;
  readonly journal: Journal;
  readonly clock: Clock;
}

export interface DrainState {
  /** No switch takes new calls. */
  readonly draining: boolean;
  /** What still goes on, everywhere: calls, and callbacks that are being placed. */
  readonly calls: number;
  readonly switches: readonly { readonly nodeId: NodeId; readonly draining: boolean; readonly calls: number }[];
}

/**
 * Lets the engine, or one switch, become empty: no new calls, and those that are in go on to their ends. A switch stays so until it is undone, for
 * whoever works on it does not mind what becomes of our process; the engine's own drain ends with its process, which is why it was wanted.
 */
export class Drain {
  readonly #o: DrainOptions;
  readonly #switches = new Set<NodeId>();
  #engine = false;

  constructor(options: DrainOptions) {
    this.#o = options;
  }

  /** Which switches an earlier process was told to leave. Before the switchboard connects. */
  async restore(): Promise<void> {
    const { journal, nodeIds } = this.#o;
    for (const { id } of await journal.load('drain')) {
      if (nodeIds.includes(nodeId(id))) this.#switches.add(nodeId(id));
      else journal.remove('drain', id);
    }
    await this.#apply();
  }

  /** Begins or ends the drain of a switch, or of the engine. Resolves when the switches have been told, and it would outlive this process, where it is to. Rejects with `switch.unknown` and `store.failed`. */
  async set(name: string | undefined, draining: boolean): Promise<DrainState> {
    const { callbacks, journal } = this.#o;
    if (name === undefined) this.#engine = draining;
    else this.#note(this.#known(name), draining);
    const told = this.#apply();
    if (draining) callbacks.standAside();
    if (name !== undefined) await journal.durable();
    await told; // Whoever was told that calls are taken again sends one.
    return this.state;
  }

  get state(): DrainState {
    const { admission, callbacks } = this.#o;
    const switches = admission.state.nodes.map(({ nodeId, draining, calls }) => ({ nodeId, draining, calls: calls + callbacks.placedOn(nodeId) }));
    return { draining: switches.every((one) => one.draining), calls: switches.reduce((sum, { calls }) => sum + calls, 0), switches };
  }

  #known(name: string): NodeId {
    const { nodeIds } = this.#o;
    const id = nodeId(name);
    if (!nodeIds.includes(id)) throw new StrowgerError('switch.unknown', `There is no switch '${name}'.`, { hint: `There are: ${nodeIds.join(', ')}.`, fields: { nodeId: name } });
    return id;
  }

  #note(id: NodeId, draining: boolean): void {
    const { journal, clock } = this.#o;
    if (draining) {
      this.#switches.add(id);
      const since = clock.now();
      journal.changed('drain', id, () => ({ since }));
    } else {
      this.#switches.delete(id);
      journal.remove('drain', id);
    }
  }

  async #apply(): Promise<void> {
    const { nodeIds, admission } = this.#o;
    await Promise.all(nodeIds.map((id) => admission.drain(id, this.#engine || this.#switches.has(id))));
  }
}
