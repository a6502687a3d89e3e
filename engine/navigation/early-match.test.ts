import { expect, it } from 'vitest';
import { earlyMatch } from './early-match.ts';

const isWhole = earlyMatch([['我要挂失', '卡丢了', '卡丢了怎么办', 'Lost card'], ['我要贷款', '贷款', '余额'], ['余额', '', '好']], ['好的', '我要贷款吗']);

it.each([
  ['我要挂失', true],
  ['我要挂失。', true],
  ['lost card', true],
  ['贷款', true],
  ['我要', false],
  ['我要挂失吧', false],
])('"%s" is all that there is to say: %s', (text, whole) => expect(isWhole(text)).toBe(whole));

it.each([
  ['goes on in the same choice', '卡丢了'],
  ['means two choices', '余额'],
  ['begins something else', '好'],
  ['begins what is no choice', '我要贷款'],
  ['is nothing', '…'],
])('waits for more where it %s', (_why, text) => expect(isWhole(text)).toBe(false));
