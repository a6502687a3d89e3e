import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libphonenumberPlan as plan } from './libphonenumber-plan.ts';

/** `+8613800138000 CN mobile`, or the problem. */
function read(text: string, country = 'CN'): string {
  const reading = plan.read(text, { country });
  return 'problem' in reading ? reading.problem : `${reading.number} ${reading.country} ${reading.type}`;
}

const MOBILE = '+8613800138000 CN mobile';
const BEIJING = '+861088886666 CN fixedLine';

describe('numbers in China', () => {
  it.each([
    '13800138000',
    '013800138000',
    '8613800138000',
    '008613800138000',
    '+8613800138000',
    '+86 138-0013-8000',
    '(+86) 138 0013 8000',
    '86013800138000',
    '+86 0 138 0013 8000',
    '138.0013.8000',
    '１３８００１３８０００',
    '＋８６１３８００１３８０００',
    '\u202A+8613800138000\u202C',
    '138\u00A00013\u30008000',
    '138–0013—8000',
    '1795113800138000',
  ])('%j is a mobile', (text) => expect(read(text)).toBe(MOBILE));

  it.each(['01088886666', '010-88886666', '(010) 8888 6666', '1088886666', '861088886666', '8601088886666', '00861088886666', '008601088886666', '+86 (0)10 8888 6666'])(
    '%j is a fixed line in Beijing',
    (text) => expect(read(text)).toBe(BEIJING),
  );

  it.each([
    ['02161234567', '+862161234567 CN fixedLine'],
    ['075512345678', '+8675512345678 CN fixedLine'],
    ['09512345678', '+869512345678 CN fixedLine'],
    ['05326123456', 'invalid'],
    ['17012345678', '+8617012345678 CN mobile'],
    ['19912345678', '+8619912345678 CN mobile'],
    ['14012345678', 'invalid'],
    ['4008895500', '+864008895500 CN sharedCost'],
    ['8008101234', '+868008101234 CN tollFree'],
    ['16812345', '+8616812345 CN premiumRate'],
  ])('%j is %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['01095588', '+861095588 CN uan'],
    ['075595500', '+8675595500 CN uan'],
    ['02110086', '+862110086 CN uan'],
    ['01012345', '+861012345 CN uan'],
  ])('%j is a service number behind an area code', (text, expected) => expect(read(text)).toBe(expected));

  it.each(['95500', '8001', '110', '10086', '12306', '1', '+86', '0086', '+8695500', '138'])('%j is too short', (text) => expect(read(text)).toBe('tooShort'));

  it.each(['1380013800', '138001380001', '1013800138000', '88886666', '2'.repeat(100), '9'.repeat(24), '10648123456789', '+86138001380001', '++8613800138000', '138+00138000'])(
    '%j is no number',
    (text) => expect(read(text)).toBe('invalid'),
  );

  it('reads no digits of another country without a + or 00', () => {
    expect(read('85291234567')).toBe('invalid');
    expect(read('447400123456')).toBe('invalid');
    expect(read('0085291234567')).toBe('+85291234567 HK mobile');
  });
});

describe('no number at all', () => {
  it.each(['', ' ', 'anonymous', 'Anonymous', 'Restricted', 'unknown', 'UNAVAILABLE', 'private', '匿名', '未知号码', 'No Caller ID', '0', '0000000000', '+', '\u200B', 'anonymous@anonymous.invalid', 'anonymous@10.0.0.1'])(
    '%j is withheld',
    (text) => expect(read(text)).toBe('withheld'),
  );
});

describe('texts that only contain a number', () => {
  it.each([
    'tel:13800138000',
    'sip:13800138000@10.0.0.1',
    '13800138000@10.0.0.1',
    '13800138000;ext=5',
    '13800138000,,5',
    '13800138000 ext 5',
    '13800138000#',
    '*13800138000',
    'call 13800138000',
    '1-800-FLOWERS',
    '13800138000&PJSIP/1001',
    '13800138000\u0000',
    '١٣٨٠٠١٣٨٠٠٠',
    '\uD800' + '13800138000',
  ])('%j is refused', (text) => expect(read(text)).toBe('invalid'));
});

describe('other countries', () => {
  it.each([
    ['+85291234567', '+85291234567 HK mobile'],
    ['+85366123456', '+85366123456 MO mobile'],
    ['+886912345678', '+886912345678 TW mobile'],
    ['00447400123456', '+447400123456 GB mobile'],
    ['+449098790000', '+449098790000 GB premiumRate'],
    ['+447911123456', '+447911123456 GG mobile'],
    ['+12025550123', '+12025550123 US fixedLineOrMobile'],
    ['+14165551234', '+14165551234 CA fixedLineOrMobile'],
    ['+18765551234', '+18765551234 JM mobile'],
    ['+4915112345678', '+4915112345678 DE mobile'],
    ['+79161234567', '+79161234567 RU mobile'],
    ['+77011234567', '+77011234567 KZ mobile'],
    ['+881612345678', '+881612345678 001 mobile'],
    ['+883510012345', '+883510012345 001 voip'],
    ['+80012345678', '+80012345678 001 tollFree'],
    ['+999123456789', 'invalid'],
  ])('%j from China is %s', (text, expected) => expect(read(text)).toBe(expected));

  it.each([
    ['HK', '91234567', '+85291234567 HK mobile'],
    ['HK', '21234567', '+85221234567 HK fixedLine'],
    ['HK', '85291234567', '+85291234567 HK mobile'],
    ['HK', '00185291234567', '+85291234567 HK mobile'],
    ['HK', '0018613800138000', MOBILE],
    ['HK', '90012345678', '+85290012345678 HK premiumRate'],
    ['HK', '81123456', '+85281123456 HK personal'],
    ['HK', '1234', 'tooShort'],
    ['HK', '9123456', 'invalid'],
    ['HK', '999', 'tooShort'],
    ['GB', '07400123456', '+447400123456 GB mobile'],
    ['GB', '447400123456', '+447400123456 GB mobile'],
    ['GB', '02079460958', '+442079460958 GB fixedLine'],
    ['GB', '09098790000', '+449098790000 GB premiumRate'],
    ['GB', '08451234567', '+448451234567 GB premiumRate'],
    ['GB', '08001111111', '+448001111111 GB tollFree'],
    ['GB', '03451234567', '+443451234567 GB uan'],
    ['GB', '07011223344', '+447011223344 GB personal'],
    ['GB', '05612345678', '+445612345678 GB voip'],
    ['GB', '07911123456', '+447911123456 GG mobile'],
    ['GB', '999', 'tooShort'],
    ['US', '2025550123', '+12025550123 US fixedLineOrMobile'],
    ['US', '12025550123', '+12025550123 US fixedLineOrMobile'],
    ['US', '(202) 555-0123', '+12025550123 US fixedLineOrMobile'],
    ['US', '0118613800138000', MOBILE],
    ['US', '8005551234', '+18005551234 US tollFree'],
    ['US', '9005551234', '+19005551234 US premiumRate'],
    ['US', '8765551234', '+18765551234 JM mobile'],
    ['US', '911', 'tooShort'],
    ['US', '5550123', 'tooShort'],
    ['DE', '015112345678', '+4915112345678 DE mobile'],
    ['DE', '4915112345678', '+4915112345678 DE mobile'],
    ['DE', '004915112345678', '+4915112345678 DE mobile'],
    ['DE', '030123456', '+4930123456 DE fixedLine'],
    ['DE', '04921 12345', '+49492112345 DE fixedLine'],
    ['DE', '09001123456', '+499001123456 DE premiumRate'],
    ['DE', '0180512345', '+49180512345 DE sharedCost'],
    ['DE', '110', 'tooShort'],
  ])('in %s, %j is %s', (country, text, expected) => expect(read(text, country)).toBe(expected));

  it('reads only whole numbers where the country is not known', () => {
    expect(read('+8613800138000', 'XX')).toBe(MOBILE);
    expect(read('13800138000', 'XX')).toBe('invalid');
    expect(read('13800138000', '')).toBe('invalid');
  });
});

describe('any text', () => {
  const digits = fc.array(fc.constantFrom(...'0123456789+*# -()'), { maxLength: 30 }).map((chars) => chars.join(''));
  it('is read without an error, and a number that is read reads the same again from anywhere', () => {
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary', maxLength: 200 })), fc.constantFrom('CN', 'HK', 'GB', 'US', 'DE', 'XX', ''), (text, country) => {
        const reading = plan.read(text, { country });
        if ('problem' in reading) return;
        expect(reading.number).toMatch(/^\+[1-9]\d{4,14}$/);
        expect(plan.read(reading.number, { country: 'CN' })).toEqual(reading);
      }),
      { numRuns: Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 1_000) },
    );
  });
});
