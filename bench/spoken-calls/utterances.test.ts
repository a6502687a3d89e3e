import { describe, expect, it } from 'vitest';
import { intents } from '../../flows/bank.intents.ts';
import { inGrammar, OUT_OF_GRAMMAR, OUT_OF_SCOPE } from './utterances.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;

describe.each(LANGUAGES)('what the callers of the bench say, %s', (language) => {
  const examples = new Set(Object.values(intents).flatMap((intent): readonly string[] => intent[language]));

  it('has each choice in turn, in the words of its examples', () => {
    const said = inGrammar(language, 24);
    expect(new Set(said.map(({ choice }) => choice)).size).toBe(8);
    expect(said.filter(({ text }) => !examples.has(text))).toEqual([]);
    expect(new Set(said.map(({ text }) => text)).size).toBe(24);
  });

  it('and words that are no example', () => {
    const other = [...OUT_OF_GRAMMAR[language].map(({ text }) => text), ...OUT_OF_SCOPE[language]];
    expect(other.filter((text) => examples.has(text))).toEqual([]);
  });
});
