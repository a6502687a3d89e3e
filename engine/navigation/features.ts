import type { Phonetics } from '../ports/phonetics.ts';
import type { Thesaurus } from '../ports/thesaurus.ts';
import { isHan, tokensOf } from './text.ts';

/**
 * What is looked at in an utterance, in blocks that weigh the same: words and pairs of them; letters within words, which forgive endings and
 * misspellings; Han characters and pairs; how these sound, which forgives homophones; and which concepts of a thesaurus have words in it, which
 * forgives synonyms.
 */
export const BLOCKS = ['word', 'letters', 'han', 'sound', 'concept'] as const;
export type Block = (typeof BLOCKS)[number];

/** How often each feature is in a text, by block. */
export type Features = Readonly<Record<Block, ReadonlyMap<string, number>>>;

const LETTERS = { shortest: 2, longest: 4 };
const GRAMS = 2;

/** What features are made with, where there is. */
export interface WordKnowledge {
  readonly phonetics?: Phonetics;
  readonly thesaurus?: Thesaurus;
}

export function featuresOf(text: string, { phonetics, thesaurus }: WordKnowledge = {}): Features {
  const tokens = tokensOf(text);
  const words = tokens.filter((token) => !isHan(token));
  const han = tokens.filter(isHan);
  return {
    word: grams(words, ' '),
    letters: lettersOf(words),
    han: grams(han, ''),
    sound: phonetics === undefined ? new Map() : grams(phonetics.syllables(han), ' '),
    concept: thesaurus === undefined ? new Map() : counted(thesaurus.conceptsOf(text)),
  };
}

/** One by one, and in pairs as they follow each other. */
function grams(items: readonly string[], joint: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let length = 1; length <= GRAMS; length += 1) {
    for (let from = 0; from + length <= items.length; from += 1) count(counts, items.slice(from, from + length).join(joint));
  }
  return counts;
}

function counted(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) count(counts, item);
  return counts;
}

function lettersOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) {
    const padded = ` ${word} `;
    for (let length = LETTERS.shortest; length <= LETTERS.longest; length += 1) {
      for (let from = 0; from + length <= padded.length; from += 1) count(counts, padded.slice(from, from + length));
    }
  }
  return counts;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
