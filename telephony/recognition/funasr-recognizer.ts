import type { RecognitionRequest } from '../../engine/ports/recognizer.ts';
import { FunasrProtocol } from './funasr-protocol.ts';
import { SocketRecognizer, type SocketRecognizerOptions } from './socket-recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';

export interface FunasrRecognizerOptions extends SocketRecognizerOptions {
  /** How much likelier the phrases of a request are than others. Default 20; 0 sends none. */
  readonly hotwordWeight?: number;
  /** Numbers as digits. Default true. */
  readonly itn?: boolean;
}

/** FunASR's real-time service (`run_server_2pass.sh`). Phrases become hot words. It tells no confidence. */
export class FunasrRecognizer extends SocketRecognizer {
  readonly #hotwordWeight: number;
  readonly #itn: boolean;

  constructor({ hotwordWeight = 20, itn = true, ...options }: FunasrRecognizerOptions) {
    super('funasr', options);
    this.#hotwordWeight = hotwordWeight;
    this.#itn = itn;
  }

  protected override protocolFor({ phrases }: RecognitionRequest): SpeechProtocol {
    return new FunasrProtocol({ hotwords: this.#hotwordWeight > 0 ? phrases : [], hotwordWeight: this.#hotwordWeight, itn: this.#itn });
  }
}
