/**
 * The wait of a contact that finds `ahead` others in the queue and all agents busy, from the state of the queue alone.
 *
 * Sources: W. Whitt, "Predicting queueing delays", Management Science 45 (1999); R. Ibrahim and W. Whitt, "Real-time delay
 * estimation in overloaded multiserver queues with abandonments", Management Science 55 (2009), whose names QL and QLm are
 * used here. Rates are events per unit of time, and results are in that unit: the caller chooses it.
 */

/** From this many abandonment rates on, Euler-Maclaurin with two derivatives is exact to nine digits; below, terms are added one by one. */
const SMOOTH_FROM = 10;

/** QL: all who are ahead stay. `drainRate` is sμ, how many contacts begin service per unit of time while all agents are busy. */
export function queueLengthEstimate(ahead: number, drainRate: number): number {
  return (places(ahead) + 1) / drainRate;
}

/**
 * QLm: each of those ahead gives up at rate θ. With i of them left the next place frees at rate sμ + iθ, so the wait is a sum of
 * independent exponential times and its mean Σ_{i=0..ahead} 1/(sμ + iθ). No estimate of M/M/s+M has a smaller mean squared error.
 * Takes the same time however long the queue is.
 */
export function queueLengthEstimateWithAbandonment(ahead: number, drainRate: number, abandonRate: number): number {
  const last = places(ahead);
  if (isPatient(last, drainRate, abandonRate)) return (last + 1) / drainRate;
  let sum = 0;
  let place = 0;
  for (; place <= last && drainRate + place * abandonRate < SMOOTH_FROM * abandonRate; place += 1) sum += 1 / (drainRate + place * abandonRate);
  if (place > last) return sum;
  // Euler-Maclaurin for f(i) = 1/(sμ + iθ): the integral, the ends, and the first and third derivative at the ends.
  const from = 1 / (drainRate + place * abandonRate);
  const to = 1 / (drainRate + last * abandonRate);
  const slopes = abandonRate * (from * from - to * to);
  const thirds = 6 * abandonRate * abandonRate * abandonRate * (from * from * from * from - to * to * to * to);
  return sum + Math.log1p((last - place) * abandonRate * from) / abandonRate + (from + to) / 2 + slopes / 12 - thirds / 720;
}

/** A queue with Poisson arrivals, exponential service and exponential patience (M/M/s+M); `abandonRate` 0 is M/M/s. */
export interface MarkovQueue {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  readonly servers: number;
  readonly abandonRate: number;
}

/** How QLm fares in the long run, over all contacts who have to wait and are served: the waits that can be observed. */
export interface ExactError {
  readonly meanWait: number;
  /** Average squared error. */
  readonly ase: number;
  /** Root of the ase, relative to the mean wait. */
  readonly rrase: number;
}

/** Stop when what is left of the distribution weighs less than this. */
const NEGLIGIBLE = 1e-15;

/**
 * Exact. Arrivals see the stationary distribution (PASTA): q contacts wait with probability proportional to Π_{j=1..q} λ/(sμ + jθ) given
 * that all agents are busy. Of those who find q ahead Π_{i=0..q} (sμ + iθ)/(sμ + (i+1)θ) outlast the wait, and given that they do it is a sum of
 * exponential times of rates sμ + (i+1)θ: a little shorter than QLm, which the squared error includes. Throws for a queue that has
 * no stationary distribution (load 1 or more without abandonment).
 */
export function exactErrorOf({ arrivalRate, serviceRate, servers, abandonRate }: MarkovQueue): ExactError {
  const drainRate = servers * serviceRate;
  if (!(drainRate > 0) || (abandonRate === 0 && arrivalRate >= drainRate)) throw new RangeError('this queue grows without end');
  let weight = 1;
  let estimate = 0;
  let wait = 0;
  let variance = 0;
  const sums = { weight: 0, wait: 0, squaredError: 0 };
  for (let ahead = 0; ; ahead += 1) {
    const rate = drainRate + ahead * abandonRate;
    const servedRate = rate + abandonRate;
    weight *= (ahead === 0 ? 1 : arrivalRate / rate) * (rate / servedRate);
    estimate += 1 / rate;
    wait += 1 / servedRate;
    variance += 1 / servedRate ** 2;
    sums.weight += weight;
    sums.wait += weight * wait;
    sums.squaredError += weight * (variance + (estimate - wait) ** 2);
    if (arrivalRate < rate && weight < NEGLIGIBLE * sums.weight) break;
  }
  const meanWait = sums.wait / sums.weight;
  const ase = sums.squaredError / sums.weight;
  return { meanWait, ase, rrase: Math.sqrt(ase) / meanWait };
}

/** The rates differ by no more than rounding: the integral would be 0/0. */
function isPatient(last: number, drainRate: number, abandonRate: number): boolean {
  return !(last * abandonRate > drainRate * 1e-9);
}

function places(ahead: number): number {
  return ahead > 0 ? Math.floor(ahead) : 0;
}
