import type { Phonetics } from '../../../engine/ports/phonetics.ts';
import { spelledNumber } from './spelled-numbers.ts';
import type { Pronouncer, SpokenWord } from './pronouncer.ts';

/** Phones of each syllable of pinyin without tone, `v` for ü: `{ "zhang": "zh ang", "lv": "l ux" }`. */
export type SyllableTable = Readonly<Record<string, string>>;

const SPOKEN = /[\p{L}\p{N}&@%#$€£¥+*]/u;

/** Mandarin by pinyin and the syllable table of a model. Tones are not listened for: the models have none. */
export class MandarinPronouncer implements Pronouncer {
  readonly phones: readonly string[];
  readonly #table: SyllableTable;
  readonly #phonetics: Phonetics;

  constructor(table: SyllableTable, phonetics: Phonetics) {
    this.#table = table;
    this.#phonetics = phonetics;
    this.phones = [...new Set(Object.values(table).flatMap((phones) => phones.split(' ')))].sort();
  }

  words(phrase: string): readonly SpokenWord[] {
    const spelled = phrase.normalize('NFKC').replaceAll(/\d+/g, (digits) => spelledNumber(digits, 'zh-CN').join(''));
    const characters = [...spelled].filter((character) => SPOKEN.test(character));
    const digitByDigit = /\d{3}/.test(phrase);
    return this.#phonetics.syllables(characters).map((syllable, at) => {
      const written = syllable.toLowerCase().replaceAll('ü', 'v');
      // In numbers read digit by digit 1 is mostly yāo, which cannot be mistaken for qī.
      const said = digitByDigit && characters[at] === '一' ? [written, 'yao'] : [written];
      return {
        written: said.length > 1 ? said.join('/') : (this.#table[written] === undefined ? (characters[at] ?? written) : written),
        pronunciations: said.flatMap((each) => this.#table[each] ?? []),
      };
    });
  }
}
