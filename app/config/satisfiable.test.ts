import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import type { Requirement } from '../../engine/domain/requirement.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { implies, isSatisfiable } from './satisfiable.ts';

const levels = () => ({ lowest: 1, highest: 3 });

describe('isSatisfiable', () => {
  it.each<[string, Requirement, boolean]>([
    ['anyone', { all: [] }, true],
    ['nobody', { any: [] }, false],
    ['bounds the wrong way round', { skill: 'a', atLeast: 3, atMost: 2 }, false],
    ['two bounds that do not meet', { all: [{ skill: 'a', atLeast: 3 }, { skill: 'a', atMost: 2 }] }, false],
    ['a level that there is not', { skill: 'a', atLeast: 4 }, false],
    ['a skill and not the skill', { all: [{ skill: 'a' }, { not: { skill: 'a' } }] }, false],
    ['two agents at once', { all: [{ agent: agentId('1') }, { agent: agentId('2') }] }, false],
    ['one of two agents', { any: [{ agent: agentId('1') }, { agent: agentId('2') }] }, true],
    ['the skill below a level', { all: [{ skill: 'a' }, { not: { skill: 'a', atLeast: 2 } }] }, true],
  ])('%s', (_, requirement, expected) => expect(isSatisfiable(requirement, levels)).toBe(expected));
});

// Two skills of three levels or none, two agents: few enough to try everybody.
const EVERYBODY = ['1', '2', 'x'].flatMap((id) =>
  [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b) => ({ id: agentId(id), skills: { ...(a > 0 ? { a } : {}), ...(b > 0 ? { b } : {}) } }))),
);
const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
  requirement: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ skill: fc.constantFrom('a', 'b'), atLeast: fc.integer({ min: 0, max: 4 }), atMost: fc.integer({ min: 0, max: 4 }) }, { requiredKeys: ['skill'] }),
    fc.record({ agent: fc.constantFrom(agentId('1'), agentId('2')) }),
    fc.record({ all: fc.array(tie('requirement'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('requirement'), { maxLength: 3 }) }),
    fc.record({ not: tie('requirement') }),
  ),
}));

describe('for every requirement', () => {
  it('isSatisfiable says whether somebody can be imagined who meets it', () => {
    fc.assert(fc.property(requirement, (one) => isSatisfiable(one, levels) === EVERYBODY.some((agent) => satisfies(agent, one))), { numRuns: 2000 });
  });

  it('implies says whether everybody who meets the one meets the other', () => {
    fc.assert(
      fc.property(requirement, requirement, (one, other) => implies(one, other, levels) === EVERYBODY.every((agent) => !satisfies(agent, one) || satisfies(agent, other))),
      { numRuns: 2000 },
    );
  });
});
