import type { MarkovQueue } from '../../engine/routing/expected-wait/queue-length-estimate.ts';

/** Is told what happens in a simulated queue. Times in the unit of the rates. Contacts are numbered by arrival. */
export interface MarkovQueueObserver {
  /** An arrival finds all servers busy and `ahead` others waiting, of whom `headDelay` is the longest wait (0 when nobody waits). */
  arrived(contact: number, now: number, ahead: number, headDelay: number): void;
  served(contact: number, now: number, wait: number): void;
  gaveUp(contact: number, now: number): void;
}

/** Marsaglia's xorshift128: a generator of our own, so that a seed gives the same run everywhere. Uniform on [0, 1). */
export function randomSource(seed: number): () => number {
  let [x, y, z, w] = [seed | 0, 362_436_069, 521_288_629, 88_675_123];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return (w >>> 0) / 4_294_967_296;
  };
  // Small seeds give small first numbers.
  for (let round = 0; round < 20; round += 1) next();
  return next;
}

/** Memory is for so many contacts at a time: who waits together came within as many arrivals. */
export const RING = 65_536;

/**
 * Simulates M/M/s+M, first come first served, from empty until `arrivals` came. As a Markov chain: one exponential time and one draw of what
 * happened, so no event list. Who gave up is passed over when its turn comes.
 */
export function simulateMarkovQueue(queue: MarkovQueue, arrivals: number, random: () => number, observer: MarkovQueueObserver): void {
  const { arrivalRate, serviceRate, servers, abandonRate } = queue;
  const arrivedAt = new Float64Array(RING);
  /** Place in `patient` of those who wait; -1 for those who gave up. */
  const placeOf = new Int32Array(RING);
  const line = new Int32Array(RING);
  let head = 0;
  let tail = 0;
  const patient = new Int32Array(RING);
  let waiting = 0;
  let busy = 0;
  let now = 0;

  const first = (): number => line[head % RING] ?? 0;
  const gaveUp = (contact: number): boolean => placeOf[contact % RING] === -1;
  const leave = (contact: number): void => {
    waiting -= 1;
    const place = placeOf[contact % RING] ?? 0;
    const last = patient[waiting] ?? 0;
    patient[place] = last;
    placeOf[last % RING] = place;
    placeOf[contact % RING] = -1;
  };

  for (let contact = 0; contact < arrivals; ) {
    const rates = arrivalRate + busy * serviceRate + waiting * abandonRate;
    now -= Math.log(1 - random()) / rates;
    const what = random() * rates;
    while (head < tail && gaveUp(first())) head += 1;
    if (what < arrivalRate) {
      if (busy < servers) busy += 1;
      else {
        if (head < tail && contact - first() >= RING) throw new RangeError('the simulated queue has grown too long');
        observer.arrived(contact, now, waiting, head < tail ? now - (arrivedAt[first() % RING] ?? 0) : 0);
        arrivedAt[contact % RING] = now;
        placeOf[contact % RING] = waiting;
        patient[waiting] = contact;
        waiting += 1;
        line[tail % RING] = contact;
        tail += 1;
      }
      contact += 1;
    } else if (what < arrivalRate + busy * serviceRate) {
      if (head < tail) {
        const next = first();
        head += 1;
        leave(next);
        observer.served(next, now, now - (arrivedAt[next % RING] ?? 0));
      } else busy -= 1;
    } else if (waiting > 0) {
      const next = patient[Math.floor(random() * waiting)] ?? 0;
      leave(next);
      observer.gaveUp(next, now);
    }
  }
}
