import { expect, it } from 'vitest';
import { spelledNumber } from './spelled-numbers.ts';

it.each([
  ['0', 'zero', '零'],
  ['7', 'seven', '七'],
  ['10', 'ten', '十'],
  ['13', 'thirteen', '十三'],
  ['20', 'twenty', '二十'],
  ['24', 'twenty-four', '二十四'],
  ['99', 'ninety-nine', '九十九'],
  ['05', 'zero five', '零五'],
  ['955', 'nine five five', '九五五'],
  ['12306', 'one two three zero six', '一二三零六'],
])('%s is said as "%s" and "%s"', (digits, english, mandarin) => {
  expect(spelledNumber(digits, 'en').join(' ')).toBe(english);
  expect(spelledNumber(digits, 'zh-CN').join('')).toBe(mandarin);
});
