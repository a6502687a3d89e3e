import { describe, expect, it } from 'vitest';
import { embeddingNamed, hearingFor, hotlineHearing } from './hearing.ts';

const BANK = ['我要挂失', '查询余额'];
const KITCHEN = ['煲鸡汤', '播放一首歌', '查询余额'];
const embeddingOf = (texts: readonly string[], isEncoderWanted = true): string | undefined => hearingFor(texts, isEncoderWanted).embedding?.name;

describe('examples are read', () => {
  it('with the thesaurus where they speak of a bank', () => {
    expect(hearingFor(BANK, true).thesaurus?.name).toBe('bank-zh-1');
    expect(hearingFor(KITCHEN, true).thesaurus).toBeUndefined();
    expect(hearingFor(KITCHEN, true).phonetics).toBeDefined();
  });

  it('with the topics of banks, in each language that speaks of them', () => {
    expect(embeddingOf(BANK)).toMatch(/^bank-topics-zh-CN-[0-9a-f]{8}$/);
    expect(embeddingOf(['煲鸡汤', '播放一首歌', '讲个笑话'])).toBeUndefined();
    expect(embeddingOf(['my card is lost', 'my balance'], false)).toMatch(/^bank-topics-en-[0-9a-f]{8}$/);
    expect(embeddingOf(['play a song', 'a chicken soup', 'tell me a joke'], false)).toBeUndefined();
    expect(embeddingOf([...BANK, 'my card is lost', 'my balance'], false)).toMatch(/^bank-topics-zh-CN-[0-9a-f]{8}\+bank-topics-en-[0-9a-f]{8}$/);
  });

  it('with the encoder where they are English, unless it is not wanted', () => {
    expect(embeddingOf(['play a song', 'a chicken soup', 'tell me a joke'])).toBe('use-lite-en-7bit');
    expect(embeddingOf(['my card is lost', 'my balance'])).toMatch(/^use-lite-en-7bit\+bank-topics-en/);
    // One in twenty does not pay.
    expect(embeddingOf([...Array.from({ length: 19 }, () => '我要挂失'), 'agent'])).not.toContain('use-lite');
  });

  it('with nothing where there is nothing', () => expect(hearingFor([], true)).toEqual({}));

  it('of a hotline with the encoder where free speech is heard', () => {
    const intents = { loss: { 'zh-CN': ['我要挂失'], en: ['my card is lost'] }, balance: { 'zh-CN': ['查询余额'], en: ['my balance'] } };
    expect(hotlineHearing(intents, false).embedding?.name).toMatch(/^bank-topics-zh-CN-[0-9a-f]{8}\+bank-topics-en-[0-9a-f]{8}$/);
    expect(hotlineHearing(intents, true).embedding?.name).toMatch(/^use-lite-en-7bit\+bank-topics-zh-CN-[0-9a-f]{8}\+bank-topics-en-[0-9a-f]{8}$/);
  });
});

it('an embedding is found again by its name, and by no other', () => {
  const name = embeddingOf([...BANK, 'my card is lost']) ?? '';
  expect(embeddingNamed(name)?.name).toBe(name);
  for (const other of [name.replace(/[0-9a-f]{8}$/, '00000000'), `${name}+another`, 'another', '']) expect(embeddingNamed(other)).toBeUndefined();
});
