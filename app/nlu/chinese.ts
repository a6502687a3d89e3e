import type { WordKnowledge } from '../../engine/navigation/features.ts';
import { bankWords } from '../../integrations/language/bank-words.ts';
import { pinyinPhonetics } from '../../integrations/language/pinyin.ts';

/** What Chinese is read with: how it sounds, and the words of a bank's callers that mean alike. */
export const CHINESE: WordKnowledge = { phonetics: pinyinPhonetics, thesaurus: bankWords };
