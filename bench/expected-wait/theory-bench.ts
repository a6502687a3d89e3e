import { contactId } from '../../engine/domain/ids.ts';
import { exactErrorOf, queueLengthEstimate, queueLengthEstimateWithAbandonment, type MarkovQueue } from '../../engine/routing/expected-wait/queue-length-estimate.ts';
import { WaitEstimator } from '../../engine/routing/expected-wait/wait-estimator.ts';
import { Calibration, ErrorFigures, type CalibrationRow, type PromisedWait } from './error-figures.ts';
import { randomSource, RING, simulateMarkovQueue } from './markov-queue.ts';

/** The settings of Ibrahim and Whitt that are simulated; the unit of time is the mean service time. */
export const MARKOV_SETTINGS: readonly MarkovQueue[] = [
  { servers: 100, arrivalRate: 95, serviceRate: 1, abandonRate: 0 },
  { servers: 100, arrivalRate: 140, serviceRate: 1, abandonRate: 1 },
  { servers: 300, arrivalRate: 420, serviceRate: 1, abandonRate: 1 },
  { servers: 100, arrivalRate: 120, serviceRate: 1, abandonRate: 0.5 },
];

/** Errors of one setting, over those who had to wait and were served, as in the waits of a log. RRASE as a share of the mean wait. */
export interface TheoryResult {
  readonly queue: MarkovQueue;
  readonly waits: number;
  readonly rrase: Readonly<Record<'queueLength' | 'queueLengthWithAbandonment' | 'lastWait' | 'headDelay' | 'exact', number>>;
  /** ASE of QLm, simulated and exact, in squared mean service times. */
  readonly ase: number;
  readonly exactAse: number;
  /** The same with the simulated errors of each queue length weighed by its exact probability: without the noise of how long the queue happened to be. */
  readonly stratifiedAse: number;
  readonly lastWaitRatio: number;
  /** Our estimator in a run of its own, learning as it goes, and QLm with the true parameters on the same waits. */
  readonly online: { readonly waits: number; readonly rrase: number; readonly queueLengthRrase: number; readonly calibration: readonly CalibrationRow[] };
}

export interface TheoryOptions {
  readonly arrivals: number;
  readonly onlineArrivals: number;
  readonly seed: number;
}

/** Mean service time in the run of the online estimator. */
const HANDLING_MS = 180_000;
/** What it assumes of it before it has seen any: wrong on purpose. */
const ASSUMED_HANDLING_MS = 120_000;

export function theoryResultOf(queue: MarkovQueue, options: TheoryOptions): TheoryResult {
  const { arrivals, seed } = options;
  const drainRate = queue.servers * queue.serviceRate;
  const warmUp = arrivals * 0.05;
  const figures = { ql: new ErrorFigures(), qlm: new ErrorFigures(), les: new ErrorFigures(), hol: new ErrorFigures() };
  const aheadAt = new Int32Array(RING);
  const lesAt = new Float64Array(RING);
  const holAt = new Float64Array(RING);
  const strata: ErrorFigures[] = [];
  const qlmOf: number[] = [];
  let lastWait = 0;
  simulateMarkovQueue(queue, arrivals, randomSource(seed), {
    arrived(contact, _now, ahead, headDelay) {
      aheadAt[contact % RING] = ahead;
      lesAt[contact % RING] = lastWait;
      holAt[contact % RING] = headDelay;
    },
    served(contact, _now, wait) {
      lastWait = wait;
      if (contact < warmUp) return;
      const ahead = aheadAt[contact % RING] ?? 0;
      const qlm = (qlmOf[ahead] ??= queueLengthEstimateWithAbandonment(ahead, drainRate, queue.abandonRate));
      figures.ql.add(queueLengthEstimate(ahead, drainRate), wait);
      figures.qlm.add(qlm, wait);
      figures.les.add(lesAt[contact % RING] ?? 0, wait);
      figures.hol.add(holAt[contact % RING] ?? 0, wait);
      (strata[ahead] ??= new ErrorFigures()).add(qlm, wait);
    },
    gaveUp() {},
  });
  const exact = exactErrorOf(queue);
  return {
    queue,
    waits: figures.qlm.count,
    rrase: {
      queueLength: figures.ql.rrase,
      queueLengthWithAbandonment: figures.qlm.rrase,
      lastWait: figures.les.rrase,
      headDelay: figures.hol.rrase,
      exact: exact.rrase,
    },
    ase: figures.qlm.ase,
    exactAse: exact.ase,
    stratifiedAse: stratifiedAse(queue, strata),
    lastWaitRatio: figures.les.ase / figures.qlm.ase,
    online: onlineResultOf(queue, options),
  };
}

/** Σ P(q) · ASE(q) over the queue lengths that were met. */
function stratifiedAse({ arrivalRate, serviceRate, servers, abandonRate }: MarkovQueue, strata: readonly (ErrorFigures | undefined)[]): number {
  let weight = 1;
  let total = 0;
  let sum = 0;
  for (let ahead = 0; ahead < strata.length; ahead += 1) {
    // As in exactErrorOf: the probability of the length, times that of being served.
    const rate = servers * serviceRate + ahead * abandonRate;
    weight *= (ahead === 0 ? 1 : arrivalRate / rate) * (rate / (rate + abandonRate));
    const stratum = strata[ahead];
    if (stratum === undefined) continue;
    total += weight;
    sum += weight * stratum.ase;
  }
  return sum / total;
}

function onlineResultOf(queue: MarkovQueue, { onlineArrivals, seed }: TheoryOptions): TheoryResult['online'] {
  const random = randomSource(seed + 1);
  const estimator = new WaitEstimator({ handlingMs: ASSUMED_HANDLING_MS });
  const drainRate = queue.servers * queue.serviceRate;
  const warmUp = onlineArrivals * 0.2;
  const promised: (PromisedWait | undefined)[] = [];
  const aheadAt = new Int32Array(RING);
  const figures = { online: new ErrorFigures(), qlm: new ErrorFigures() };
  const calibration = new Calibration([20_000, 40_000, 80_000, 160_000]);
  simulateMarkovQueue(queue, onlineArrivals, random, {
    arrived(contact, now, ahead) {
      const view = { ahead, servers: queue.servers };
      aheadAt[contact % RING] = ahead;
      promised[contact % RING] = estimator.entered(contactId(`${contact}`), now * HANDLING_MS, view);
    },
    served(contact, now, wait) {
      estimator.answered(contactId(`${contact}`), now * HANDLING_MS);
      estimator.handled((-Math.log(1 - random()) * HANDLING_MS) / queue.serviceRate);
      const promise = promised[contact % RING];
      if (promise === undefined || contact < warmUp) return;
      figures.online.add(promise.expectedMs / HANDLING_MS, wait);
      figures.qlm.add(queueLengthEstimateWithAbandonment(aheadAt[contact % RING] ?? 0, drainRate, queue.abandonRate), wait);
      calibration.add(promise, wait * HANDLING_MS);
    },
    gaveUp(contact, now) {
      estimator.abandoned(contactId(`${contact}`), now * HANDLING_MS);
    },
  });
  return { waits: figures.online.count, rrase: figures.online.rrase, queueLengthRrase: figures.qlm.rrase, calibration: calibration.rows() };
}
