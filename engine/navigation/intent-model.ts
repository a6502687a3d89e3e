import type { Phonetics } from '../ports/phonetics.ts';
import { withoutCorrections } from './corrections.ts';
import { featuresOf } from './features.ts';
import { probability, type LogisticWeights } from './logistic.ts';
import type { SparseVector } from './sparse.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What a caller may have meant. */
export interface IntentGuess {
  readonly intent: string;
  /** The probability that this is what was meant, as far as held-out examples tell: 0 to 1. All guesses and "none of them" add up to 1. */
  readonly confidence: number;
}

/** How an utterance is understood. */
export interface Understanding {
  /** The most likely first. */
  readonly guesses: readonly IntentGuess[];
  /** The probability that it is one of the intents at all. */
  readonly inScope: number;
  /** What was left when the caller took something back ("不是挂失，是查余额"); absent when nothing was. */
  readonly corrected?: string;
}

/** Why an utterance is understood so. */
export interface Reason {
  /** What was said, with its block: `han 挂失`. */
  readonly feature: string;
  /** What it adds to the score of the intent; below 0: speaks against it. */
  readonly adds: number;
}

export interface IntentModelParts {
  readonly intents: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Of each feature for each intent, and of the bias as the last feature: `weights[feature * intents + intent] * scales[intent]`. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  /** Scores are divided by it before they become probabilities (Guo et al., "On Calibration of Modern Neural Networks", 2017, §4.2). */
  readonly temperature: number;
  /** In scope or not, by the best score and the share of unknown features. */
  readonly scope: LogisticWeights;
}

/** Tells what was meant, in microseconds. Made by `trainIntents`. */
export class IntentModel {
  readonly parts: IntentModelParts;
  readonly #phonetics: Phonetics | undefined;

  constructor(parts: IntentModelParts, phonetics?: Phonetics) {
    this.parts = parts;
    this.#phonetics = phonetics;
  }

  /** `most`: so many guesses at most. An utterance without a word has none. */
  understand(text: string, most = 5): Understanding {
    const { intents, temperature, scope } = this.parts;
    const { vector, unknown, corrected } = this.#read(text);
    if (vector.at.length === 0) return { guesses: [], inScope: 0 };
    const scores = this.#scores(vector);
    const shares = softmax(scores, temperature);
    const inScope = probability(scope, scopeFeatures(scores, unknown));
    const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
    const guesses = [...order.subarray(0, most)].map((i) => ({ intent: intents[i]!, confidence: shares[i]! * inScope }));
    return { guesses, inScope, ...(corrected === undefined ? {} : { corrected }) };
  }

  /** What speaks for an intent and against it, the strongest first. Throws a RangeError for an intent that it does not know. */
  reasons(text: string, intent: string): readonly Reason[] {
    const { intents, vocabulary, weights, scales } = this.parts;
    const column = intents.indexOf(intent);
    if (column < 0) throw new RangeError(`There is no intent '${intent}'; there are ${intents.join(', ')}.`);
    const { vector } = this.#read(text);
    const keys = vocabulary.keys;
    return [...vector.at]
      .map((feature, k) => ({ feature: keys[feature]!, adds: weights[feature * intents.length + column]! * scales[column]! * vector.values[k]! }))
      .sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds));
  }

  #read(text: string): { readonly vector: SparseVector; readonly unknown: number; readonly corrected: string | undefined } {
    const meant = withoutCorrections(text);
    return { ...this.parts.vocabulary.vectorOf(featuresOf(meant.text, this.#phonetics)), corrected: meant.corrected ? meant.text : undefined };
  }

  #scores({ at, values }: SparseVector): Float64Array {
    const { intents, vocabulary, weights, scales } = this.parts;
    const count = intents.length;
    const scores = Float64Array.from(scales, (_, i) => weights[vocabulary.size * count + i]!);
    for (let k = 0; k < at.length; k += 1) {
      const begin = at[k]! * count;
      const value = values[k]!;
      for (let i = 0; i < count; i += 1) scores[i]! += weights[begin + i]! * value;
    }
    for (let i = 0; i < count; i += 1) scores[i]! *= scales[i]!;
    return scores;
  }
}

/** What tells whether an utterance is one of the intents at all. */
export function scopeFeatures(scores: ArrayLike<number>, unknown: number): readonly number[] {
  let best = -Infinity;
  for (let i = 0; i < scores.length; i += 1) best = Math.max(best, scores[i]!);
  return [best, unknown];
}

export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const shares = scores.map((score) => Math.exp((score - best) / temperature));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
