import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/json.ts';
import { DialLedger } from './dial-ledger.ts';
import { RecentTimes } from '../domain/recent-times.ts';
import { RunningTotal } from './running-total.ts';

const NOW = Date.parse('2026-08-12T08:00:00Z');
const DAY_MS = 24 * 3_600_000;

describe('the ledger', () => {
  it('counts requests by number and caller, dials by number, and both in all', () => {
    const ledger = new DialLedger();
    ledger.requested({ number: '+8613800138000', caller: '+8613900139000', estimatedCost: 30 }, NOW);
    ledger.requested({ number: '+8613800138000', estimatedCost: 30 }, NOW + 1);
    ledger.dialled({ number: '+8613800138000', estimatedCost: 30 }, NOW + 2);
    expect(ledger.requestsFor('+8613800138000', NOW)).toBe(2);
    expect(ledger.requestsFor('+8613800138000', NOW + 1)).toBe(1);
    expect(ledger.requestsBy('+8613900139000', NOW)).toBe(1);
    expect(ledger.requestsBy('+8613800138000', NOW)).toBe(0);
    expect(ledger.dialsTo('+8613800138000', NOW)).toBe(1);
    expect(ledger.requests(NOW)).toEqual({ count: 2, cost: 60 });
    expect(ledger.dials(NOW)).toEqual({ count: 1, cost: 30 });
    expect(ledger.dials(NOW + 3)).toEqual({ count: 0, cost: 0 });
  });

  const foreign: readonly (readonly [Json | undefined])[] = [
    [undefined],
    [null],
    [1],
    ['x'],
    [[]],
    [{}],
    [{ version: 0 }],
    [{ version: 1 }],
    [{ version: 1, requestsFor: 'x', requestsBy: [1, [], [2, NOW], ['a', 'b']], dialsTo: null, requests: [[1]], dials: [[NOW, 'x', 1], [NOW, -1, 1]] }],
  ];
  it.each(foreign)('begins empty after %j', (state) => expect(DialLedger.fromJSON(state).toJSON()).toEqual(new DialLedger().toJSON()));

  it('stays small with more numbers than it remembers', () => {
    const ledger = new DialLedger();
    for (let index = 0; index < 300_000; index += 1) ledger.dialled({ number: `+86138${String(index).padStart(8, '0')}`, estimatedCost: 1 }, NOW + index);
    const state = ledger.toJSON();
    expect(state.dialsTo).toHaveLength(200_000);
    expect(state.dials).toHaveLength(100_000);
    // What was forgotten of a number is not forgotten of the total.
    expect(ledger.dials(NOW)).toEqual({ count: 300_000, cost: 300_000 });
    expect(ledger.dialsTo('+8613800000000', NOW)).toBe(0);
    expect(ledger.dialsTo('+8613800299999', NOW)).toBe(1);
  });
});

describe('where the clock was put back', () => {
  it('what was done in its future was done by now, and is over a window later', () => {
    const ledger = new DialLedger();
    ledger.dialled({ number: 'a', estimatedCost: 5 }, NOW + 1_000 * DAY_MS);
    ledger.dialled({ number: 'a', estimatedCost: 7 }, NOW);
    expect(ledger.dialsTo('a', NOW - DAY_MS)).toBe(2);
    expect(ledger.dials(NOW - DAY_MS)).toEqual({ count: 2, cost: 12 });
    expect(ledger.dialsTo('a', NOW + 1)).toBe(0);
    expect(ledger.dials(NOW + 1)).toEqual({ count: 0, cost: 0 });
  });
});

describe('recent times', () => {
  it('forgets keys that are over when another is added', () => {
    const times = new RecentTimes({ windowMs: 10, maxKeys: 100, maxTimes: 100 });
    times.add('a', 0);
    times.add('b', 5);
    times.add('a', 6);
    times.add('c', 16);
    expect(times.toJSON()).toEqual([
      ['a', 0, 6],
      ['c', 16],
    ]);
    expect(times.size).toBe(2);
    times.add('a', 16);
    expect(times.toJSON()).toEqual([
      ['c', 16],
      ['a', 6, 16],
    ]);
  });
});

describe('a running total', () => {
  it('counts too long rather than too little when it has too many entries', () => {
    const total = new RunningTotal({ windowMs: 1_000, maxEntries: 2 });
    total.add(1, 10);
    total.add(2, 20);
    total.add(3, 30);
    expect(total.toJSON()).toEqual([
      [2, 2, 30],
      [3, 1, 30],
    ]);
    expect(total.since(2)).toEqual({ count: 3, cost: 60 });
    expect(total.since(3)).toEqual({ count: 1, cost: 30 });
  });

  it('keeps one entry for one moment', () => {
    const total = new RunningTotal({ windowMs: 1_000, maxEntries: 2 });
    for (let index = 0; index < 5; index += 1) total.add(7, 1);
    expect(total.toJSON()).toEqual([[7, 5, 5]]);
  });

  it('is exactly zero again after fractions', () => {
    const total = new RunningTotal({ windowMs: 1_000, maxEntries: 100 });
    total.add(0, 0.1);
    total.add(1, 0.2);
    total.add(5_000, 0);
    expect(total.since(0)).toEqual({ count: 1, cost: 0 });
  });
});
