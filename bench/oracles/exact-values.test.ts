import { describe, expect, it } from 'vitest';
import { erlangB, steadyState } from '../../engine/simulation/erlang.ts';
import { exactOracles } from './exact-oracles.ts';
import { skillGraphState } from './fcfs-alis.ts';
import { findingsOf } from './oracle.ts';
import { priorityWaits, reservedWaits, singleServerPriorityWaits } from './priorities.ts';
import { publishedFindings, publishedModels } from './published-oracles.ts';
import { separatePools } from './separate-pools.ts';

const close = (values: readonly number[], digits: number): readonly number[] => values.map((value) => expect.closeTo(value, digits) as number);

describe('skillGraphState', () => {
  it('is the product form of N, W and 4×4', () => {
    const one = (serves: readonly number[], serviceRate = 1) => ({ serves, serviceRate });
    const n = skillGraphState({ arrivalRates: [0.9, 0.7], agents: [one([0, 1]), one([1])] });
    expect(n.idle).toEqual(close([0.0437, 0.3563], 4));
    expect(n.waits).toEqual(close([10.5645, 1.5734], 4));
    const w = skillGraphState({ arrivalRates: [0.6, 0.8, 0.9], agents: [one([0, 1]), one([1, 2]), one([0, 1, 2])] });
    expect(w.idle).toEqual(close([0.2796, 0.2321, 0.1884], 4));
    expect(w.waits).toEqual(close([0.9923, 0.8019, 1.1296], 4));
    const four = skillGraphState({ arrivalRates: [0.8, 0.9, 0.5, 0.7], agents: [one([0, 1], 1.2), one([1, 2], 0.7), one([2, 3, 0], 1.5), one([3, 0], 0.9)] });
    expect(four.idle).toEqual(close([0.3206, 0.2474, 0.3541, 0.3454], 4));
    expect(four.waits).toEqual(close([0.2848, 0.6723, 0.4842, 0.4394], 4));
  });

  it('is Erlang C when everybody can do everything', () => {
    const { idle, waits } = skillGraphState({ arrivalRates: [1, 1.4], agents: Array.from({ length: 3 }, () => ({ serves: [0, 1], serviceRate: 1 })) });
    const exact = steadyState({ arrivalRate: 2.4, serviceRate: 1, servers: 3 });
    expect(idle).toEqual(close([0.2, 0.2, 0.2], 10));
    expect(waits).toEqual(close([exact.meanWait, exact.meanWait], 10));
  });

  it('refuses a subset that cannot keep up', () => {
    expect(() => skillGraphState({ arrivalRates: [1.1, 0.1], agents: [{ serves: [0, 1], serviceRate: 1 }, { serves: [1], serviceRate: 1 }] })).toThrow(RangeError);
  });
});

describe('priorities', () => {
  it("has Cobham's values", () => {
    expect(priorityWaits([3, 3, 2], 1, 10)).toEqual(close([0.0585, 0.1461, 0.5115], 4));
    expect(singleServerPriorityWaits([{ arrivalRate: 3, mean: 0.1, square: 0.02 }, { arrivalRate: 3, mean: 0.1, square: 0.02 }])).toEqual(close(priorityWaits([3, 3], 10, 1), 10));
  });

  it('is Cobham without a reserve; with one the high class waits less and the low one more', () => {
    const pool = { servers: 10, highRate: 4, lowRate: 4, serviceRate: 1 };
    expect(reservedWaits({ ...pool, keepIdle: 0 })).toEqual(close(priorityWaits([4, 4], 1, 10), 9));
    // Two independent ways (R here, Gauss and Seidel on 460 × 401 states) give 2.13524 for the low class.
    expect(reservedWaits({ ...pool, keepIdle: 2 })).toEqual(close([0.022848, 2.135236], 6));
  });
});

describe('separatePools', () => {
  it('is one pool with a limit when there is one', () => {
    const exact = steadyState({ arrivalRate: 9, serviceRate: 1, servers: 10, waitingPlaces: 6 });
    const { blocked, wait } = separatePools({ pools: 1, servers: 10, load: 9, lines: 16 });
    expect([blocked, wait]).toEqual(close([exact.blocked, exact.meanWait], 10));
    expect(separatePools({ pools: 2, servers: 10, load: 4, lines: 10 }).blocked).toBeCloseTo(erlangB(10, 8), 10);
  });
});

describe('the router', () => {
  it.each(['Cobham', 'FCFS-ALIS product form, W graph', 'Reserve of 2'])('agrees with the exact values of %s', (name) => {
    const oracle = exactOracles().find(({ group }) => group.startsWith(name))!;
    const findings = findingsOf({ ...oracle, length: 1 }, 12_000, 1);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(finding).toMatchObject({ ok: true });
  });

  it('agrees with a published table', () => {
    const model = publishedModels().find(({ name }) => name === 'MMCBlocked')!;
    for (const finding of publishedFindings(model, 8, 1)) expect(finding).toMatchObject({ ok: true });
  });
});
