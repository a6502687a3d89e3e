import { describe, expect, it } from 'vitest';
import { learnHotline } from './hotline-language.ts';
import { withoutNumbers } from './slots.ts';

const language = learnHotline({
  'card.lost': {
    'zh-CN': ['我的卡丢了', '银行卡不见了', '卡被偷了', '我要挂失', '信用卡找不到了'],
    en: ['I lost my card', 'my card was stolen', 'block my card', 'I cannot find my card'],
    always: ['挂失', 'stolen'],
  },
  balance: { 'zh-CN': ['查余额', '我还有多少钱', '账户里有多少钱'], en: ['my balance', 'how much money do I have', 'account balance'] },
  loan: { 'zh-CN': ['我想贷款', '房贷利率多少', '申请贷款'], en: ['I want a loan', 'mortgage rates', 'apply for a loan'] },
});
const best = (text: string) => language.understand(text).guesses[0];

describe('a hotline that has learnt its intents', () => {
  it('understands both languages', () => {
    expect(best('查一下我的余额')?.intent).toBe('balance');
    expect(best('how much money is in my account')?.intent).toBe('balance');
    expect(best('我想申请房贷')?.intent).toBe('loan');
  });

  it('misses no word that always means one thing, whatever stands around it', () => {
    expect(best('这个贷款的余额先不管你先给我挂失')).toEqual({ intent: 'card.lost', confidence: 0.95 });
    expect(best('my loan papers and my balance sheet were stolen')).toMatchObject({ intent: 'card.lost' });
    const sum = language.understand('给我挂失').guesses.reduce((all, { confidence }) => all + confidence, 0);
    expect(sum).toBeLessThanOrEqual(1.000_001);
  });

  it('does not hear it inside another word, nor where it is taken back', () => {
    expect(best('不是挂失，我要查余额')?.intent).toBe('balance');
    expect(best('stolenly')?.confidence ?? 0).toBeLessThan(0.95);
  });

  it.each([
    ['申请贷款', '申请五十万元贷款，尾号八八六六'],
    ['apply for a loan', 'apply for a loan of two hundred thousand dollars'],
  ])('is as sure of a wish with numbers beside it: %s', (bare, numbered) => {
    expect(best(bare)?.intent).toBe('loan');
    expect(best(numbered)?.intent).toBe('loan');
    expect(best(numbered)?.confidence).toBeGreaterThan(0.9 * (best(bare)?.confidence ?? 1));
    expect(language.reasons(numbered, 'loan')).toEqual(language.reasons(withoutNumbers(numbered), 'loan'));
  });

  it('learns a wish that names a number without it', () => {
    const balance = { en: ['how much money do I have', 'my balance'] };
    const numbered = learnHotline({ repay: { en: ['pay 40 dollars off my card', 'pay back 500 yuan'] }, balance });
    const bare = learnHotline({ repay: { en: ['pay off my card', 'pay back'] }, balance });
    expect(numbered.understand('pay my card').guesses).toEqual(bare.understand('pay my card').guesses);
  });

  it('tells what its intents are learnt from', () => {
    expect(language.examplesOf('loan')).toEqual(['我想贷款', '房贷利率多少', '申请贷款', 'I want a loan', 'mortgage rates', 'apply for a loan']);
    expect(language.examplesOf('weather')).toEqual([]);
  });
});
