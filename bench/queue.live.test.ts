import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { queueBench } from './queue/queue-bench.ts';
import { reportOf } from './queue/report.ts';

/** Everything that makes temporary files makes them in a folder of the test's own. */
function ownTmpdir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'bench-live-'));
  vi.stubEnv('TMPDIR', dir);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(dir, { recursive: true });
  });
  return dir;
}

describe('the queue bench', () => {
  it('serves every caller through app_queue and through the engine, and leaves nothing behind', async () => {
    const dir = ownTmpdir();
    const result = await queueBench({ calls: 4, rounds: 1, agents: 2, warmUpCalls: 0, contestants: ['retry1', 'engine'] });
    expect(result.contestants.map(({ contestant, offered, served }) => ({ contestant, offered, served }))).toEqual([
      { contestant: 'retry1', offered: 4, served: 4 },
      { contestant: 'engine', offered: 4, served: 4 },
    ]);
    for (const { freeToRingMs, waitMs, gaps, callsPerAgent, idleShare, switchCpuMs } of result.contestants) {
      expect(gaps).toBeGreaterThan(0);
      expect(freeToRingMs.p50).toBeGreaterThan(0);
      expect(waitMs.max).toBeGreaterThan(500); // the last waited for the end of a call
      expect(callsPerAgent.least + callsPerAgent.most).toBe(4);
      expect(idleShare).toBeLessThan(1);
      expect(switchCpuMs.mean).toBeGreaterThanOrEqual(0);
    }
    expect(result.ratios.map(({ to }) => to)).toEqual(['retry1']);
    expect(reportOf(result).length).toBeGreaterThan(10);
    expect(result.left).toEqual({ channels: 0, bridges: 0 });
    expect(readdirSync(dir).filter((name) => name.startsWith('strowger-'))).toEqual([]);
  });
});
