import type { TextEmbedding } from '../ports/text-embedding.ts';
import { withoutCorrections } from './corrections.ts';
import { featuresOf, type WordKnowledge } from './features.ts';
import { linearScores, type LinearWeights } from './linear-scores.ts';
import { probability, type LogisticWeights } from './logistic.ts';
import { dotDense, type SparseVector } from './sparse.ts';
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
  /** What counted, where numbers that were named beside a wish did not. */
  readonly withoutNumbers?: string;
}

/** Why an utterance is understood so. */
export interface Reason {
  /** What was said, with its block: `han 挂失`. */
  readonly feature: string;
  /** What it adds to the score of the intent; below 0: speaks against it. */
  readonly adds: number;
}

export interface MeaningParts {
  /** The name of the embedding. */
  readonly embedding: string;
  /** Of each dimension for each intent: `weights[intent * dimensions + dimension]`. */
  readonly weights: Float32Array;
  /** Where the examples of each intent are, in the middle: `centres[intent * dimensions + dimension]`. */
  readonly centres: Float32Array;
  /** In scope or not, of texts that have a vector: by the best score, the share of unknown features and how near the nearest centre is. */
  readonly scope: LogisticWeights;
}

/** Its classes are the intents. */
export interface IntentModelParts extends LinearWeights {
  readonly intents: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Where it learnt with an embedding. */
  readonly meaning?: MeaningParts;
  /** Scores are divided by it before they become probabilities (Guo et al., "On Calibration of Modern Neural Networks", 2017, §4.2). */
  readonly temperature: number;
  /** In scope or not, by the best score and the share of unknown features. */
  readonly scope: LogisticWeights;
}

/** What an utterance is read with, where there is. A model wants what it was trained with. */
export interface Hearing extends WordKnowledge {
  readonly embedding?: TextEmbedding;
}

/** Tells what was meant, in microseconds; with an embedding, in its time. Made by `trainIntents`. */
export class IntentModel {
  readonly parts: IntentModelParts;
  readonly #hearing: Hearing;

  /** Throws a RangeError without the embedding that it learnt with: its words alone were not weighed to decide. */
  constructor(parts: IntentModelParts, hearing: Hearing = {}) {
    const { meaning } = parts;
    if (meaning !== undefined && meaning.embedding !== hearing.embedding?.name) throw new RangeError(`The model learnt with the embedding ${meaning.embedding}, which is not there.`);
    this.parts = parts;
    this.#hearing = hearing;
  }

  /** `most`: so many guesses at most. An utterance without a word has none. */
  understand(text: string, most = 5): Understanding {
    const { intents, temperature, scope, meaning } = this.parts;
    const { vector, unknown, whole, corrected } = this.#read(text);
    if (vector.at.length === 0 && whole === undefined) return { guesses: [], inScope: 0 };
    const scores = linearScores(this.parts, meaning?.weights, vector);
    const shares = softmax(scores, temperature);
    const inScope = meaning === undefined || whole === undefined ? probability(scope, scopeFeatures(scores, unknown)) : probability(meaning.scope, [...scopeFeatures(scores, unknown), nearest(meaning.centres, whole)]);
    const order = Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
    const guesses = [...order.subarray(0, most)].map((i) => ({ intent: intents[i]!, confidence: shares[i]! * inScope }));
    return { guesses, inScope, ...(corrected === undefined ? {} : { corrected }) };
  }

  /** What speaks for an intent and against it, the strongest first. Throws a RangeError for an intent that it does not know. */
  reasons(text: string, intent: string): readonly Reason[] {
    const { intents, vocabulary, weights, scales, meaning } = this.parts;
    const column = intents.indexOf(intent);
    if (column < 0) throw new RangeError(`There is no intent '${intent}'; there are ${intents.join(', ')}.`);
    const { vector } = this.#read(text);
    const keys = vocabulary.keys;
    const reasons = [...vector.at].map((feature, k): Reason => ({ feature: keys[feature]!, adds: weights[feature * intents.length + column]! * scales[column]! * vector.values[k]! }));
    if (meaning !== undefined && vector.dense !== undefined) {
      const { dimensionNames = [] } = this.#hearing.embedding ?? {};
      const weightsOf = meaning.weights.subarray(column * vector.dense.length);
      let whole: number | undefined;
      vector.dense.forEach((value, k) => {
        const adds = weightsOf[k]! * value;
        const name = dimensionNames[k];
        // Numbers without a name mean nothing one by one.
        if (name === undefined) whole = (whole ?? 0) + adds;
        else if (value !== 0) reasons.push({ feature: name, adds });
      });
      if (whole !== undefined) reasons.push({ feature: 'meaning as a whole', adds: whole });
    }
    return reasons.sort((a, b) => Math.abs(b.adds) - Math.abs(a.adds));
  }

  #read(text: string): { readonly vector: SparseVector; readonly unknown: number; readonly whole: Float32Array | undefined; readonly corrected: string | undefined } {
    const meant = withoutCorrections(text);
    const whole = this.parts.meaning === undefined ? undefined : this.#hearing.embedding?.embed(meant.text);
    return { ...this.parts.vocabulary.vectorOf(featuresOf(meant.text, this.#hearing), whole), whole, corrected: meant.corrected ? meant.text : undefined };
  }
}

/** What tells whether an utterance is one of the intents at all. */
export function scopeFeatures(scores: ArrayLike<number>, unknown: number): readonly number[] {
  let best = -Infinity;
  for (let i = 0; i < scores.length; i += 1) best = Math.max(best, scores[i]!);
  return [best, unknown];
}

/** The cosine to the nearest of the centres, which stand one after the other; all are of length 1. */
export function nearest(centres: Float32Array, vector: Float32Array): number {
  let best = -1;
  for (let from = 0; from < centres.length; from += vector.length) {
    best = Math.max(best, dotDense(centres, from, vector));
  }
  return best;
}

export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const shares = scores.map((score) => Math.exp((score - best) / temperature));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}
