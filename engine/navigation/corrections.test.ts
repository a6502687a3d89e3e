import { describe, expect, it } from 'vitest';
import { withoutCorrections } from './corrections.ts';

describe('what a caller takes back', () => {
  it.each([
    ['不是挂失，是查余额', '是查余额'],
    ['我不是要挂失，我要查余额', '我要查余额'],
    ['不要转账我要查余额', '我要查余额'],
    ['不是要挂失而是补卡', '而是补卡'],
    ['挂失，不对，查余额', '查余额'],
    ['转账，说错了，我想查明细', '我想查明细'],
    ['not a transfer, my balance', 'my balance'],
    ["I don't want to transfer money, I want my balance", 'I want my balance'],
    ['I’m not calling about my card but about a loan', 'about a loan'],
    ['my card, sorry I mean my balance', 'my balance'],
    ['transfer money, no wait, check my balance', 'check my balance'],
  ])('%s', (text, meant) => expect(withoutCorrections(text)).toEqual({ text: meant, corrected: true }));

  it.each([
    '不要挂失',
    '我不是本人',
    '我的卡不能用了',
    '查余额，是信用卡的',
    '不知道怎么办',
    '密码不对',
    'my card is not working',
    'I do not know my PIN',
    "why can't I transfer money, it says declined",
    'I have not received my card',
    "it's been a week since I ordered my card and it's not here, please help",
    'i did not catch that, repeat what you just said',
    'that is actually false',
    '账户不用了想取消',
    '不是花中偏爱菊的下一句是什么',
    '',
    '。。。',
  ])('nothing of "%s"', (text) => expect(withoutCorrections(text)).toEqual({ text, corrected: false }));
});
