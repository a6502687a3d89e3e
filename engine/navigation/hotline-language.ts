import type { Intents } from '../domain/intent.ts';
import { LANGUAGES } from '../domain/language.ts';
import type { Understand } from './choose.ts';
import { withoutCorrections } from './corrections.ts';
import type { IntentGuess, Reason, Understanding } from './intent-model.ts';
import { trainIntents, type TrainingOptions } from './intent-trainer.ts';
import { withoutNumbers } from './slots.ts';

/** What is understood of the callers of one hotline. */
export interface HotlineLanguage {
  readonly understand: Understand;
  /** All that its intents are learnt from, in every language; empty for an intent that it does not have. */
  readonly examplesOf: (intent: string) => readonly string[];
  /** What speaks for an intent and against it, the strongest first; the words under `always` of it that were said before all. */
  readonly reasons: (text: string, intent: string) => readonly Reason[];
}

/** How sure it is that a word means what it always means. */
const ALWAYS = 0.95;

/**
 * Learns the intents of a hotline. Numbers that are named beside a wish count for nothing: few examples know none, and "我要还款五百元，尾号八八六六" would be
 * much less sure than "我要还款" (docs/speech.md). Throws a RangeError when there are fewer than two.
 */
export function learnHotline(intents: Intents, options: TrainingOptions = {}): HotlineLanguage {
  const texts = new Map(Object.entries(intents).map(([intent, examples]) => [intent, LANGUAGES.flatMap((language) => examples[language] ?? [])]));
  const model = trainIntents([...texts].flatMap(([intent, all]) => all.map((text) => ({ text: withoutNumbers(text), intent }))), options);
  const rules = Object.entries(intents).flatMap(([intent, { always = [] }]) => always.map((word) => ({ intent, word, pattern: wordPattern(word) })));
  return {
    understand: (text) => {
      const meant = withoutCorrections(text).text;
      const certain = new Set(rules.filter(({ pattern }) => pattern.test(meant)).map(({ intent }) => intent));
      const counts = withoutNumbers(text);
      const understood = { ...model.understand(counts, Infinity), ...(counts === text ? {} : { withoutNumbers: counts }) };
      return certain.size === 0 ? understood : withCertain(understood, certain);
    },
    examplesOf: (intent) => texts.get(intent) ?? [],
    reasons: (text, intent) => {
      const meant = withoutCorrections(text).text;
      const said = rules.filter((rule) => rule.intent === intent && rule.pattern.test(meant));
      return [...said.map(({ word }) => ({ feature: `always ${word}`, adds: ALWAYS })), ...model.reasons(withoutNumbers(text), intent)];
    },
  };
}

/** Words of alphabets stand alone; Chinese has no spaces between words. */
function wordPattern(word: string): RegExp {
  const escaped = word.normalize('NFKC').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(/^[\p{Script=Latin}\d' ]+$/u.test(word) ? `(?<![\\p{L}\\d])${escaped}(?![\\p{L}\\d])` : escaped, 'iu');
}

/** Those that a word tells share what is sure; all else keeps its order in what is left. */
function withCertain({ guesses, ...rest }: Understanding, certain: ReadonlySet<string>): Understanding {
  const others = guesses.filter(({ intent }) => !certain.has(intent));
  const sum = others.reduce((total, { confidence }) => total + confidence, 0);
  const share = (1 - ALWAYS) / Math.max(sum, 1 - ALWAYS);
  const told: IntentGuess[] = [...certain].map((intent) => ({ intent, confidence: ALWAYS / certain.size }));
  return { ...rest, guesses: [...told, ...others.map(({ intent, confidence }) => ({ intent, confidence: confidence * share }))], inScope: Math.max(rest.inScope, ALWAYS) };
}
