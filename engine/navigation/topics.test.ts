import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinyinPhonetics } from '../../integrations/language/pinyin.ts';
import { JoinedEmbedding } from './joined-embedding.ts';
import { trainIntents } from './intent-trainer.ts';
import { Topics, trainTopics, type Saying } from './topics.ts';

const SAYINGS: Readonly<Record<string, readonly string[]>> = {
  loss: ['我的卡丢了', '银行卡不见了', '卡落在出租车上', '钱包被偷了卡也没了', '卡找不到了', '包落在车上了'],
  balance: ['查余额', '还有多少钱', '卡里剩多少', '余额还剩多少', '看看余额', '账上有多少钱'],
  weather: ['今天天气怎么样', '明天下雨吗', '外面冷不冷', '天气预报', '会不会下雨', '今天冷吗'],
};
const sayings: readonly Saying[] = Object.entries(SAYINGS).flatMap(([topic, texts]) => texts.map((text) => ({ text, topic })));
const what = { name: 'topics-1', language: 'zh-CN', sayings } as const;
const topics = trainTopics(what, { phonetics: pinyinPhonetics });
const angle = (a: string, b: string): number => {
  const [one, other] = [topics.embed(a) ?? new Float32Array(), topics.embed(b) ?? new Float32Array()];
  return one.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0);
};

describe('topics', () => {
  it('bring sentences near each other that have no word in common', () => {
    expect(angle('落在车上', '卡不见了')).toBeGreaterThan(0.9);
    expect(angle('落在车上', '会不会下雨')).toBeLessThan(0.6);
    expect(topics.topicOf('钱包落在车上')).toBe('loss');
  });

  it('tell what each number is about', () => expect(topics.dimensionNames).toEqual(['topic balance', 'topic loss', 'topic weather']));

  it('have no vector for another language, nor for what has no word that they know', () => {
    for (const text of ['my card', '', '…', '啊']) expect([topics.embed(text), topics.topicOf(text)]).toEqual([undefined, undefined]);
    expect(topics.topicOf('卡')).not.toBe('weather');
  });

  it('give a vector of length 1 for anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'卡丢了查余额下雨abc 1？'), maxLength: 30 }), (text) => {
        const vector = topics.embed(text);
        if (vector !== undefined) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }),
    );
  });

  it('are the same, bit for bit, when they are learnt again, and when they are made of their parts', () => {
    const again = trainTopics(what, { phonetics: pinyinPhonetics });
    expect(again.parts).toEqual(topics.parts);
    expect(new Topics(topics.parts, { phonetics: pinyinPhonetics }).embed('卡丢了')).toEqual(topics.embed('卡丢了'));
  });

  it('help intents to understand what none of their examples says, and say so', () => {
    const examples = [
      { text: '挂失', intent: 'report' }, { text: '我的卡丢了', intent: 'report' }, { text: '查余额', intent: 'money' }, { text: '余额多少', intent: 'money' },
    ];
    const [plain, informed] = [trainIntents(examples), trainIntents(examples, { embedding: topics })];
    expect(informed.understand('落在出租车上').guesses[0]?.intent).toBe('report');
    expect(informed.understand('落在出租车上').inScope).toBeGreaterThan(plain.understand('落在出租车上').inScope);
    expect(informed.reasons('落在出租车上', 'report')[0]).toMatchObject({ feature: 'topic loss' });
  });
});

describe('embeddings side by side', () => {
  const english = trainTopics({ name: 'topics-2', language: 'en', sayings: [{ text: 'my card is lost', topic: 'loss' }, { text: 'lost it', topic: 'loss' }, { text: 'my balance', topic: 'balance' }, { text: 'what balance', topic: 'balance' }] }, {});
  const nameless = { name: 'numbers', dimensions: 1, embed: (text: string) => (text.includes('卡') ? Float32Array.of(1) : undefined) };
  const joined = new JoinedEmbedding([nameless, topics, english]);

  it('have the numbers of those that know a text, brought to length 1, and 0 for the others', () => {
    expect([joined.name, joined.dimensions]).toEqual(['numbers+topics-1+topics-2', 6]);
    expect(joined.dimensionNames).toEqual([undefined, 'topic balance', 'topic loss', 'topic weather', 'topic balance', 'topic loss']);
    const both = joined.embed('卡丢了') ?? new Float32Array();
    expect(both[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(Math.hypot(...both)).toBeCloseTo(1, 5);
    expect([...both.slice(4)]).toEqual([0, 0]);
    expect([...(joined.embed('lost') ?? []).slice(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(joined.embed('…')).toBeUndefined();
  });
});
