import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackBench, isWrong } from './callback-bench.ts';
import { runPart, type PartResults } from './part.ts';
import { doPart, type PartTask } from './parts.ts';
import { reportOf } from './report.ts';

const TINY = { pending: 60, due: 4, spreadMs: 200, starts: 1, looks: 5, requestRounds: 1, requestRoundMs: 60 };

/** A process takes seconds to start on a busy machine: one is enough to see that it works. */
const run = async <Part extends keyof PartResults>(task: Extract<PartTask, { readonly part: Part }>): Promise<PartResults[Part]> =>
  task.part === 'readPlain' ? runPart<Part>(task) : ((await doPart(task)) as PartResults[Part]);

describe('the bench of callbacks', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strowger-bench-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('measures start, lateness and rate, and leaves nothing behind', async () => {
    const result = await callbackBench({ size: TINY, folder, run });
    expect(result.starts).toMatchObject([{ requests: 60 }]);
    expect(result.plainReads).toMatchObject([{ requests: 60 }]);
    expect(result.placed).toMatchObject([
      { due: 4, overMs: 0, reached: 4, left: { channels: 0, bridges: 0 } },
      { due: 4, overMs: 200, reached: 4, left: { channels: 0, bridges: 0 } },
    ]);
    expect(result.requests.map(({ concurrency }) => concurrency)).toEqual([1, 100]);
    expect(isWrong(result)).toBe(false);
    expect(isWrong({ ...result, size: { ...TINY, pending: 61 } })).toBe(true);
    const report = reportOf(result).join('\n');
    expect(report).toContain('60 requests pending');
    expect(report).toContain('4 due within 0.2 s');
    expect(report).not.toMatch(/NaN|undefined|Infinity/);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);
});
