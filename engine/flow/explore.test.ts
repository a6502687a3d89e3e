import { describe, expect, it } from 'vitest';
import bank from '../../flows/bank.ts';
import branchHours from '../../flows/branch-hours.ts';
import callbackMessage from '../../flows/callback-message.ts';
import calledBack from '../../flows/called-back.ts';
import { identifyCustomer } from '../../flows/parts/identify-customer.ts';
import { pendingCallback } from '../../flows/parts/pending-callback.ts';
import { exploreFlow } from './explore.ts';
import { defineIvr } from './kit.ts';

const facts = (dialled: string) => ({ language: 'zh-CN', dialled, callerNumber: '' });
const ways = (edges: readonly { from: string; to: string; label: string }[]) => edges.map(({ from, to, label }) => `${from} → ${to} ${label}`);

describe('exploreFlow', () => {
  it.each([
    [bank.id, bank.machine, bank.numbers.map(facts)],
    [branchHours.id, branchHours.machine, branchHours.numbers.map(facts)],
    [calledBack.id, calledBack.machine, [facts('95500')]],
    [callbackMessage.id, callbackMessage.machine, [facts('95500')]],
    [pendingCallback.id, pendingCallback.machine, [{ facts: { ...facts('1'), globals: {} }, input: { queue: 'q' } }]],
    [identifyCustomer.id, identifyCustomer.machine, [{ facts: { ...facts('1'), globals: {} }, input: {} }]],
  ])('takes every way through %s', (_id, machine, inputs) => {
    const { untaken, situations } = exploreFlow(machine, inputs);
    expect(ways(untaken)).toEqual([]);
    expect(situations).toBeLessThan(500);
  });

  it('tells the shortest call for a way', () => {
    const { taken } = exploreFlow(bank.machine, bank.numbers.map(facts));
    expect(taken.get('card|xstate.done.actor.card|2')).toEqual(['hours: open', 'welcome: said', 'main: card', 'card: limit']);
  });

  it('finds a way that no call takes', () => {
    const { flow, branch, end } = defineIvr({ prompts: { bye: { 'zh-CN': '再见', en: 'Bye' } } as const, vars: () => ({ count: 0 }) });
    const { machine } = flow({
      id: 'never',
      numbers: [],
      initial: 'first',
      fault: { prompt: 'bye', to: 'bye' },
      states: { first: branch({ cases: [{ variable: 'count', atLeast: 1, to: 'bye' }], otherwise: 'bye' }), bye: end({ prompt: 'bye' }) },
    });
    expect(ways(exploreFlow(machine, [facts('1')]).untaken)).toEqual(['first → bye count ≥ 1']);
  });
});
