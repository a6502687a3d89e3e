import { BANK_ESTIMATORS, type BankResult } from './bank-bench.ts';
import type { CalibrationRow } from './error-figures.ts';
import { titleOf, type ExpectedWaitBenchResult } from './expected-wait-bench.ts';
import { textTable } from '../text-table.ts';

/** The tables for people; lines without line breaks. */
export function reportOf(result: ExpectedWaitBenchResult): readonly string[] {
  return [
    `${result.arrivals.toLocaleString('en')} arrivals a simulated setting, FCFS; RRASE = root of the average squared error / mean wait; Node ${result.node}, ${result.seconds.toFixed(0)} s`,
    '',
    ...textTable(
      ['M/M/s+M, μ=1', 'QL', 'QLm', 'LES', 'HOL', 'exact', 'ASE(QLm) sim / by length / exact', 'LES/QLm', 'ours', 'QLm, same waits'],
      result.theory.map((one) => [
        titleOf(one.queue),
        percent(one.rrase.queueLength),
        percent(one.rrase.queueLengthWithAbandonment),
        percent(one.rrase.lastWait),
        percent(one.rrase.headDelay),
        percent(one.rrase.exact),
        [one.ase, one.stratifiedAse, one.exactAse].map((ase) => ase.toExponential(3)).join(' / '),
        one.lastWaitRatio.toFixed(2),
        percent(one.online.rrase),
        percent(one.online.queueLengthRrase),
      ]),
    ),
    '  by length: the simulated error of each queue length, weighed by its exact probability. Ours starts with a handling time of 2/3 of the true one.',
    '',
    ...('missing' in result.bank
      ? [`! the bank's call log is not at ${result.bank.missing}: that part was left out. Set STROWGER_DATA to the folder that has it.`]
      : bankLines(result.bank)),
    '',
    ...result.goals.map(({ what, found, from, to, reached }) => `${reached ? '✓' : '✗'} ${what}: ${found.toFixed(3)} (${from === 0 ? `at most ${to}` : `${from} to ${to}`})`),
  ];
}

function bankLines(bank: BankResult): readonly string[] {
  const { again } = bank;
  return [
    `bank's call log, month '${bank.testMonth}': ${bank.tested} served waits over 0 (${bank.testedPs} of type PS), mean ${(bank.meanWaitMs / 1_000).toFixed(1)} s; ${bank.trained} before it to train on`,
    '',
    ...textTable(['RRASE', 'all types', 'type PS'], bank.rows.map(({ estimator, all, ps }) => [BANK_ESTIMATORS[estimator], percent(all), percent(ps)])),
    `  ours takes ${bank.microsecondsPerContact.toFixed(0)} µs a contact for estimate, entry and learning`,
    '',
    ...calibrationTable('ours on entry, by expected wait', bank.calibration),
    `  announced range: ${percent(bank.announced.withinUpper)} ended within its upper end, ${percent(bank.announced.notBeforeLower)} not before its lower end`,
    '',
    ...calibrationTable('ours after 60 s in the queue', again.calibration),
    `  RRASE of what remains, ${again.contacts} contacts: ours ${percent(again.online)}, QLm over all queues ${percent(again.queueLength)}, estimate on entry less 60 s ${percent(again.entryLessMinute)}`,
  ];
}

function calibrationTable(title: string, rows: readonly CalibrationRow[]): readonly string[] {
  return textTable(
    [title, 'contacts', 'expected s', 'actual s', 'within P50', 'within P90'],
    rows.map((row) => [row.label, `${row.count}`, (row.meanExpectedMs / 1_000).toFixed(1), (row.meanActualMs / 1_000).toFixed(1), percent(row.withinLow), percent(row.withinHigh)]),
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
