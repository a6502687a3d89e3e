import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountCentsOf, digitsOf, hanNumber } from './spoken-numbers.ts';

describe('digits that are said', () => {
  it.each([
    ['六二二二零二零零', '62220200'],
    ['幺三八 零零一三 八零零零', '13800138000'],
    ['我的卡号是六二二二', '6222'],
    ['6222 0200', '62220200'],
    ['one three eight oh oh', '13800'],
    ['double two triple zero', '22000'],
    ['twelve fifty', '1250'],
    ['twenty one forty', '2140'],
    ['my number is four one five', '415'],
    ['五十二', '52'],
    ['no idea', undefined],
    ['六二二挂失', undefined],
    ['', undefined],
  ])('%s', (text, digits) => expect(digitsOf(text)).toBe(digits));

  it('are read back from any digits that are spelled out', () => {
    const spell = (digits: string) => [...digits].map((digit) => '零一二三四五六七八九'[Number(digit)]).join('');
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{1,20}$/), (digits) => {
      expect(digitsOf(spell(digits))).toBe(digits);
    }));
  });
});

describe('a Chinese number', () => {
  it.each([
    ['十', 10],
    ['十五', 15],
    ['一百二十', 120],
    ['一百二', 120],
    ['一百零二', 102],
    ['一千零五十', 1_050],
    ['两万三', 23_000],
    ['两万三千', 23_000],
    ['三百二十一万', 3_210_000],
    ['一亿零三', 100_000_003],
    ['一亿二千万', 120_000_000],
    ['一万亿', 1_000_000_000_000],
    ['二三', undefined],
    ['块', undefined],
  ])('%s', (text, value) => expect(hanNumber(text)).toBe(value));
});

describe('an amount', () => {
  it.each([
    ['一百二十块', 12_000],
    ['一百二十块五', 12_050],
    ['转三千五百元', 350_000],
    ['八块八毛五分', 885],
    ['12.5元', 1_250],
    ['5万块', 5_000_000],
    ['twelve fifty', 1_250],
    ['twelve dollars and fifty cents', 1_250],
    ['a transfer of two hundred and thirty yuan', 23_000],
    ['three thousand five hundred', 350_000],
    ['fifty cents', 50],
    ['1,234.50', 123_450],
    ['fifteen hundred', 150_000],
    ['a hundred and twenty dollars', 12_000],
    ['two million five hundred thousand', 250_000_000],
    ['twelve point five dollars', undefined],
    ['my card', undefined],
    ['', undefined],
  ])('%s', (text, cents) => expect(amountCentsOf(text)).toBe(cents));

  it('is never read with an error, whatever is said', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('一', '百', '块', '万', 'two', 'hundred', 'and', 'thousand', 'cents', '12', '.', ' '), { maxLength: 12 }), (words) => void amountCentsOf(words.join(' '))));
  });
});
