import type { Language } from '../../../engine/domain/language.ts';

/** A word of a phrase, as it is written, or the sound of it where writing does not tell. */
export interface SpokenWord {
  readonly written: string;
  /** Phones of the model, separated by spaces. More than one when it is said in several ways. */
  readonly pronunciations: readonly string[];
}

/** A phrase that cannot be listened for. */
export interface PhraseProblem {
  readonly phrase: string;
  readonly language: Language;
  readonly message: string;
}

/** Tells how phrases of one language sound, in the phones of one model. */
export interface Pronouncer {
  /** The phones that speech is made of; a loop of them fits whatever is said. */
  readonly phones: readonly string[];
  /** The words of a phrase in order. A word that it does not know has no pronunciation. */
  words(phrase: string): readonly SpokenWord[];
}

/** Which of the words have no sound, for a message; `undefined` when the phrase can be said. */
export function unpronounceable(words: readonly SpokenWord[]): string | undefined {
  if (words.length === 0) return 'it has no word';
  const unknown = words.filter(({ pronunciations }) => pronunciations.length === 0).map(({ written }) => `'${written}'`);
  return unknown.length === 0 ? undefined : `the model has no sound for ${unknown.join(', ')}`;
}
