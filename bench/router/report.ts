import type { Speed } from './measurement.ts';
import type { RouterBenchResult } from './router-bench.ts';
import type { Growth, ShapeResult } from './shape-result.ts';
import { textTable } from '../text-table.ts';

/** The table for people; lines without line breaks. */
export function reportOf(result: RouterBenchResult): readonly string[] {
  const { machine, shapes, growth, goals } = result;
  return [
    `routing decisions; Node ${machine.node}, ${machine.cores} cores, load average ${machine.load1Before.toFixed(1)} before, ${machine.load1After.toFixed(1)} after; a random read from 64 MB takes ${machine.randomReadNs.toFixed(0)} ns`,
    ...Object.values(shapes).flatMap((shape) => ['', ...shapeReport(shape)]),
    ...growth.flatMap((one) => ['', ...growthReport(one)]),
    '',
    ...goals.map(({ what, found, limit, reached }) => `${reached ? '✓' : '✗'} ${what}: ${short(found)} (aim ${short(limit)})`),
  ];
}

function shapeReport({ size, waiting, backlog, idle, closedLoop }: ShapeResult): readonly string[] {
  const { appQueue } = backlog;
  const { kinds } = closedLoop;
  return [
    `${size.shape === 'distinct' ? 'agents with skills of their own' : '300 teams and a skill that all have'}: ${size.agents} agents, ${size.skills} skills, ${size.classes} requirements`,
    ...textTable(
      ['', 'offers/s', 'median', 'per CPU s', 'events/s', 'p50 µs', 'p99 µs', 'max µs', 'MB', '× scan'],
      [
        row(`S1 ${waiting} wait`, backlog.speed, backlog.memoryMb, backlog.scan),
        row('   plain scan', backlog.scan),
        row('S2 half are idle', idle.speed, idle.memoryMb, idle.scan),
        row('   plain scan', idle.scan),
        row('S3 closed loop', closedLoop.speed, closedLoop.memoryMb),
      ],
    ),
    `  S1 taken up in ${Math.round(backlog.loadedInMs)} ms. S3: ${Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`).join(', ')}.`,
    `  app_queue's way (S1): ${short(appQueue.decisionUs)} µs CPU a decision (${short(appQueue.decisionUs / (1e6 / backlog.speed.decisionsPerSecond))} × ours), ${appQueue.pollingLoad.toFixed(2)} CPU s each second for looking, and an agent is noticed after ${appQueue.noticedAfterMs.mean} ms on average, ${appQueue.noticedAfterMs.max} at most.`,
  ];
}

function row(name: string, speed: Speed, memoryMb?: number, scan?: Speed): readonly string[] {
  const { decisionsPerSecond, medianPerSecond, decisionsPerCpuSecond, eventsPerSecond, latencyUs } = speed;
  return [
    name,
    ...[decisionsPerSecond, medianPerSecond, decisionsPerCpuSecond, eventsPerSecond, latencyUs.p50, latencyUs.p99, latencyUs.max].map(short),
    memoryMb === undefined ? '' : Math.max(0, memoryMb).toFixed(0),
    scan === undefined ? '' : short(decisionsPerSecond / scan.decisionsPerSecond),
  ];
}

const BAR = 40;

/** Bars on a logarithmic scale: what grows in proportion makes a staircase, what grows logarithmically a wall. */
function growthReport({ of, scenario, rows }: Growth): readonly string[] {
  const all = rows.flatMap(({ routerUs, scanUs }) => [routerUs, scanUs]);
  const least = Math.min(...all) / 1.5;
  const most = Math.max(...all);
  const bar = (us: number): string => '█'.repeat(Math.max(1, Math.round((Math.log(us / least) / Math.log(most / least)) * BAR)));
  const width = Math.max(...rows.map(({ size }) => String(size).length));
  return [
    `one decision (p50) with more ${of}, ${scenario}; logarithmic scale`,
    ...rows.flatMap(({ size, routerUs, scanUs }) => [
      `  ${String(size).padStart(width)}  router ${short(routerUs).padStart(7)} µs ${bar(routerUs)}`,
      `  ${' '.repeat(width)}  scan   ${short(scanUs).padStart(7)} µs ${bar(scanUs)}`,
    ]),
  ];
}

function short(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(2)}M`;
  if (value >= 10_000) return `${Math.round(value / 1_000)}k`;
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
