import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { ToldToSupervisor } from './supervised.ts';
import { Supervisor, type EngineChild, type EngineStart } from './supervisor.ts';

class FakeChild implements EngineChild {
  readonly pid: number;
  readonly how: EngineStart;
  called = 0;
  readonly signals: NodeJS.Signals[] = [];
  #told: (what: ToldToSupervisor) => void = () => undefined;
  readonly #exits: ((code: number | null, signal: NodeJS.Signals | null) => void)[] = [];

  constructor(pid: number, how: EngineStart) {
    this.pid = pid;
    this.how = how;
  }

  go(): void {
    this.called += 1;
  }

  kill(signal: NodeJS.Signals): void {
    this.signals.push(signal);
    if (signal === 'SIGKILL') this.exits(null, signal);
  }

  onTold(listener: (what: ToldToSupervisor) => void): void {
    this.#told = listener;
  }

  onExit(listener: (code: number | null, signal: NodeJS.Signals | null) => void): void {
    this.#exits.push(listener);
  }

  tells(what: ToldToSupervisor): void {
    this.#told(what);
  }

  exits(code: number | null, signal: NodeJS.Signals | null = null): void {
    for (const listener of this.#exits) listener(code, signal);
  }
}

let clock: VirtualClock;
let children: FakeChild[];
let supervisor: Supervisor;
let code: number | undefined;

const child = (index: number): FakeChild => children[index] ?? expect.fail(`no engine ${index} was started`);
/** Its event loop turns. */
async function lives(of: FakeChild, forMs: number): Promise<void> {
  for (let ms = 0; ms < forMs; ms += 500) {
    of.tells('alive');
    await clock.advanceBy(500);
  }
}

function supervise(standbyAfterMs?: number): void {
  clock = new VirtualClock();
  children = [];
  code = undefined;
  supervisor = new Supervisor({
    clock,
    log: silentLogger,
    spawn: (how) => {
      const next = new FakeChild(children.length + 1, how);
      children.push(next);
      return next;
    },
    standbyAfterMs,
  });
  void supervisor.ended.then((ended) => (code = ended));
  supervisor.start();
}
beforeEach(() => supervise());

describe('a supervisor', () => {
  it('starts an engine again that died after it had served calls', async () => {
    child(0).tells('serving');
    child(0).exits(null, 'SIGKILL');
    await clock.advanceBy(99);
    expect(children).toHaveLength(1);
    await clock.advanceBy(1);
    expect(children).toHaveLength(2);
    expect(child(1).how).toBe('serve');
  });

  it('ends with the exit code of one that never served', async () => {
    child(0).exits(78);
    await clock.advanceBy(10_000);
    expect([children.length, code, clock.pending]).toEqual([1, 78, 0]);
  });

  it('waits longer each time, and not when the engine has served for a while', async () => {
    child(0).tells('serving');
    const waits: number[] = [];
    for (let index = 0; index < 8; index += 1) {
      child(index).exits(1);
      const since = clock.now();
      while (children.length === index + 1) await clock.advanceBy(50);
      waits.push(clock.now() - since);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    child(8).tells('serving');
    await lives(child(8), 60_000);
    child(8).exits(1);
    await clock.advanceBy(100);
    expect(children).toHaveLength(10);
  });

  it('kills one that hangs, but not one that is still starting', async () => {
    await clock.advanceBy(60_000);
    expect(child(0).signals).toEqual([]);
    child(0).tells('serving');
    await lives(child(0), 30_000);
    expect(child(0).signals).toEqual([]);
    await clock.advanceBy(11_000);
    expect(child(0).signals).toEqual(['SIGKILL']);
    expect(children).toHaveLength(2);
  });

  it('kills nobody when the machine itself has stood still', async () => {
    child(0).tells('serving');
    await lives(child(0), 5_000);
    clock.set(60_000);
    await clock.advanceBy(1_000);
    await lives(child(0), 5_000);
    expect(child(0).signals).toEqual([]);
  });

  it('ends when it is told to, and its engine has ended', async () => {
    child(0).tells('serving');
    supervisor.stop('SIGTERM');
    expect(child(0).signals).toEqual(['SIGTERM']);
    await clock.settle();
    expect(code).toBeUndefined();
    child(0).exits(0);
    await clock.advanceBy(10_000);
    expect([children.length, code, clock.pending]).toEqual([1, 0, 0]);
  });

  it('ends when it is told to while it waits to start another', async () => {
    child(0).tells('serving');
    child(0).exits(1);
    supervisor.stop('SIGINT');
    await clock.advanceBy(10_000);
    expect([children.length, code]).toEqual([1, 0]);
  });

  it('passes SIGHUP on, but not to an engine that is starting: it would end it', () => {
    supervisor.forward('SIGHUP');
    expect(child(0).signals).toEqual([]);
    child(0).tells('serving');
    supervisor.forward('SIGHUP');
    expect(child(0).signals).toEqual(['SIGHUP']);
  });
});

describe('a second engine', () => {
  beforeEach(() => child(0).tells('serving'));

  it('takes the calls over; the first ends by itself and is not started again', async () => {
    supervisor.replace();
    supervisor.replace();
    expect(children.map(({ how }) => how)).toEqual(['serve', 'takeOver']);
    // The first has given its calls up before the second tells that it serves.
    child(0).exits(0);
    child(1).tells('serving');
    await lives(child(1), 30_000);
    expect([children.length, child(1).signals]).toEqual([2, []]);
    supervisor.replace();
    expect(children).toHaveLength(3);
  });

  it('that ends before it serves leaves the first where it is', async () => {
    supervisor.replace();
    child(1).exits(1);
    await lives(child(0), 10_000);
    expect([children.length, child(0).signals]).toEqual([2, []]);
    supervisor.replace();
    expect(child(2).how).toBe('takeOver');
  });

  it('that ends after the first has gone is followed by a third', async () => {
    supervisor.replace();
    child(0).exits(0);
    child(1).exits(null, 'SIGKILL');
    await clock.advanceBy(100);
    expect(children.map(({ how }) => how)).toEqual(['serve', 'takeOver', 'serve']);
  });

  it('is not started before the first serves, nor when it is to end', () => {
    supervisor.replace();
    child(1).tells('serving');
    supervisor.stop('SIGTERM');
    supervisor.replace();
    expect(children).toHaveLength(2);
  });

  it('ends the first by force when that does not end', async () => {
    supervisor.replace();
    child(1).tells('serving');
    await lives(child(1), 31_000);
    expect(child(0).signals).toEqual(['SIGKILL']);
    expect(children).toHaveLength(2);
  });
});

describe('an engine that stands by', () => {
  const stands = (): readonly string[] => children.map(({ how }) => how);
  /** The first serves, and the second waits. */
  async function ready(): Promise<void> {
    child(0).tells('serving');
    await lives(child(0), 5_000);
    child(1).tells('waiting');
  }
  beforeEach(() => supervise(5_000));

  it('is loaded some time after another one serves, and takes its place at once when that one dies', async () => {
    child(0).tells('serving');
    await lives(child(0), 4_500);
    expect(stands()).toEqual(['serve']);
    await lives(child(0), 500);
    expect(stands()).toEqual(['serve', 'standby']);
    child(1).tells('waiting');
    child(0).exits(null, 'SIGKILL');
    expect([child(1).called, children.length]).toEqual([1, 2]);
    child(1).tells('serving');
    await lives(child(1), 5_000);
    expect(stands()).toEqual(['serve', 'standby', 'standby']);
  });

  it('is not called while it is still being loaded, nor without a pause after one that has just failed', async () => {
    child(0).tells('serving');
    await lives(child(0), 5_000);
    child(0).exits(1);
    await clock.advanceBy(100);
    expect([child(1).called, stands()]).toEqual([0, ['serve', 'standby', 'serve']]);
    child(2).exits(1);
    child(1).tells('waiting');
    await clock.advanceBy(199);
    expect(child(1).called).toBe(0);
    await clock.advanceBy(1);
    expect([child(1).called, children.length]).toEqual([1, 3]);
  });

  it('is followed by another when it ends by itself', async () => {
    await ready();
    child(1).exits(1);
    await lives(child(0), 5_000);
    expect(stands()).toEqual(['serve', 'standby', 'standby']);
  });

  it('goes when a new version of the program takes the calls over, and comes again as that', async () => {
    await ready();
    supervisor.replace();
    expect(child(1).signals).toEqual([]);
    child(2).tells('serving');
    expect(child(1).signals).toEqual(['SIGKILL']);
    child(0).exits(0);
    await lives(child(2), 5_000);
    expect(stands()).toEqual(['serve', 'standby', 'takeOver', 'standby']);
    child(3).tells('waiting');
    child(2).exits(1);
    expect(child(3).called).toBe(1);
  });

  it('ends with the supervisor', async () => {
    await ready();
    supervisor.stop('SIGTERM');
    expect(child(1).signals).toEqual(['SIGKILL']);
    child(0).exits(0);
    await clock.advanceBy(20_000);
    expect([children.length, code, clock.pending]).toEqual([2, 0, 0]);
  });
});
