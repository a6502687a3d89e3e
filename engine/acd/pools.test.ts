import { describe, expect, it } from 'vitest';
import { queueId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { agent } from '../../test/acd/distributor-rig.ts';
import { Pools } from './pools.ts';

const bank = queueId('bank');
const needs = (skill: string, atLeast?: number): RoutingStep => ({
  require: { skill, ...(atLeast === undefined ? {} : { atLeast }) },
  forMs: 'untilServed',
});

describe('Pools', () => {
  const pools = new Pools([
    agent('li', { skills: { loans: 3 } }),
    agent('wang', { skills: { loans: 1 }, queues: [bank, queueId('loans')] }),
    agent('zhao', { skills: { loans: 5 }, queues: [] }),
  ]);

  it('has the agents of the queue who meet the requirement', () => {
    expect([...pools.of(bank, needs('loans'))]).toEqual(['li', 'wang']);
    expect([...pools.of(bank, needs('loans', 2))]).toEqual(['li']);
    expect([...pools.of(queueId('loans'), needs('loans'))]).toEqual(['wang']);
    expect([...pools.of(queueId('typo'), needs('loans'))]).toEqual([]);
  });

  it('is the same for equal requirements, whatever their time', () => {
    expect(pools.of(bank, { ...needs('loans'), forMs: 5 })).toBe(pools.of(bank, needs('loans')));
  });

  it('does not remember without bound', () => {
    const first = pools.of(bank, needs('loans'));
    for (let count = 0; count < 2_000; count += 1) pools.of(bank, needs(`made from data ${count}`));
    expect(pools.of(bank, needs('loans'))).not.toBe(first);
    expect(pools.of(bank, needs('loans'))).toEqual(first);
  });
});
