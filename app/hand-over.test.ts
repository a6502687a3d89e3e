import { beforeEach, expect, it } from 'vitest';
import { nodeId } from '../engine/domain/ids.ts';
import type { SwitchEvent } from '../engine/ports/call-events.ts';
import { silentLogger } from '../engine/ports/logger.ts';
import { VirtualClock } from '../test/fakes/virtual-clock.ts';
import { HandOver } from './hand-over.ts';

const NODES = ['pbx-1', 'pbx-2', 'pbx-3'].map(nodeId);
let clock: VirtualClock;
let tell: (event: SwitchEvent) => void;
let quiet: () => void;
let closed: number;
let isDone: boolean;
let handOver: HandOver;

const replaced = (id: string): void => tell({ type: 'node.replaced', nodeId: nodeId(id), at: clock.now() });

beforeEach(() => {
  clock = new VirtualClock();
  closed = 0;
  isDone = false;
  const moment = new Promise<void>((resolve) => (quiet = resolve));
  handOver = new HandOver({
    sessions: { quietMoment: () => moment, calls: () => [1, 2] },
    switchboard: {
      nodeIds: NODES,
      // The third is away.
      node: (id) => ({ status: { ready: id !== NODES[2] } }),
      subscribe: (listener) => ((tell = listener), () => undefined),
    },
    clock,
    log: silentLogger,
    replaced: () => (closed += 1),
  });
  void handOver.done.then(() => (isDone = true));
});

it('is agreed in a quiet moment, and done when the other has every switch that this one had', async () => {
  let agreed: unknown;
  void handOver.agree().then((answer) => (agreed = answer));
  await clock.settle();
  expect(agreed).toBeUndefined();
  quiet();
  await clock.settle();
  expect(agreed).toEqual({ calls: 2 });
  replaced('pbx-1');
  await clock.settle();
  expect([isDone, closed]).toEqual([false, 1]);
  replaced('pbx-2');
  await clock.settle();
  expect(isDone).toBe(true);
  handOver.close();
  expect(clock.pending).toBe(0);
});

it('is refused to a third process while one is under way, and may be asked for again when nothing came of it', async () => {
  quiet();
  await handOver.agree();
  await expect(handOver.agree()).rejects.toMatchObject({ code: 'engine.hand-over' });
  await clock.advanceBy(15_000);
  expect(await handOver.agree()).toEqual({ calls: 2 });
});

it('is not done when a stranger takes a switch', async () => {
  replaced('pbx-1');
  replaced('pbx-2');
  await clock.settle();
  expect([isDone, closed]).toEqual([false, 0]);
});
