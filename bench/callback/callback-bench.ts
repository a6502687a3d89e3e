import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { load1 } from '../call/cpu.ts';
import { runPart, type PartRunner } from './part.ts';
import { makePending } from './pending.ts';
import type { Placed } from './placing.ts';
import { ratiosOf, type Ratios } from './ratios.ts';
import type { RequestRate } from './requests.ts';
import type { PlainRead, Restored } from './restore.ts';

export interface CallbackBenchSize {
  readonly pending: number;
  readonly due: number;
  /** Over how long they fall due that do not all at once. */
  readonly spreadMs: number;
  readonly starts: number;
  readonly looks: number;
  readonly requestRounds: number;
  readonly requestRoundMs: number;
}

export interface CallbackBenchOptions {
  /** Under a minute. */
  readonly quick?: boolean;
  readonly size?: CallbackBenchSize;
  /** Where the stores are made, and removed from. */
  readonly folder?: string;
  readonly onProgress?: (text: string) => void;
  /** Each part in a process of its own when not given. */
  readonly run?: PartRunner;
}

export interface CallbackBenchResult {
  readonly at: string;
  readonly size: CallbackBenchSize;
  readonly machine: { readonly cores: number; readonly node: string; readonly load1Before: number; readonly load1After: number };
  readonly storeBytes: number;
  /** In the order of their total times, and beside each other in one run; figures are taken from the one in the middle. */
  readonly starts: readonly Restored[];
  readonly plainReads: readonly PlainRead[];
  readonly placed: readonly Placed[];
  readonly requests: readonly RequestRate[];
  readonly ratios: Ratios;
}

const FULL: CallbackBenchSize = { pending: 100_000, due: 500, spreadMs: 60_000, starts: 3, looks: 200, requestRounds: 3, requestRoundMs: 1_500 };
const QUICK: CallbackBenchSize = { ...FULL, spreadMs: 5_000, starts: 1, looks: 50, requestRounds: 2, requestRoundMs: 800 };

const SIGN_IN_MS = 1_500;

export async function callbackBench(options: CallbackBenchOptions = {}): Promise<CallbackBenchResult> {
  const { quick = false, size = quick ? QUICK : FULL, onProgress = () => undefined, run = runPart } = options;
  const { pending, due, spreadMs, looks, requestRounds: rounds, requestRoundMs: roundMs } = size;
  const load1Before = load1();
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'strowger-bench-callback-'));
  try {
    const path = join(folder, 'store.db');
    onProgress(`${pending} requests into a store`);
    await makePending(path, pending);
    const storeBytes = statSync(path).size;
    const starts: Restored[] = [];
    const plainReads: PlainRead[] = [];
    for (let start = 1; start <= size.starts; start += 1) {
      onProgress(`start ${start} of ${size.starts}`);
      plainReads.push(await run<'readPlain'>({ part: 'readPlain', path, looks }));
      starts.push(await run<'restore'>({ part: 'restore', path, looks }));
    }
    const placed: Placed[] = [];
    const readyMs = SIGN_IN_MS + 2 * Math.max(...starts.map(({ totalMs }) => totalMs));
    for (const overMs of [0, spreadMs]) {
      onProgress(`${due} fall due ${overMs === 0 ? 'at once' : `within ${overMs / 1_000} s`}`);
      placed.push(await run<'place'>({ part: 'place', path, readyMs, due, overMs }));
    }
    onProgress('requests beside bare inserts');
    const requests = await run<'request'>({ part: 'request', path, rounds, roundMs });
    starts.sort((a, b) => a.totalMs - b.totalMs);
    plainReads.sort((a, b) => a.readMs - b.readMs);
    return {
      at: new Date().toISOString(),
      size,
      machine: { cores: availableParallelism(), node: process.version, load1Before, load1After: load1() },
      storeBytes,
      starts,
      plainReads,
      placed,
      requests,
      ratios: ratiosOf({ starts, plainReads, requests }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True when something is wrong that is no matter of speed. */
export function isWrong({ size, starts, placed }: CallbackBenchResult): boolean {
  return starts.some(({ requests }) => requests < size.pending) || placed.some(({ due, reached, left }) => reached < due || left.channels + left.bridges > 0);
}
