import { BLOCKS, type Features } from './features.ts';
import type { SparseVector } from './sparse.ts';

/** Of what a text means against its words, by length: from 1 to 2 it makes little difference (docs/adr/0026 and 0029). */
const MEANING_WEIGHT = 1.75;

/** The features that were seen in training, each with its weight: the rarer, the more (inverse document frequency, smoothed). */
export class Vocabulary {
  readonly keys: readonly string[];
  /** By block: a text's pieces are looked up as they are. */
  readonly #numbers: ReadonlyMap<string, Map<string, number>> = new Map(BLOCKS.map((block) => [block, new Map<string, number>()]));
  readonly #weights: Float32Array;
  /** What a feature weighs that was never seen. */
  readonly #rarest: number;

  /** `keys`: a feature each, its block before it (`han 挂失`). */
  constructor(keys: readonly string[], weights: Float32Array) {
    this.keys = keys;
    keys.forEach((key, number) => {
      const space = key.indexOf(' ');
      this.#numbers.get(key.slice(0, space))?.set(key.slice(space + 1), number);
    });
    this.#weights = weights;
    this.#rarest = weights.reduce((most, weight) => Math.max(most, weight), 1);
  }

  /** `least`: what is in fewer texts is no feature. */
  static of(texts: readonly Features[], least = 1): Vocabulary {
    const frequencies = new Map<string, number>();
    for (const text of texts) for (const key of keysOf(text)) frequencies.set(key, (frequencies.get(key) ?? 0) + 1);
    if (least > 1) for (const [key, frequency] of frequencies) if (frequency < least) frequencies.delete(key);
    const weights = Float32Array.from(frequencies.values(), (frequency) => Math.log((1 + texts.length) / (1 + frequency)) + 1);
    return new Vocabulary([...frequencies.keys()], weights);
  }

  get size(): number {
    return this.#weights.length;
  }

  get weights(): Float32Array {
    return this.#weights;
  }

  /**
   * The features of a text as a vector of length 1, to which each block that has something to say contributes the same, and densely behind them
   * what the text means as a whole (`meaning`, a vector of length 1); and the share of the text's features that was never seen (by weight), from
   * 0 to 1.
   */
  vectorOf(text: Features, meaning?: Float32Array): { readonly vector: SparseVector; readonly unknown: number } {
    const at: number[] = [];
    const values: number[] = [];
    let blocks = 0;
    let known = 0;
    let unseen = 0;
    for (const block of BLOCKS) {
      if (text[block].size === 0) continue;
      blocks += 1;
      const numbers = this.#numbers.get(block);
      const begin = at.length;
      let square = 0;
      for (const [gram, times] of text[block]) {
        const number = numbers?.get(gram);
        if (number === undefined) {
          unseen += this.#rarest;
          continue;
        }
        const weight = this.#weights[number]!;
        const value = (times === 1 ? 1 : 1 + Math.log(times)) * weight;
        known += weight;
        square += value * value;
        at.push(number);
        values.push(value);
      }
      const length = Math.sqrt(square);
      for (let i = begin; i < values.length; i += 1) values[i]! /= length;
    }
    const scale = 1 / Math.sqrt(Math.max(1, blocks));
    return {
      vector: {
        at: Int32Array.from(at),
        values: Float32Array.from(values, (value) => value * scale),
        ...(meaning === undefined ? {} : { dense: meaning.map((value) => value * MEANING_WEIGHT) }),
      },
      unknown: known + unseen === 0 ? 1 : unseen / (known + unseen),
    };
  }
}

function* keysOf(text: Features): Generator<string> {
  for (const block of BLOCKS) for (const gram of text[block].keys()) yield `${block} ${gram}`;
}
