import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId, queueId } from '../domain/ids.ts';
import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import { PlanIndex, type PlanSource } from './plan-index.ts';

const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
  requirement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ skill: fc.constantFrom('a', 'b'), atLeast: fc.constantFrom(1, 2, 2.5), atMost: fc.constantFrom(1, 2) }, { requiredKeys: ['skill'] }),
    fc.constantFrom('a', 'x').map((id): Requirement => ({ agent: agentId(id) })),
    fc.array(tie('requirement'), { maxLength: 2 }).map((all): Requirement => ({ all })),
    fc.array(tie('requirement'), { maxLength: 2 }).map((any): Requirement => ({ any })),
    tie('requirement').map((not): Requirement => ({ not })),
  ),
}));
const step: fc.Arbitrary<RoutingStep> = fc.record(
  { require: requirement, forMs: fc.constantFrom<RoutingStep['forMs']>(0, 1_000, 'untilServed'), keepIdle: fc.constantFrom(1, 2) },
  { requiredKeys: ['require', 'forMs'] },
);
const source: fc.Arbitrary<PlanSource> = fc.record({
  queueId: fc.constantFrom('a', 'q').map(queueId),
  steps: fc.array(step, { maxLength: 3 }),
  afterSteps: fc.constantFrom('any', 'strict'),
});

describe('PlanIndex', () => {
  it('finds what was made from an equal source, and nothing else, also after it forgot some', () => {
    fc.assert(
      fc.property(fc.array(source, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (sources, third) => {
        const index = new PlanIndex<number>();
        const model = new Map<string, number>();
        const check = (): void => {
          expect(index.size).toBe(model.size);
          expect([...index.values()].sort()).toEqual([...model.values()].sort());
          for (const one of sources) expect(index.get(structuredClone(one))).toBe(model.get(JSON.stringify(one)));
        };
        for (const [number, one] of sources.entries()) {
          const key = JSON.stringify(one);
          if (model.has(key)) continue;
          index.set(one, number);
          model.set(key, number);
        }
        check();
        index.keep((number) => number % third !== 0);
        for (const [key, number] of model) if (number % third === 0) model.delete(key);
        check();
      }),
      { numRuns: 300 },
    );
  });
});

describe('what differs in one thing only', () => {
  const x: Requirement = { skill: 'x' };
  const plan = (require: Requirement, step: Partial<RoutingStep> = {}): PlanSource => ({
    queueId: queueId('q'),
    steps: [{ require, forMs: 1_000, ...step }],
    afterSteps: 'strict',
  });
  const sources: readonly PlanSource[] = [
    plan(x),
    { ...plan(x), queueId: queueId('x') },
    { ...plan(x), afterSteps: 'any' },
    { ...plan(x), steps: [] },
    plan(x, { forMs: 'untilServed' }),
    plan(x, { forMs: 0 }),
    plan(x, { keepIdle: 1 }),
    plan({ skill: 'q' }),
    plan({ agent: agentId('x') }),
    plan({ not: x }),
    plan({ all: [x] }),
    plan({ any: [x] }),
    plan({ all: [x, x] }),
    plan({ skill: 'x', atLeast: 1 }),
    // The same hash, which looks at whole numbers.
    plan({ skill: 'x', atLeast: 1.25 }),
    plan({ skill: 'x', atLeast: 1.5 }),
    plan({ skill: 'x', atMost: 1 }),
    plan({ skill: 'x', atMost: 1.5 }),
    plan({ skill: 'x', atLeast: 1, atMost: 1 }),
  ];

  it('is told apart', () => {
    const index = new PlanIndex<number>();
    for (const [number, source] of sources.entries()) {
      expect(index.get(source)).toBeUndefined();
      index.set(source, number);
    }
    expect(sources.map((source) => index.get(structuredClone(source)))).toEqual(sources.map((_, number) => number));
    index.keep((number) => number % 2 === 0);
    expect(sources.map((source) => index.get(source))).toEqual(sources.map((_, number) => (number % 2 === 0 ? number : undefined)));
  });
});
