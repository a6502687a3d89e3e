import { describe, expect, it } from 'vitest';
import { checkLimits } from './check-limits.ts';
import { admissionLimitsOf } from './limits-config.ts';
import { parseConfig } from './load-config.ts';

const config = (more: object) =>
  parseConfig(
    JSON.stringify({
      nodes: [{ id: 'pbx-1', url: 'http://127.0.0.1:8088', user: 'u', password: 'p' }],
      hotlines: [{ number: '95500', flow: 'bank' }],
      queues: [{ id: 'personal', name: 'Personal', callbacks: {} }],
      callbacks: { dial: 'PJSIP/{number}@carrier' },
      pbx: { trunks: [{ name: 'carrier', matches: ['192.0.2.1'] }], answerInDialplan: false },
      ...more,
    }),
    'the test',
    {},
  );

describe('limits', () => {
  it('raise no doubt when all that they name is there', () => {
    expect(checkLimits(config({ limits: { calls: 100, trunks: { carrier: { calls: 30 } } } }), ['bank', 'overload'])).toEqual([]);
    expect(checkLimits(config({}), ['overload'])).toEqual([]);
  });

  it.each([
    ['a flow that is not there', {}, ['bank'], /'overload'.*refused instead/],
    ['a trunk that is not there', { limits: { trunks: { carier: { calls: 3 } } } }, ['overload'], /'carier'/],
    ['a limit that comes after the answer', { limits: { perCaller: { calls: 3 } }, pbx: {} }, ['overload'], /answered first/],
    ['nothing that limits', { limits: { byLoad: false } }, ['overload'], /nothing limits/],
    ['no way to call back', { limits: { calls: 9 }, callbacks: {}, queues: [{ id: 'personal', name: 'Personal' }] }, ['overload'], /cannot leave a callback/],
  ])('are doubted for %s', (_, more, flows, text) => {
    expect(checkLimits(config(more), flows).map((doubt) => doubt.text)).toEqual([expect.stringMatching(text)]);
  });

  it('are milliseconds for the engine, and go up from level to level', () => {
    const limits = admissionLimitsOf(config({ limits: { calls: 100, eventLoopLagSeconds: { spare: 0.1 }, trunks: { carrier: { perMinute: 60 } }, perCaller: { calls: 3 } } }));
    expect(limits).toMatchObject({ calls: 100, loopLagMs: [100, 500, 1_000], busy: [0.9, Infinity, Infinity], perTrunk: {}, perCaller: { calls: 3 } });
    expect(limits.trunks).toEqual(new Map([['carrier', { perMinute: 60 }]]));
    expect(admissionLimitsOf(config({ limits: { byLoad: false } }))).toMatchObject({ calls: Infinity, loopLagMs: [Infinity, Infinity, Infinity], eventLagMs: [Infinity, Infinity, Infinity] });
    expect(() => config({ limits: { eventLagSeconds: { spare: 2 } } })).toThrow(/each at least as great/);
  });
});
