import { incompleteBeta } from './special-functions.ts';

/** Rates are per unit of time, whichever; waits come out in the same unit. */
export interface MarkovQueue {
  readonly arrivalRate: number;
  /** Of one server: 1 / mean handling time. */
  readonly serviceRate: number;
  readonly servers: number;
  /** 1 / mean patience; 0, the default, for callers who never give up. */
  readonly patienceRate?: number;
  /** How many may wait; the default is no limit. */
  readonly waitingPlaces?: number;
}

/** The steady state, exact. Shares are of the contacts that are let in, except `blocked`. */
export interface SteadyState {
  /** Of all arrivals. */
  readonly blocked: number;
  /** Share that has to wait at all. */
  readonly waits: number;
  readonly abandoned: number;
  /** Mean wait of all, however it ended. */
  readonly meanWait: number;
  readonly meanWaitAnswered: number;
  /** Mean number of those who wait. */
  readonly queueLength: number;
  /** Share of the time that a server is busy. */
  readonly utilisation: number;
  /** Share that is answered after at most `time`. */
  answeredWithin(time: number): number;
  /** Share whose wait, however it ends, is longer than `time`. */
  waitsLongerThan(time: number): number;
}

/** Erlang B: the share of calls that find all `servers` busy when nobody may wait. By the usual recursion, Erlang 1917. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** Erlang C: the share of calls that wait when all wait as long as it takes. 1 when the load is not below the servers. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const b = erlangB(servers, load);
  return b / (1 - (load / servers) * (1 - b));
}

/** States beyond which all that is left is less probable than rounding errors. */
const NEGLIGIBLE = 1e-18;
const MOST_STATES = 2_000_000;

/**
 * Erlang B, C, A and everything between: the birth-and-death process M/M/c(/c+K)(+M). Erlang A is Palm 1957; the waits are
 * those of Mandelbaum and Zeltyn (the time to the head of the queue is a sum of exponential times with rates cμ, cμ+θ, …).
 */
export function steadyState({ arrivalRate, serviceRate, servers, patienceRate = 0, waitingPlaces = Infinity }: MarkovQueue): SteadyState {
  if (patienceRate === 0 && waitingPlaces === Infinity && arrivalRate >= servers * serviceRate) {
    throw new RangeError('Without a limit and without impatience a load of all servers or more has no steady state.');
  }
  const weights = [1];
  let weight = 1;
  let sum = 1;
  for (let n = 1; n <= servers + waitingPlaces && n < MOST_STATES; n += 1) {
    const deaths = Math.min(n, servers) * serviceRate + Math.max(0, n - servers) * patienceRate;
    weight *= arrivalRate / deaths;
    if (weight > 1e250) {
      for (let i = 0; i < weights.length; i += 1) weights[i]! *= 1e-250;
      weight *= 1e-250;
      sum *= 1e-250;
    }
    weights.push(weight);
    sum += weight;
    if (n > servers && arrivalRate < deaths && weight < NEGLIGIBLE * sum) break;
  }
  const probabilities = weights.map((one) => one / sum);
  const full = waitingPlaces === Infinity ? 0 : (probabilities[servers + waitingPlaces] ?? 0);
  const admitted = 1 - full;
  let busy = 0;
  let queueLength = 0;
  probabilities.forEach((p, n) => {
    busy += p * Math.min(n, servers);
    queueLength += p * Math.max(0, n - servers);
  });
  const abandoned = (patienceRate * queueLength) / (arrivalRate * admitted);
  const meanWait = queueLength / (arrivalRate * admitted);
  // An arrival that finds q waiting waits for q + 1 departures from the line; by PASTA it finds q with this probability.
  const finds = probabilities.slice(servers, waitingPlaces === Infinity ? undefined : servers + waitingPlaces).map((p) => p / admitted);
  const waits = finds.reduce((all, p) => all + p, 0);
  const m = patienceRate === 0 ? 0 : (servers * serviceRate) / patienceRate;
  const sumOver = (of: (q: number) => number): number => finds.reduce((all, p, q) => all + (p < NEGLIGIBLE ? 0 : p * of(q)), 0);
  /** That `time` does not suffice for q + 1 services: at most q in a Poisson stream. */
  const longerThanServices = (time: number): ((q: number) => number) => poissonSums(servers * serviceRate * time, finds.length);
  const answeredLate = (time: number): number => {
    if (patienceRate === 0) return sumOver(longerThanServices(time));
    const x = -Math.expm1(-patienceRate * time);
    return sumOver((q) => (m / (m + q + 1)) * (1 - incompleteBeta(x, q + 1, m + 1)));
  };
  return {
    blocked: full,
    waits,
    abandoned,
    meanWait,
    // E[V; V < R] for a sum of exponentials: each stage is one of cμ + jθ, and the contact is answered with m / (m + q + 1).
    meanWaitAnswered: sumOver((q) => meanAnsweredWait(q, servers * serviceRate, patienceRate)) / (1 - abandoned),
    queueLength,
    utilisation: busy / servers,
    answeredWithin: (time) => 1 - abandoned - answeredLate(time),
    waitsLongerThan: (time) =>
      patienceRate === 0
        ? sumOver(longerThanServices(time))
        : Math.exp(-patienceRate * time) * sumOver((q) => 1 - incompleteBeta(-Math.expm1(-patienceRate * time), q + 1, m)),
  };
}

/** q ↦ P(Poisson(mean) ≤ q). */
function poissonSums(mean: number, length: number): (q: number) => number {
  const sums = new Float64Array(length);
  let log = -mean;
  let sum = 0;
  for (let q = 0; q < length; q += 1) {
    sum += Math.exp(log);
    sums[q] = Math.min(1, sum);
    log += Math.log(mean) - Math.log(q + 1);
  }
  return (q) => sums[q]!;
}

/** The wait of a contact that finds q waiting and is answered, times the probability that it is. */
function meanAnsweredWait(q: number, all: number, patienceRate: number): number {
  // Given that it is answered each stage with j ahead lasts as if it ended by any of j + 1 abandonments or a service.
  let mean = 0;
  let answered = 1;
  for (let j = 0; j <= q; j += 1) {
    const total = all + (j + 1) * patienceRate;
    mean += 1 / total;
    answered *= (total - patienceRate) / total;
  }
  return mean * answered;
}
