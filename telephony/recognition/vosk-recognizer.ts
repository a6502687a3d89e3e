import type { RecognitionRequest } from '../../engine/ports/recognizer.ts';
import { SocketRecognizer, type SocketRecognizerOptions } from './socket-recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';
import { VoskProtocol } from './vosk-protocol.ts';

export interface VoskRecognizerOptions extends SocketRecognizerOptions {
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
  readonly #onlyPhrases: boolean;
  readonly #alternatives: number;

  constructor({ onlyPhrases = false, alternatives = 1, ...options }: VoskRecognizerOptions) {
    super('vosk', options);
    this.#onlyPhrases = onlyPhrases;
    this.#alternatives = alternatives;
  }

  override knows(request: RecognitionRequest): boolean {
    return super.knows(request) && (!this.#onlyPhrases || request.phrases.length > 0);
  }

  protected override protocolFor({ phrases }: RecognitionRequest): SpeechProtocol {
    return new VoskProtocol({ phrases: this.#onlyPhrases ? phrases : [], alternatives: this.#alternatives });
  }
}
