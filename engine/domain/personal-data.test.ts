import { describe, expect, it } from 'vitest';
import { maskPersonalData, maskSpeech } from './personal-data.ts';

describe('maskPersonalData', () => {
  it('keeps the last digits of numbers and nothing of names', () => {
    expect(maskPersonalData({ callerNumber: '13812345678', callerName: '王小明', number: '95588' })).toEqual({
      callerNumber: '*******5678',
      callerName: '',
      number: '****8',
    });
  });

  it('keeps nothing of what it does not know', () => {
    expect(maskPersonalData({ address: 'Long Street 1', digits: ['1', '2'], nested: { number: '13812345678' } })).toEqual({
      address: '',
      digits: '',
      nested: '',
    });
  });
});

describe('what a caller said', () => {
  it.each([
    ['我的卡号是6222020200112233445，查余额', '我的卡号是<number>,查余额'],
    ['卡号六二二二 零二零零', '卡号<number>'],
    ['my number is four one five five', 'my number is <number>'],
    ['my number is four o one nought two', 'my number is <number>'],
    ['卡号六二，零二，零零，请查一下', '卡号<number>,请查一下'],
    ['it ends in six two. oh two.', 'it ends in <number>.'],
    ['call me at 138-0013-8000 please', 'call me at <number> please'],
    ['我叫王小明我要挂失', '我叫<name>我要挂失'],
    ['My name is John Smith and I lost my card', 'My name is <name> and I lost my card'],
    ['我是来投诉的', '我是来投诉的'],
    ["I'm calling about my card", "I'm calling about my card"],
    ['两张卡', '两张卡'],
    ['twelve fifty', 'twelve fifty'],
    ['', ''],
  ])('%s', (text, kept) => expect(maskSpeech(text)).toBe(kept));
});
