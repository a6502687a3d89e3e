import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { ToldToSupervisor } from './supervised.ts';

/** An engine that runs as a process of its own. */
export interface EngineChild {
  readonly pid: number | undefined;
  kill(signal: NodeJS.Signals): void;
  onTold(listener: (what: ToldToSupervisor) => void): void;
  /** Told once, also when the process could not be started. */
  onExit(listener: (code: number | null, signal: NodeJS.Signals | null) => void): void;
}

export interface SupervisorOptions {
  /** `takeOver`: it takes the calls of the one that runs. */
  readonly spawn: (options: { readonly takeOver: boolean }) => EngineChild;
  readonly clock: Clock;
  readonly log: Logger;
  /** An engine that has served calls, and whose event loop has stood still for so long, is killed: nothing else frees its callers. Default 10 000. */
  readonly hangMs?: number;
}

const BACKOFF_BASE_MS = 100;
const BACKOFF_CAP_MS = 5_000;
/** An engine that has served so long has not failed at once: the next restart is quick again. */
const SETTLED_MS = 60_000;
const LOOK_MS = 1_000;
/** A process that has given its calls up has nothing to do but to close its files. */
const LEAVE_LIMIT_MS = 30_000;

interface Running {
  readonly child: EngineChild;
  /** When it told that it serves calls; undefined before. */
  servingSince: number | undefined;
  aliveAt: number;
}

/**
 * Keeps one engine running: starts another when it dies or hangs, and lets a second one take its calls over. An engine that never served a call
 * (a mistake in the configuration) is not started again: the supervisor ends with its exit code.
 */
export class Supervisor {
  readonly #o: SupervisorOptions;
  #current: Running | undefined;
  #next: Running | undefined;
  #failures = 0;
  #hasServed = false;
  #stopping: NodeJS.Signals | undefined;
  #restart: TimerHandle;
  #watch: TimerHandle;
  #ended: (code: number) => void = () => undefined;
  /** Resolves with the exit code, when no engine runs any more and none is to be started. */
  readonly ended: Promise<number> = new Promise((resolve) => (this.#ended = resolve));

  constructor(options: SupervisorOptions) {
    this.#o = options;
  }

  start(): void {
    this.#current = this.#spawn(false);
    this.#look();
  }

  /** Begins a second engine that takes the calls over. Nothing happens while one does so already, or while none runs. */
  replace(): void {
    if (this.#stopping !== undefined || this.#next !== undefined || this.#current?.servingSince === undefined) return;
    this.#o.log.info({ event: 'supervisor.replacing', pid: this.#current.child.pid }, 'A second engine is started to take the calls over');
    this.#next = this.#spawn(true);
  }

  /** To the engine that serves calls: SIGHUP reads its configuration again. */
  forward(signal: NodeJS.Signals): void {
    this.#current?.child.kill(signal);
  }

  stop(signal: NodeJS.Signals): void {
    this.#stopping = signal;
    this.#o.clock.clearTimeout(this.#restart);
    for (const running of [this.#current, this.#next]) running?.child.kill(signal);
    if (this.#current === undefined && this.#next === undefined) this.#end(0);
  }

  #spawn(takeOver: boolean): Running {
    const { spawn, clock } = this.#o;
    const running: Running = { child: spawn({ takeOver }), servingSince: undefined, aliveAt: clock.now() };
    running.child.onTold((what) => {
      running.aliveAt = clock.now();
      if (what === 'serving') this.#serves(running);
    });
    running.child.onExit((code, signal) => this.#exited(running, code, signal));
    return running;
  }

  #serves(running: Running): void {
    const { clock, log } = this.#o;
    running.servingSince = clock.now();
    this.#hasServed = true;
    if (running !== this.#next) return;
    const before = this.#current;
    this.#current = running;
    this.#next = undefined;
    log.info({ event: 'supervisor.replaced', pid: running.child.pid, before: before?.child.pid }, 'The second engine serves the calls');
    if (before !== undefined) this.#leaveSoon(before);
  }

  #leaveSoon({ child }: Running): void {
    const { clock, log } = this.#o;
    const limit = clock.setTimeout(() => {
      log.warn({ event: 'supervisor.killed', pid: child.pid }, 'The engine that gave its calls up did not end');
      child.kill('SIGKILL');
    }, LEAVE_LIMIT_MS);
    child.onExit(() => clock.clearTimeout(limit));
  }

  #exited(running: Running, code: number | null, signal: NodeJS.Signals | null): void {
    const { log, clock } = this.#o;
    const facts = { pid: running.child.pid, code, signal };
    if (running === this.#next) {
      this.#next = undefined;
      log.error({ event: 'supervisor.notReplaced', ...facts }, 'The second engine ended before it served calls');
      if (this.#current === undefined) this.#startAgain();
      return this.#endIfOver(code);
    }
    if (running !== this.#current) return; // It gave its calls up, and ends as it should.
    this.#current = undefined;
    if (this.#stopping !== undefined) return this.#endIfOver(code);
    // The second one has the switches, and has not told yet that it serves.
    if (this.#next !== undefined) return;
    if (!this.#hasServed) return this.#end(code ?? 1);
    if (running.servingSince !== undefined && clock.now() - running.servingSince >= SETTLED_MS) this.#failures = 0;
    log.error({ event: 'supervisor.died', ...facts }, 'The engine ended; another is started, and takes its calls up');
    this.#startAgain();
  }

  #startAgain(): void {
    if (this.#stopping !== undefined) return;
    const inMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#restart = this.#o.clock.setTimeout(() => (this.#current = this.#spawn(false)), inMs);
  }

  /** Ends engines whose event loop stands still. */
  #look(): void {
    const { clock, log, hangMs = 10_000 } = this.#o;
    for (const running of [this.#current, this.#next]) {
      if (running?.servingSince === undefined || clock.now() - running.aliveAt < hangMs) continue;
      log.error({ event: 'supervisor.hangs', pid: running.child.pid, silentMs: clock.now() - running.aliveAt }, 'The engine hangs and is killed');
      running.aliveAt = clock.now();
      running.child.kill('SIGKILL');
    }
    this.#watch = clock.setTimeout(() => this.#look(), LOOK_MS);
  }

  #endIfOver(code: number | null): void {
    if (this.#stopping !== undefined && this.#current === undefined && this.#next === undefined) this.#end(code ?? 1);
  }

  #end(code: number): void {
    this.#o.clock.clearTimeout(this.#watch);
    this.#o.clock.clearTimeout(this.#restart);
    this.#ended(code);
  }
}
