import { runCallBench } from '../call/call-bench.ts';

export interface JournalCostOptions {
  /** Calls a second, seconds a round, and how often both ways are measured, one after the other. */
  readonly rate: number;
  readonly roundSeconds: number;
  readonly rounds: number;
  readonly onProgress: (text: string) => void;
}

/** CPU of the engine's process, all its threads, in milliseconds a call (two prompts and a key). */
export interface JournalCost {
  readonly rate: number;
  readonly withMs: readonly number[];
  readonly withoutMs: readonly number[];
  /** Of what a call costs with it: 0.1 is a tenth. */
  readonly share: number;
  readonly failed: number;
}

/** What it costs that calls outlive the engine: the same engine with its journal, and with one that keeps nothing, in turn. */
export async function journalCost({ rate, roundSeconds, rounds, onProgress }: JournalCostOptions): Promise<JournalCost> {
  const found = { with: [] as number[], without: [] as number[] };
  let failed = 0;
  for (let round = 0; round < rounds; round += 1) {
    // The order turns: a machine that gets warmer or busier favours neither.
    const order = round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
    for (const way of order) {
      onProgress(`round ${round + 1} of ${rounds}: ${way} a journal`);
      const { contestants } = await runCallBench({ rate, rounds: 1, roundSeconds, warmUpCalls: Math.round(rate * roundSeconds), contestants: ['engine'], keepsJournal: way === 'with' });
      const [engine] = contestants;
      failed += engine?.failed ?? 0;
      found[way].push(engine?.programCpuMs?.mean ?? NaN);
    }
  }
  return { rate, withMs: found.with, withoutMs: found.without, share: 1 - mean(found.without) / mean(found.with), failed };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
