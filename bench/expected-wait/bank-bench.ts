import { contactId } from '../../engine/domain/ids.ts';
import { waitRangeOf } from '../../engine/routing/expected-wait/announcement.ts';
import { WaitEstimator, type WaitEstimate } from '../../engine/routing/expected-wait/wait-estimator.ts';
import type { BankCall } from './bank-log.ts';
import { replayBankLog } from './bank-replay.ts';
import { Calibration, ErrorFigures, type CalibrationRow } from './error-figures.ts';
import { fitRidge } from './linear-regression.ts';

/** The estimators that are compared, in the order of the table. */
export const BANK_ESTIMATORS = {
  constant: 'mean of the waits trained on',
  lastWait: 'LES: last wait',
  headDelay: 'HOL: delay of the head of the line',
  lastTen: 'mean of the last 10 waits',
  recentWaits: 'EWMA of waits',
  queueLength25: 'QL × 25 s',
  queueLength: 'QLm over all queues',
  regression: 'linear regression, trained once',
  onlineOwnQueue: 'ours, own queue only',
  online: 'ours',
} as const;
export type BankEstimator = keyof typeof BANK_ESTIMATORS;
export const BANK_ESTIMATOR_NAMES = Object.keys(BANK_ESTIMATORS) as BankEstimator[];

export interface BankRow {
  readonly estimator: BankEstimator;
  /** RRASE, of all types and of type PS. */
  readonly all: number;
  readonly ps: number;
}

export interface BankResult {
  /** The last month of the log; all before it is trained on. */
  readonly testMonth: string;
  readonly trained: number;
  readonly tested: number;
  readonly testedPs: number;
  readonly meanWaitMs: number;
  readonly rows: readonly BankRow[];
  /** Of ours, on entry into the queue. */
  readonly calibration: readonly CalibrationRow[];
  /** Share of waits that ended within the announced upper bound, and not before the lower. */
  readonly announced: { readonly withinUpper: number; readonly notBeforeLower: number };
  /** Asked again after a minute in the queue: what remained then. */
  readonly again: { readonly contacts: number; readonly meanMs: number; readonly online: number; readonly queueLength: number; readonly entryLessMinute: number; readonly calibration: readonly CalibrationRow[] };
  /** Time that an estimator took for a contact: estimate, entry and learning. */
  readonly microsecondsPerContact: number;
}

interface Sample {
  readonly call: BankCall;
  readonly forecasts: Readonly<Record<Exclude<BankEstimator, 'constant' | 'regression'>, number>>;
  readonly linear: readonly number[];
  readonly estimate: WaitEstimate;
  again?: { readonly estimate: WaitEstimate; readonly queueLengthMs: number };
  waitedMs?: number;
}

const ASSUMED_HANDLING_MS = 180_000;
const SECONDS_A_PLACE = 25;
const AGAIN_AFTER_MS = 60_000;
const EDGES_MS = [30_000, 60_000, 120_000, 240_000];

/** What the delay-history estimators know of a type. */
class DelayHistory {
  readonly entries = new Map<number, number>();
  readonly lastTen: number[] = [];
  ewma: number | undefined;

  served(waitedMs: number): void {
    this.lastTen.push(waitedMs);
    if (this.lastTen.length > 10) this.lastTen.shift();
    this.ewma = this.ewma === undefined ? waitedMs : this.ewma + 0.1 * (waitedMs - this.ewma);
  }
}

/** Trains on all months but the last, tests on that; those that learn go on learning, always from the past only. */
export function bankResultOf(calls: readonly BankCall[]): BankResult {
  const { samples, microsecondsPerContact } = collect(calls);
  const testMonth = calls.at(-1)?.month ?? '';
  const train = samples.filter(({ call }) => call.month !== testMonth);
  const test = samples.filter(({ call }) => call.month === testMonth);
  const constant = mean(train.map(({ waitedMs = 0 }) => waitedMs));
  const regressions = new Map([...new Set(samples.map(({ call }) => call.type))].map((type) => {
    const own = train.filter(({ call }) => call.type === type);
    return [type, fitRidge(own.map(({ linear }) => linear), own.map(({ waitedMs = 0 }) => waitedMs))];
  }));
  const forecastOf = (sample: Sample, estimator: BankEstimator): number => {
    if (estimator === 'constant') return constant;
    if (estimator === 'regression') return Math.max(regressions.get(sample.call.type)?.(sample.linear) ?? constant, 1_000);
    return sample.forecasts[estimator];
  };
  const rraseOf = (estimator: BankEstimator, among: readonly Sample[]): number => {
    const figures = new ErrorFigures();
    for (const sample of among) figures.add(forecastOf(sample, estimator), sample.waitedMs ?? 0);
    return figures.rrase;
  };
  const ps = test.filter(({ call }) => call.type === 'PS');
  const calibration = new Calibration(EDGES_MS);
  let withinUpper = 0;
  let notBeforeLower = 0;
  for (const { estimate, waitedMs = 0 } of test) {
    calibration.add(estimate, waitedMs);
    const { fromMinutes = 0, toMinutes = Infinity } = waitRangeOf(estimate) ?? {};
    withinUpper += waitedMs <= toMinutes * 60_000 ? 1 : 0;
    notBeforeLower += waitedMs >= fromMinutes * 60_000 ? 1 : 0;
  }
  return {
    testMonth,
    trained: train.length,
    tested: test.length,
    testedPs: ps.length,
    meanWaitMs: mean(test.map(({ waitedMs = 0 }) => waitedMs)),
    rows: BANK_ESTIMATOR_NAMES.map((estimator) => ({ estimator, all: rraseOf(estimator, test), ps: rraseOf(estimator, ps) })),
    calibration: calibration.rows(),
    announced: { withinUpper: withinUpper / test.length, notBeforeLower: notBeforeLower / test.length },
    again: againOf(test),
    microsecondsPerContact,
  };
}

function againOf(samples: readonly Sample[]): BankResult['again'] {
  const figures = { online: new ErrorFigures(), queueLength: new ErrorFigures(), entryLessMinute: new ErrorFigures() };
  const calibration = new Calibration(EDGES_MS);
  for (const { estimate, again, waitedMs = 0 } of samples) {
    if (again === undefined) continue;
    const remainingMs = waitedMs - AGAIN_AFTER_MS;
    figures.online.add(again.estimate.expectedMs, remainingMs);
    figures.queueLength.add(again.queueLengthMs, remainingMs);
    figures.entryLessMinute.add(Math.max(estimate.expectedMs - AGAIN_AFTER_MS, 0), remainingMs);
    calibration.add(again.estimate, remainingMs);
  }
  return {
    contacts: figures.online.count,
    meanMs: figures.online.mean,
    online: figures.online.rrase,
    queueLength: figures.queueLength.rrase,
    entryLessMinute: figures.entryLessMinute.rrase,
    calibration: calibration.rows(),
  };
}

/** Plays the log to our estimators, one a type; a sample for each contact that waited and was served. */
function collect(calls: readonly BankCall[]): { readonly samples: readonly Sample[]; readonly microsecondsPerContact: number } {
  const lazily = <Value>(make: () => Value) => {
    const byType = new Map<string, Value>();
    return (type: string): Value => {
      const known = byType.get(type) ?? make();
      byType.set(type, known);
      return known;
    };
  };
  const ours = lazily(() => new WaitEstimator({ handlingMs: ASSUMED_HANDLING_MS }));
  const ownQueueOnly = lazily(() => new WaitEstimator({ handlingMs: ASSUMED_HANDLING_MS }));
  const histories = lazily(() => new DelayHistory());
  const open = new Map<number, Sample>();
  const samples: Sample[] = [];
  let contacts = 0;
  let spentMs = 0;
  const timed = <Value>(work: () => Value): Value => {
    const from = performance.now();
    const value = work();
    spentMs += performance.now() - from;
    return value;
  };
  replayBankLog(calls, {
    entered(contact, call, now, view) {
      contacts += 1;
      const id = contactId(`${contact}`);
      const history = histories(call.type);
      const estimator = ours(call.type);
      const features = estimator.features(now, view);
      const estimate = timed(() => estimator.entered(id, now, view));
      const { pool: _, ...own } = view;
      const ownEstimate = ownQueueOnly(call.type).entered(id, now, own);
      const [head = now] = history.entries.values();
      history.entries.set(contact, now);
      if (estimate === undefined || ownEstimate === undefined || features === undefined) return;
      open.set(contact, {
        call,
        linear: features.linear,
        estimate,
        forecasts: {
          lastWait: history.lastTen.at(-1) ?? 0,
          headDelay: now - head,
          lastTen: history.lastTen.length === 0 ? 0 : mean(history.lastTen),
          recentWaits: history.ewma ?? 0,
          queueLength25: SECONDS_A_PLACE * 1_000 * (view.ahead + 1),
          queueLength: features.queueLengthMs,
          onlineOwnQueue: ownEstimate.expectedMs,
          online: estimate.expectedMs,
        },
      });
    },
    answered(contact, call, now) {
      const id = contactId(`${contact}`);
      timed(() => ours(call.type).answered(id, now));
      ownQueueOnly(call.type).answered(id, now);
      const history = histories(call.type);
      history.entries.delete(contact);
      const waitedMs = now - (call.wait?.from ?? now);
      history.served(waitedMs);
      const sample = open.get(contact);
      open.delete(contact);
      if (sample !== undefined) samples.push(Object.assign(sample, { waitedMs }));
    },
    abandoned(contact, call, now) {
      const id = contactId(`${contact}`);
      timed(() => ours(call.type).abandoned(id, now));
      ownQueueOnly(call.type).abandoned(id, now);
      histories(call.type).entries.delete(contact);
      open.delete(contact);
    },
    handled(call, durationMs) {
      ours(call.type).handled(durationMs);
      ownQueueOnly(call.type).handled(durationMs);
    },
    waits(contact, call, now, view) {
      const sample = open.get(contact);
      const asked = { ...view, alreadyWaitedMs: AGAIN_AFTER_MS };
      const estimate = ours(call.type).estimate(now, asked);
      const features = ours(call.type).features(now, asked);
      if (sample !== undefined && estimate !== undefined && features !== undefined) sample.again = { estimate, queueLengthMs: features.queueLengthMs };
    },
  }, AGAIN_AFTER_MS);
  return { samples, microsecondsPerContact: (spentMs * 1_000) / contacts };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
