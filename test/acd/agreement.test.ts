import { beforeAll, describe, expect, it } from 'vitest';
import { ringList, servedList, simulate, writeCourse, type Outcome, type Visit } from './agreement-course.ts';
import { AGENTS, SEED } from './agreement-scenario.ts';
import { RandomStream } from '../../engine/simulation/random-stream.ts';

let course: readonly Visit[];
let outcome: Outcome;
beforeAll(async () => {
  course = await writeCourse(SEED);
  outcome = await simulate(course);
}, 60_000);

describe('the scenario for both switches', () => {
  it('has everything in it: waiting, steps that open, declined calls, callers who leave, and work for all', () => {
    expect(course).toHaveLength(200);
    const left = course.filter(({ leaveAt }) => leaveAt !== undefined);
    expect(left.length).toBeGreaterThanOrEqual(3);
    expect(outcome.servedBy.size).toBe(200 - left.length);
    expect(outcome.waited).toBeGreaterThan(50);
    expect(outcome.relaxed).toBeGreaterThan(20);
    expect(outcome.rings.filter(({ outcome: how }) => how === 'rejected').length).toBeGreaterThanOrEqual(8);
    expect(new Set(outcome.servedBy.values()).size).toBe(AGENTS.length);
  });

  it('goes the same way a second time, and when everybody is late by up to 100 ms', async () => {
    expect(await simulate(course)).toEqual(outcome);
    for (let seed = 1; seed <= 5; seed += 1) {
      const random = new RandomStream(seed, 'late');
      const late = await simulate(course, () => random.index(100));
      expect(servedList(late)).toEqual(servedList(outcome));
      expect(ringList(late)).toEqual(ringList(outcome));
    }
  }, 60_000);
});
