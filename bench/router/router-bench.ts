import { availableParallelism, loadavg } from 'node:os';
import { FULL_SIZE, makeCentre, SHAPES, type Shape } from './centre.ts';
import { closedLoop } from './closed-loop.ts';
import { goalsOf, type RouterGoal } from './goals.ts';
import { randomReadNs } from './measurement.ts';
import { appQueueCost, scanBacklog, scanIdle } from './peers.ts';
import { backlog, idle } from './scenarios.ts';
import type { Growth, ShapeResult } from './shape-result.ts';

export interface RouterBenchOptions {
  /** Under a minute. */
  readonly quick?: boolean;
  readonly onProgress?: (text: string) => void;
}

export interface RouterBenchResult {
  readonly at: string;
  readonly quick: boolean;
  readonly machine: {
    readonly cores: number;
    readonly node: string;
    readonly load1Before: number;
    readonly load1After: number;
    /** See `randomReadNs`. */
    readonly randomReadNs: number;
  };
  readonly shapes: Readonly<Record<Shape, ShapeResult>>;
  readonly growth: readonly Growth[];
  readonly goals: readonly RouterGoal[];
}

const WAITING = 100_000;
const GROWING_WAITING = [1_000, 3_000, 10_000, 30_000, 100_000];
const GROWING_AGENTS = [1_000, 2_000, 5_000, 10_000];

/** Runs the router, a plain scan and a model of app_queue on the same invented centres. */
export function routerBench({ quick = false, onProgress = () => undefined }: RouterBenchOptions = {}): RouterBenchResult {
  const load1Before = load1();
  const readNs = randomReadNs();
  const shapes = Object.fromEntries(SHAPES.map((shape) => [shape, benchShape(shape, quick, onProgress)])) as Record<Shape, ShapeResult>;
  const growth = [growthOfWaiting(quick, onProgress), growthOfAgents(quick, onProgress)];
  return {
    at: new Date().toISOString(),
    quick,
    machine: { cores: availableParallelism(), node: process.version, load1Before, load1After: load1(), randomReadNs: readNs },
    shapes,
    growth,
    goals: goalsOf(Object.values(shapes), growth),
  };
}

function benchShape(shape: Shape, quick: boolean, onProgress: (text: string) => void): ShapeResult {
  const size = { shape, ...FULL_SIZE };
  const effort = quick ? { warmUp: 30_000, measured: 60_000 } : { warmUp: 60_000, measured: 400_000 };
  const scans = quick ? 150 : 600;
  onProgress(`${shape}: building`);
  const centre = makeCentre(size);
  onProgress(`${shape}: S1, ${WAITING} contacts wait`);
  const s1 = backlog(centre, WAITING, effort);
  onProgress(`${shape}: S1 by a scan`);
  const s1Scan = scanBacklog(centre, WAITING, scans);
  onProgress(`${shape}: S1 as app_queue would`);
  const appQueue = appQueueCost(centre, WAITING, scans);
  onProgress(`${shape}: S2, half of the agents are idle`);
  const s2 = idle(centre, effort);
  onProgress(`${shape}: S2 by a scan`);
  const s2Scan = scanIdle(centre, scans * 5);
  onProgress(`${shape}: S3, closed loop`);
  const s3 = closedLoop(centre, { warmUp: effort.warmUp * 2, measured: effort.measured * 2 });
  return { size, waiting: WAITING, backlog: { ...s1, scan: s1Scan, appQueue }, idle: { ...s2, scan: s2Scan }, closedLoop: s3 };
}

function growthOfWaiting(quick: boolean, onProgress: (text: string) => void): Growth {
  const centre = makeCentre({ shape: 'distinct', ...FULL_SIZE });
  const rows = GROWING_WAITING.map((waiting) => {
    onProgress(`growth: ${waiting} contacts wait`);
    const { speed } = backlog(centre, waiting, growthEffort(quick));
    return { size: waiting, routerUs: speed.latencyUs.p50, scanUs: scanBacklog(centre, waiting, 100).latencyUs.p50 };
  });
  return { of: 'waiting contacts', scenario: 'S1', rows };
}

function growthOfAgents(quick: boolean, onProgress: (text: string) => void): Growth {
  const rows = GROWING_AGENTS.map((agents) => {
    onProgress(`growth: ${agents} agents`);
    const centre = makeCentre({ shape: 'distinct', ...FULL_SIZE, agents });
    const { speed } = idle(centre, growthEffort(quick));
    return { size: agents, routerUs: speed.latencyUs.p50, scanUs: scanIdle(centre, 300).latencyUs.p50 };
  });
  return { of: 'agents', scenario: 'S2', rows };
}

function growthEffort(quick: boolean) {
  return quick ? { warmUp: 5_000, measured: 10_000 } : { warmUp: 20_000, measured: 60_000 };
}

function load1(): number {
  return loadavg()[0] ?? 0;
}
