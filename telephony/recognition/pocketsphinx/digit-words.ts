import type { Language } from '../../../engine/domain/language.ts';
import type { Pronouncer, SpokenWord } from './pronouncer.ts';

/** A request with just these phrases asks for a whole number, digit by digit: strings of any length are listened for, and told as one text (`4711`). */
export const DIGIT_PHRASES: readonly string[] = [...'0123456789'];

// Yāo for 1 on the telephone; "oh" for 0 where numbers are read.
const ALSO: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: { 0: 'oh' }, 'zh-CN': { 1: '幺' } };

export function isDigits(phrases: readonly string[]): boolean {
  return phrases.length === DIGIT_PHRASES.length && DIGIT_PHRASES.every((digit) => phrases.includes(digit));
}

/** How 0 to 9 are said in a string of digits. */
export function digitWords(language: Language, pronouncer: Pronouncer): readonly SpokenWord[] {
  return DIGIT_PHRASES.map((digit) => {
    const ways = [digit, ...[ALSO[language][digit] ?? []].flat()];
    return { written: digit, pronunciations: ways.flatMap((way) => pronouncer.words(way)[0]?.pronunciations ?? []) };
  });
}
