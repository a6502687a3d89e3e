import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId, contactId, type AgentId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { decide, type RoutedContact, type RoutingState } from './decisions.ts';
import { comparePlaces, type IdleAgent } from './selection.ts';

const a = agentId('a');
const b = agentId('b');
const all = new Set([a, b]);
const forever: RoutingStep = { require: { all: [] }, forMs: 'untilServed' };

function contact(name: string, fields: Partial<RoutedContact> = {}): RoutedContact {
  return {
    contactId: contactId(name),
    priority: 5,
    enqueuedAt: 0,
    sequence: 0,
    steps: [forever],
    pools: [all],
    openStep: { index: 0, openedAt: 0 },
    leaveAt: Infinity,
    offered: false,
    notBefore: new Map(),
    ...fields,
  };
}

function state(contacts: readonly RoutedContact[], idle: readonly AgentId[], signedIn: readonly AgentId[] = [a, b]): RoutingState {
  return {
    contacts,
    signedIn: new Set(signedIn),
    idle: idle.map((agent, order): IdleAgent => ({ agentId: agent, idleSince: 0, order })),
  };
}

describe('decide', () => {
  it('offers in order, one agent a contact', () => {
    const { decisions, decideAgainAt } = decide(state([contact('x'), contact('y'), contact('z')], [a, b]), 10);
    expect(decisions).toEqual([
      { kind: 'offer', contactId: 'x', agentId: 'a' },
      { kind: 'offer', contactId: 'y', agentId: 'b' },
    ]);
    expect(decideAgainAt).toBeUndefined();
  });

  it('lets a contact that no idle agent may serve hold up nobody', () => {
    const { decisions } = decide(state([contact('x', { pools: [new Set([b])] }), contact('y')], [a]), 10);
    expect(decisions).toEqual([{ kind: 'offer', contactId: 'y', agentId: 'a' }]);
  });

  it('opens the first step and offers by it in the same round', () => {
    const steps: RoutingStep[] = [{ require: { skill: 'expert' }, forMs: 1000 }, forever];
    const fresh = contact('x', { steps, pools: [new Set([b]), all], openStep: undefined, enqueuedAt: 10 });
    expect(decide(state([fresh], [a, b]), 10)).toEqual({
      decisions: [
        { kind: 'step', contactId: 'x', openStep: { index: 0, openedAt: 10 } },
        { kind: 'offer', contactId: 'x', agentId: 'b' },
      ],
      decideAgainAt: 1010,
    });
  });

  it('widens while a phone rings, but gives no second agent and sends nobody away', () => {
    const steps: RoutingStep[] = [{ require: { skill: 'expert' }, forMs: 1000 }, forever];
    const ringing = contact('x', { steps, pools: [new Set([b]), all], offered: true, leaveAt: 500 });
    expect(decide(state([ringing], [a]), 1000).decisions).toEqual([
      { kind: 'step', contactId: 'x', openStep: { index: 1, openedAt: 1000 } },
    ]);
  });

  it('overflows when the wait is over, but serves rather than that', () => {
    const late = contact('x', { leaveAt: 1000 });
    expect(decide(state([late], []), 999)).toEqual({ decisions: [], decideAgainAt: 1000 });
    expect(decide(state([late], []), 1000).decisions).toEqual([{ kind: 'overflow', contactId: 'x', reason: 'timeout' }]);
    expect(decide(state([late], [a]), 1000).decisions).toEqual([{ kind: 'offer', contactId: 'x', agentId: 'a' }]);
  });

  it('overflows when nobody signed in could serve any step, now or later', () => {
    const choosy = contact('x', { pools: [new Set([b])], openStep: undefined });
    expect(decide(state([choosy], [a], [a]), 10).decisions).toEqual([{ kind: 'overflow', contactId: 'x', reason: 'noAgents' }]);
    expect(decide(state([choosy], [a], [a, b]), 10).decisions.map(({ kind }) => kind)).toEqual(['step']);
  });

  it('waits out the time for which an agent is not to be asked', () => {
    const rejected = contact('x', { notBefore: new Map([[a, 50]]) });
    expect(decide(state([rejected], [a], [a]), 10)).toEqual({ decisions: [], decideAgainAt: 50 });
    expect(decide(state([rejected], [a], [a]), 50).decisions).toEqual([{ kind: 'offer', contactId: 'x', agentId: 'a' }]);
  });

  it('decides like a plain reading of the rules', () => {
    const agents = ['a', 'b', 'c', 'd'].map(agentId);
    // Few pools, so that contacts share them as they do in a queue.
    const pool = fc.constantFrom(
      ...['', 'a', 'b', 'ab', 'bc', 'cd', 'acd', 'abcd'].map((members) => new Set([...members].map(agentId))),
    );
    const routed = fc
      .array(
        fc.record({
          priority: fc.integer({ min: 1, max: 3 }),
          enqueuedAt: fc.integer({ min: 0, max: 5 }),
          pools: fc.tuple(pool),
          offered: fc.boolean(),
          leaveAt: fc.constantFrom(50, Infinity),
          notBefore: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(99, 101)),
        }),
        { maxLength: 8 },
      )
      .map((list) =>
        list
          .map((fields, sequence) =>
            contact(`contact-${sequence}`, {
              ...fields,
              sequence,
              notBefore: new Map(Object.entries(fields.notBefore).map(([id, until]) => [agentId(id), until])),
            }),
          )
          .sort(comparePlaces),
      );
    const staff = fc.array(fc.record({ signedIn: fc.boolean(), idle: fc.boolean(), idleSince: fc.integer({ min: 0, max: 3 }) }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(routed, staff, (contacts, crew) => {
        const signedIn = new Set(agents.filter((_, order) => crew[order]?.signedIn));
        const idle = agents.flatMap((id, order) => {
          const member = crew[order];
          return member?.signedIn && member.idle ? [{ agentId: id, idleSince: member.idleSince, order }] : [];
        });
        const expected: unknown[] = [];
        const taken = new Set<AgentId>();
        for (const waiting of contacts) {
          const members = [...(waiting.pools[0] ?? [])];
          if (waiting.offered) continue;
          if (!members.some((id) => signedIn.has(id))) {
            expected.push({ kind: 'overflow', contactId: waiting.contactId, reason: 'noAgents' });
            continue;
          }
          const best = idle
            .filter(({ agentId: id }) => members.includes(id) && !taken.has(id) && (waiting.notBefore.get(id) ?? 0) <= 100)
            .sort((x, y) => x.idleSince - y.idleSince || x.order - y.order)[0];
          if (best !== undefined) {
            taken.add(best.agentId);
            expected.push({ kind: 'offer', contactId: waiting.contactId, agentId: best.agentId });
          } else if (waiting.leaveAt <= 100) {
            expected.push({ kind: 'overflow', contactId: waiting.contactId, reason: 'timeout' });
          }
        }
        expect(decide({ contacts, signedIn, idle }, 100).decisions).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
