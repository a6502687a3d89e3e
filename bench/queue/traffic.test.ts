import { describe, expect, it } from 'vitest';
import { planTraffic } from './traffic.ts';

describe('planned traffic', () => {
  const options = { calls: 4_000, agents: 8, load: 1, seed: 1 };
  const plan = planTraffic(options);

  it('is the same for each contestant and another in each round', () => {
    expect(planTraffic(options)).toEqual(plan);
    expect(planTraffic({ ...options, seed: 2 })).not.toEqual(plan);
  });

  it('offers as much work as asked, after a rush of two callers an agent', () => {
    const [first, last] = [plan[15], plan.at(-1)];
    const offeredMs = plan.slice(16).reduce((sum, { talkMs }) => sum + talkMs, 0);
    expect(first?.atMs).toBe(15 * 40);
    expect(offeredMs / (8 * ((last?.atMs ?? 0) - (first?.atMs ?? 0)))).toBeCloseTo(1, 1);
  });

  it('lets half of the calls be ended by callers, none within a second', () => {
    expect(plan.filter(({ endedBy }) => endedBy === 'caller')).toHaveLength(2_000);
    expect(Math.min(...plan.map(({ talkMs }) => talkMs))).toBeGreaterThan(1_000);
  });
});
