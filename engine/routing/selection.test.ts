import { describe, expect, it } from 'vitest';
import { agentId, contactId, type AgentId } from '../domain/ids.ts';
import { compareIdle, comparePlaces, Selection, type IdleAgent } from './selection.ts';

const a = agentId('a');
const b = agentId('b');
const c = agentId('c');
const idle = (agent: AgentId, idleSince: number, order = 0): IdleAgent => ({ agentId: agent, idleSince, order });
const seeker = (pool: ReadonlySet<AgentId>, notBefore = new Map<AgentId, number>()) => ({ contactId: contactId('x'), pool, notBefore });

describe('comparePlaces', () => {
  const place = (name: string, priority: number, enqueuedAt: number, sequence: number) => ({ name, priority, enqueuedAt, sequence });

  it('puts the better priority first, then the older, then the one who came first', () => {
    const places = [
      place('last', 5, 200, 1),
      place('tie, second', 5, 100, 3),
      place('tie, first', 5, 100, 2),
      place('urgent, though young', 1, 900, 4),
    ];
    expect(places.sort(comparePlaces).map(({ name }) => name)).toEqual([
      'urgent, though young',
      'tie, first',
      'tie, second',
      'last',
    ]);
  });
});

describe('compareIdle', () => {
  it('puts the longest idle first, then the order of the configuration', () => {
    const agents = [idle(a, 20, 0), idle(b, 10, 2), idle(c, 10, 1)];
    expect(agents.sort(compareIdle).map(({ agentId: id }) => id)).toEqual([c, b, a]);
  });
});

describe('Selection', () => {
  it('gives the longest idle of the pool, each agent once', () => {
    const selection = new Selection([idle(a, 30), idle(b, 10), idle(c, 20)], 100);
    const pool = new Set([a, c]);
    expect(selection.take(seeker(pool))).toBe(c);
    expect(selection.take(seeker(pool))).toBe(a);
    expect(selection.take(seeker(pool))).toBeUndefined();
    expect(selection.take(seeker(new Set([b])))).toBe(b);
  });

  it('passes over an agent who is not to be asked yet, for this contact only', () => {
    const selection = new Selection([idle(a, 10), idle(b, 20)], 100);
    const pool = new Set([a]);
    expect(selection.take(seeker(pool, new Map([[a, 101]])))).toBeUndefined();
    expect(selection.take(seeker(pool, new Map([[a, 100]])))).toBe(a);
  });
});
