import { StrowgerError } from '../engine/domain/errors.ts';
import type { NodeId } from '../engine/domain/ids.ts';
import type { CallEvents, SwitchEvent } from '../engine/ports/call-events.ts';
import type { Clock, TimerHandle } from '../engine/ports/clock.ts';
import type { Logger } from '../engine/ports/logger.ts';

/** So long a hand-over waits for a moment in which no caller types, speaks or is answered by a service. */
const QUIET_LIMIT_MS = 5_000;
/** So long after it was agreed the other process may take the switches; later it is a stranger. */
const AGREED_FOR_MS = 15_000;

export interface HandOverOptions {
  readonly sessions: { quietMoment(limitMs: number): Promise<void>; calls(): readonly unknown[] };
  readonly switchboard: CallEvents & { readonly nodeIds: readonly NodeId[]; node(id: NodeId): { readonly status: { readonly ready: boolean } } };
  readonly clock: Clock;
  readonly log: Logger;
  /** The first switch has changed sides: nothing new is begun any more. */
  readonly replaced: () => void;
}

/**
 * Gives the calls of this process to another one. The other takes the Stasis application on each switch; that `ApplicationReplaced` comes here
 * is the fence: what happens after it is told to the other process alone. When no switch is left, this process has nothing to do any more.
 */
export class HandOver {
  readonly #o: HandOverOptions;
  readonly #stop: () => void;
  #left: Set<NodeId> | undefined;
  #timer: TimerHandle;
  #done: () => void = () => undefined;
  /** Resolves when the other process has all switches. */
  readonly done: Promise<void> = new Promise((resolve) => (this.#done = resolve));

  constructor(options: HandOverOptions) {
    this.#o = options;
    this.#stop = options.switchboard.subscribe((event) => this.#receive(event));
  }

  /**
   * Another process asks for the calls. Resolves in a moment in which no caller would notice, at most five seconds later; the other takes the
   * switches at once then. Rejects with `engine.hand-over` when one is under way.
   */
  async agree(): Promise<{ readonly calls: number }> {
    const { sessions, switchboard, clock, log } = this.#o;
    if (this.#left !== undefined) throw new StrowgerError('engine.hand-over', 'Another process is taking the calls over already.');
    this.#left = new Set();
    await sessions.quietMoment(QUIET_LIMIT_MS);
    this.#left = new Set(switchboard.nodeIds.filter((id) => switchboard.node(id).status.ready));
    this.#timer = clock.setTimeout(() => this.#forget(), AGREED_FOR_MS);
    const calls = sessions.calls().length;
    log.info({ event: 'engine.handOver', calls, nodes: this.#left.size }, 'Another process takes the calls over');
    return { calls };
  }

  close(): void {
    this.#stop();
    this.#o.clock.clearTimeout(this.#timer);
  }

  #receive(event: SwitchEvent): void {
    if (event.type !== 'node.replaced' || this.#left === undefined) return;
    this.#o.replaced();
    this.#left.delete(event.nodeId);
    if (this.#left.size === 0) this.#done();
  }

  #forget(): void {
    const { log } = this.#o;
    if (this.#left === undefined || this.#left.size === 0) return;
    log.warn({ event: 'engine.handOverFailed', nodes: [...this.#left] }, 'The other process has not taken these switches over; they stay here');
    this.#left = undefined;
  }
}
