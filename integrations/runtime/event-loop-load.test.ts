import { setImmediate } from 'node:timers/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { EventLoopLoad } from './event-loop-load.ts';

let load: EventLoopLoad;

afterEach(() => load.close());

function blockFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('tells how late the event loop is and how much it has to do, since the last reading', async () => {
  load = new EventLoopLoad();
  await sleep(50);
  load.read();
  for (let i = 0; i < 4; i += 1) {
    blockFor(80);
    await setImmediate();
  }
  await sleep(1);
  const blocked = load.read();
  expect(blocked.busy).toBeGreaterThan(0.8);
  expect(blocked.lagMs).toBeGreaterThan(50);
  await sleep(300);
  const idle = load.read();
  expect(idle.busy).toBeLessThan(blocked.busy);
  expect(idle.lagMs).toBeLessThan(blocked.lagMs);
});
