import type { Language } from '../../engine/domain/language.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer } from '../../engine/ports/recognizer.ts';
import { SocketRecognition, type SocketOptions } from './socket-recognition.ts';
import type { SpeechProtocol } from './speech-protocol.ts';

export interface SocketRecognizerOptions extends Partial<Omit<SocketOptions, 'url'>> {
  readonly clock: Clock;
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** What its model understands. */
  readonly languages: readonly Language[];
  /** As logged; the default is the kind of server. */
  readonly name?: string;
}

/** Callers wait meanwhile: a server on the same network opens a connection in milliseconds and answers in some tenths of a second. */
const DEFAULTS = { connectLimitMs: 2_000, answerLimitMs: 4_000, maxUtteranceMs: 60_000 } as const;

/** A recogniser behind a WebSocket; opens one for each utterance. Fails with `speech.unreachable`, `speech.timeout` or `speech.failed`. */
export abstract class SocketRecognizer implements Recognizer {
  readonly name: string;
  readonly #clock: Clock;
  readonly #languages: readonly Language[];
  readonly #options: SocketOptions;

  constructor(kind: string, { clock, languages, name = kind, ...options }: SocketRecognizerOptions) {
    this.name = name;
    this.#clock = clock;
    this.#languages = languages;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** These recognisers understand whatever is said, in their languages. */
  knows(request: RecognitionRequest): boolean {
    return this.languageOf(request) !== undefined;
  }

  recognize(request: RecognitionRequest, sink: RecognitionSink): Recognition {
    return new SocketRecognition(this.name, this.#options, this.protocolFor(request), this.#clock, sink);
  }

  /** The one of a request's languages that is the most likely of those it knows. */
  protected languageOf(request: RecognitionRequest): Language | undefined {
    return request.languages.find((language) => this.#languages.includes(language));
  }

  protected abstract protocolFor(request: RecognitionRequest): SpeechProtocol;
}
