import { SherpaProtocol } from './sherpa-protocol.ts';
import { SocketRecognizer, type SocketRecognizerOptions } from './socket-recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';

export interface SherpaRecognizerOptions extends SocketRecognizerOptions {
  /** That of the model, or what the server was told by `--input-sample-rate`. Default 16 000. */
  readonly sampleRateHz?: 8_000 | 16_000;
}

/**
 * sherpa-onnx's `sherpa-onnx-online-websocket-server`, or its `streaming_server.py`. Takes no phrases: hot words are a file that the server is
 * started with (`--hotwords-file`). It tells no confidence.
 */
export class SherpaRecognizer extends SocketRecognizer {
  readonly #sampleRateHz: 8_000 | 16_000;

  constructor({ sampleRateHz = 16_000, ...options }: SherpaRecognizerOptions) {
    super('sherpa', options);
    this.#sampleRateHz = sampleRateHz;
  }

  protected override protocolFor(): SpeechProtocol {
    return new SherpaProtocol(this.#sampleRateHz);
  }
}
