import { BLOCKS, type Features } from './features.ts';
import type { SparseVector } from './sparse.ts';

/** Of what a text means against its words, by length: from 1 to 2 it makes little difference (docs/adr/0026 and 0029). */
const MEANING_WEIGHT = 1.75;

/** The features that were seen in training, each with its weight: the rarer, the more (inverse document frequency, smoothed). */
export class Vocabulary {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #weights: Float32Array;
  /** What a feature weighs that was never seen. */
  readonly #rarest: number;

  constructor(keys: readonly string[], weights: Float32Array) {
    this.#numbers = new Map(keys.map((key, number) => [key, number]));
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

  get keys(): readonly string[] {
    return [...this.#numbers.keys()];
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
    const entries: [number, number][] = [];
    let known = 0;
    let unseen = 0;
    for (const block of BLOCKS) {
      const begin = entries.length;
      let square = 0;
      for (const [gram, times] of text[block]) {
        const number = this.#numbers.get(`${block} ${gram}`);
        if (number === undefined) {
          unseen += this.#rarest;
          continue;
        }
        const value = (1 + Math.log(times)) * this.#weights[number]!;
        known += this.#weights[number]!;
        square += value * value;
        entries.push([number, value]);
      }
      const length = Math.sqrt(square);
      for (let i = begin; i < entries.length; i += 1) entries[i]![1] /= length;
    }
    const blocks = BLOCKS.filter((block) => text[block].size > 0).length;
    entries.sort((a, b) => a[0] - b[0]);
    const scale = 1 / Math.sqrt(Math.max(1, blocks));
    return {
      vector: {
        at: Int32Array.from(entries, ([number]) => number),
        values: Float32Array.from(entries, ([, value]) => value * scale),
        ...(meaning === undefined ? {} : { dense: meaning.map((value) => value * MEANING_WEIGHT) }),
      },
      unknown: known + unseen === 0 ? 1 : unseen / (known + unseen),
    };
  }
}

function* keysOf(text: Features): Generator<string> {
  for (const block of BLOCKS) for (const gram of text[block].keys()) yield `${block} ${gram}`;
}
