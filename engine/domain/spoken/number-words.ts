import { ONES, TENS } from './english-words.ts';

/**
 * Of what callers make numbers, in small letters. Reading numbers and masking them share it: a word that was read and not masked would
 * let an account number through.
 */
export const ENGLISH_NUMBERS: ReadonlyMap<string, number> = new Map([
  ...ONES.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, tens): [string, number] => [word, 10 * tens]).filter(([word]) => word !== ''),
  ['oh', 0],
  ['o', 0],
  ['nought', 0],
]);
/** What follows a number and makes it `unit` times as much; nothing from `below` on is meant by it. */
export const ENGLISH_SCALES: ReadonlyMap<string, { readonly unit: number; readonly below: number }> = new Map([
  ['hundred', { unit: 100, below: 100 }],
  ['thousand', { unit: 1_000, below: 1_000_000 }],
  ['million', { unit: 1_000_000, below: 1_000_000_000 }],
]);
/** How often the digit behind it is meant. */
export const TIMES: ReadonlyMap<string, number> = new Map([
  ['double', 2],
  ['triple', 3],
]);

export const HAN_DIGITS: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 一: 1, 幺: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
export const HAN_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
export const HAN_GROUPS: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 };

/** For character classes of patterns. */
export const HAN_DIGIT_LETTERS = Object.keys(HAN_DIGITS).join('');
export const HAN_NUMBER_LETTERS = [HAN_DIGITS, HAN_UNITS, HAN_GROUPS].flatMap(Object.keys).join('');
