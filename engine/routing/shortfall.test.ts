import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { satisfies, shortfall } from './shortfall.ts';

const li = { id: agentId('li'), skills: { cardLoss: 3, english: 5 } };

describe('a requirement and what an agent lacks for it', () => {
  const rows: [string, Requirement, ReturnType<typeof shortfall>][] = [
    ['everyone', { all: [] }, []],
    ['nobody', { any: [] }, [{ kind: 'noneOf', alternatives: [] }]],
    ['a skill, at any level', { skill: 'english' }, []],
    ['a skill that the agent has not', { skill: 'loans' }, [{ kind: 'noSkill', skill: 'loans' }]],
    ['exactly the lower bound', { skill: 'cardLoss', atLeast: 3 }, []],
    ['under the lower bound', { skill: 'cardLoss', atLeast: 4 }, [{ kind: 'tooLow', skill: 'cardLoss', has: 3, atLeast: 4 }]],
    ['exactly the upper bound', { skill: 'cardLoss', atMost: 3 }, []],
    ['over the upper bound', { skill: 'english', atMost: 2 }, [{ kind: 'tooHigh', skill: 'english', has: 5, atMost: 2 }]],
    ['an upper bound on a skill that the agent has not', { skill: 'loans', atMost: 2 }, [{ kind: 'noSkill', skill: 'loans' }]],
    [
      'contradicting bounds',
      { skill: 'cardLoss', atLeast: 4, atMost: 2 },
      [
        { kind: 'tooLow', skill: 'cardLoss', has: 3, atLeast: 4 },
        { kind: 'tooHigh', skill: 'cardLoss', has: 3, atMost: 2 },
      ],
    ],
    ['a bound that is no number', { skill: 'cardLoss', atLeast: NaN }, [{ kind: 'tooLow', skill: 'cardLoss', has: 3, atLeast: NaN }]],
    ['this agent', { agent: agentId('li') }, []],
    ['another agent', { agent: agentId('wang') }, [{ kind: 'otherAgent', wanted: agentId('wang') }]],
    [
      'all, and everything that is missing is told',
      { all: [{ skill: 'english' }, { skill: 'loans' }, { agent: agentId('wang') }] },
      [
        { kind: 'noSkill', skill: 'loans' },
        { kind: 'otherAgent', wanted: agentId('wang') },
      ],
    ],
    ['one of two', { any: [{ skill: 'loans' }, { skill: 'english', atLeast: 5 }] }, []],
    [
      'none of two',
      { any: [{ skill: 'loans' }, { skill: 'cardLoss', atLeast: 5 }] },
      [
        {
          kind: 'noneOf',
          alternatives: [[{ kind: 'noSkill', skill: 'loans' }], [{ kind: 'tooLow', skill: 'cardLoss', has: 3, atLeast: 5 }]],
        },
      ],
    ],
    ['not a beginner', { not: { skill: 'cardLoss', atMost: 1 } }, []],
    ['not this agent', { not: { agent: agentId('li') } }, [{ kind: 'ruledOut', by: { agent: agentId('li') } }]],
    ['a skill named like a method of objects', { skill: 'constructor' }, [{ kind: 'noSkill', skill: 'constructor' }]],
    ['a skill named __proto__', { skill: '__proto__' }, [{ kind: 'noSkill', skill: '__proto__' }]],
  ];

  it.each(rows)('%s', (_name, requirement, missing) => {
    expect(shortfall(li, requirement)).toEqual(missing);
    expect(satisfies(li, requirement)).toBe(missing.length === 0);
  });

  it('agrees with satisfies for any requirement, and `not` turns it round', () => {
    const skill = fc.constantFrom('a', 'b', 'c');
    const level = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
    const { requirement } = fc.letrec<{ requirement: Requirement }>((tie) => ({
      requirement: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.record({ skill, atLeast: level, atMost: level }).map(
          ({ skill: name, atLeast, atMost }): Requirement => ({
            skill: name,
            ...(atLeast === undefined ? {} : { atLeast }),
            ...(atMost === undefined ? {} : { atMost }),
          }),
        ),
        fc.constantFrom('x', 'y').map((id): Requirement => ({ agent: agentId(id) })),
        fc.array(tie('requirement'), { maxLength: 3 }).map((all): Requirement => ({ all })),
        fc.array(tie('requirement'), { maxLength: 3 }).map((any): Requirement => ({ any })),
        tie('requirement').map((not): Requirement => ({ not })),
      ),
    }));
    const agent = fc.record({
      id: fc.constantFrom('x', 'y').map(agentId),
      skills: fc.dictionary(skill, fc.integer({ min: 1, max: 5 })),
    });
    fc.assert(
      fc.property(agent, requirement, (who, what) => {
        expect(satisfies(who, what)).toBe(shortfall(who, what).length === 0);
        expect(satisfies(who, { not: what })).toBe(!satisfies(who, what));
      }),
      { numRuns: 2000 },
    );
  });
});
