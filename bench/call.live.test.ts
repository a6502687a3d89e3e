import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runCallBench } from './call/call-bench.ts';
import { CONTESTANT_NAMES } from './call/contestants.ts';

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

describe('the call bench', () => {
  it('runs every contestant through both prompts and the digit, and leaves nothing behind', async () => {
    const dir = ownTmpdir();
    const result = await runCallBench({ rate: 3, rounds: 1, roundSeconds: 1, warmUpCalls: 0 });
    expect(result.contestants.map(({ contestant }) => contestant)).toEqual(CONTESTANT_NAMES);
    for (const { contestant, calls, failed, failures, digitToAudioMs, inviteTo200Ms } of result.contestants) {
      expect({ contestant, calls, failed, failures }).toEqual({ contestant, calls: 3, failed: 0, failures: {} });
      expect(digitToAudioMs.p50).toBeGreaterThan(0);
      expect(inviteTo200Ms.p50).toBeGreaterThan(0);
    }
    expect(result.left).toEqual({ channels: 0, bridges: 0 });
    expect(readdirSync(dir).filter((name) => name.startsWith('strowger-'))).toEqual([]);
  });

  it('works when the programs answer, over one socket', async () => {
    const result = await runCallBench({ rate: 3, rounds: 1, roundSeconds: 1, warmUpCalls: 0, answeredBy: 'program', requestSockets: 0, contestants: ['bare', 'engine'] });
    expect(result.contestants.map(({ failures }) => failures)).toEqual([{}, {}]);
    expect(result.left).toEqual({ channels: 0, bridges: 0 });
  });
});
