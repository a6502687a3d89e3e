import { join } from 'node:path';
import { FULL, QUICK, runOracleBench } from '../../bench/oracles/oracle-bench.ts';

const SEED = 1;
/** Beside the clone, where data that we may use but not ship is kept. */
const BANK_LOG = join(import.meta.dirname, '../../../shared/data/anonymous_bank_1999_jan_feb.csv.gz');

/** `./strowger bench oracles`: what the router does, against everything that is known exactly. */
export function runOracles(options: { readonly quick: boolean; readonly bankLog: string | undefined; readonly onProgress: (text: string) => void }) {
  const { quick, bankLog = BANK_LOG, onProgress } = options;
  return runOracleBench({ size: quick ? QUICK : FULL, seed: SEED, bankLog, onProgress });
}
