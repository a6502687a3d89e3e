import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/json.ts';
import { DialLedger } from './dial-ledger.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=10000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 150);
const WINDOW_MS = 1_000;
const START = Date.parse('2026-08-12T08:00:00Z');

/** A list that everything is written to, and that is read from the beginning for every answer. */
class NaiveTimes {
  #rows: { readonly key: string; readonly at: number }[] = [];
  readonly #maxKeys: number;
  readonly #maxTimes: number;

  constructor(maxKeys: number, maxTimes: number) {
    this.#maxKeys = maxKeys;
    this.#maxTimes = maxTimes;
  }

  add(key: string, at: number): void {
    this.#rows.push({ key, at });
    this.#rows = this.#rows.filter((row) => row.at >= at - WINDOW_MS);
    const newestFirst = [...new Set(this.#rows.map((row) => row.key).reverse())];
    const forgotten = newestFirst.slice(this.#maxKeys);
    this.#rows = this.#rows.filter((row) => !forgotten.includes(row.key));
  }

  count(key: string, since: number): number {
    return Math.min(this.#maxTimes, this.#rows.filter((row) => row.key === key && row.at >= since).length);
  }
}

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 3_000 })),
  what: fc.oneof(
    fc.record({ type: fc.constant('request' as const), number: key, caller: fc.option(fc.oneof(key, fc.constant('')), { nil: undefined }), cost: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ type: fc.constant('dial' as const), number: key, cost: fc.integer({ min: 0, max: 100 }) }),
    fc.constant({ type: 'restart' as const }),
  ),
  backMs: fc.integer({ min: 0, max: WINDOW_MS }),
});

describe('the ledger', () => {
  it('answers as a plain list does, also across restarts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), fc.constantFrom(2, 4, 100), fc.constantFrom(1, 3, 100), (steps, maxNumbers, maxPerNumber) => {
        const options = { windowMs: WINDOW_MS, maxNumbers, maxPerNumber };
        let ledger = new DialLedger(options);
        const naive = { requestsFor: new NaiveTimes(maxNumbers, maxPerNumber), requestsBy: new NaiveTimes(maxNumbers, maxPerNumber), dialsTo: new NaiveTimes(maxNumbers, maxPerNumber) };
        const totals: Record<'request' | 'dial', { at: number; cost: number }[]> = { request: [], dial: [] };
        let now = START;
        for (const { afterMs, what, backMs } of steps) {
          now += afterMs;
          if (what.type === 'restart') {
            ledger = DialLedger.fromJSON(JSON.parse(JSON.stringify(ledger)) as Json, options);
          } else if (what.type === 'dial') {
            ledger.dialled({ number: what.number, estimatedCost: what.cost }, now);
            naive.dialsTo.add(what.number, now);
            totals.dial.push({ at: now, cost: what.cost });
          } else {
            const { number, caller, cost } = what;
            ledger.requested({ number, ...(caller !== undefined && { caller }), estimatedCost: cost }, now);
            naive.requestsFor.add(number, now);
            if (caller !== undefined) naive.requestsBy.add(caller, now);
            totals.request.push({ at: now, cost });
          }
          const since = now - backMs;
          const total = (rows: readonly { at: number; cost: number }[]) => {
            const counted = rows.filter(({ at }) => at >= since);
            return { count: counted.length, cost: counted.reduce((sum, { cost }) => sum + cost, 0) };
          };
          const all = ['', 'a', 'b', 'c', 'd', 'e', 'f', 'never'];
          const told = all.map((asked) => [ledger.requestsFor(asked, since), ledger.requestsBy(asked, since), ledger.dialsTo(asked, since)]);
          const expected = all.map((asked) => [naive.requestsFor.count(asked, since), naive.requestsBy.count(asked, since), naive.dialsTo.count(asked, since)]);
          expect({ told, requests: ledger.requests(since), dials: ledger.dials(since) }).toEqual({ told: expected, requests: total(totals.request), dials: total(totals.dial) });
        }
      }),
      { numRuns: RUNS },
    );
  }, 60_000 + RUNS * 50);
});
