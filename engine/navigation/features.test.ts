import { describe, expect, it } from 'vitest';
import { featuresOf } from './features.ts';
import { tokensOf } from './text.ts';

describe('what was said, in pieces', () => {
  it.each([
    ['I LOST my card!!', ['i', 'lost', 'my', 'card']],
    ['I’ve paid £1,200.50', ["i've", 'paid', '0', '0', '0']],
    ['我的卡ABC丢了，怎么办？', ['我', '的', '卡', 'abc', '丢', '了', '怎', '么', '办']],
    ['ＡＴＭ 吞卡', ['atm', '吞', '卡']],
    ['  …？！', []],
  ])('%s', (text, tokens) => expect(tokensOf(text)).toEqual(tokens));
});

describe('features', () => {
  const keys = (of: ReadonlyMap<string, number>): readonly string[] => [...of.keys()];

  it('of words: each, pairs, and the letters within them', () => {
    const { word, letters, han, sound } = featuresOf('my card, my card');
    expect([...word]).toEqual([['my', 2], ['card', 2], ['my card', 2], ['card my', 1]]);
    expect(keys(letters).slice(0, 6)).toEqual([' m', 'my', 'y ', ' my', 'my ', ' my ']);
    expect(letters.get('car')).toBe(2);
    expect([han.size, sound.size]).toEqual([0, 0]);
  });

  it('of Han characters: each, pairs, and how they sound', () => {
    const phonetics = { syllables: (characters: readonly string[]) => characters.map((character) => ({ 余: 'yu', 额: 'e' })[character] ?? character) };
    const { han, sound, word } = featuresOf('查余额', { phonetics });
    expect(keys(han)).toEqual(['查', '余', '额', '查余', '余额']);
    expect(keys(sound)).toEqual(['查', 'yu', 'e', '查 yu', 'yu e']);
    expect(word.size).toBe(0);
    expect(featuresOf('查余额').sound.size).toBe(0);
    expect(featuresOf('查余额').concept.size).toBe(0);
  });

  it('counts the concepts of a thesaurus', () => {
    const thesaurus = { name: 'test', conceptsOf: (text: string) => [...text].flatMap((each) => (each === '丢' || each === '失' ? ['丢失'] : [])) };
    expect([...featuresOf('丢了，失了', { thesaurus }).concept]).toEqual([['丢失', 2]]);
  });
});
