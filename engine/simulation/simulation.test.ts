import { describe, expect, it } from 'vitest';
import { steadyState } from './erlang.ts';
import { estimateOf } from './estimate.ts';
import type { SimulationModel } from './model.ts';
import { agentsOf, callsAt, HOUR_MS, MINUTE_MS, modelWith, QUEUE, randomCalls } from './simulation.fixture.ts';
import { simulate, type SimulationResult } from './simulation.ts';
import { totalOf, type ContactTally, type GroupTally } from './tally.ts';

const SECOND = 1000;

function run(model: SimulationModel, seed = 1): { readonly types: readonly ContactTally[]; readonly queues: readonly ContactTally[]; readonly groups: readonly GroupTally[]; readonly result: SimulationResult } {
  const result = simulate(model, { seed, keepWaits: true });
  const { types, queues, groups } = totalOf(result.periods);
  return { types, queues, groups, result };
}

describe('one agent, calls at known times', () => {
  it('serves one after another', () => {
    const { types, result } = run(modelWith([callsAt([0, 30 * SECOND, 40 * SECOND])], [agentsOf(1)]));
    expect(types[0]).toMatchObject({ offered: 3, answered: 3, inTarget: 1, waited: 2, waitsMs: [0, 30 * SECOND, 80 * SECOND] });
    expect(result.endedAt).toBe(HOUR_MS);
  });

  it('wraps up before the next', () => {
    const { types, groups } = run(modelWith([callsAt([0, 1000], { wrapUp: { kind: 'constant', value: 10 * SECOND } })], [agentsOf(1)]));
    expect(types[0]?.waitsMs).toEqual([0, 69 * SECOND]);
    expect(types[0]?.handlingMs).toBe(140 * SECOND);
    expect(groups[0]).toMatchObject({ talkingMs: 2 * MINUTE_MS, wrapUpMs: 20 * SECOND, idleMs: HOUR_MS - 140 * SECOND });
  });

  it('counts who gives up, short calls apart', () => {
    const { types } = run(modelWith([callsAt([0, 1000], { patience: { kind: 'constant', value: 4 * SECOND } }), callsAt([2000], { id: 'patient', patience: { kind: 'constant', value: 30 * SECOND } })], [agentsOf(1)]));
    expect(types[0]).toMatchObject({ offered: 2, answered: 1, abandoned: 1, shortAbandoned: 1, abandonedInTarget: 1, waitAbandonedMs: 4 * SECOND });
    expect(types[1]).toMatchObject({ answered: 0, abandoned: 1, shortAbandoned: 0, abandonedInTarget: 0 });
  });

  it('lets a caller who gave up call again, as the same person', () => {
    const retry = { share: 1, afterMs: { kind: 'constant', value: 2 * MINUTE_MS } } as const;
    const { types } = run(modelWith([callsAt([0, 1000], { patience: { kind: 'constant', value: 15 * SECOND }, retry })], [agentsOf(1)]));
    expect(types[0]).toMatchObject({ offered: 3, answered: 2, abandoned: 1, retried: 1, inTarget: 2, inTargetOfAllAttempts: 2 });
    const strict = run(modelWith([callsAt([0, 1000], { patience: { kind: 'constant', value: 25 * SECOND }, retry })], [agentsOf(1)]));
    expect(strict.types[0]).toMatchObject({ inTarget: 2, inTargetOfAllAttempts: 1 });
  });

  it('blocks without a line, and turns away without a place', () => {
    const calls = [callsAt([0, 1000, 2000])];
    expect(run(modelWith(calls, [agentsOf(1)], { trunks: 2 })).types[0]).toMatchObject({ offered: 3, blocked: 1, answered: 2 });
    expect(run(modelWith(calls, [agentsOf(1)], { queues: [{ ...QUEUE, maxWaiting: 1 }] })).types[0]).toMatchObject({ offered: 3, turnedAway: 1, answered: 2 });
    expect(run(modelWith(calls, [agentsOf(1)], { queues: [{ ...QUEUE, maxWaiting: 0 }] })).types[0]).toMatchObject({ turnedAway: 2, answered: 1 });
  });

  it('lets contacts overflow into another queue, or out', () => {
    const queues = [{ ...QUEUE, maxWaitMs: 10 * SECOND, overflowTo: 'other' }, { ...QUEUE, id: 'other', maxWaitMs: 5 * SECOND }];
    const { types, queues: byQueue } = run(modelWith([callsAt([0, 1000, 2000])], [agentsOf(1), agentsOf(1, { id: 'others', queues: ['other'] })], { queues }));
    expect(byQueue[0]).toMatchObject({ offered: 3, answered: 1, overflowed: 2 });
    expect(byQueue[1]).toMatchObject({ offered: 2, answered: 1, overflowed: 1 });
    expect(types[0]).toMatchObject({ offered: 3, answered: 2, overflowed: 1, waitsMs: [0, 10 * SECOND] });
  });
});

describe('agents', () => {
  const shift = (fromMs: number, toMs: number, breaks: readonly (readonly [number, number])[] = []) =>
    ({ kind: 'shifts', shifts: [{ agents: 1, spans: [{ fromMs, toMs }], breaks: breaks.map(([from, to]) => ({ fromMs: from, toMs: to })) }] }) as const;

  it('come, have a break after the call in which it begins, and go after their last call', () => {
    const presence = shift(5 * MINUTE_MS, 20 * MINUTE_MS, [[10 * MINUTE_MS, 12 * MINUTE_MS]]);
    const model = modelWith([callsAt([4 * MINUTE_MS, 9.5 * MINUTE_MS, 11 * MINUTE_MS, 19.5 * MINUTE_MS])], [agentsOf(0, { presence })], { queues: [{ ...QUEUE, noAgentsGraceMs: 2 * MINUTE_MS }] });
    const { types, groups } = run(model);
    expect(types[0]?.waitsMs).toEqual([MINUTE_MS, 0, MINUTE_MS, 0]);
    expect(groups[0]).toMatchObject({ talkingMs: 4 * MINUTE_MS, breakMs: 1.5 * MINUTE_MS, staffedMs: 15.5 * MINUTE_MS });
  });

  it('are not waited for when they have gone', () => {
    const { types } = run(modelWith([callsAt([9.5 * MINUTE_MS, 9.6 * MINUTE_MS, 11 * MINUTE_MS])], [agentsOf(0, { presence: shift(0, 10 * MINUTE_MS) })]));
    expect(types[0]).toMatchObject({ answered: 1, noAgents: 2 });
  });

  it('of a level leave when idle first, then whoever ends a call first', () => {
    const presence = { kind: 'levels', levels: [{ atMs: 0, agents: 3 }, { atMs: 50 * SECOND, agents: 1 }] } as const;
    const { types, groups } = run(modelWith([callsAt([0, 10 * SECOND, 51 * SECOND])], [agentsOf(0, { presence })]));
    // The idle third leaves at 50 s, the first when its call ends at 60 s, and the second serves the third call from 70 s on.
    expect(types[0]?.waitsMs).toEqual([0, 0, 19 * SECOND]);
    expect(groups[0]?.staffedMs).toBe(HOUR_MS + 60 * SECOND + 50 * SECOND);
  });

  it('answer after a while, and a caller who hangs up meanwhile leaves them idle', () => {
    const rings = agentsOf(1, { answerAfter: { kind: 'constant', value: 6 * SECOND } });
    const { types, groups } = run(modelWith([callsAt([0], { patience: { kind: 'constant', value: 5 * SECOND } }), callsAt([10 * SECOND], { id: 'patient' })], [rings]));
    expect(types[0]).toMatchObject({ abandoned: 1 });
    expect(types[1]?.waitsMs).toEqual([6 * SECOND]);
    expect(groups[0]).toMatchObject({ ringingMs: 11 * SECOND, answered: 1 });
  });

  it('who do not answer are away, and the contact goes to the next', () => {
    const groups = [agentsOf(1, { id: 'deaf', missShare: 1, awayMs: 10 * MINUTE_MS }), agentsOf(1, { id: 'awake', presence: { kind: 'levels', levels: [{ atMs: 1, agents: 1 }] } })];
    const found = run(modelWith([callsAt([MINUTE_MS])], groups));
    expect(found.types[0]?.waitsMs).toEqual([20 * SECOND]);
    expect(found.groups[0]).toMatchObject({ missed: 1, ringingMs: 20 * SECOND, awayMs: 10 * MINUTE_MS, answered: 0 });
  });
});

describe('the router’s rules', () => {
  it('puts the more urgent first, and a boosted one before its elders', () => {
    const times = (id: string, at: number, more: object = {}) => callsAt([at], { id, ...more });
    const { types } = run(modelWith([times('a', 0), times('b', 1000), times('urgent', 2000, { priority: 1 }), times('boosted', 3000, { ageBoostMs: 10_000 })], [agentsOf(1)]));
    expect(types.map(({ waitsMs }) => waitsMs[0])).toEqual([0, 179 * SECOND, 58 * SECOND, 117 * SECOND]);
  });

  it('opens routing steps in their time', () => {
    const steps = [{ require: { skill: 'first' }, forMs: 15 * SECOND }, { require: { skill: 'second' }, forMs: 'untilServed' }] as const;
    const groups = [agentsOf(1, { id: 'first', skills: { first: 3 } }), agentsOf(1, { id: 'second', skills: { second: 3 } })];
    const { types } = run(modelWith([callsAt([0, 1000], { steps, afterSteps: 'strict' })], groups));
    expect(types[0]?.waitsMs).toEqual([0, 15 * SECOND]);
  });

  it('keeps a reserve', () => {
    const steps = [{ require: { all: [] }, forMs: 'untilServed', keepIdle: 1 }] as const;
    const { types } = run(modelWith([callsAt([0, 1000], { steps, afterSteps: 'strict' })], [agentsOf(2)]));
    expect(types[0]?.waitsMs).toEqual([0, 59 * SECOND]);
  });
});

describe('randomness', () => {
  const busy = modelWith([randomCalls(300, { patience: { kind: 'exponential', mean: MINUTE_MS } })], [agentsOf(10, { answerAfter: { kind: 'uniform', from: 0, to: 5000 }, missShare: 0.05, awayMs: 30_000 })], {
    lengthMs: 3 * HOUR_MS,
    dayFactor: { kind: 'gamma', mean: 1, sd: 0.1 },
  });

  it('is the same for the same seed, bit for bit, and another for another seed or repetition', () => {
    const of = (seed: number, replication: number): string => JSON.stringify(simulate(busy, { seed, replication, periodMs: HOUR_MS, keepWaits: true }));
    expect(of(1, 0)).toBe(of(1, 0));
    expect(of(1, 1)).not.toBe(of(1, 0));
    expect(of(2, 0)).not.toBe(of(1, 0));
  });

  it('gives the same callers to another configuration', () => {
    const calls = (agents: number): ContactTally => run({ ...busy, groups: [agentsOf(agents)] }).types[0]!;
    expect(calls(12).offered).toBe(calls(9).offered);
    expect(calls(12).answered).toBeGreaterThan(calls(9).answered);
  });

  it('counts everybody once, by period', () => {
    const { periods } = simulate(busy, { seed: 4, periodMs: HOUR_MS });
    expect(periods).toHaveLength(4);
    const { types, groups } = totalOf(periods);
    const { offered, answered, abandoned, overflowed, noAgents, blocked, turnedAway, unfinished } = types[0]!;
    expect(answered + abandoned + overflowed + noAgents + blocked + turnedAway + unfinished).toBe(offered);
    expect(groups[0]?.answered).toBe(answered);
    for (const period of periods.slice(0, -1)) expect(period.groups[0]?.staffedMs).toBeCloseTo(10 * HOUR_MS, 3);
  });
});

it('agrees with Erlang A within three standard errors', () => {
  const model = modelWith([randomCalls(480, { talk: { kind: 'exponential', mean: MINUTE_MS }, patience: { kind: 'exponential', mean: 2 * MINUTE_MS } })], [agentsOf(8)], { lengthMs: 61 * HOUR_MS, stopAtEnd: true });
  const exact = steadyState({ arrivalRate: 8, serviceRate: 1, servers: 8, patienceRate: 0.5 });
  const { periods } = simulate(model, { seed: 1, warmUpMs: HOUR_MS, periodMs: 1.5 * HOUR_MS });
  const z = (of: (tally: ContactTally) => readonly [number, number], value: number): number => {
    const ratios = periods.slice(0, -1).map(({ types }) => of(types[0]!));
    const estimate = estimateOf({ numerators: ratios.map(([above]) => above), denominators: ratios.map(([, below]) => below) });
    return Math.abs(estimate.value - value) / estimate.standardError;
  };
  expect(z(({ abandoned, offered }) => [abandoned, offered], exact.abandoned)).toBeLessThan(3);
  expect(z(({ waited, offered }) => [waited, offered], exact.waits)).toBeLessThan(3);
  expect(z(({ waitAnsweredMs, answered }) => [waitAnsweredMs / MINUTE_MS, answered], exact.meanWaitAnswered)).toBeLessThan(3);
  expect(z(({ inTarget, offered }) => [inTarget, offered], exact.answeredWithin(1 / 3))).toBeLessThan(3);
});
