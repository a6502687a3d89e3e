import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../engine/domain/language.ts';
import { isHan, plainText, tokensOf } from '../../engine/navigation/text.ts';
import { bankShareOf, bankTopics, bankTopicsNamed } from './bank-topics.ts';
import { readExamples } from './examples-file.ts';

describe.each(LANGUAGES)('what callers of banks say, %s', (language) => {
  const sayings = readExamples(join(import.meta.dirname, `../../integrations/language/bank-topics/${language}.csv`));

  it('is many sentences a topic, each once and in one topic', () => {
    const counts = new Map<string, number>();
    for (const { intent } of sayings) counts.set(intent, (counts.get(intent) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count < 40)).toEqual([]);
    const plain = sayings.map(({ text }) => plainText(text));
    expect(plain.filter((text, at) => plain.indexOf(text) !== at)).toEqual([]);
  });

  it('is in its language', () => {
    expect(sayings.filter(({ text }) => tokensOf(text).some(isHan) !== (language === 'zh-CN'))).toEqual([]);
  });

  it('is found again by the name of what was learnt from it', () => {
    expect(bankTopicsNamed(bankTopics(language).name)).toBe(bankTopics(language));
    expect(bankTopicsNamed(`bank-topics-${language}-00000000`)).toBeUndefined();
  });
});

describe('the topics of banks', () => {
  it.each([
    ['我的钱包掉出租车上了，里面有你们的卡', 'card.lost'],
    ['工资怎么还没打进来', 'account.salary'],
    ['机器把我的卡吃进去了', 'atm.swallowed'],
    ['房贷想提前还一部分', 'loan.prepay'],
  ])('"%s" is of %s', (text, topic) => expect(bankTopics('zh-CN').topicOf(text)).toBe(topic));

  it.each([
    ['somebody nicked my purse with the bank card in it', 'card.lost'],
    ['the machine in the wall ate my card', 'cash.swallowed'],
    ['your app keeps crashing on my phone', 'online.app'],
  ])('"%s" is of %s', (text, topic) => expect(bankTopics('en').topicOf(text)).toBe(topic));

  it('tell texts about banking from others', () => {
    expect(bankShareOf(['我的钱包掉出租车上了，里面有你们的卡', '机器把我的卡吃进去了', '房贷想提前还一部分', '讲个笑话'], bankTopics('zh-CN'))).toBe(0.75);
    expect(bankShareOf(['今天天气怎么样', '讲个笑话', '放首歌'], bankTopics('zh-CN'))).toBe(0);
    expect(bankShareOf([], bankTopics('zh-CN'))).toBe(0);
  });
});
