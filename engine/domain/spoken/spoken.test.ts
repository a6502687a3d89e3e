import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../errors.ts';
import { type Language, LANGUAGES } from '../language.ts';
import { type PromptValue, VALUE_KINDS, type ValueKind } from '../prompt.ts';
import { atomInventory, spoken } from './spoken.ts';

const MINUTE_MS = 60_000;
// Monday, 23 November 2026, 15:20 in China.
const MONDAY = Date.UTC(2026, 10, 23, 7, 20);

function zh(kind: ValueKind, value: PromptValue): string {
  return spoken(kind, value, 'zh-CN').map(({ text }) => text).join('');
}

function en(kind: ValueKind, value: PromptValue): string {
  return spoken(kind, value, 'en').map(({ text, key }) => (key === 'pause' ? '/' : text)).join(' ');
}

/** A value that each kind can take. */
const values: Readonly<Record<ValueKind, fc.Arbitrary<PromptValue>>> = {
  money: fc.maxSafeInteger(),
  number: fc.maxSafeInteger(),
  minutes: fc.maxSafeNat(),
  people: fc.maxSafeNat(),
  digits: fc.stringMatching(/^[0-9]{1,40}$/),
  date: fc.integer({ min: -8e15, max: 8e15 }),
  time: fc.integer({ min: -8e15, max: 8e15 }),
};

describe('numbers in Mandarin', () => {
  it.each([
    [0, '零'],
    [2, '二'],
    [10, '十'],
    [12, '十二'],
    [20, '二十'],
    [100, '一百'],
    [102, '一百零二'],
    [110, '一百一十'],
    [112, '一百一十二'],
    [200, '两百'],
    [222, '两百二十二'],
    [1000, '一千'],
    [1002, '一千零二'],
    [1010, '一千零一十'],
    [1200, '一千两百'],
    [2000, '两千'],
    [2222, '两千两百二十二'],
    [10_000, '一万'],
    [10_001, '一万零一'],
    [10_010, '一万零一十'],
    [10_500, '一万零五百'],
    [11_000, '一万一千'],
    [20_000, '两万'],
    [20_002, '两万零二'],
    [100_000, '十万'],
    [101_000, '十万一千'],
    [120_000, '十二万'],
    [220_000, '二十二万'],
    [1_020_000, '一百零二万'],
    [10_000_001, '一千万零一'],
    [100_000_000, '一亿'],
    [100_000_001, '一亿零一'],
    [100_001_000, '一亿零一千'],
    [100_020_000, '一亿零二万'],
    [100_120_000, '一亿零一十二万'],
    [200_000_000, '两亿'],
    [1_000_000_000, '十亿'],
    [2_000_000_000_000, '两万亿'],
    [1_000_100_000_000, '一万零一亿'],
    [-2_000, '负两千'],
    [Number.MAX_SAFE_INTEGER, '九千零七万一千九百九十二亿五千四百七十四万零九百九十一'],
  ])('%d is %s', (value, text) => {
    expect(zh('number', value)).toBe(text);
  });

  it('can be read back', () => {
    const readsBack = (value: number) => readChinese(zh('number', value)) === value;
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), readsBack), { numRuns: 3000 });
    // Most random numbers are long; what is hard stands among the short ones and those with many zeros.
    expect(Array.from({ length: 12_000 }, (_, value) => value).filter((value) => !readsBack(value))).toEqual([]);
    const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 5), { minLength: 1, maxLength: 12 }).map((digits) => Number(digits.join('')));
    fc.assert(fc.property(sparse, readsBack), { numRuns: 3000 });
  });

  it('never says a zero twice, nor at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (value) => !/零零|零$|零[万亿]/.test(zh('number', value))),
    );
  });
});

describe('numbers in English', () => {
  it.each([
    [0, 'zero'],
    [13, 'thirteen'],
    [21, 'twenty-one'],
    [100, 'one hundred'],
    [101, 'one hundred one'],
    [1_000, 'one thousand'],
    [12_345, 'twelve thousand three hundred forty-five'],
    [1_000_001, 'one million one'],
    [2_000_000_000, 'two billion'],
    [-7, 'minus seven'],
    [Number.MAX_SAFE_INTEGER, 'nine quadrillion seven trillion one hundred ninety-nine billion two hundred fifty-four million seven hundred forty thousand nine hundred ninety-one'],
  ])('%d is %s', (value, text) => {
    expect(en('number', value)).toBe(text);
  });

  it('can be read back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e12 }), (value) => readEnglish(en('number', value)) === value), { numRuns: 2000 });
  });
});

describe('money', () => {
  it.each([
    [0, '零元', 'zero yuan'],
    [1, '一分', 'one cent'],
    [2, '两分', 'two cents'],
    [5, '五分', 'five cents'],
    [50, '五角', 'fifty cents'],
    [100, '一元', 'one yuan'],
    [101, '一元零一分', 'one yuan and one cent'],
    [200, '两元', 'two yuan'],
    [220, '两元两角', 'two yuan and twenty cents'],
    [1_200, '十二元', 'twelve yuan'],
    [2_200, '二十二元', 'twenty-two yuan'],
    [10_200, '一百零二元', 'one hundred two yuan'],
    [12_050, '一百二十元五角', 'one hundred twenty yuan and fifty cents'],
    [12_055, '一百二十元五角五分', 'one hundred twenty yuan and fifty-five cents'],
    [12_005, '一百二十元零五分', 'one hundred twenty yuan and five cents'],
    [2_000_000, '两万元', 'twenty thousand yuan'],
    [-5, '负五分', 'minus five cents'],
    [-12_050, '负一百二十元五角', 'minus one hundred twenty yuan and fifty cents'],
  ])('%d cents are %s, %s', (cents, chinese, english) => {
    expect(zh('money', cents)).toBe(chinese);
    expect(en('money', cents)).toBe(english);
  });
});

describe('digits', () => {
  it('are said one by one; one is yāo in Mandarin', () => {
    expect(zh('digits', '0123')).toBe('零幺二三');
    expect(en('digits', '0123')).toBe('zero one two three');
  });

  it.each([
    ['123456', 'one two three four five six'],
    ['13912345678', 'one three nine / one two three four / five six seven eight'],
    ['62220001', 'six two two two / zero zero zero one'],
    ['622200017', 'six two two two / zero zero zero one / seven'],
    ['12 34', 'one two / three four'],
    ['021-95 ', 'zero two one / nine five'],
  ])('%s is grouped', (value, text) => {
    expect(en('digits', value)).toBe(text);
  });
});

describe('date and time', () => {
  it('are those of the caller’s place, China without other word', () => {
    expect(zh('date', MONDAY)).toBe('十一月二十三日星期一');
    expect(en('date', MONDAY)).toBe('Monday November twenty-third');
    expect(zh('time', MONDAY)).toBe('下午三点二十分');
    expect(en('time', MONDAY)).toBe('three twenty p.m.');
    const newYork = { utcOffsetMinutes: -300 };
    expect(spoken('time', MONDAY, 'en', newYork).map(({ text }) => text)).toEqual(['two', 'twenty', 'a.m.']);
    expect(spoken('date', Date.UTC(2026, 10, 23, 2), 'en', newYork).map(({ text }) => text)).toEqual(['Sunday', 'November', 'twenty-second']);
  });

  it.each([
    ['00:00', '凌晨零点', 'twelve midnight'],
    ['00:05', '凌晨零点零五分', 'twelve oh five a.m.'],
    ['02:02', '凌晨两点零二分', 'two oh two a.m.'],
    ['06:30', '早上六点三十分', 'six thirty a.m.'],
    ['09:00', '上午九点', 'nine a.m.'],
    ['12:00', '中午十二点', 'twelve noon'],
    ['12:10', '中午十二点十分', 'twelve ten p.m.'],
    ['13:00', '下午一点', 'one p.m.'],
    ['14:15', '下午两点十五分', 'two fifteen p.m.'],
    ['18:00', '晚上六点', 'six p.m.'],
    ['23:59', '晚上十一点五十九分', 'eleven fifty-nine p.m.'],
  ])('%s', (clock, chinese, english) => {
    const at = Date.parse(`2026-01-02T${clock}:00+08:00`);
    expect(zh('time', at)).toBe(chinese);
    expect(en('time', at)).toBe(english);
  });

  it.each([
    ['2026-02-01', '二月一日星期日', 'Sunday February first'],
    ['2024-02-29', '二月二十九日星期四', 'Thursday February twenty-ninth'],
    ['2026-10-10', '十月十日星期六', 'Saturday October tenth'],
    ['2026-12-31', '十二月三十一日星期四', 'Thursday December thirty-first'],
    ['1969-12-30', '十二月三十日星期二', 'Tuesday December thirtieth'],
  ])('%s', (day, chinese, english) => {
    const at = Date.parse(`${day}T00:00:00+08:00`);
    expect(zh('date', at)).toBe(chinese);
    expect(zh('date', at + 86_400_000 - 1)).toBe(chinese);
    expect(en('date', at)).toBe(english);
  });
});

describe('counted nouns', () => {
  it.each([
    [0, '零分钟', 'zero minutes', '零位', 'zero people'],
    [1, '一分钟', 'one minute', '一位', 'one person'],
    [2, '两分钟', 'two minutes', '两位', 'two people'],
    [3, '三分钟', 'three minutes', '三位', 'three people'],
    [12, '十二分钟', 'twelve minutes', '十二位', 'twelve people'],
    [102, '一百零二分钟', 'one hundred two minutes', '一百零二位', 'one hundred two people'],
  ])('%d', (count, minutes, minutesEn, people, peopleEn) => {
    expect(zh('minutes', count)).toBe(minutes);
    expect(en('minutes', count)).toBe(minutesEn);
    expect(zh('people', count)).toBe(people);
    expect(en('people', count)).toBe(peopleEn);
  });
});

describe.each(LANGUAGES)('the inventory of %s', (language: Language) => {
  const inventory = new Map(atomInventory(language).map(({ key, text }) => [key, text]));

  it('can be recorded: few, with names for files, each with a text of its own', () => {
    expect(inventory.size).toBe(atomInventory(language).length);
    expect(inventory.size).toBeLessThanOrEqual(250);
    for (const [key, text] of inventory) {
      expect(key).toMatch(/^[a-z]+(-[a-z]+)?(-[0-9]+)?$/);
      if (key !== 'pause') expect(text.trim()).not.toBe('');
    }
  });

  it.each(VALUE_KINDS)('holds what any value of kind %s needs', (kind) => {
    const offset = fc.integer({ min: -720, max: 840 });
    fc.assert(
      fc.property(values[kind], offset, (value, utcOffsetMinutes) => {
        const atoms = spoken(kind, value, language, { utcOffsetMinutes });
        return atoms.length > 0 && atoms.every(({ key, text }) => inventory.get(key) === text);
      }),
      { numRuns: 1000 },
    );
  });

  it('holds nothing that no value needs', () => {
    const needed = new Set<string>();
    const use = (kind: ValueKind, value: PromptValue) => spoken(kind, value, language).forEach(({ key }) => needed.add(key));
    for (let n = 0; n < 1000; n += 1) use('number', n);
    for (let n = 1; n <= 9; n += 1) use('number', n * 1000);
    for (const n of [-1, 1e4, 2e4, 3e4, 1e6, 1e8, 2e8, 3e8, 1e9, 1e12, 1e15]) use('number', n);
    for (let n = 0; n <= 300; n += 1) use('money', n);
    for (let n = 0; n <= 3; n += 1) {
      use('minutes', n);
      use('people', n);
    }
    use('digits', '0123456789');
    for (let day = 0; day < 366; day += 1) use('date', MONDAY + day * 24 * 60 * MINUTE_MS);
    for (let minute = 0; minute < 24 * 60; minute += 1) use('time', MONDAY + minute * MINUTE_MS);
    expect([...inventory.keys()].filter((key) => !needed.has(key))).toEqual([]);
  });
});

describe('what cannot be said', () => {
  it.each<[ValueKind, PromptValue]>([
    ['money', Number.NaN],
    ['money', 0.5],
    ['money', Number.POSITIVE_INFINITY],
    ['money', 2 ** 53],
    ['money', '100'],
    ['number', 1.5],
    ['minutes', -1],
    ['people', -3],
    ['people', 0.1],
    ['digits', 1234],
    ['digits', ''],
    ['digits', ' - '],
    ['digits', '12a'],
    ['digits', '一二三'],
    ['digits', '１２'],
    ['digits', '9'.repeat(65)],
    ['date', Number.NaN],
    ['date', '2026-01-01'],
    ['date', 8.64e15],
    ['time', 9e15],
  ])('%s: %s', (kind, value) => {
    for (const language of LANGUAGES) {
      expect(() => spoken(kind, value, language)).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'prompt.value')));
    }
  });

  it('does not appear in the message, for it may be a balance or an account', () => {
    expect(() => spoken('digits', '6222x0212', 'en')).toThrow(expect.toSatisfy((error: Error) => !JSON.stringify([error.message, error]).includes('6222')));
    expect(() => spoken('money', 1234.5, 'en')).toThrow(expect.toSatisfy((error: Error) => !JSON.stringify([error.message, error]).includes('1234')));
  });
});

/** Reads a number as a Chinese reader would: sections of 万 and 亿, units within a section. */
function readChinese(text: string): number {
  const yi = text.lastIndexOf('亿');
  if (yi >= 0) return readChinese(text.slice(0, yi)) * 1e8 + readChinese(text.slice(yi + 1));
  const wan = text.indexOf('万');
  if (wan >= 0) return readChinese(text.slice(0, wan)) * 1e4 + readChinese(text.slice(wan + 1));
  let sum = 0;
  let digit: number | undefined;
  for (const character of text) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (unit !== undefined) {
      sum += (digit ?? 1) * unit;
      digit = undefined;
    } else {
      const value = character === '两' ? 2 : '零一二三四五六七八九'.indexOf(character);
      if (value < 0) throw new Error(`cannot read ${character}`);
      digit = value;
    }
  }
  return sum + (digit ?? 0);
}

function readEnglish(text: string): number {
  const ones = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
  const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
  const scales: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9, trillion: 1e12 };
  let sum = 0;
  let section = 0;
  for (const word of text.split(/[ -]/)) {
    const scale = scales[word];
    if (scale !== undefined) {
      sum += section * scale;
      section = 0;
    } else if (word === 'hundred') section *= 100;
    else if (ones.includes(word)) section += ones.indexOf(word);
    else if (tens.includes(word)) section += (tens.indexOf(word) + 2) * 10;
    else throw new Error(`cannot read ${word}`);
  }
  return sum + section;
}
