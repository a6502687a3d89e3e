import { describe, expect, it } from 'vitest';
import { Cancellation } from './cancellation.ts';
import { maskNumber } from './digits.ts';
import { promptParts } from './prompt.ts';
import { dialFailureOf, termination, TERMINATION_REASONS, TERMINATION_RESULTS } from './termination.ts';

describe('promptParts', () => {
  it('splits a text at its values', () => {
    expect(promptParts('您的余额是{balance:money}。')).toEqual([
      { type: 'text', text: '您的余额是' },
      { type: 'value', name: 'balance', kind: 'money' },
    ]);
  });
  it('keeps words around and between values, but no lone punctuation', () => {
    expect(promptParts('Card {last4:digits}: {due:date}, please')).toEqual([
      { type: 'text', text: 'Card' },
      { type: 'value', name: 'last4', kind: 'digits' },
      { type: 'value', name: 'due', kind: 'date' },
      { type: 'text', text: ', please' },
    ]);
  });
  it('leaves an unknown kind in the text, for the checker to find', () => {
    expect(promptParts('{x:monny}')).toEqual([{ type: 'text', text: '{x:monny}' }]);
  });
});

describe('termination', () => {
  it.each(TERMINATION_REASONS)('%s has a result of the closed set', (reason) => {
    expect(TERMINATION_RESULTS).toContain(termination(reason).result);
  });
  it('keeps the cause when there is one', () => {
    expect(termination('served', 16)).toEqual({ result: 'success', reason: 'served', cause: 16 });
  });
  it.each([
    [17, 'busy'],
    [21, 'rejected'],
    [18, 'noAnswer'],
    [19, 'noAnswer'],
    [1, 'unreachable'],
    [3, 'unreachable'],
    [20, 'unreachable'],
    [27, 'unreachable'],
    [0, 'failed'],
    [16, 'failed'],
    [127, 'failed'],
  ] as const)('Q.850 cause %i of a leg that never answered is %s', (cause, failure) => {
    expect(dialFailureOf(cause)).toBe(failure);
  });
});

describe('maskNumber', () => {
  it.each([
    ['13800138000', '*******8000'],
    ['1234', '***4'],
    ['12', '**'],
    ['', ''],
  ])('%s → %s', (number, masked) => expect(maskNumber(number)).toBe(masked));
});

describe('Cancellation', () => {
  it('tells each listener once, and late ones at once', () => {
    const cancellation = new Cancellation();
    const told: string[] = [];
    cancellation.onCancel(() => told.push('early'));
    cancellation.onCancel(() => told.push('forgotten'))();
    cancellation.cancel();
    cancellation.cancel();
    cancellation.onCancel(() => told.push('late'));
    expect(told).toEqual(['early', 'late']);
    expect(cancellation.cancelled).toBe(true);
  });
});
