import { spelledNumber } from './spelled-numbers.ts';
import type { Pronouncer, SpokenWord } from './pronouncer.ts';

// The 39 phones of the CMU Pronouncing Dictionary, which the English models are trained with.
const PHONES = 'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(' ');
const WORDS = /[A-Za-z]+(?:['’.-][A-Za-z]+)*|\d+/g;
// Capitals that are no word are letters: VIP, SMS.
const ACRONYM = /^[A-Z]{2,5}$/;

/** English by a dictionary in the form of cmudict: a line a pronunciation, `word PH ON ES`, then `word(2) PH ON ES`. */
export class EnglishPronouncer implements Pronouncer {
  readonly phones = PHONES;
  // 3 MB as one text: a map of its 134 000 words would take 30 MB of memory. A search in it takes a millisecond, so what was found is kept:
  // words come from flows, some hundred a hotline, never from callers.
  readonly #dictionary: string;
  readonly #known = new Map<string, readonly string[]>();

  constructor(dictionary: string) {
    this.#dictionary = `\n${dictionary}\n`;
  }

  words(phrase: string): readonly SpokenWord[] {
    // What is neither word, number nor a sign that is not spoken counts as a word without a sound: nothing is dropped silently.
    const foreign = phrase.replace(WORDS, ' ').match(/[\p{L}\p{N}&@%#$€£¥+*]+/gu) ?? [];
    return [...this.#spelled(phrase).flatMap((word) => this.#found(word)), ...foreign.map((written) => ({ written, pronunciations: [] }))];
  }

  #spelled(phrase: string): readonly string[] {
    return (phrase.match(WORDS) ?? []).flatMap((word) => (/^\d/.test(word) ? spelledNumber(word, 'en') : [word.replaceAll('’', "'")]));
  }

  #found(written: string): readonly SpokenWord[] {
    const pronunciations = this.#lookUp(written.toLowerCase());
    if (pronunciations.length > 0) return [{ written: written.toLowerCase(), pronunciations }];
    if (ACRONYM.test(written)) return [...written].map((letter) => ({ written: `${letter.toLowerCase()}.`, pronunciations: this.#lookUp(`${letter.toLowerCase()}.`) }));
    const parts = written.split('-');
    return parts.length > 1 ? parts.flatMap((part) => this.#found(part)) : [{ written, pronunciations: [] }];
  }

  #lookUp(word: string): readonly string[] {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const found: string[] = [];
    let at = this.#dictionary.indexOf(`\n${word} `);
    // Further pronunciations stand in the lines below.
    for (let name = word; at >= 0 && this.#dictionary.startsWith(`\n${name} `, at); name = `${word}(${found.length + 1})`) {
      const from = at + name.length + 2;
      at = this.#dictionary.indexOf('\n', from);
      found.push(this.#dictionary.slice(from, at).trim());
    }
    this.#known.set(word, found);
    return found;
  }
}
