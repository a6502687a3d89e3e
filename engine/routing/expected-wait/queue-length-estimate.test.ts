import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactErrorOf, queueLengthEstimate, queueLengthEstimateWithAbandonment, type MarkovQueue } from './queue-length-estimate.ts';

const rate = fc.double({ min: 1e-7, max: 1e3, noNaN: true });
const ahead = fc.nat({ max: 2_000 });

/** Term by term. */
function sumOf(places: number, drainRate: number, abandonRate: number): number {
  let sum = 0;
  for (let place = 0; place <= places; place += 1) sum += 1 / (drainRate + place * abandonRate);
  return sum;
}

describe('the wait by the length of the queue', () => {
  it('is one handling time over the agents for the head of the line', () => {
    expect(queueLengthEstimate(0, 5 / 180_000)).toBeCloseTo(36_000);
    expect(queueLengthEstimateWithAbandonment(0, 5 / 180_000, 1 / 60_000)).toBeCloseTo(36_000);
  });

  it('is QL when nobody gives up', () => {
    expect(queueLengthEstimateWithAbandonment(9, 2, 0)).toBe(5);
  });

  it('is the sum over the places, whatever the rates', () => {
    fc.assert(fc.property(ahead, rate, rate, (places, drainRate, abandonRate) => {
      const mean = sumOf(places, drainRate, abandonRate);
      expect(Math.abs(queueLengthEstimateWithAbandonment(places, drainRate, abandonRate) / mean - 1)).toBeLessThan(1e-8);
    }));
  });

  it('grows with every place, and never beyond QL', () => {
    fc.assert(fc.property(ahead, rate, rate, (places, drainRate, abandonRate) => {
      const here = queueLengthEstimateWithAbandonment(places, drainRate, abandonRate);
      expect(queueLengthEstimateWithAbandonment(places + 1, drainRate, abandonRate)).toBeGreaterThan(here);
      expect(here).toBeLessThanOrEqual(queueLengthEstimate(places, drainRate) * (1 + 1e-9));
    }));
  });

  it('takes a queue of ten million at once', () => {
    expect(queueLengthEstimateWithAbandonment(1e7, 10, 0.01)).toBeCloseTo(Math.log((10 + 1e5) / 10) / 0.01, 0);
  });
});

describe('the exact error of QLm', () => {
  // Ibrahim and Whitt's settings; the values were computed and simulated before (routing notes, section 5).
  const rows: [string, MarkovQueue, number, number][] = [
    ['without abandonment, load 0.95', { servers: 100, arrivalRate: 95, serviceRate: 1, abandonRate: 0 }, 2.0e-3, 0.2236],
    ['overloaded', { servers: 100, arrivalRate: 140, serviceRate: 1, abandonRate: 1 }, 2.79e-3, 0.159],
    ['large and overloaded', { servers: 300, arrivalRate: 420, serviceRate: 1, abandonRate: 1 }, 9.45e-4, 0.092],
    ['with patient callers', { servers: 100, arrivalRate: 120, serviceRate: 1, abandonRate: 0.5 }, 3.27e-3, 0.158],
  ];

  it.each(rows)('%s', (_name, queue, ase, rrase) => {
    const found = exactErrorOf(queue);
    expect(Math.abs(found.ase / ase - 1)).toBeLessThan(0.002);
    expect(Math.abs(found.rrase - rrase)).toBeLessThan(0.0005);
  });

  it('is E[q+1]/(sμ)² without abandonment', () => {
    const { ase, meanWait } = exactErrorOf({ servers: 10, arrivalRate: 9, serviceRate: 1, abandonRate: 0 });
    expect(ase).toBeCloseTo(10 / 100, 9);
    expect(meanWait).toBeCloseTo(1, 9);
  });

  it('is refused for a queue that grows without end', () => {
    expect(() => exactErrorOf({ servers: 10, arrivalRate: 10, serviceRate: 1, abandonRate: 0 })).toThrow(RangeError);
    expect(() => exactErrorOf({ servers: 0, arrivalRate: 1, serviceRate: 1, abandonRate: 1 })).toThrow(RangeError);
  });
});
