import type { Language } from '../../engine/domain/language.ts';
import type { IdSource } from '../../engine/ports/id-source.ts';
import type { RecognitionRequest } from '../../engine/ports/recognizer.ts';
import { AeapProtocol, type AeapCodec } from './aeap-protocol.ts';
import { SocketRecognizer, type SocketRecognizerOptions } from './socket-recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';

export interface AeapRecognizerOptions extends SocketRecognizerOptions {
  readonly ids: IdSource;
  /** What the server takes. A server for Asterisk takes what `codecs` of its aeap.conf says. */
  readonly codec: AeapCodec;
  /** The `@name=value` lines of aeap.conf. Default: `language`, as a tag with a region. */
  readonly params?: Readonly<Record<string, string>>;
  /** The score of what is quite sure. Default 100, as in Asterisk's own example of a server; others count to 1000. */
  readonly fullScore?: number;
  /** Milliseconds of silence that follow an utterance, in which the server is to hear that it is over. Default 1500. */
  readonly closingSilenceMs?: number;
  /** The server is asked for results when none have come so long after the end; when it has none, nothing was understood. Default 2000. */
  readonly askAfterMs?: number;
}

// Asterisk's own example of a server knows English by this tag only.
const TAGS: Readonly<Record<Language, string>> = { 'zh-CN': 'zh-CN', en: 'en-US' };

/**
 * A server of Asterisk's External Application Protocol (`speech_to_text`), as aeap.conf names it. Takes no phrases: the protocol has no
 * place for them but a param that the server has a meaning of its own for. Tells what it understood where it hears a pause.
 */
export class AeapRecognizer extends SocketRecognizer {
  readonly #options: Pick<AeapRecognizerOptions, 'ids' | 'codec' | 'params'> & Required<Pick<AeapRecognizerOptions, 'fullScore' | 'closingSilenceMs' | 'askAfterMs'>>;

  constructor({ ids, codec, params, fullScore = 100, closingSilenceMs = 1_500, askAfterMs = 2_000, ...options }: AeapRecognizerOptions) {
    super('aeap', options);
    this.#options = { ids, codec, ...(params === undefined ? {} : { params }), fullScore, closingSilenceMs, askAfterMs };
  }

  protected override protocolFor(request: RecognitionRequest): SpeechProtocol {
    const language = this.languageOf(request);
    return new AeapProtocol({ params: language === undefined ? {} : { language: TAGS[language] }, ...this.#options });
  }
}
