import { expect, it } from 'vitest';
import { nodeId } from '../engine/domain/ids.ts';
import { AriStats } from '../telephony/ari/ari-stats.ts';
import { createLoadMeter, type MeasuredNode } from './load-meter.ts';

it('tells what happened since the reading before', () => {
  const stats = new AriStats();
  let oldestRequestMs = 0;
  let connected = true;
  const node = {
    nodeId: nodeId('pbx-1'),
    get stats() {
      return stats.snapshot();
    },
    get status() {
      return { pulse: connected ? { silentMs: 0, oldestRequestMs } : undefined };
    },
  } as MeasuredNode;
  const meter = createLoadMeter([node], { read: () => ({ lagMs: 12, busy: 0.4 }) });
  const read = () => meter.read().nodes.get(nodeId('pbx-1'));

  stats.lagged(900);
  expect(meter.read()).toMatchObject({ busy: 0.4, loopLagMs: 12 });
  for (let i = 0; i < 94; i += 1) stats.lagged(3);
  for (let i = 0; i < 6; i += 1) stats.lagged(700);
  for (let i = 0; i < 100; i += 1) stats.answered(i < 96 ? 4 : 4_000);
  // To the bounds of the buckets.
  expect(read()).toEqual({ eventLagMs: 1_000, requestMs: 5 });
  expect(read(), 'nothing happened since').toEqual({ eventLagMs: 0, requestMs: 0 });
  oldestRequestMs = 2_300;
  expect(read(), 'a request that is never answered counts').toEqual({ eventLagMs: 0, requestMs: 2_300 });
  stats.lagged(60_000);
  expect(read()).toMatchObject({ eventLagMs: 10_000 });
  connected = false;
  expect(read()).toBeUndefined();
});
