import type { Percentiles } from '../call/figures.ts';
import type { CallbackBenchResult } from './callback-bench.ts';
import type { Placed } from './placing.ts';
import { middle } from './ratios.ts';
import type { RequestRate } from './requests.ts';

/** The table for people; lines without line breaks. */
export function reportOf(result: CallbackBenchResult): readonly string[] {
  const { machine, size, placed, requests } = result;
  return [
    `callbacks, ${size.pending} requests pending; Node ${machine.node}, ${machine.cores} cores, load average ${machine.load1Before.toFixed(1)} before, ${machine.load1After.toFixed(1)} after`,
    '',
    ...startReport(result),
    '',
    'late in ms after the time that was promised (p50 / p95 / max); an agent for each, who answers at once, on a simulated switch in real time',
    ...placed.map(placedReport),
    '  CPU of the engine and the switch for a whole call, beyond that of the idle process. All at once is the beginning of a full window.',
    '',
    'requests a second, each on the disk before it is confirmed, beside bare inserts of the same rows that are synced as often',
    ...requests.map(requestReport),
    '  Those that come together share one sync of the disk.',
  ];
}

function startReport(result: CallbackBenchResult): readonly string[] {
  const { starts, plainReads, size, storeBytes, ratios } = result;
  const { openMs, restoreMs, firstLookMs, totalMs, heapBytes, lookUs, windowsUs } = middle(starts);
  const plain = middle(plainReads);
  return [
    `  memory       ${short(heapBytes / size.pending)} bytes a request in the desk, ${short(plain.heapBytes / size.pending)} as plain objects (${ratios.memory.toFixed(2)} ×)`,
    `  store        ${short(storeBytes / size.pending)} bytes a request, ${(storeBytes / 1e6).toFixed(1)} MB`,
    `  start        ${short(totalMs)} ms until the first look is over (open ${short(openMs)}, restore ${short(restoreMs)}, look ${short(firstLookMs)}); the same rows read and parsed, and no more: ${short(plain.readMs)} ms (${ratios.start.toFixed(2)} ×)`,
    `  a wake       ${besideReport(lookUs.desk, lookUs.scan, ratios.look)}: what the desk does when it finds nothing due`,
    `  the windows  ${besideReport(windowsUs.desk, windowsUs.scan, ratios.windows)}: which windows of a queue have room; all but the counting is calendar`,
  ];
}

function besideReport(desk: Percentiles, scan: Percentiles, ratio: number): string {
  return `${short(desk.p50)} µs (p95 ${short(desk.p95)}), a pass over all ${short(scan.p50)} µs (${ratio.toFixed(2)} × ours)`;
}

function placedReport({ due, overMs, reached, queuedMs, dialledMs, cpuMsEach }: Placed): string {
  const when = overMs === 0 ? 'at once' : `within ${overMs / 1_000} s`;
  return `  ${due} due ${when.padEnd(12)} in the queue ${spread(queuedMs)}, dialled ${spread(dialledMs)}; ${short(cpuMsEach)} ms CPU each; ${reached} of ${due} reached`;
}

function requestReport({ concurrency, perSecond, plainPerSecond }: RequestRate): string {
  return `  ${String(concurrency).padStart(3)} at a time  ${short(perSecond)}, bare ${short(plainPerSecond)} (${(perSecond / plainPerSecond).toFixed(3)} ×)`;
}

function spread({ p50, p95, max }: Percentiles): string {
  return [p50, p95, max].map(short).join(' / ');
}

function short(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1_000)}k`;
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
