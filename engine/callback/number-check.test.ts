import { describe, expect, it } from 'vitest';
import { libphonenumberPlan as plan } from '../../integrations/numbering/libphonenumber-plan.ts';
import { DialLedger } from './dial-ledger.ts';
import { checkDial, checkNumber, type NumberCheck, type NumberRequest } from './number-check.ts';
import { NUMBER_RULES_DEFAULTS, type NumberRules } from './number-rules.ts';

const NOON = Date.parse('2026-08-12T12:00:00+08:00');
const NIGHT = Date.parse('2026-08-12T23:00:00+08:00');
const HOUR_MS = 3_600_000;
const MOBILE = '13800138000';
const E164 = '+8613800138000';

const cost = { capPerDay: 100, perMinuteByPrefix: { '+86': 10 }, assumedMinutes: 3 };

function desk(changes: Partial<NumberRules> = {}) {
  const rules: NumberRules = { ...NUMBER_RULES_DEFAULTS, ownNumbers: ['95500', '8001', '4008895500'], ...changes };
  const ledger = new DialLedger();
  return {
    rules,
    ledger,
    check: (request: NumberRequest | string, at = NOON) => checkNumber(typeof request === 'string' ? { text: request } : request, rules, plan, ledger, at),
    dial: (number: string, at = NOON, now: NumberRules = rules) => checkDial(number, now, plan, ledger, at),
    /** Asks, and is noted when taken. */
    ask(request: NumberRequest, at = NOON): string {
      const result = this.check(request, at);
      if (result.ok) ledger.requested(result, at);
      return answer(result);
    },
  };
}

const answer = (result: NumberCheck): string => (result.ok ? 'ok' : result.refusal);

describe('a request', () => {
  it('is taken, with the number as it will be dialled', () => {
    expect(desk({ cost }).check({ text: MOBILE, caller: '013800138000' })).toEqual({ ok: true, number: E164, country: 'CN', type: 'mobile', estimatedCost: 30, caller: E164 });
    expect(desk().check('010-88886666')).toEqual({ ok: true, number: '+861088886666', country: 'CN', type: 'fixedLine', estimatedCost: 0 });
  });

  it.each([
    ['', 'numberWithheld'],
    ['anonymous', 'numberWithheld'],
    ['00000000', 'numberWithheld'],
    ['110', 'numberTooShort'],
    ['10086', 'numberTooShort'],
    ['88886666', 'numberInvalid'],
    ['9'.repeat(100), 'numberInvalid'],
    ['13800138000,,1', 'numberInvalid'],
    ['+85291234567', 'numberForeign'],
    ['0085291234567', 'numberForeign'],
    ['+449098790000', 'numberForeign'],
    ['+881612345678', 'numberForeign'],
    ['4001234567', 'numberType'],
    ['16812345', 'numberType'],
    ['01095588', 'numberType'],
    ['95500', 'ownNumber'],
    ['8001', 'ownNumber'],
    ['400-889-5500', 'ownNumber'],
    ['+864008895500', 'ownNumber'],
    ['01095500', 'ownNumber'],
  ])('for %j is refused: %s', (text, refusal) => expect(answer(desk().check(text))).toBe(refusal));

  it('for premium-rate numbers is refused where the country is allowed', () => {
    const british = desk({ country: 'GB', allowedCountries: ['GB'] });
    expect(answer(british.check('07400123456'))).toBe('ok');
    expect(answer(british.check('09098790000'))).toBe('numberType');
    expect(answer(british.check('08451234567'))).toBe('numberType');
    expect(answer(british.check('07011223344'))).toBe('numberType');
    expect(answer(british.check('07911123456'))).toBe('numberForeign');
  });

  it('goes by denied prefixes, and their exceptions', () => {
    const { check } = desk({ deniedPrefixes: ['+86170', '+8610'], allowedPrefixes: ['+861088', '+852'] });
    expect(answer(check('17012345678'))).toBe('numberType');
    expect(answer(check('01066666666'))).toBe('numberType');
    expect(answer(check('01088886666'))).toBe('ok');
    expect(answer(check('+85291234567'))).toBe('numberForeign');
  });

  it('goes by the list of numbers that are not called, which holds E.164', () => {
    expect(answer(desk({ doNotCall: (number) => number === E164 }).check(MOBILE))).toBe('doNotCall');
  });

  it('may be made at night', () => expect(answer(desk().check(MOBILE, NIGHT))).toBe('ok'));
});

describe('too many requests', () => {
  it('for one number, however it is written, until the window has passed', () => {
    const centre = desk();
    expect([MOBILE, '+86 138 0013 8000', '013800138000', '8613800138000'].map((text) => centre.ask({ text }))).toEqual(['ok', 'ok', 'ok', 'tooManyForNumber']);
    expect(centre.ask({ text: MOBILE }, NOON + 24 * HOUR_MS + 1)).toBe('ok');
  });

  it('by one caller, for whatever numbers', () => {
    const centre = desk();
    const asks = (text: string, caller: string) => centre.ask({ text, caller });
    expect([asks('13800138001', MOBILE), asks('13800138002', E164), asks('13800138003', '013800138000'), asks('13800138004', MOBILE)]).toEqual(['ok', 'ok', 'ok', 'tooManyByCaller']);
    expect(asks('13800138004', '13900139000')).toBe('ok');
  });

  it('by callers who withhold their number: they share a cap', () => {
    const centre = desk({ caps: { ...NUMBER_RULES_DEFAULTS.caps, withheldCallers: 2 } });
    expect(['', 'anonymous', 'Restricted'].map((caller, index) => centre.ask({ text: `1380013800${index}`, caller }))).toEqual(['ok', 'ok', 'tooManyByCaller']);
  });

  it('are not counted where no caller asks', () => {
    const centre = desk();
    expect([1, 2, 3, 4, 5].map((last) => centre.ask({ text: `1380013800${last}` }))).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
  });

  it('in all', () => {
    const centre = desk({ caps: { ...NUMBER_RULES_DEFAULTS.caps, perDay: 2 } });
    expect([1, 2, 3].map((last) => centre.ask({ text: `1380013800${last}` }))).toEqual(['ok', 'ok', 'tooManyToday']);
  });

  it('by cost', () => {
    const centre = desk({ cost });
    expect([1, 2, 3, 4].map((last) => centre.ask({ text: `1380013800${last}` }))).toEqual(['ok', 'ok', 'ok', 'costLimit']);
  });
});

describe('a dial', () => {
  it('goes by the rules of now', () => {
    const { rules, dial } = desk({ cost });
    expect(dial(E164)).toEqual({ ok: true, number: E164, country: 'CN', type: 'mobile', estimatedCost: 30 });
    expect(answer(dial(E164, NOON, { ...rules, doNotCall: () => true }))).toBe('doNotCall');
    expect(answer(dial(E164, NOON, { ...rules, deniedPrefixes: ['+86138'] }))).toBe('numberType');
    expect(answer(dial(E164, NOON, { ...rules, allowedCountries: ['HK'] }))).toBe('numberForeign');
    expect(answer(dial(E164, NOON, { ...rules, ownNumbers: [MOBILE] }))).toBe('ownNumber');
  });

  it('is made within the calling hours only', () => {
    expect(answer(desk().dial(E164, NIGHT))).toBe('callingHours');
    expect(answer(desk({ callingHours: undefined }).dial(E164, NIGHT))).toBe('ok');
    const abroad = desk({ allowedCountries: ['GB'] });
    expect(answer(abroad.dial('+447400123456', NOON))).toBe('callingHours');
    expect(answer(abroad.dial('+447400123456', NIGHT))).toBe('ok');
  });

  it('has a cap of its own for each number, and keeps what was promised', () => {
    const { ledger, dial } = desk();
    for (let request = 0; request < 6_000; request += 1) ledger.requested({ number: E164, caller: E164, estimatedCost: 0 }, NOON);
    for (let made = 0; made < 9; made += 1) {
      expect(answer(dial(E164))).toBe('ok');
      ledger.dialled({ number: E164, estimatedCost: 0 }, NOON);
    }
    expect(answer(dial(E164))).toBe('tooManyForNumber');
    expect(answer(dial('+8613900139000'))).toBe('ok');
  });

  it('has a cap of cost: what was dialled, not what was asked for', () => {
    const { ledger, dial } = desk({ cost });
    ledger.requested({ number: E164, estimatedCost: 100 }, NOON);
    expect(answer(dial(E164))).toBe('ok');
    ledger.dialled({ number: '+8613900139000', estimatedCost: 80 }, NOON);
    expect(answer(dial(E164))).toBe('costLimit');
  });
});

describe('the order of checks', () => {
  it('is the documented one: what is certain comes first', () => {
    const bad = {
      ownNumbers: [E164],
      allowedCountries: [] as string[],
      allowedTypes: [],
      doNotCall: () => true,
      caps: { perNumber: 0, perCaller: 0, withheldCallers: 0, perDay: 0, dialsPerNumber: 0, withinMs: 1 },
      cost: { ...cost, capPerDay: 0 },
      callingHours: { from: '00:00', to: '00:00', timeZoneOf: () => undefined, centreTimeZone: 'Asia/Shanghai' },
    } satisfies Partial<NumberRules>;
    const { caps, cost: _cost, callingHours } = desk().rules;
    const good = desk().rules;
    const mended: Partial<NumberRules>[] = [
      {},
      { ownNumbers: [] },
      { allowedCountries: good.allowedCountries },
      { allowedTypes: good.allowedTypes },
      { doNotCall: good.doNotCall },
      { callingHours },
      { caps: { ...bad.caps, perNumber: 1, dialsPerNumber: 1 } },
      { caps: { ...bad.caps, perNumber: 1, perCaller: 1, dialsPerNumber: 1 } },
      { caps },
      { cost: undefined },
    ];
    const requests: string[] = [];
    const dials: string[] = [];
    let changes: Partial<NumberRules> = bad;
    for (const mend of mended) {
      changes = { ...changes, ...mend };
      requests.push(answer(desk(changes).check({ text: MOBILE, caller: MOBILE })));
      dials.push(answer(desk(changes).dial(E164)));
    }
    expect([...new Set(requests)]).toEqual(['ownNumber', 'numberForeign', 'numberType', 'doNotCall', 'tooManyForNumber', 'tooManyByCaller', 'tooManyToday', 'costLimit', 'ok']);
    expect([...new Set(dials)]).toEqual(['ownNumber', 'numberForeign', 'numberType', 'doNotCall', 'callingHours', 'tooManyForNumber', 'costLimit', 'ok']);
  });
});

describe('the detail of a refusal', () => {
  it.each(['', '110', '95500', '8001', '01088886666', '+85291234567', '4001234567', '17012345678', '9'.repeat(50)])('for %j has no number in it', (text) => {
    const result = desk({ deniedPrefixes: ['+8617012345678', '+861088886666'] }).check(text);
    expect(result.ok ? '' : result.detail).toMatch(/\w/);
    expect(result.ok ? '' : result.detail).not.toMatch(/\d{5}/);
    if (text.length > 2) expect(JSON.stringify(result)).not.toContain(text);
  });
});
