import { describe, expect, it } from 'vitest';
import { erlangB, erlangC, steadyState } from './erlang.ts';

describe('erlangB', () => {
  it('has the values of the ITU table for 1 %', () => {
    expect(erlangB(10, 4.461)).toBeCloseTo(0.01, 4);
    expect(erlangB(100, 84.06)).toBeCloseTo(0.01, 4);
  });
});

describe('steadyState', () => {
  it('is Erlang C without limits', () => {
    const state = steadyState({ arrivalRate: 0.2, serviceRate: 1 / 240, servers: 55 });
    expect(state.waits).toBeCloseTo(erlangC(55, 48), 10);
    expect(state.waits).toBeCloseTo(0.2387, 4);
    expect(state.meanWait).toBeCloseTo(8.184, 3);
    expect(state.answeredWithin(15)).toBeCloseTo(0.8459, 4);
    const other = steadyState({ arrivalRate: 100 / 1800, serviceRate: 1 / 180, servers: 14 });
    expect(other.waits).toBeCloseTo(0.1741319336, 10);
    expect(other.answeredWithin(20)).toBeCloseTo(0.8883500192, 9);
  });

  it("has the columns of Mandelbaum and Zeltyn's table: 48 calls a minute of one minute, 50 agents", () => {
    const queue = { arrivalRate: 0.8, serviceRate: 1 / 60, servers: 50 };
    const c = steadyState(queue);
    expect([c.meanWait, c.queueLength, c.utilisation]).toEqual([expect.closeTo(20.8, 1), expect.closeTo(16.7, 1), expect.closeTo(0.96, 3)]);
    expect(c.waitsLongerThan(58.1)).toBeCloseTo(0.1, 3);
    const a = steadyState({ ...queue, patienceRate: 1 / 120 });
    expect(a.abandoned).toBeCloseTo(0.0309, 4);
    expect([a.meanWait, a.queueLength, a.utilisation]).toEqual([expect.closeTo(3.71, 2), expect.closeTo(2.97, 2), expect.closeTo(0.93, 2)]);
    // The 90th percentile: 12.5 s in print.
    expect(a.waitsLongerThan(12.4)).toBeGreaterThan(0.1);
    expect(a.waitsLongerThan(12.5)).toBeLessThan(0.1);
    const fewer = steadyState({ ...queue, arrivalRate: 0.8 * 0.969 });
    expect([fewer.meanWait, fewer.queueLength]).toEqual([expect.closeTo(8.8, 1), expect.closeTo(6.8, 1)]);
    expect(fewer.waitsLongerThan(28.1)).toBeCloseTo(0.1, 3);
  });

  it.each([
    [77.4, 0.00017, 0.0828, 0.1093, 0.9423, 0.8599],
    [84, 0.003643, 0.45, 0.3797, 0.7329, 0.9299],
    [90, 0.02349, 1.243, 0.7217, 0.3865, 0.9765],
  ])('is M/M/90/120 at %d Erlang', (load, blocked, wait, waits, within, utilisation) => {
    const state = steadyState({ arrivalRate: load / 10, serviceRate: 0.1, servers: 90, waitingPlaces: 30 });
    expect(state.blocked).toBeCloseTo(blocked, 5);
    expect(state.meanWait).toBeCloseTo(wait, 3);
    expect(state.waits).toBeCloseTo(waits, 4);
    expect(state.answeredWithin(0.5)).toBeCloseTo(within, 4);
    expect(state.utilisation).toBeCloseTo(utilisation, 4);
  });

  it('agrees with itself: shares add up, Little holds, the answered and the abandoned together wait the mean wait', () => {
    for (const waitingPlaces of [3, 20, Infinity]) {
      const queue = { arrivalRate: 12, serviceRate: 1, servers: 10, patienceRate: 0.7, waitingPlaces };
      const state = steadyState(queue);
      expect(state.answeredWithin(1e6) + state.abandoned).toBeCloseTo(1, 10);
      expect(state.answeredWithin(0)).toBeCloseTo(1 - state.waits, 10);
      expect(state.waitsLongerThan(0)).toBeCloseTo(state.waits, 10);
      expect(state.meanWait * 12 * (1 - state.blocked)).toBeCloseTo(state.queueLength, 10);
      expect(state.utilisation * 10).toBeCloseTo(12 * (1 - state.blocked) * (1 - state.abandoned), 10);
      // By integrating both survival functions (wait of all; wait of the answered).
      let all = 0;
      let answered = 0;
      const h = 0.01;
      for (let t = h / 2; t < 6; t += h) {
        all += state.waitsLongerThan(t) * h;
        answered += (1 - state.abandoned - state.answeredWithin(t)) * h;
      }
      expect(state.meanWait).toBeCloseTo(all, 4);
      expect(state.meanWaitAnswered * (1 - state.abandoned)).toBeCloseTo(answered, 4);
    }
  });

  it('loses everything that does not fit when nobody may wait', () => {
    expect(steadyState({ arrivalRate: 20, serviceRate: 1, servers: 15, waitingPlaces: 0 }).blocked).toBeCloseTo(erlangB(15, 20), 12);
  });

  it('refuses what has no steady state, and copes with large centres', () => {
    expect(() => steadyState({ arrivalRate: 10, serviceRate: 1, servers: 10 })).toThrow(RangeError);
    const large = steadyState({ arrivalRate: 2100, serviceRate: 1, servers: 2000, patienceRate: 0.5 });
    expect(large.abandoned).toBeCloseTo(100 / 2100, 2);
  });
});
