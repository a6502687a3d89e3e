import { StrowgerError } from '../../../engine/domain/errors.ts';
import type { Language } from '../../../engine/domain/language.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import { silentLogger, type Logger } from '../../../engine/ports/logger.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer } from '../../../engine/ports/recognizer.ts';
import { FailedRecognition } from '../failed-recognition.ts';
import { spokenText } from '../spoken-text.ts';
import { DecoderProcess } from './decoder-process.ts';
import { findModel, type ModelFiles } from './model-folder.ts';
import { ModelRecognition } from './model-recognition.ts';

export interface SherpaModelOptions {
  /** The folder of a streaming model, as sherpa-onnx's releases unpack. */
  readonly model: string;
  /** What it understands. */
  readonly languages: readonly Language[];
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Cores for one step of decoding, of all utterances together. Default 1. */
  readonly threads?: number;
  /** What callers are likely to say, in all menus: sherpa-onnx is told once, when the model is loaded. For transducers only. */
  readonly hotwords?: readonly string[];
  /** How much likelier they are than otherwise; sherpa-onnx's examples have 1.5 to 2. Default 0: none are told, and decoding is the faster kind. */
  readonly hotwordScore?: number;
  /** From the end of an utterance until it is understood. Default 4 s. */
  readonly answerLimitMs?: number;
  /** What an utterance has beyond this is cut off. Default 60 s. */
  readonly maxUtteranceMs?: number;
  /** Until the model is loaded; a large one from a slow disk takes some. Default 60 s. */
  readonly loadLimitMs?: number;
  /** Until a program is tried again that cannot be started again, and until one that does not answer is ended. Default 10 s. */
  readonly restMs?: number;
  /** Default: the package `sherpa-onnx-node`. */
  readonly addon?: string;
}

const NAME = 'sherpaModel';
/** As much as sherpa-onnx's server adds: longer than what its models look ahead. */
const TAIL_MS = 800;
/** Asterisk and the engine have timing to keep; a tenth of a second more or less does not matter here. */
const NICENESS = 5;
// Longer ones are sentences, not words: as they make others less likely, they would do more harm than good.
const LONGEST_HOTWORD = { characters: 8, words: 3 };

/**
 * A streaming model of sherpa-onnx without a server: one process beside the engine decodes the utterances of all calls together. It tells
 * what it has understood so far, and no confidence. Fails with `speech.unreachable` while its process is started again, `speech.timeout` or
 * `speech.failed`.
 */
export class SherpaModelRecognizer implements Recognizer {
  readonly name = NAME;
  readonly languages: readonly Language[];
  /** What was found in the folder. */
  readonly files: ModelFiles;
  readonly #options: SherpaModelOptions;
  readonly #decoder: DecoderProcess;

  private constructor(options: SherpaModelOptions, files: ModelFiles, decoder: DecoderProcess) {
    this.#options = options;
    this.languages = options.languages;
    this.files = files;
    this.#decoder = decoder;
  }

  /** Finds the model's files and loads them. Rejects with `speech.model`. */
  static async open(options: SherpaModelOptions): Promise<SherpaModelRecognizer> {
    const { clock, logger = silentLogger, addon = 'sherpa-onnx-node', loadLimitMs = 60_000, restMs = 10_000 } = options;
    const files = await findModel(options.model);
    const settings = { addon, config: sherpaConfig(files, options), sampleRateHz: CALL_SAMPLE_RATE_HZ, tailMs: TAIL_MS, niceness: NICENESS };
    return new SherpaModelRecognizer(options, files, await DecoderProcess.open({ settings, clock, logger, loadLimitMs, restMs }));
  }

  /** The id of the process that decodes; undefined while there is none. */
  get pid(): number | undefined {
    return this.#decoder.pid;
  }

  /** Utterances that are being decoded. */
  get busy(): number {
    return this.#decoder.busy;
  }

  /** It understands whatever is said, in the languages of its model. */
  knows({ languages }: RecognitionRequest): boolean {
    return languages.some((language) => this.languages.includes(language));
  }

  recognize(_request: RecognitionRequest, sink: RecognitionSink): Recognition {
    if (!this.#decoder.isReady) {
      return new FailedRecognition(new StrowgerError('speech.unreachable', `Recogniser '${NAME}' does not run at the moment.`, { fields: { recognizer: NAME } }), sink);
    }
    const { clock, answerLimitMs = 4_000, maxUtteranceMs = 60_000 } = this.#options;
    return new ModelRecognition({ name: NAME, decoder: this.#decoder, clock, answerLimitMs, maxUtteranceMs }, sink);
  }

  /** Ends the process, and waits for it. */
  close(): Promise<void> {
    return this.#decoder.close();
  }
}

/** The configuration of sherpa-onnx's OnlineRecognizer. When somebody speaks is decided elsewhere, so its own endpointing is off. */
export function sherpaConfig(files: ModelFiles, { threads = 1, hotwords = [], hotwordScore = 0 }: Pick<SherpaModelOptions, 'threads' | 'hotwords' | 'hotwordScore'>): object {
  const { kind, tokens, modelingUnit, bpeVocab } = files;
  const words = hotwordScore > 0 && kind === 'transducer' && modelingUnit !== undefined ? hotwordsFor(files, hotwords) : [];
  const lines = words.join('\n');
  return {
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: {
      [kind]: files.files,
      tokens,
      numThreads: threads,
      provider: 'cpu',
      debug: 0,
      ...(words.length === 0 ? {} : { modelingUnit, ...(bpeVocab === undefined ? {} : { bpeVocab }) }),
    },
    enableEndpoint: 0,
    // Hot words need the search that follows several ways at once (csrc/online-recognizer.cc).
    ...(words.length === 0
      ? { decodingMethod: 'greedy_search' }
      : { decodingMethod: 'modified_beam_search', maxActivePaths: 4, hotwordsBuf: lines, hotwordsBufSize: Buffer.byteLength(lines), hotwordsScore: hotwordScore }),
  };
}

function hotwordsFor({ modelingUnit, isUpperCase }: ModelFiles, phrases: readonly string[]): readonly string[] {
  const { characters, words } = LONGEST_HOTWORD;
  const isSpelled = (phrase: string): boolean =>
    /\p{Script=Han}/u.test(phrase) ? modelingUnit !== 'bpe' && phrase.length <= characters : modelingUnit !== 'cjkchar' && phrase.split(' ').length <= words;
  return [...new Set(phrases.map(spokenText).map((phrase) => (isUpperCase ? phrase.toUpperCase() : phrase)))].filter((phrase) => phrase !== '' && isSpelled(phrase));
}
