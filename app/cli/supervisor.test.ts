import { beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { ToldToSupervisor } from './supervised.ts';
import { Supervisor, type EngineChild } from './supervisor.ts';

class FakeChild implements EngineChild {
  readonly pid: number;
  readonly takeOver: boolean;
  readonly signals: NodeJS.Signals[] = [];
  #told: (what: ToldToSupervisor) => void = () => undefined;
  readonly #exits: ((code: number | null, signal: NodeJS.Signals | null) => void)[] = [];

  constructor(pid: number, takeOver: boolean) {
    this.pid = pid;
    this.takeOver = takeOver;
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

beforeEach(() => {
  clock = new VirtualClock();
  children = [];
  code = undefined;
  supervisor = new Supervisor({
    clock,
    log: silentLogger,
    spawn: ({ takeOver }) => {
      const next = new FakeChild(children.length + 1, takeOver);
      children.push(next);
      return next;
    },
  });
  void supervisor.ended.then((ended) => (code = ended));
  supervisor.start();
});

describe('a supervisor', () => {
  it('starts an engine again that died after it had served calls', async () => {
    child(0).tells('serving');
    child(0).exits(null, 'SIGKILL');
    await clock.advanceBy(99);
    expect(children).toHaveLength(1);
    await clock.advanceBy(1);
    expect(children).toHaveLength(2);
    expect(child(1).takeOver).toBe(false);
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

  it('passes SIGHUP on', () => {
    supervisor.forward('SIGHUP');
    expect(child(0).signals).toEqual(['SIGHUP']);
  });
});

describe('a second engine', () => {
  beforeEach(() => child(0).tells('serving'));

  it('takes the calls over; the first ends by itself and is not started again', async () => {
    supervisor.replace();
    supervisor.replace();
    expect(children.map(({ takeOver }) => takeOver)).toEqual([false, true]);
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
    expect(child(2).takeOver).toBe(true);
  });

  it('that ends after the first has gone is followed by a third', async () => {
    supervisor.replace();
    child(0).exits(0);
    child(1).exits(null, 'SIGKILL');
    await clock.advanceBy(100);
    expect(children.map(({ takeOver }) => takeOver)).toEqual([false, true, false]);
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
