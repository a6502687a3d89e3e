import type { Language } from '../../../engine/domain/language.ts';
import type { Politeness } from './command-grammar.ts';
import { type Pronouncer, unpronounceable } from './pronouncer.ts';

// What callers say around a command; docs/speech-commands.md tells what it brings.
const POLITE_PHRASES: Readonly<Record<Language, { readonly before: readonly string[]; readonly after: readonly string[] }>> = {
  en: { before: ['please', 'I want to', 'I would like to', 'I need to', 'I want', 'I need', 'can I', 'can I have', 'can you'], after: ['please'] },
  'zh-CN': { before: ['请', '我要', '我想', '我想要', '帮我', '请帮我', '查一下', '我要查', '我想查'], after: ['谢谢', '吧'] },
};

/** What may be said before and after a command, as far as the model has the sounds. */
export function politeness(language: Language, pronouncer: Pronouncer): Politeness {
  const known = (phrases: readonly string[]) => phrases.map((phrase) => pronouncer.words(phrase)).filter((words) => unpronounceable(words) === undefined);
  const { before, after } = POLITE_PHRASES[language];
  return { before: known(before), after: known(after) };
}
