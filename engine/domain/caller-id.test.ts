import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanName, cleanNumber } from './caller-id.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 2_000);
/** Anything that UTF-16 can hold, halves of surrogates included, and what has a meaning somewhere on the way. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((codes) => String.fromCharCode(...codes)),
  fc.array(fc.constantFrom('\r\n', '\0', '"', '<', '>', ',', '&', '^', '|', '${EVAL(x)}', '\u202e', '%', '\\', ';', ' ', '1', '张'), { maxLength: 60 }).map((parts) => parts.join('')),
);

describe('a caller id', () => {
  it.each([
    ['13800138000', '13800138000'],
    ['+86 138-0013-8000', '+86138-0013-8000'],
    ['１３８００', '13800'],
    ['anonymous', 'anonymous'],
    ['138\r\nX-Evil: y', '138X-Evily'],
    ['1",SHELL(rm),"', '1SHELLrm'],
    ['1&PJSIP/900@carrier^x', '1PJSIP900carrierx'],
    ['${EVAL(1)}', 'EVAL1'],
    ['未知', ''],
    ['9'.repeat(10_000), '9'.repeat(40)],
  ])('number %j becomes %j', (text, clean) => expect(cleanNumber(text)).toBe(clean));

  it.each([
    ['王小明', '王小明'],
    ['  O’Brien \t\u2028 Mary  ', 'O’Brien Mary'],
    ['\u0000小明\r\nSubject: x', '小明 Subject: x'],
    ['"Bank" <95588>', 'Bank 95588'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['\ud800x\udc00', 'x'],
    ['👨‍👩‍👧', '👨👩👧'],
    ['\ucdcc\u0000\u11a8', '\ucdcd'],
    ['名'.repeat(10_000), '名'.repeat(64)],
  ])('name %j becomes %j', (text, clean) => expect(cleanName(text)).toBe(clean));

  it('is harmless and short, whatever was sent, and stays as it is when it is cleaned again', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const [number, name] = [cleanNumber(text), cleanName(text)];
        expect(number).toMatch(/^[0-9A-Za-z+*#._~-]{0,40}$/);
        expect(name).not.toMatch(/[\p{C}<>"]/u);
        expect([...name].length).toBeLessThanOrEqual(64);
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
        expect([cleanNumber(number), cleanName(name)]).toEqual([number, name]);
      }),
      { numRuns: RUNS },
    );
  });
});
