import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactId } from '../../domain/ids.ts';
import { WaitEstimator } from './wait-estimator.ts';

const HANDLING_MS = 180_000;
const id = (n: number) => contactId(`contact-${n}`);

/** A queue where every contact finds the same number ahead and waits as `waitOf` says. */
function taught(contacts: number, waitOf: (n: number) => number, options = { handlingMs: HANDLING_MS }, viewOf = (n: number) => ({ ahead: n % 8, servers: 6 })): WaitEstimator {
  const estimator = new WaitEstimator(options);
  let now = 0;
  for (let n = 0; n < contacts; n += 1) {
    now += 20_000;
    estimator.entered(id(n), now, viewOf(n));
    now += waitOf(n);
    estimator.answered(id(n), now);
    estimator.handled(HANDLING_MS);
  }
  return estimator;
}

/** Numbers that look random and are the same in each run. */
const noise = (n: number): number => ((n * 7_919) % 1_000) / 1_000;

describe('the estimate of a wait', () => {
  it('begins with QLm', () => {
    const estimate = new WaitEstimator({ handlingMs: HANDLING_MS }).estimate(0, { ahead: 0, servers: 6 });
    expect(estimate?.expectedMs).toBeCloseTo(30_000, 0);
    expect(estimate?.basis).toBe('queueLength');
    expect(estimate?.highMs).toBeGreaterThan(2 * (estimate?.lowMs ?? 0));
  });

  it('is unknown, not 0, when nobody is signed in or nothing is known', () => {
    expect(new WaitEstimator({ handlingMs: HANDLING_MS }).estimate(0, { ahead: 3, servers: 0 })).toBeUndefined();
    expect(new WaitEstimator().estimate(0, { ahead: 3, servers: 5 })).toBeUndefined();
    expect(new WaitEstimator({ handlingMs: HANDLING_MS }).estimate(0, { ahead: 3, servers: NaN })).toBeUndefined();
  });

  it('needs one conversation, or one answered contact, to begin without an assumption', () => {
    const handled = new WaitEstimator();
    handled.handled(60_000);
    expect(handled.estimate(0, { ahead: 0, servers: 2 })?.expectedMs).toBeCloseTo(30_000, 0);
    const answered = new WaitEstimator();
    answered.entered(id(1), 0, { ahead: 0, servers: 2 });
    answered.answered(id(1), 45_000);
    expect(answered.estimate(60_000, { ahead: 0, servers: 2 })?.expectedMs).toBeCloseTo(45_000, -3);
  });

  it('learns that places free faster than agents and handling time say', () => {
    const twiceAsFast = taught(600, (n) => (((n % 8) + 1) * 30_000 * (0.6 + 0.8 * noise(n))) / 2);
    const estimate = twiceAsFast.estimate(1e9, { ahead: 7, servers: 6 });
    expect(estimate?.expectedMs).toBeGreaterThan(100_000);
    expect(estimate?.expectedMs).toBeLessThan(140_000);
  });

  it('learns that waits have nothing to do with the queue, and is then near their mean', () => {
    const estimator = taught(1_500, (n) => 40_000 + 40_000 * noise(n));
    for (const ahead of [0, 3, 7]) {
      const expectedMs = estimator.estimate(1e9, { ahead, servers: 6 })?.expectedMs ?? 0;
      expect(expectedMs).toBeGreaterThan(48_000);
      expect(expectedMs).toBeLessThan(75_000);
    }
  });

  it('promises half and nine in ten', () => {
    const estimator = new WaitEstimator({ handlingMs: HANDLING_MS });
    let [low, high, count] = [0, 0, 0];
    for (let n = 0; n < 4_000; n += 1) {
      const estimate = estimator.entered(id(n), n * 1e6, { ahead: n % 8, servers: 6 });
      const waitMs = -Math.log(1 - noise(n)) * ((n % 8) + 1) * 20_000;
      estimator.answered(id(n), n * 1e6 + waitMs);
      if (n < 500 || estimate === undefined) continue;
      count += 1;
      low += waitMs <= estimate.lowMs ? 1 : 0;
      high += waitMs <= estimate.highMs ? 1 : 0;
    }
    expect(Math.abs(low / count - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(high / count - 0.9)).toBeLessThan(0.03);
  });

  it('counts only what is left of the way for a contact that waits already', () => {
    const estimator = taught(300, (n) => ((n % 8) + 1) * 30_000);
    const fresh = estimator.estimate(1e9, { ahead: 2, servers: 6 })?.expectedMs ?? 0;
    const waiting = estimator.estimate(1e9, { ahead: 2, servers: 6, alreadyWaitedMs: 200_000 })?.expectedMs ?? 0;
    expect(waiting).toBeLessThanOrEqual(fresh);
    expect(waiting).toBeGreaterThan(fresh / 4);
  });

  it('is not changed by contacts that it does not know, by duplicates, or by what is no time', () => {
    const estimator = taught(50, () => 30_000);
    const before = JSON.stringify(estimator);
    estimator.answered(id(999), 1e9);
    estimator.abandoned(id(999), 1e9);
    estimator.handled(NaN);
    estimator.handled(-5);
    estimator.entered(id(998), NaN, { ahead: 1, servers: 1 });
    expect(JSON.stringify(estimator)).toBe(before);
  });

  it('forgets after a restart who is no longer there', () => {
    const estimator = new WaitEstimator({ handlingMs: HANDLING_MS });
    for (const n of [1, 2, 3]) estimator.entered(id(n), 0, { ahead: n, servers: 1 });
    estimator.keepOnly(new Set([id(2)]));
    expect(estimator.toJSON().waiting.map((contact) => contact.id)).toEqual([id(2)]);
  });
});

const anyNumber = fc.oneof(fc.integer({ min: -5, max: 2_000_000 }), fc.double(), fc.constantFrom(0, NaN, Infinity, -Infinity, 1e300, -1));
const count = fc.oneof(fc.nat({ max: 300 }), fc.double({ min: 0, max: 50, noNaN: true }), anyNumber);
const view = fc.record({ ahead: count, servers: count, alreadyWaitedMs: anyNumber, pool: fc.record({ ahead: count, servers: count }) }, { requiredKeys: ['ahead', 'servers'] });
const event = fc.record({
  kind: fc.constantFrom('entered' as const, 'entered' as const, 'answered' as const, 'answered' as const, 'abandoned' as const, 'withdrawn' as const, 'handled' as const),
  contact: fc.nat({ max: 12 }),
  afterMs: fc.oneof(fc.nat({ max: 600_000 }), fc.integer({ min: -1_000_000, max: 1_000_000_000 })),
  odd: fc.option(anyNumber, { freq: 6 }),
  view,
});
type AnyEvent = typeof event extends fc.Arbitrary<infer Event> ? Event : never;

function play(estimator: WaitEstimator, events: readonly AnyEvent[], from = 1e12): number {
  let now = from;
  for (const { kind, contact, afterMs, odd, view: found } of events) {
    now += afterMs;
    const at = odd ?? now;
    if (kind === 'handled') estimator.handled(odd ?? afterMs);
    else if (kind === 'entered') estimator.entered(id(contact), at, found);
    else estimator[kind](id(contact), at);
  }
  return now;
}

describe('whatever it is told', () => {
  it('an estimate is a time, and half come before nine in ten', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), view, fc.boolean(), (events, asked, assumed) => {
      const estimator = new WaitEstimator(assumed ? { handlingMs: HANDLING_MS } : {});
      const now = play(estimator, events);
      const estimate = estimator.estimate(now, asked);
      if (estimate === undefined) return;
      for (const ms of [estimate.expectedMs, estimate.lowMs, estimate.highMs]) {
        expect(Number.isFinite(ms)).toBe(true);
        expect(ms).toBeGreaterThan(0);
      }
      expect(estimate.highMs).toBeGreaterThanOrEqual(estimate.lowMs);
    }), { numRuns: 500 });
  });

  it('one more ahead never shortens it, nor does one agent fewer in QLm', () => {
    const place = fc.record({ ahead: fc.nat({ max: 80 }), servers: fc.integer({ min: 1, max: 40 }), alreadyWaitedMs: fc.nat({ max: 600_000 }) });
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), place, (events, asked) => {
      const estimator = new WaitEstimator({ handlingMs: HANDLING_MS });
      const now = play(estimator, events);
      const here = estimator.estimate(now, asked);
      const behind = estimator.estimate(now, { ...asked, ahead: asked.ahead + 1 });
      for (const key of ['expectedMs', 'lowMs', 'highMs'] as const) expect(behind?.[key]).toBeGreaterThanOrEqual((here?.[key] ?? NaN) * (1 - 1e-9));
      const fewer = estimator.features(now, { ...asked, servers: asked.servers / 2 });
      expect(fewer?.queueLengthMs).toBeGreaterThanOrEqual(estimator.features(now, asked)?.queueLengthMs ?? NaN);
    }), { numRuns: 300 });
  });

  it('a restart changes nothing', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 40 }), fc.array(event, { maxLength: 20 }), view, (before, after, asked) => {
      const kept = new WaitEstimator({ handlingMs: HANDLING_MS });
      const at = play(kept, before);
      const restarted = WaitEstimator.fromJSON(JSON.parse(JSON.stringify(kept)) as ReturnType<WaitEstimator['toJSON']>, { handlingMs: HANDLING_MS });
      const now = play(kept, after, at);
      play(restarted, after, at);
      expect(restarted.estimate(now, asked)).toEqual(kept.estimate(now, asked));
      expect(JSON.stringify(restarted)).toBe(JSON.stringify(kept));
    }), { numRuns: 300 });
  });

  it('the state of another version is not read', () => {
    expect(WaitEstimator.fromJSON({ version: 0 }, { handlingMs: HANDLING_MS }).estimate(0, { ahead: 0, servers: 6 })?.expectedMs).toBeCloseTo(30_000, 0);
  });
});
