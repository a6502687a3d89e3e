import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../../test/reporting/log-builder.ts';
import { queueId } from '../domain/ids.ts';
import { Zone } from '../domain/zone.ts';
import { calibrationBands, calibrationOf, type Sample } from './calibration.ts';
import { Reporter } from './reporter.ts';

const sample = (expected: number, actual: number, more: Partial<Sample> = {}): Sample => ({
  queueId: queueId('bank'),
  at: 0,
  expectedMs: expected * 1000,
  lowMs: expected * 700,
  highMs: expected * 2300,
  told: true,
  actualMs: actual * 1000,
  answered: true,
  ...more,
});

describe('the calibration of estimated waits', () => {
  it('is that of the example of docs/reporting.md', () => {
    // Expected 60, 60, 120 s; came 40, 90, 120 s: errors 20, -30, 0.
    const found = calibrationOf([sample(60, 40), sample(60, 90), sample(120, 120)]);
    expect(found).toMatchObject({ estimates: 3, answered: 3, censored: 0, withinHigh: 1 });
    expect(found.withinLow).toBeCloseTo(1 / 3);
    expect(found.biasMs).toBeCloseTo(-10_000 / 3);
    expect(found.meanAbsoluteErrorMs).toBeCloseTo(50_000 / 3);
    expect(found.rrase).toBeCloseTo(Math.sqrt((400 + 900 + 0) / 3) / (250 / 3));
  });

  it('knows nothing of nothing, and no error of those who gave up', () => {
    const nothing = { biasMs: null, meanAbsoluteErrorMs: null, rrase: null, withinLow: null, withinHigh: null };
    expect(calibrationOf([])).toEqual({ estimates: 0, told: 0, answered: 0, censored: 0, ...nothing });
    expect(calibrationOf([sample(60, 10, { answered: false, told: false })])).toEqual({ estimates: 1, told: 0, answered: 0, censored: 1, ...nothing });
  });

  it('counts who gave up beyond a bound as one who waited longer, and who gave up below it as one who waits on', () => {
    // Bound 42 s each. Gave up after 50 s: longer. Gave up after 10 s: of four, the other three say how it would have gone on.
    const found = calibrationOf([sample(60, 20), sample(60, 50, { answered: false }), sample(60, 80), sample(60, 10, { answered: false })]);
    expect(found.withinLow).toBeCloseTo(1 / 3);
    expect(calibrationOf([sample(60, 20), sample(60, 30), sample(60, 50, { answered: false })]).withinLow).toBeCloseTo(2 / 3);
  });

  it('is the plain share when nobody gives up', () => {
    const samples = fc.array(fc.tuple(fc.nat(100), fc.nat(200)).map(([expected, actual]) => sample(expected, actual)), { minLength: 1 });
    fc.assert(
      fc.property(samples, (list) => {
        const share = list.filter(({ actualMs, highMs }) => actualMs <= highMs).length / list.length;
        expect(calibrationOf(list).withinHigh).toBeCloseTo(share, 9);
      }),
    );
  });

  it('recovers the true share under random hang-ups, where leaving them out does not', () => {
    // Waits and patience are exponential with means 60 s and 60 s, made by inversion; the bound is the true median.
    const list: Sample[] = [];
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let n = 0; n < 20_000; n += 1) {
      const [wait, patience] = [-60 * Math.log(random()), -60 * Math.log(random())];
      list.push(sample(60, Math.min(wait, patience), { answered: wait <= patience, lowMs: 60_000 * Math.LN2 }));
    }
    const answered = list.filter((each) => each.answered);
    expect(calibrationOf(list).withinLow).toBeCloseTo(0.5, 1);
    expect(Math.abs((calibrationOf(list).withinLow ?? 0) - 0.5)).toBeLessThan(0.02);
    expect(answered.filter(({ actualMs, lowMs }) => actualMs <= lowMs).length / answered.length).toBeGreaterThan(0.7);
  });

  it('is told by bands of what was expected', () => {
    const bands = calibrationBands([sample(0, 5), sample(59, 5), sample(60, 5), sample(400, 5), sample(600, 5), sample(6000, 5)]);
    expect(bands.map(({ fromMs, toMs, estimates }) => [fromMs / 1000, toMs === null ? null : toMs / 1000, estimates])).toEqual([
      [0, 60, 2],
      [60, 120, 1],
      [120, 300, 0],
      [300, 600, 1],
      [600, null, 2],
    ]);
  });
});

describe('the report about estimated waits', () => {
  const report = (log: LogBuilder, to = 3_600_000) => {
    const reporter = new Reporter({ zone: Zone.of('UTC') ?? expect.fail('no UTC'), interval: 'range', range: { from: 0, to }, calibration: true });
    for (const event of log.events) reporter.apply(event);
    return reporter.calibration();
  };

  it('compares each estimate with the rest of the wait, once the contact has left within the range', () => {
    const log = new LogBuilder()
      .at(0).queued('a', 'bank').queued('b', 'vip').queued('c', 'bank')
      .at(10_000).estimated('a', 60_000, 40_000, 140_000)
      .at(40_000).estimated('a', 30_000, 20_000, 70_000).estimated('b', 5_000, 4_000, 9_000)
      .at(60_000).left('a', 'answered').left('b', 'abandoned').estimated('c', 10_000, 8_000, 20_000);
    expect(report(log).map(({ queueId, estimates, answered, censored, biasMs }) => [queueId, estimates, answered, censored, biasMs])).toEqual([
      [null, 3, 2, 1, (10_000 + 10_000) / 2],
      ['bank', 2, 2, 0, 10_000],
      ['vip', 1, 0, 1, null],
    ]);
    expect(report(log, 60_000)[0]?.estimates).toBe(0);
  });

  it('takes an answer back that was none', () => {
    const log = new LogBuilder()
      .at(0).queued('a', 'bank').estimated('a', 60_000, 40_000, 140_000)
      .at(10_000).left('a', 'answered')
      .at(10_500).queued('a', 'bank', 0)
      .at(60_000).left('a', 'answered');
    expect(report(log)[0]).toMatchObject({ estimates: 1, biasMs: 0 });
  });
});
