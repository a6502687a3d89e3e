import { isReplayOk, MOST_REPLAY_ERROR, type OracleBenchResult } from './oracle-bench.ts';
import { MOST_Z } from './oracle.ts';
import { LEAST_RECOVERY } from './pooling-oracles.ts';
import { textTable } from '../text-table.ts';

/** The tables for people; lines without line breaks. */
export function reportOf(result: OracleBenchResult): readonly string[] {
  return [...exactReport(result), '', ...publishedReport(result), '', ...poolingReport(result), '', ...bankReport(result), '', verdict(result)];
}

function exactReport({ exact, size, seed }: OracleBenchResult): readonly string[] {
  const rows = exact.map(({ group, what, exact: value, simulated, standardError, z, ok }, i) => [
    `${mark(ok)} ${group === exact[i - 1]?.group ? '' : group}`,
    what,
    value.toFixed(5),
    simulated.toFixed(5),
    standardError.toFixed(5),
    signed(z),
  ]);
  return [
    `Exact values through the router: ${size.calls} calls or more each, seed ${seed}; ✗ is more than ${MOST_Z} standard errors away`,
    '',
    ...textTable(['', '', 'exact', 'simulated', 'std. error', 'z'], rows, 2),
  ];
}

function publishedReport({ published, size }: OracleBenchResult): readonly string[] {
  const rows = published.map(({ model, what, published: theirs, ours, z, ok }, i) => [
    `${mark(ok)} ${model === published[i - 1]?.model ? '' : model}`,
    what,
    ...[theirs, ours].flatMap(([mean, low, high]) => [short(mean), `[${short(low)}, ${short(high)}]`]),
    signed(z),
  ]);
  return [
    `Published tables (ContactCenters, Université de Montréal, 1000 repetitions) and ours (${size.replications}); 95 % intervals`,
    '',
    ...textTable(['', '', 'published', '', 'ours', '', 'z'], rows, 2),
  ];
}

function poolingReport({ pooling, recoveries }: OracleBenchResult): readonly string[] {
  const rows = pooling.map(({ load, skills, blocked, wait, inTarget }) => [
    `${load} E`,
    skills === 'pool' ? 'exact pool' : String(skills),
    blocked.value.toFixed(5),
    wait.value.toFixed(4),
    skills === 'pool' ? '' : `± ${(wait.high - wait.value).toFixed(4)}`,
    inTarget.value.toFixed(4),
  ]);
  return [
    'How much the second skill brings (Wallace and Whitt 2005: 6 types, 90 agents, 30 places, 10 min)',
    '',
    ...textTable(['', 'skills', 'blocked', 'wait min', '', 'within 0.5 min'], rows, 1),
    ...recoveries.map(({ load, recovery, ok }) => `${mark(ok)} ${load} E: two skills bring ${(recovery * 100).toFixed(1)} % of what six bring (at least ${LEAST_RECOVERY * 100} %)`),
  ];
}

function bankReport({ bank }: OracleBenchResult): readonly string[] {
  if ('missing' in bank) {
    return [`A bank's call log: not replayed, there is no ${bank.missing}.`, '  Give its place by --bank-log or STROWGER_BANK_LOG; it is the log of Anonymous Bank (Technion, SEELab), which is not ours to ship.'];
  }
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  const rows = bank.rows.map((row) => [
    row.type,
    String(row.calls),
    row.wait.toFixed(1),
    row.simulatedWait.toFixed(1),
    percent(row.abandoned),
    percent(row.simulatedAbandoned),
    percent(row.inTarget),
    percent(row.simulatedInTarget),
  ]);
  return [
    `A bank's call log, ${bank.days} days of 1999, replayed ${bank.replications} times: calls as they came; patience, handling and presence from the log`,
    '',
    ...textTable(['type', 'calls', 'wait s', 'simulated', 'abandoned', 'simulated', 'within 20 s', 'simulated'], rows, 1),
    `${mark(isReplayOk(bank))} the mean wait of all may be ${MOST_REPLAY_ERROR * 100} % off: who was there is only guessed. Mean waits of the days: correlation ${bank.correlation.toFixed(2)}`,
  ];
}

function verdict({ exact, published, recoveries, bank, ok }: OracleBenchResult): string {
  const verdicts = [...[...exact, ...published, ...recoveries].map((finding) => finding.ok), ...('missing' in bank ? [] : [isReplayOk(bank)])];
  return `${mark(ok)} ${verdicts.filter(Boolean).length} of ${verdicts.length} as they should be`;
}

function mark(ok: boolean): string {
  return ok ? '✓' : '✗';
}

function signed(z: number): string {
  return `${z < 0 ? '−' : '+'}${Math.abs(z).toFixed(2)}`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(1) : value.toFixed(3);
}
