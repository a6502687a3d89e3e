import { describe, expect, it } from 'vitest';
import { agentsOf, HOUR_MS, MINUTE_MS, modelWith, randomCalls } from './simulation.fixture.ts';
import { difference, figure, rowOf, study } from './study.ts';

const model = (agents: number) =>
  modelWith([randomCalls(200, { steps: [{ require: { skill: 'zh' }, forMs: 'untilServed' }], afterSteps: 'strict', patience: { kind: 'exponential', mean: MINUTE_MS } })], [agentsOf(agents, { skills: { zh: 5, en: 2 } })], {
    lengthMs: 4 * HOUR_MS,
  });
const options = { replications: 8, seed: 3, periodMs: HOUR_MS };

describe('study', () => {
  it('has rows for all, queues, types, skills, groups and periods', () => {
    const { rows } = study(model(7), options);
    expect(rows.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['all all', 'queue queue', 'type calls', 'skill en', 'skill zh', 'group agents', 'period 0', 'period 3600000', 'period 7200000', 'period 10800000']);
    const zh = rows.find(({ id }) => id === 'zh');
    expect(figure(zh, 'offered')?.value).toBe(figure(rows[0], 'offered')?.value);
    expect(figure(zh, 'agents')?.value).toBeCloseTo(7, 6);
    // Nobody asks for English, but the agents speak it.
    expect(figure(rows.find(({ id }) => id === 'en'), 'offered')).toBeUndefined();
  });

  it('tells two configurations apart with common random numbers much better than without', () => {
    const seven = study(model(7), options);
    const eight = study(model(8), options);
    const independent = study(model(8), { ...options, seed: 4 });
    const all = (one: typeof seven) => rowOf(one, 'all', 'all');
    const paired = difference(all(eight), all(seven), 'serviceLevel');
    const apart = difference(all(independent), all(seven), 'serviceLevel');
    expect(paired?.low).toBeGreaterThan(0);
    expect(paired?.standardError ?? 1).toBeLessThan(0.6 * (apart?.standardError ?? 0));
  });

  it('finds no difference between equals, and says which repetition it is at', () => {
    const done: number[] = [];
    const one = study(model(7), { ...options, replications: 3, onReplication: (count) => done.push(count) });
    const other = study(model(7), { ...options, replications: 3 });
    expect(difference(rowOf(one, 'all', 'all'), rowOf(other, 'all', 'all'), 'meanWaitMs')).toMatchObject({ value: 0, standardError: 0 });
    expect(done).toEqual([1, 2, 3]);
  });
});
