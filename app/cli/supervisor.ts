import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { ToldToSupervisor } from './supervised.ts';

/** How an engine begins. `takeOver`: it takes the calls of the one that runs. `standby`: it loads all that it needs, and waits for `go`. */
export type EngineStart = 'serve' | 'takeOver' | 'standby';

/** An engine that runs as a process of its own. */
export interface EngineChild {
  readonly pid: number | undefined;
  kill(signal: NodeJS.Signals): void;
  /** To one that stands by: it is its turn. */
  go(): void;
  onTold(listener: (what: ToldToSupervisor) => void): void;
  /** Told once, also when the process could not be started. */
  onExit(listener: (code: number | null, signal: NodeJS.Signals | null) => void): void;
}

export interface SupervisorOptions {
  readonly spawn: (how: EngineStart) => EngineChild;
  readonly clock: Clock;
  readonly log: Logger;
  /** An engine that has served calls, and whose event loop has stood still for so long, is killed: nothing else frees its callers. Default 10 000. */
  readonly hangMs?: number;
  /** So long after an engine has begun to serve, another one is loaded that waits for its end. Undefined: none is. */
  readonly standbyAfterMs?: number | undefined;
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
  /** Looks since it told anything. Not a time: where the whole machine stood still, or its clock was put forward, the engine does not hang. */
  silentLooks: number;
}

/**
 * Keeps one engine running: lets another serve when it dies or hangs, and a second one take its calls over. An engine that never served a call
 * (a mistake in the configuration) is not started again: the supervisor ends with its exit code.
 */
export class Supervisor {
  readonly #o: SupervisorOptions;
  #current: Running | undefined;
  #next: Running | undefined;
  #standby: { readonly running: Running; isWaiting: boolean } | undefined;
  #standbySoon: TimerHandle;
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
    this.#current = this.#spawn('serve');
    this.#look();
  }

  /** Begins a second engine that takes the calls over. Nothing happens while one does so already, or while none runs. */
  replace(): void {
    if (this.#stopping !== undefined || this.#next !== undefined || this.#current?.servingSince === undefined) return;
    this.#o.log.info({ event: 'supervisor.replacing', pid: this.#current.child.pid }, 'A second engine is started to take the calls over');
    this.#next = this.#spawn('takeOver');
  }

  /** To the engine that serves calls: SIGHUP reads its configuration again. One that is starting reads it anyway, and might not listen to signals yet: SIGHUP would end it. */
  forward(signal: NodeJS.Signals): void {
    if (this.#current?.servingSince !== undefined) this.#current.child.kill(signal);
  }

  stop(signal: NodeJS.Signals): void {
    this.#stopping = signal;
    this.#o.clock.clearTimeout(this.#restart);
    for (const running of [this.#current, this.#next]) running?.child.kill(signal);
    this.#dismissStandby();
    if (this.#current === undefined && this.#next === undefined) this.#end(0);
  }

  #spawn(how: EngineStart): Running {
    const running: Running = { child: this.#o.spawn(how), servingSince: undefined, silentLooks: 0 };
    running.child.onTold((what) => {
      running.silentLooks = 0;
      if (what === 'serving') this.#serves(running);
      if (what === 'waiting' && this.#standby?.running === running) {
        this.#standby.isWaiting = true;
        this.#o.log.info({ event: 'supervisor.standby', pid: running.child.pid }, 'Another engine is loaded, and waits for the end of the one that serves');
      }
    });
    running.child.onExit((code, signal) => this.#exited(running, code, signal));
    return running;
  }

  #serves(running: Running): void {
    const { clock, log } = this.#o;
    running.servingSince = clock.now();
    this.#hasServed = true;
    // What stands by is of the program as it was before.
    if (running === this.#next) this.#dismissStandby();
    this.#standBySoon();
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
    if (running === this.#standby?.running) {
      this.#standby = undefined;
      log.warn({ event: 'supervisor.standbyEnded', ...facts }, 'The engine that stood by has ended; another one is loaded');
      return this.#standBySoon();
    }
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
    const { clock } = this.#o;
    clock.clearTimeout(this.#standbySoon);
    const standby = this.#standby;
    const inMs = this.#failures === 0 && standby?.isWaiting === true ? 0 : Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** this.#failures);
    this.#failures += 1;
    const begin = (): void => {
      this.#current = this.#callIn() ?? this.#spawn('serve');
    };
    if (inMs === 0) begin();
    else this.#restart = clock.setTimeout(begin, inMs);
  }

  /** The one that stands by, whose turn it is. One that is still loading is of no use: it would have to be waited for. */
  #callIn(): Running | undefined {
    const standby = this.#standby;
    if (standby?.isWaiting !== true) return undefined;
    this.#standby = undefined;
    standby.running.child.go();
    return standby.running;
  }

  /** Not at once: an engine that has just begun has calls to take up, and needs the machine for itself. */
  #standBySoon(): void {
    const { clock, standbyAfterMs } = this.#o;
    if (standbyAfterMs === undefined || this.#standby !== undefined || this.#stopping !== undefined) return;
    clock.clearTimeout(this.#standbySoon);
    this.#standbySoon = clock.setTimeout(() => {
      if (this.#current?.servingSince !== undefined && this.#standby === undefined) this.#standby = { running: this.#spawn('standby'), isWaiting: false };
    }, standbyAfterMs);
  }

  #dismissStandby(): void {
    this.#o.clock.clearTimeout(this.#standbySoon);
    const standby = this.#standby;
    this.#standby = undefined;
    standby?.running.child.kill('SIGKILL');
  }

  /** Ends engines whose event loop stands still. */
  #look(): void {
    const { clock, log, hangMs = 10_000 } = this.#o;
    for (const running of [this.#current, this.#next]) {
      if (running?.servingSince === undefined) continue;
      running.silentLooks += 1;
      const silentMs = running.silentLooks * LOOK_MS;
      if (silentMs <= hangMs) continue;
      log.error({ event: 'supervisor.hangs', pid: running.child.pid, silentMs }, 'The engine hangs and is killed');
      running.silentLooks = 0;
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
    this.#dismissStandby();
    this.#ended(code);
  }
}
