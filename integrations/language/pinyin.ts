import { pinyin } from 'pinyin-pro';
import type { Phonetics } from '../../engine/ports/phonetics.ts';

/** Mandarin by pinyin without tones; characters with several readings by their neighbours. */
export const pinyinPhonetics: Phonetics = {
  syllables(characters) {
    if (characters.length === 0) return [];
    const found = pinyin(characters.join(''), { toneType: 'none', type: 'array', v: true });
    // One a character, or not to be told apart: a character beyond the dictionary stands for itself.
    return found.length === characters.length ? found : characters;
  },
};
