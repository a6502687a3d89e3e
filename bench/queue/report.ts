import type { Percentiles, Spread } from '../call/figures.ts';
import { CONTESTANTS } from './contestants.ts';
import type { Figures } from './figures.ts';
import type { QueueBenchResult } from './queue-bench.ts';
import { textTable } from '../text-table.ts';

/** The table for people; lines without line breaks. */
export function reportOf(result: QueueBenchResult): readonly string[] {
  const { machine, contestants, ratios } = result;
  const service = contestants.map((one) => [
    CONTESTANTS[one.contestant].title,
    `${one.served} of ${one.offered}`,
    one.servedPerSecond.toFixed(2),
    percentiles(one.freeToRingMs),
    percent(one.idleShare),
    seconds(one.waitMs),
  ]);
  const cost = contestants.map((one) => [
    CONTESTANTS[one.contestant].title,
    spread(one.switchCpuMs),
    one.engineCpuMs === undefined ? '–' : spread(one.engineCpuMs),
    percent(one.overtakenShare),
    `${one.callsPerAgent.least}–${one.callsPerAgent.most}`,
    `${one.tooEarly.rings}`,
  ]);
  const compared = ratios.map((one) => [
    `Strowger / ${CONTESTANTS[one.to].title}`,
    ...[one.freeToRingP50, one.freeToRingP95, one.idleShare, one.servedPerSecond, one.waitP50, one.waitP95, one.switchCpu, one.allCpu].map(times),
  ]);
  return [
    `${result.calls} callers for ${result.agents} agents, load ${result.load}, talk 1.1 to 2.9 s, ended by ${result.endedBy === 'both' ? 'caller and agent in turn' : `the ${result.endedBy}`}; in ${result.rounds} rounds of rotating order, on one Asterisk ${machine.asterisk}; Node ${machine.node}, ${machine.cores} cores`,
    '',
    ...textTable(['', 'served', 'calls/s', 'free→ring ms', 'idle while callers wait', "callers' wait s"], service),
    '  free→ring: from the end of an agent\'s call to the next ring of that phone, where a caller waited for it. Times: p50 / p95 / p99.',
    '',
    ...textTable(['', 'Asterisk CPU ms/call', 'engine CPU ms/call', 'overtaken', 'calls an agent', 'rings of a busy phone'], cost),
    '  CPU: mean (lowest–highest round), above idle; with it the hold music, so who waits longer costs more.',
    '',
    ...(compared.length === 0 ? [] : [...textTable(['ratios', 'free→ring p50', 'p95', 'idle', 'calls/s', 'wait p50', 'p95', 'Asterisk CPU', 'all CPU'], compared), '']),
    ...faults(result),
    ...doubts(contestants, machine),
  ];
}

function faults({ contestants, left }: QueueBenchResult): readonly string[] {
  const lost = contestants.flatMap((one) => (one.served < one.offered ? [`✗ ${CONTESTANTS[one.contestant].title}: ${one.offered - one.served} callers were not served`] : []));
  const busy = contestants.flatMap((one) =>
    one.tooEarly.rings > 0
      ? [`✗ ${CONTESTANTS[one.contestant].title}: ${one.tooEarly.rings} times a phone was rung up to ${one.tooEarly.mostMs.toFixed(1)} ms before its previous call had ended; it answered 486 (busy)`]
      : [],
  );
  return [...lost, ...busy, ...(left.channels + left.bridges > 0 ? [`✗ left on the switch: ${left.channels} channels, ${left.bridges} bridges`] : [])];
}

/** Timers of Node are late by up to a millisecond by nature. */
const LATE_MS = 5;
const NOISY_SHARE = 0.1;

/** What makes the figures less than exact. */
function doubts(contestants: readonly Figures[], machine: QueueBenchResult['machine']): readonly string[] {
  const late = worst(contestants.map(({ latenessMs }) => latenessMs));
  const others = Math.max(...contestants.map(({ othersShare }) => othersShare));
  return [
    `phones: late by ${percentiles(late)} ms (worst contestant, p50 / p95 / p99)`,
    ...(late.p95 > LATE_MS ? [`! the phones were late: free→ring may be up to ${late.p95.toFixed(1)} ms too long at p95, for all contestants alike`] : []),
    `load average ${machine.load1Before.toFixed(1)} before, ${machine.load1After.toFixed(1)} after; other processes used up to ${Math.round(others * 100)} % of the machine`,
    ...(others > NOISY_SHARE ? ['! the machine was busy with other things: keep the ratios, not the absolutes'] : []),
  ];
}

function worst(all: readonly Percentiles[]): Percentiles {
  const top = (key: keyof Percentiles): number => Math.max(...all.map((one) => one[key]));
  return { p50: top('p50'), p95: top('p95'), p99: top('p99'), max: top('max') };
}

function percentiles({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((value) => (Number.isNaN(value) ? '–' : value.toFixed(value < 100 ? 1 : 0))).join(' / ');
}

function seconds({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((value) => (Number.isNaN(value) ? '–' : (value / 1_000).toFixed(1))).join(' / ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function spread({ mean, lowest, highest }: Spread): string {
  return `${mean.toFixed(1)} (${lowest.toFixed(1)}–${highest.toFixed(1)})`;
}

function times(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value < 0.1 ? 3 : 2);
}
