import type { MarkovQueue } from '../../engine/routing/expected-wait/queue-length-estimate.ts';
import { bankResultOf, type BankResult } from './bank-bench.ts';
import { findBankLog, readBankLog } from './bank-log.ts';
import { goalsOf, type ExpectedWaitGoal } from './goals.ts';
import { MARKOV_SETTINGS, theoryResultOf, type TheoryResult } from './theory-bench.ts';

export interface ExpectedWaitBenchOptions {
  /** Shorter simulations: within a minute on a busy machine. */
  readonly quick?: boolean;
  readonly onProgress?: (text: string) => void;
  /** The bank's call log, or the folder where it is. Default: STROWGER_DATA, else ../shared/data beside the clone. */
  readonly dataPath?: string;
}

export interface ExpectedWaitBenchResult {
  readonly at: string;
  readonly seconds: number;
  readonly node: string;
  readonly arrivals: number;
  readonly theory: readonly TheoryResult[];
  /** `missing`: where the log was looked for and is not. */
  readonly bank: BankResult | { readonly missing: string };
  readonly goals: readonly ExpectedWaitGoal[];
}

const QUICK = { arrivals: 1_500_000, onlineArrivals: 100_000 };
const FULL = { arrivals: 5_000_000, onlineArrivals: 250_000 };
/** Any will do; a fixed one makes every figure but the times the same in each run. */
const SEED = 7;

/** Measures the estimator of waits against theory and on a real call log. Everything but the times is deterministic. */
export function expectedWaitBench({ quick = false, onProgress = () => undefined, dataPath }: ExpectedWaitBenchOptions = {}): ExpectedWaitBenchResult {
  const startedAt = performance.now();
  const size = quick ? QUICK : FULL;
  const theory = MARKOV_SETTINGS.map((queue) => {
    onProgress(`simulating ${titleOf(queue)}`);
    return theoryResultOf(queue, { ...size, seed: SEED });
  });
  const log = findBankLog(dataPath);
  let bank: ExpectedWaitBenchResult['bank'] = { missing: log.path };
  if (log.found) {
    onProgress("replaying the bank's call log");
    bank = bankResultOf(readBankLog(log.path));
  }
  return {
    at: new Date().toISOString(),
    seconds: (performance.now() - startedAt) / 1_000,
    node: process.version,
    arrivals: size.arrivals,
    theory,
    bank,
    goals: goalsOf(theory, bank),
  };
}

/** "s=100 ρ=1.40 θ=1". */
export function titleOf({ servers, arrivalRate, serviceRate, abandonRate }: MarkovQueue): string {
  return `s=${servers} ρ=${(arrivalRate / servers / serviceRate).toFixed(2)} θ=${abandonRate}`;
}
