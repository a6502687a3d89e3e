import { textTable } from '../text-table.ts';
import type { JournalCost } from './journal-cost.ts';
import type { RecoveryBenchResult } from './recovery-bench.ts';

/** What is aimed at: nobody is served by nobody for longer. */
const AIM_MS = 3_000;

/** Of the engine's CPU. */
const JOURNAL_AIM = 0.1;

function journalLines({ rate, withMs, withoutMs, share, failed }: JournalCost): readonly string[] {
  const each = (values: readonly number[]): string => values.map((ms) => ms.toFixed(2)).join(', ');
  return [
    `the journal takes ${(100 * share).toFixed(1)} % of the engine's CPU a call (aim ${100 * JOURNAL_AIM} %: ${share <= JOURNAL_AIM ? 'reached' : 'missed'}), at ${rate} calls a second`,
    `ms a call with it: ${each(withMs)}; without: ${each(withoutMs)}`,
    ...(failed > 0 ? [`✗ ${failed} calls failed`] : []),
  ];
}

/** The table for people; lines without line breaks. */
export function reportOf({ machine, sizes, journal, left }: RecoveryBenchResult): readonly string[] {
  const s = (ms: number): string => (ms / 1_000).toFixed(2);
  const rows = sizes.map(({ calls, waiting, processMs, comparedMs, takenUpMs, lost, notServed }) => [
    `${calls} (${waiting} in a queue)`,
    s(processMs),
    s(comparedMs),
    `${s(takenUpMs.p50)} / ${s(takenUpMs.p99)} / ${s(takenUpMs.max)}`,
    `${takenUpMs.p99 <= AIM_MS ? 'reached' : 'missed'}`,
    String(lost),
    String(notServed),
  ]);
  return [
    `kill -9 of a supervised engine, then a key from each caller in the menu; Asterisk ${machine.asterisk}, Node ${machine.node}, load average before ${machine.load1Before.toFixed(1)}`,
    '',
    ...textTable(['calls', 'first line s', 'all compared s', 'taken up s: p50 / p99 / last', `p99 ≤ ${s(AIM_MS)} s`, 'lost', 'key not answered'], rows),
    ...(journal === undefined ? [] : ['', ...journalLines(journal)]),
    ...(left.channels + left.bridges > 0 ? [`✗ left on the switch: ${left.channels} channels, ${left.bridges} bridges`] : []),
  ];
}
