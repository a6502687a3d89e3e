import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bankWords } from '../../integrations/language/bank-words.ts';
import { pinyinPhonetics } from '../../integrations/language/pinyin.ts';
import { trainIntents, type Example } from './intent-trainer.ts';

const SAYINGS: Readonly<Record<string, readonly string[]>> = {
  balance: ['我要查余额', '查询余额', '账户余额是多少', '看看卡里还有多少钱', '余额查询', '我的卡上有多少余额', '帮我查一下余额'],
  cardLoss: ['我要挂失', '我的卡丢了', '银行卡丢失挂失', '卡被偷了要挂失', '挂失信用卡', '丢了一张卡', '我想挂失银行卡'],
  transfer: ['我要转账', '转账给别人', '办理转账', '怎么跨行转账', '转一笔钱出去', '转账业务', '给我妈转账'],
  agent: ['转人工', '人工服务', '我要找人工', '人工客服', '接人工', '请转人工服务', '要人工座席'],
  fee: ['年费多少', '手续费怎么收', '收费标准', '年费是多少钱', '手续费多少', '为什么收年费', '短信费多少'],
  limit: ['提高额度', '信用卡额度多少', '临时额度', '我要调高额度', '额度不够', '申请提额', '增加信用额度'],
  points: ['积分查询', '我有多少积分', '积分换礼品', '积分兑换', '积分怎么用', '查积分', '积分什么时候到期'],
  branch: ['最近的网点在哪', '网点几点开门', '附近的支行', '支行营业时间', '网点地址', '哪里有网点', '找网点'],
};
const examples: readonly Example[] = Object.entries(SAYINGS).flatMap(([intent, texts]) => texts.map((text) => ({ text, intent })));
const model = trainIntents(examples, { phonetics: pinyinPhonetics });
const top = (text: string): string | undefined => model.understand(text).guesses[0]?.intent;

describe('a trained model', () => {
  it.each([
    ['帮我看下余额', 'balance'],
    ['信用卡丢了要挂失', 'cardLoss'],
    ['我想转账给朋友', 'transfer'],
    ['转人工吧', 'agent'],
    ['换积分', 'points'],
  ])('understands "%s", which it has not seen, as %s', (text, intent) => expect(top(text)).toBe(intent));

  it('is sure of what is clear: scores alone, eight of them, would give a third at most', () => {
    for (const text of ['余额是多少', '转人工', '我要挂失']) expect(model.understand(text).guesses[0]?.confidence).toBeGreaterThan(0.6);
  });

  it('understands what a recogniser wrote with characters that sound alike', () => {
    expect(top('查询鱼鹅')).toBe('balance');
    const deaf = trainIntents(examples);
    expect(model.understand('查训鱼鹅').guesses[0]?.confidence).toBeGreaterThan(deaf.understand('查训鱼鹅').guesses[0]?.confidence ?? 1);
  });

  it('understands words that no example has by a thesaurus', () => {
    const informed = trainIntents(examples, { phonetics: pinyinPhonetics, thesaurus: bankWords });
    for (const [text, intent] of [['存折遗失', 'cardLoss'], ['打款', 'transfer'], ['坐席', 'agent'], ['上限', 'limit']] as const) {
      expect(informed.understand(text).guesses[0]?.intent).toBe(intent);
      expect(informed.understand(text).guesses[0]?.confidence).toBeGreaterThan(model.understand(text, 100).guesses.find((guess) => guess.intent === intent)?.confidence ?? 0);
    }
    expect(informed.reasons('打款', 'transfer').map(({ feature }) => feature)).toContain('concept 转账');
  });

  it('follows a caller who takes something back', () => {
    expect(model.understand('不是挂失，我要查余额')).toMatchObject({ corrected: '我要查余额', guesses: [{ intent: 'balance' }, {}, {}, {}, {}] });
    expect(model.understand('转账，不对，挂失').guesses[0]?.intent).toBe('cardLoss');
    expect(model.understand('我要挂失')).not.toHaveProperty('corrected');
  });

  it('is less sure of what is none of the intents', () => {
    const scope = (text: string): number => model.understand(text).inScope;
    for (const stranger of ['今天天气怎么样', '给我讲个笑话', '播放一首歌', 'what is the weather']) expect(scope(stranger)).toBeLessThan(scope('我要查余额'));
  });

  it('gives probabilities, the best first, that with "none of them" make one', () => {
    const { guesses, inScope } = model.understand('我的卡丢了', 100);
    expect(guesses).toHaveLength(Object.keys(SAYINGS).length);
    const confidences = guesses.map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(confidences.reduce((sum, confidence) => sum + confidence, 0)).toBeCloseTo(inScope, 6);
    // Of a stranger, too, where they add up to less.
    const stranger = model.understand('今天天气怎么样', 100);
    expect(stranger.inScope).toBeLessThan(0.95);
    expect(stranger.guesses.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(stranger.inScope, 6);
    expect(model.understand('我的卡丢了', 2).guesses).toEqual(guesses.slice(0, 2));
  });

  it.each(['', '   ', '？！…', '\u0000'])('has nothing to say of %j', (text) => expect(model.understand(text)).toEqual({ guesses: [], inScope: 0 }));

  it('says why', () => {
    const reasons = model.reasons('我要挂失', 'cardLoss');
    expect(reasons.slice(0, 6).map(({ feature }) => feature)).toEqual(expect.arrayContaining(['han 挂失', 'sound gua shi']));
    expect(reasons[0]?.adds).toBeGreaterThan(0);
    expect(() => model.reasons('我要挂失', 'nothing')).toThrow(RangeError);
  });

  it('is the same for the same examples and seed', () => {
    const again = trainIntents(examples, { phonetics: pinyinPhonetics });
    expect(again.parts.weights).toEqual(model.parts.weights);
    expect([again.parts.temperature, again.parts.scope]).toEqual([model.parts.temperature, model.parts.scope]);
  });

  it('takes anything that a recogniser may write', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { guesses, inScope } = model.understand(text);
        for (const { confidence } of guesses) expect(confidence >= 0 && confidence <= 1).toBe(true);
        expect(inScope >= 0 && inScope <= 1).toBe(true);
      }),
    );
  });
});

describe('training', () => {
  it('learns what is out of scope from examples of it', () => {
    const strangers = ['今天天气怎么样', '给我讲个笑话', '播放一首歌', '明天天气好吗', '讲一个故事', '来一首歌', '天气预报', '放点音乐'];
    const taught = trainIntents(examples, { phonetics: pinyinPhonetics, outOfScope: strangers });
    expect(taught.understand('讲个笑话').inScope).toBeLessThan(taught.understand('查余额').inScope);
  });

  it('tells how far it is, and wants two intents', () => {
    const told: number[] = [];
    trainIntents(examples, { onProgress: (done) => told.push(done) });
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(() => trainIntents(examples.slice(0, 3))).toThrow('two intents');
  });

  it('takes an intent with one example', () => {
    const two = trainIntents([{ text: 'lost card', intent: 'loss' }, { text: 'my balance', intent: 'balance' }]);
    expect(two.understand('the card is lost').guesses[0]?.intent).toBe('loss');
    expect(two.understand('my lost card').inScope).toBeGreaterThan(0.8);
    expect(two.understand('sing for us').inScope).toBeLessThan(0.2);
  });
});
