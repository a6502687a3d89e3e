import { describe, expect, it } from 'vitest';
import { agentId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { fitOf } from './fit.ts';

// 11 points in all.
const li = { id: agentId('li'), skills: { english: 5, loans: 4, cards: 2 } };

describe('fitOf', () => {
  const rows: readonly [name: string, requirement: Requirement, surplus: number, points: number][] = [
    ['everyone', { all: [] }, 11, 0],
    ['a skill without a level asks for one point', { skill: 'loans' }, 10, 4],
    ['a skill at a level', { skill: 'loans', atLeast: 3 }, 8, 4],
    ['an upper bound asks for one point', { skill: 'cards', atMost: 2 }, 10, 2],
    ['all: the sum', { all: [{ skill: 'loans', atLeast: 3 }, { skill: 'english', atLeast: 2 }] }, 6, 9],
    ['all: the same skill twice is asked for twice, and had once', { all: [{ skill: 'loans', atLeast: 3 }, { skill: 'loans', atMost: 4 }] }, 7, 4],
    ['any: the alternative that asks for most, of those that are met', { any: [{ skill: 'cards', atLeast: 2 }, { skill: 'loans', atLeast: 4 }, { skill: 'english', atLeast: 6 }] }, 7, 6],
    ['any of nothing', { any: [] }, 11, 0],
    ['an agent by name asks for no skill', { agent: agentId('li') }, 11, 0],
    ['what is ruled out asks for nothing', { all: [{ skill: 'loans' }, { not: { skill: 'cards', atLeast: 5 } }] }, 10, 4],
  ];

  it.each(rows)('%s', (_name, requirement, surplus, points) => {
    expect(fitOf('leastSurplus', li, requirement)).toBe(surplus);
    expect(fitOf('mostSkilled', li, requirement)).toBe(points === 0 ? 0 : -points);
    expect(fitOf('longestIdle', li, requirement)).toBe(0);
  });
});
