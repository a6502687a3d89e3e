import { existsSync } from 'node:fs';
import { readBankLog } from './bank-log.ts';
import { replayBank, type ReplayResult } from './bank-replay.ts';
import { exactOracles } from './exact-oracles.ts';
import { findingsOf, type Finding } from './oracle.ts';
import { fullPool, POOLING_LOADS, POOLING_SKILLS, poolingRow, recoveryOf, type PoolingRow, type Recovery } from './pooling-oracles.ts';
import { publishedFindings, publishedModels, type PublishedFinding } from './published-oracles.ts';

/** How much is simulated. */
export interface OracleSize {
  /** Calls of an exact oracle of ordinary length. */
  readonly calls: number;
  /** Days or weeks of a published table. */
  readonly replications: number;
  readonly poolingCalls: number;
  readonly replays: number;
}

/** Ends within a minute on an ordinary machine. */
export const QUICK: OracleSize = { calls: 25_000, replications: 40, poolingCalls: 40_000, replays: 1 };
/** Takes minutes. */
export const FULL: OracleSize = { calls: 300_000, replications: 400, poolingCalls: 200_000, replays: 5 };

export interface OracleBenchOptions {
  readonly size: OracleSize;
  readonly seed: number;
  /** The call log of the bank; passed over when there is no such file. */
  readonly bankLog: string;
  readonly onProgress: (text: string) => void;
}

export interface OracleBenchResult {
  readonly size: OracleSize;
  readonly seed: number;
  readonly exact: readonly Finding[];
  readonly published: readonly PublishedFinding[];
  readonly pooling: readonly PoolingRow[];
  readonly recoveries: readonly Recovery[];
  readonly bank: ReplayResult | { readonly missing: string };
  readonly ok: boolean;
}

/** How far the mean wait of the replayed log may be from the real one: who was there is only guessed from it. */
export const MOST_REPLAY_ERROR = 0.2;

/** Asks the router of production everything whose answer is known. */
export function runOracleBench({ size, seed, bankLog, onProgress }: OracleBenchOptions): OracleBenchResult {
  const oracles = exactOracles();
  const exact = oracles.flatMap((oracle, i) => {
    onProgress(`exact values ${i + 1}/${oracles.length}: ${oracle.group}`);
    return findingsOf(oracle, size.calls, seed + i);
  });
  const models = publishedModels();
  const published = models.flatMap((model, i) => {
    onProgress(`published tables ${i + 1}/${models.length}: ${model.name}`);
    return publishedFindings(model, size.replications, seed);
  });
  const pooling = POOLING_LOADS.flatMap((load) => [
    ...POOLING_SKILLS.map((skills) => {
      onProgress(`Wallace and Whitt: ${load} E, ${skills} skill${skills === 1 ? '' : 's'}`);
      return poolingRow(load, skills, size.poolingCalls, seed);
    }),
    fullPool(load),
  ]);
  const recoveries = POOLING_LOADS.map((load) => recoveryOf(load, pooling));
  const bank = existsSync(bankLog)
    ? replayBank(readBankLog(bankLog), size.replays, seed, (done, of) => onProgress(`a bank's log, day ${done}/${of}`))
    : { missing: bankLog };
  const ok = [...exact, ...published, ...recoveries].every((finding) => finding.ok) && isReplayOk(bank);
  return { size, seed, exact, published, pooling, recoveries, bank, ok };
}

export function isReplayOk(bank: OracleBenchResult['bank']): boolean {
  if ('missing' in bank) return true;
  const all = bank.rows.find(({ type }) => type === 'all');
  return all !== undefined && Math.abs(all.simulatedWait / all.wait - 1) <= MOST_REPLAY_ERROR;
}
