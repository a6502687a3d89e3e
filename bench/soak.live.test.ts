import { expect, it } from 'vitest';
import { coursesOf } from './soak/flatness.ts';
import { soakBench } from './soak/soak-bench.ts';

it('the soak looks at what is held after each portion of calls', async () => {
  const { calls, failed, holdings } = await soakBench({ quick: true, minutes: 0.1, rate: 3 });
  expect({ calls, failed }).toEqual({ calls: 18, failed: 0 });
  expect(holdings).toMatchObject([{ afterCalls: 18, channels: 0, bridges: 0 }]);
  for (const { early } of coursesOf({ holdings }).slice(0, 6)) expect(early).toBeGreaterThan(0);
}, 120_000);
