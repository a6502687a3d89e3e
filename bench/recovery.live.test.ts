import { expect, it } from 'vitest';
import { recoveryBench } from './recovery/recovery-bench.ts';
import { reportOf } from './recovery/report.ts';

it('the recovery bench kills the engine under its callers, who are all taken up and served, and leaves nothing behind', async () => {
  const result = await recoveryBench({ sizes: [4], journal: false });
  expect(result.sizes).toMatchObject([{ calls: 4, waiting: 2, lost: 0, notServed: 0 }]);
  const { processMs = 0, comparedMs = 0, takenUpMs } = result.sizes[0] ?? {};
  expect(processMs).toBeGreaterThan(0);
  expect(comparedMs).toBeGreaterThan(processMs);
  expect(takenUpMs?.max).toBeGreaterThan(0);
  expect(result.left).toEqual({ channels: 0, bridges: 0 });
  expect(result.journal).toBeUndefined();
  expect(reportOf(result).join('\n')).toContain('4 (2 in a queue)');
}, 180_000);
