import Database from 'better-sqlite3';
import type { CallbackDesk, CallbackView } from '../../engine/callback/callback-desk.ts';
import type { Legs } from '../../engine/ports/legs.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { openStore } from '../../integrations/store/sqlite-store.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { percentilesOf, type Percentiles } from '../call/figures.ts';
import { openCentre, QUEUES } from './centre.ts';
import { heapBytes } from './heap.ts';
import { WatchedClock } from './watched-clock.ts';

/** Starting with what a store holds. Times in milliseconds. */
export interface Restored {
  readonly requests: number;
  readonly openMs: number;
  readonly restoreMs: number;
  readonly firstLookMs: number;
  readonly totalMs: number;
  readonly heapBytes: number;
  readonly lookUs: Beside;
  readonly windowsUs: Beside;
}

/** Microseconds: ours, and a plain pass over all that is pending. */
export interface Beside {
  readonly desk: Percentiles;
  readonly scan: Percentiles;
}

export interface PlainRead {
  readonly requests: number;
  readonly readMs: number;
  readonly heapBytes: number;
}

export interface RestoreTask {
  readonly path: string;
  readonly looks: number;
}

const HOUR_MS = 3_600_000;
const NO_LEGS: Legs = { watch: () => () => undefined, partFrom: () => undefined, nodeForCalls: () => undefined };

export async function restorePending({ path, looks }: RestoreTask): Promise<Restored> {
  const before = heapBytes();
  const start = performance.now();
  const store = await openStore({ path, logger: silentLogger });
  const opened = performance.now();
  const clock = new WatchedClock();
  const desk = openCentre({ store, clock }).desk(new SimulatedSwitchboard([]), () => NO_LEGS);
  await desk.restore();
  const restored = performance.now();
  const looked = clock.fired();
  desk.start();
  await looked;
  const end = performance.now();
  const grown = heapBytes() - before;
  try {
    return {
      requests: desk.list().length,
      openMs: opened - start,
      restoreMs: restored - opened,
      firstLookMs: end - restored,
      totalMs: end - start,
      heapBytes: grown,
      lookUs: await lookAgain(desk, clock, looks),
      windowsUs: chooseWindows(desk, looks),
    };
  } finally {
    desk.close();
    await store.close();
  }
}

/** The peer: the same rows from the same file, as objects, and nothing else. */
export function readPlain({ path }: RestoreTask): PlainRead {
  const before = heapBytes();
  const start = performance.now();
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare<[], { id: string; record: string }>("select id, record from journal where kind = 'callback' order by id").all();
    let kept: unknown[] = rows.map(({ record }) => JSON.parse(record) as unknown);
    const readMs = performance.now() - start;
    rows.length = 0;
    const grown = heapBytes() - before;
    const requests = kept.length;
    kept = [];
    return { requests, readMs, heapBytes: grown };
  } finally {
    db.close();
  }
}

/** Each move to another window wakes the desk, which finds that nothing is due. */
async function lookAgain(desk: CallbackDesk, clock: WatchedClock, looks: number): Promise<Beside> {
  const views = desk.list();
  const rows = rowsOf(views);
  clock.tookUs = [];
  const scans: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    const view = views[(look * 7_919) % views.length];
    if (view === undefined) break;
    const looked = clock.fired();
    await desk.move(view.callbackId, { from: view.period.to, to: view.period.to + HOUR_MS }, { by: 'supervisor' });
    await looked;
    scans.push(timeUs(() => scanDue(rows, clock.now())));
  }
  return { desk: percentilesOf(clock.tookUs), scan: percentilesOf(scans) };
}

function chooseWindows(desk: CallbackDesk, looks: number): Beside {
  const rows = rowsOf(desk.list());
  const ours: number[] = [];
  const scans: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    const queueId = QUEUES[look % QUEUES.length]!;
    ours.push(timeUs(() => desk.windows(queueId)));
    scans.push(timeUs(() => scanWindows(rows, queueId)));
  }
  return { desk: percentilesOf(ours), scan: percentilesOf(scans) };
}

/** What a pass over all has to see, as compact as it can be. */
interface Row {
  readonly queueId: string;
  readonly isOpen: boolean;
  readonly notBefore: number;
  readonly from: number;
  readonly to: number;
}

function rowsOf(views: readonly CallbackView[]): readonly Row[] {
  return views.map(({ queueId, ended, notBefore, period: { from, to } }) => ({ queueId, isOpen: ended === undefined, notBefore, from, to }));
}

function scanDue(rows: readonly Row[], now: number): number {
  let due = 0;
  for (const row of rows) if (row.isOpen && (now >= row.notBefore || now >= row.to)) due += 1;
  return due;
}

function scanWindows(rows: readonly Row[], queueId: string): ReadonlyMap<number, number> {
  const taken = new Map<number, number>();
  for (const row of rows) if (row.queueId === queueId && row.isOpen) taken.set(row.from, (taken.get(row.from) ?? 0) + 1);
  return taken;
}

function timeUs(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1_000;
}
