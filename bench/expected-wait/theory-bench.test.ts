import { describe, expect, it } from 'vitest';
import { exactErrorOf } from '../../engine/routing/expected-wait/queue-length-estimate.ts';
import { goalsOf } from './goals.ts';
import { fitRidge } from './linear-regression.ts';
import { randomSource, simulateMarkovQueue } from './markov-queue.ts';
import { theoryResultOf } from './theory-bench.ts';

describe('the simulated queue', () => {
  it('serves first come, first served, and nobody who gave up', () => {
    const gone = new Set<number>();
    let last = -1;
    let count = 0;
    let wrong = 0;
    simulateMarkovQueue({ servers: 5, arrivalRate: 8, serviceRate: 1, abandonRate: 1 }, 20_000, randomSource(1), {
      arrived: (_contact, _now, ahead, headDelay) => (wrong += headDelay > 0 === ahead > 0 ? 0 : 1),
      served: (contact, _now, wait) => {
        wrong += contact > last && !gone.has(contact) && wait > 0 ? 0 : 1;
        last = contact;
        count += 1;
      },
      gaveUp: (contact) => gone.add(contact),
    });
    expect(wrong).toBe(0);
    expect(count).toBeGreaterThan(8_000);
    expect(gone.size).toBeGreaterThan(5_000);
  });

  it('has the mean wait and error that theory says', () => {
    const queue = { servers: 20, arrivalRate: 28, serviceRate: 1, abandonRate: 1 };
    const result = theoryResultOf(queue, { arrivals: 150_000, onlineArrivals: 15_000, seed: 3 });
    const exact = exactErrorOf(queue);
    expect(Math.abs(result.ase / exact.ase - 1)).toBeLessThan(0.05);
    expect(Math.abs(result.stratifiedAse / exact.ase - 1)).toBeLessThan(0.04);
    expect(Math.abs(result.lastWaitRatio - 2)).toBeLessThan(0.2);
    expect(result.online.rrase).toBeLessThan(result.online.queueLengthRrase * 1.1);
    expect(result.online.rrase).toBeLessThan(result.rrase.lastWait);
    expect(goalsOf([result], { missing: 'nowhere' })).toHaveLength(3);
  });
});

describe('the regression that is fitted once', () => {
  it('finds a line, constant last', () => {
    const rows = Array.from({ length: 200 }, (_, n) => [n % 10, (n * 3) % 7, 1]);
    const model = fitRidge(rows, rows.map(([a = 0, b = 0]) => 3 * a - b + 20), 1e-6);
    expect(model([4, 2, 1])).toBeCloseTo(30, 3);
  });

  it('takes a feature that never varies', () => {
    expect(fitRidge([[5, 1], [5, 1]], [2, 4])([5, 1])).toBeCloseTo(3, 6);
  });
});
