import type { Transcript } from '../../engine/ports/recognizer.ts';
import { jsonObject, NotTheProtocol, textOf, type Over, type SpeechProtocol } from './speech-protocol.ts';
import { spokenText } from './spoken-text.ts';

/**
 * sherpa-onnx's streaming server: no greeting, 32-bit floats at the rate that it was started for, `Done` at the end. Each message has the
 * whole text of the segment that it is at; where the server hears a pause the text begins anew, with the next number.
 *
 * The C++ server marks the last message of all by `is_eof` (since 9a0e16f0, May 2025) and then says `Done!`, which is no JSON. The Python
 * one sends one more message after `Done` and closes the connection.
 * Sources: sherpa-onnx, sherpa-onnx/csrc/online-websocket-server-impl.cc (OnMessage, Decode, ProcessConnections),
 * online-recognizer.cc (AsJsonString), python-api-examples/streaming_server.py (handle_connection_impl).
 */
export class SherpaProtocol implements SpeechProtocol {
  readonly sampleRateHz: 8_000 | 16_000;
  readonly chunkMs = 100;
  readonly opening = undefined;
  readonly closing = ['Done'];
  /** The text of each segment, by its number. */
  readonly #segments = new Map<number, string>();
  #hasAnsweredTheEnd = false;

  constructor(sampleRateHz: 8_000 | 16_000) {
    this.sampleRateHz = sampleRateHz;
  }

  encode(samples: Int16Array): Buffer {
    const bytes = Buffer.alloc(4 * samples.length);
    // Full scale is ±1, as in the samples' own reading of wave files (csrc/wave-reader.cc divides by 32768).
    for (let at = 0; at < samples.length; at += 1) bytes.writeFloatLE((samples[at] ?? 0) / 32_768, 4 * at);
    return bytes;
  }

  receive(message: string, isClosingSent: boolean): Over {
    if (message === 'Done!') {
      if (!isClosingSent) throw new NotTheProtocol('it ends an utterance that goes on');
      return 'yes';
    }
    const { segment, is_eof: isEof, ...rest } = jsonObject(message);
    if (typeof segment !== 'number') throw new NotTheProtocol("'segment' is no number");
    this.#segments.set(segment, textOf(rest, 'text'));
    this.#hasAnsweredTheEnd ||= isClosingSent;
    return isClosingSent && isEof === true ? 'yes' : 'no';
  }

  isCompleteAtClose(): boolean {
    return this.#hasAnsweredTheEnd;
  }

  text(): string {
    const inOrder = [...this.#segments].sort(([one], [other]) => one - other);
    return spokenText(inOrder.map(([, text]) => text).join(' '));
  }

  transcripts(): readonly Transcript[] {
    return [{ text: this.text() }];
  }
}
