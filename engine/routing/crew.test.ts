import { describe, expect, it } from 'vitest';
import { agentId, queueId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { Crew } from './crew.ts';
import type { RoutedAgent } from './routing-event.ts';
import { StepPlans } from './step-plans.ts';

const loans = queueId('loans');
const agent = (id: string, skills: Record<string, number>, queues = [loans]): RoutedAgent => ({ id: agentId(id), skills, queues });
const crewOf = (agents: readonly RoutedAgent[], limits = {}) => new Crew({ agents, queues: [{ id: loans, selection: 'longestIdle' }] }, limits);

describe('groups', () => {
  it('are agents with the same skills and queues that are configured, in whatever order they are written', () => {
    const { groups } = crewOf([agent('a', { x: 1, y: 2 }), agent('b', { y: 2, x: 1 }, [loans, queueId('unknown')]), agent('c', { x: 2, y: 2 }), agent('a', { z: 1 })]);
    expect(groups.groups.map(({ sample, members }) => [sample.id, members])).toEqual([['a', 2], ['c', 1]]);
    expect(groups.thatMayServe(loans, { skill: 'x', atLeast: 2 })).toEqual([1]);
    expect(groups.thatMayServe(queueId('unknown'), { all: [] })).toEqual([]);
  });

  it('are parted when a requirement names one of them, and nobody loses what is known of him', () => {
    const crew = crewOf([agent('a', { x: 1 }), agent('b', { x: 1 }), agent('c', { x: 1 })]);
    const all = crew.classes.of(loans, { skill: 'x' }, 0);
    for (const number of [0, 1]) crew.signIn(number);
    crew.addIdle(0, 5);
    crew.addIdle(1, 6);
    const notA = crew.classes.of(loans, { all: [{ skill: 'x' }, { not: { agent: agentId('a') } }] }, 0);
    const onlyA = crew.classes.of(loans, { agent: agentId('a') }, 0);
    expect(crew.groups.groups.map(({ sample, members, signedIn }) => [sample.id, members, signedIn])).toEqual([['b', 2, 1], ['a', 1, 1]]);
    expect([all.staffedGroups, notA.staffedGroups, onlyA.staffedGroups]).toEqual([2, 1, 1]);
    expect([crew.idle.bestOf(all), crew.idle.bestOf(notA), crew.idle.bestOf(onlyA)]).toEqual([0, 1, 0]);
    expect(crew.signOut(0)).toEqual([onlyA]);
    expect(crew.signOut(1)).toEqual([all, notA]);
  });
});

describe('requirement classes', () => {
  it('are the same for requirements that mean the same in one queue with one reserve', () => {
    const { classes } = crewOf([agent('a', { x: 1, y: 1 })]);
    const xy: Requirement = { all: [{ skill: 'x' }, { skill: 'y' }] };
    const yx: Requirement = { all: [{ skill: 'y' }, { skill: 'x' }] };
    expect(classes.of(loans, xy, 0)).toBe(classes.of(loans, yx, 0));
    expect(classes.of(loans, xy, 1)).not.toBe(classes.of(loans, xy, 0));
  });

  it('are forgotten with the last contact once there are many, and their ids are used again', () => {
    const crew = crewOf([agent('a', { x: 1 })], { wideFrom: 0, noteCost: 0 });
    crew.signIn(0);
    const plans = new StepPlans(crew.classes, 10);
    const planOf = (level: number) => plans.of({ queueId: loans, steps: [{ require: { not: { skill: 'x', atLeast: level } }, forMs: 'untilServed' }], afterSteps: 'any' });
    const kept = planOf(1_000_000);
    kept.contacts.push(1);
    let highest = 0;
    for (let level = 2; level < 500; level += 1) {
      for (const cls of planOf(level).classes) {
        highest = Math.max(highest, cls.id);
        // Wakes the wide heaps, which have to be forgotten, too.
        crew.addIdle(0, level);
        expect(crew.bestFor({ cls, notBefore: undefined })).toBe(0);
        crew.removeIdle(0);
      }
    }
    expect(plans.size).toBeLessThanOrEqual(20);
    expect(crew.classes.size).toBeLessThanOrEqual(22);
    expect(highest).toBeLessThanOrEqual(22);
    expect(crew.groups.groups[0]?.classes.length).toBe(crew.classes.size);
    expect(planOf(1_000_000)).toBe(kept);
    expect(kept.classes.map(({ id }) => crew.classes.byId(id))).toEqual(kept.classes);
  });
});

describe('an adopted crew', () => {
  it('keeps who is signed in and idle, and nobody who has gone', () => {
    const before = crewOf([agent('a', { x: 1 }), agent('b', { x: 1 })]);
    for (const number of [0, 1]) {
      before.signIn(number);
      before.addIdle(number, 7);
    }
    const after = crewOf([agent('c', {}), agent('b', { y: 1 })]);
    after.adopt(before);
    expect(after.idle.entries()).toEqual([{ agentId: 'b', idleSince: 7 }]);
    expect([after.groups.isSignedIn(0), after.groups.isSignedIn(1)]).toEqual([false, true]);
  });
});
