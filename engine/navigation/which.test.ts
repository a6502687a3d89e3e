import { expect, it } from 'vitest';
import { readWhich } from './which.ts';

it.each([
  ['第一个', 'first'],
  ['是第一个吧', 'first'],
  ['The first one.', 'first'],
  ['no, the first', 'first'],
  ['前者', 'first'],
  ['第二个', 'second'],
  ['the latter', 'second'],
  ['second one please', 'second'],
  ['No, the second one', 'second'],
] as const)('of two, "%s" is the %s', (text, which) => expect(readWhich(text)).toEqual({ which }));

it.each([
  ['都不是', ''],
  ['都不是，我要查余额', '我要查余额'],
  ['neither', ''],
  ['no, my balance', 'my balance'],
])('"%s" is neither, and leaves "%s"', (text, rest) => expect(readWhich(text)).toEqual({ which: 'neither', rest }));

it.each(['查余额', 'first name', 'last month', 'nothing', '第一次', ''])('"%s" is something else', (text) => {
  expect(readWhich(text)).toBeUndefined();
});
