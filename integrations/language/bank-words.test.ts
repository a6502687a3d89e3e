import { describe, expect, it } from 'vitest';
import { bankWords } from './bank-words.ts';

const of = (text: string): readonly string[] => bankWords.conceptsOf(text);

describe('the words of bank hotlines', () => {
  it.each([
    ['我的卡丢了', '存折不见了', '丢失'],
    ['帮我打款', '转账', '转账'],
    ['网银进不去', '登录不了', '登录'],
    ['ＡＴＭ吞卡', '取款机', '取款机'],
    ['找真人', '转人工', '人工'],
  ])('"%s" and "%s" have %s', (one, other, concept) => {
    expect(of(one)).toContain(concept);
    expect(of(other)).toContain(concept);
  });

  it('are found as often as they are said', () => expect(of('密码，密码').filter((concept) => concept === '密码')).toHaveLength(2));
  it('are none in what is about something else', () => expect(of('今天天气真好')).toEqual([]));
  it('are none of nothing', () => expect(of('')).toEqual([]));
});
