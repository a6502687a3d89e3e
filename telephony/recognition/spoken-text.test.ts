import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spokenText } from './spoken-text.ts';

it.each([
  ['', ''],
  ['我 要 挂失 信用卡', '我要挂失信用卡'], // Vosk: a space between words
  [' 查 询 10 月 账 单 ', '查询10月账单'],
  ['你好，我要挂失信用卡。', '你好我要挂失信用卡'], // FunASR's model of punctuation
  ['我要转账 5,000.50 元。', '我要转账5,000.50元'],
  ['<|zh|><|NEUTRAL|><|Speech|><|withitn|>余额是多少？', '余额是多少'], // SenseVoice
  ['<unk> 挂失 [unk]', '挂失'],
  ['I lost my card, please block it!', 'I lost my card please block it'],
  ["I don't know; it's Tom’s card.", "I don't know it's Tom’s card"],
  ['HELLO   WORLD', 'HELLO WORLD'],
  ['办理 ETC 业务', '办理ETC业务'],
  ['利率 3.5% 吗？', '利率3.5%吗'],
  ['at 3:30, or 12-5', 'at 3:30 or 12-5'],
  ['１２３', '123'],
  ['好的。，', '好的'],
  ['。', ''],
])('%j is heard as %j', (written, spoken) => {
  expect(spokenText(written)).toBe(spoken);
});

it('changes nothing the second time, and never leaves a space beside Chinese', () => {
  const piece = fc.constantFrom('我', '挂失', ' ', '，', '。', '5', '1,000', 'card', "don't", '<|zh|>', '[unk]', '%', '-', 'é', '!', '、', '"');
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const once = spokenText(pieces.join(''));
      expect(spokenText(once)).toBe(once);
      expect(once).not.toMatch(/\p{Script=Han} | \p{Script=Han}|^ | $|<\|/u);
    }),
  );
});
