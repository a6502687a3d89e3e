import type { RecognitionRequest } from '../../engine/ports/recognizer.ts';
import { SocketRecognizer, type SocketRecognizerOptions } from './socket-recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';
import { VoskProtocol } from './vosk-protocol.ts';

export interface VoskRecognizerOptions extends SocketRecognizerOptions {
  /**
   * What it is sent. Default 8 000, as it comes from the telephone. Vosk itself brings sound down to the rate of a model, but up only when
   * the model's conf/mfcc.conf has `--allow-upsample=true`: for the others, 16 000 (vosk-api, src/model.cc).
   */
  readonly sampleRateHz?: 8_000 | 16_000;
  /**
   * Understand nothing but the phrases of a request. More is understood right that way, and nothing else at all; only small models can do it
   * (those with a dynamic graph), and each word of a phrase must be in theirs: Chinese words with spaces between them. Default false.
   */
  readonly onlyPhrases?: boolean;
  /** How many ways to understand an utterance are told. With more than one there is no confidence. Default 1. */
  readonly alternatives?: number;
}

/** The server of Vosk (`vosk-server`, websocket/asr_server.py). Confidence is the mean of that of the words. */
export class VoskRecognizer extends SocketRecognizer {
  readonly #sampleRateHz: 8_000 | 16_000;
  readonly #onlyPhrases: boolean;
  readonly #alternatives: number;

  constructor({ sampleRateHz = 8_000, onlyPhrases = false, alternatives = 1, ...options }: VoskRecognizerOptions) {
    super('vosk', options);
    this.#sampleRateHz = sampleRateHz;
    this.#onlyPhrases = onlyPhrases;
    this.#alternatives = alternatives;
  }

  override knows(request: RecognitionRequest): boolean {
    return super.knows(request) && (!this.#onlyPhrases || request.phrases.length > 0);
  }

  protected override protocolFor({ phrases }: RecognitionRequest): SpeechProtocol {
    return new VoskProtocol({
      sampleRateHz: this.#sampleRateHz,
      phrases: this.#onlyPhrases ? phrases : [],
      alternatives: this.#alternatives,
    });
  }
}
