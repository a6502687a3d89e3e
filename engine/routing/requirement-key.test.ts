import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { fitOf } from './fit.ts';
import { agentsNamedBy, canonical, requirementKey } from './requirement-key.ts';
import { satisfies } from './shortfall.ts';

const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
  requirement: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ skill: fc.constantFrom('a', 'b', '1:a', 'a>1', 'a,'), atLeast: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ['skill'] }),
    fc.constantFrom('x', 'y').map((id): Requirement => ({ agent: agentId(id) })),
    fc.array(tie('requirement'), { maxLength: 3 }).map((all): Requirement => ({ all })),
    fc.array(tie('requirement'), { maxLength: 3 }).map((any): Requirement => ({ any })),
    tie('requirement').map((not): Requirement => ({ not })),
  ),
}));

describe('requirementKey', () => {
  it('is the same for equal requirements only', () => {
    fc.assert(
      fc.property(requirement, requirement, (one, other) => {
        expect(requirementKey(one) === requirementKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(requirementKey(structuredClone(one))).toBe(requirementKey(one));
      }),
    );
  });
});

describe('canonical', () => {
  it('is one spelling of what means the same', () => {
    const a: Requirement = { skill: 'a' };
    const b: Requirement = { skill: 'b', atLeast: 2 };
    expect(canonical({ all: [b, a] })).toEqual(canonical({ all: [{ all: [a] }, { all: [b] }] }));
    expect(canonical({ any: [{ any: [b, a] }] })).toEqual({ any: [a, b] });
    expect(canonical({ all: [{ any: [a] }] })).toEqual(a);
    expect(canonical({ not: { all: [a] } })).toEqual({ not: a });
  });

  it('changes neither who may serve nor how well they fit', () => {
    const agent = fc.record({
      id: fc.constantFrom('x', 'y').map(agentId),
      skills: fc.dictionary(fc.constantFrom('a', 'b', '1:a'), fc.integer({ min: 1, max: 3 })),
    });
    fc.assert(
      fc.property(agent, requirement, (who, what) => {
        const same = canonical(what);
        expect(satisfies(who, same)).toBe(satisfies(who, what));
        expect(canonical(same)).toEqual(same);
        if (!satisfies(who, what)) return;
        for (const selection of ['leastSurplus', 'mostSkilled'] as const) expect(fitOf(selection, who, same)).toBe(fitOf(selection, who, what));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('agentsNamedBy', () => {
  it('finds those asked for and those ruled out', () => {
    expect(agentsNamedBy({ all: [{ agent: agentId('x') }, { any: [{ skill: 'a' }, { not: { agent: agentId('y') } }] }] })).toEqual(['x', 'y']);
  });
});
