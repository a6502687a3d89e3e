import type { CallBenchResult } from './call-bench.ts';
import { CONTESTANTS } from './contestants.ts';
import type { Percentiles, Spread } from './figures.ts';
import { textTable } from '../text-table.ts';

/** The table for people; lines without line breaks. */
export function reportOf(result: CallBenchResult): readonly string[] {
  const { machine } = result;
  const rows = result.contestants.map((one) => [
    CONTESTANTS[one.contestant].title,
    `${one.offeredPerSecond.toFixed(1)} / ${one.sustainedPerSecond.toFixed(1)}`,
    `${one.failed} of ${one.calls}`,
    spread(one.switchCpuMs),
    one.programCpuMs === undefined ? '–' : spread(one.programCpuMs),
    percentiles(one.inviteTo200Ms),
    percentiles(one.digitToAudioMs),
  ]);
  const ratios = result.contestants.map(({ contestant, ratios: r }) => [
    CONTESTANTS[contestant].title,
    times(r.switchCpuToDialplan),
    times(r.programCpuToBare),
    times(r.digitToAudioP95ToDialplan),
    times(r.digitToAudioP95ToBare),
  ]);
  return [
    `${result.rate} calls/s, ${result.rounds} rounds of ${result.roundSeconds} s each, in rotating order, on one Asterisk ${machine.asterisk}; Node ${machine.node}, ${machine.cores} cores`,
    `answered by the ${result.answeredBy}${result.answeredBy === 'dialplan' ? ' (ari-client answers itself)' : ''}; the engine with ${result.requestSockets} request sockets`,
    '',
    ...textTable(['', 'calls/s offered / ok', 'failed', 'Asterisk CPU ms/call', 'program CPU ms/call', 'INVITE→200 ms', 'digit→audio ms'], rows),
    '  CPU: mean (lowest–highest round), above idle. Times: p50 / p95 / p99.',
    '',
    ...textTable(['', "Asterisk CPU × dialplan's", "program CPU × bare's", "digit→audio p95 × dialplan's", "× bare's"], ratios),
    '',
    ...result.goals.map((goal) => `${goal.reached ? '✓' : '✗'} ${goal.what}: ${goal.found.toFixed(2)} (at most ${goal.limit})`),
    ...failures(result),
    ...(result.left.channels + result.left.bridges > 0 ? [`✗ left on the switch: ${result.left.channels} channels, ${result.left.bridges} bridges`] : []),
    ...doubts(result),
  ];
}

function failures(result: CallBenchResult): readonly string[] {
  return result.contestants.flatMap(({ contestant, failures: all }) =>
    Object.entries(all).map(([what, count]) => `  ${CONTESTANTS[contestant].title}: ${count} × ${what}`),
  );
}

/** Timers of Node are late by up to a millisecond by nature. */
const LATE_MS = 3;
const NOISY_SHARE = 0.1;

/** What makes the figures less than exact. */
function doubts({ contestants, machine }: CallBenchResult): readonly string[] {
  const lateP95 = Math.max(...contestants.map(({ latenessMs }) => latenessMs.p95));
  const others = Math.max(...contestants.map(({ othersShare }) => othersShare.highest));
  const loadCpu = contestants.map((one) => `${one.loadCpuMs.toFixed(1)}`).join(' / ');
  return [
    `load generator: ${loadCpu} ms CPU a call, late by ${percentiles(worst(contestants.map(({ latenessMs }) => latenessMs)))} ms (worst contestant, p50 / p95 / p99)`,
    ...(lateP95 > LATE_MS ? [`! the load generator was late: digit→audio may be up to ${lateP95.toFixed(1)} ms too long at p95, for all contestants alike`] : []),
    `load average ${machine.load1Before.toFixed(1)} before, ${machine.load1After.toFixed(1)} after; other processes used up to ${Math.round(others * 100)} % of the machine`,
    ...(others > NOISY_SHARE ? ['! the machine was busy with other things: keep the ratios, not the absolutes'] : []),
  ];
}

function worst(all: readonly Percentiles[]): Percentiles {
  const top = (key: keyof Percentiles) => Math.max(...all.map((one) => one[key]));
  return { p50: top('p50'), p95: top('p95'), p99: top('p99'), max: top('max') };
}

function percentiles({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map(short).join(' / ');
}

function spread({ mean, lowest, highest }: Spread): string {
  return `${mean.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}

function short(value: number): string {
  return Number.isNaN(value) ? '–' : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function times(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(2)}`;
}
