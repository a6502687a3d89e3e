import type { Transcript } from '../../engine/ports/recognizer.ts';
import { jsonObject, NotTheProtocol, s16le, textOf, type Over, type SpeechProtocol } from './speech-protocol.ts';
import { spokenText } from './spoken-text.ts';

const SAMPLE_RATE_HZ = 16_000;
const CHUNK_SIZE = [5, 10, 5] as const;
const CHUNK_INTERVAL = 10;

export interface FunasrProtocolOptions {
  /** What is likely to be said. */
  readonly hotwords: readonly string[];
  /** How much likelier; the documentation's examples have 20 to 30. */
  readonly hotwordWeight: number;
  /** Numbers as digits (inverse text normalisation). */
  readonly itn: boolean;
}

/**
 * FunASR's real-time service in two passes: a fast model while the caller speaks (`2pass-online`, each message the next piece), and a
 * better one over each sentence that its voice activity detector saw end (`2pass-offline`, instead of those pieces).
 *
 * There are two servers. The one of the runtime packages (C++) marks the last message by `is_final`, which may have neither text nor mode.
 * The Python one has `is_final` in every result of the second pass, tells a `spk_name` with it, and says `is_end` when all is done, if asked
 * to. Before 30caaf8e (July 2026) it does not, and may send nothing at all about silence.
 * Sources: FunASR, runtime/docs/websocket_protocol.md; runtime/websocket/bin/websocket-server-2pass.cpp (handle_result, do_decoder,
 * on_message); runtime/python/websocket/funasr_wss_server.py (finish_input, async_asr, async_asr_online).
 */
export class FunasrProtocol implements SpeechProtocol {
  // The Python server passes on what it gets to models of 16 kHz, whatever `audio_fs` says.
  readonly sampleRateHz = SAMPLE_RATE_HZ;
  // Both servers' clients send so much a message, and the Python one counts messages, not samples, to know when a piece is full.
  readonly chunkMs = (60 * CHUNK_SIZE[1]) / CHUNK_INTERVAL;
  readonly opening: string;
  // `is_end` asks the Python server to say when it is done; the other one does not look at it.
  readonly closing = [JSON.stringify({ is_speaking: false, is_end: true })];
  /** Of the second pass. */
  #sentences = '';
  /** Of the first pass, since the last sentence. */
  #pieces = '';
  /** `is_final` does not mean that nothing follows. */
  #isPython = false;

  constructor({ hotwords, hotwordWeight, itn }: FunasrProtocolOptions) {
    this.opening = JSON.stringify({
      mode: '2pass',
      wav_name: 'call',
      wav_format: 'pcm',
      is_speaking: true,
      chunk_size: CHUNK_SIZE,
      chunk_interval: CHUNK_INTERVAL,
      audio_fs: SAMPLE_RATE_HZ,
      // JSON inside a string: on_message() reads `std::string json_string = jsonresult["hotwords"]` and parses that.
      ...(hotwords.length === 0 ? {} : { hotwords: JSON.stringify(Object.fromEntries(hotwords.map((word) => [word, hotwordWeight]))) }),
      itn,
    });
  }

  encode(samples: Int16Array): Buffer {
    return s16le(samples);
  }

  receive(message: string, isClosingSent: boolean): Over {
    const { mode, is_final: isFinal, is_end: isEnd, spk_name: speaker, error, ...rest } = jsonObject(message);
    if (isFinal !== undefined && typeof isFinal !== 'boolean') throw new NotTheProtocol("'is_final' is neither true nor false");
    if (isEnd === true) {
      if (error !== undefined) throw new NotTheProtocol('it reports a failure of its own');
      return isClosingSent ? 'yes' : 'no';
    }
    // The last message of the C++ server has no mode when there was nothing more to say.
    const text = textOf(rest, 'text');
    if (mode === '2pass-offline') {
      this.#sentences = joined(this.#sentences, text);
      this.#pieces = '';
    } else if (mode === '2pass-online') {
      this.#pieces += text;
    } else if (mode !== undefined) {
      throw new NotTheProtocol("its 'mode' is unknown");
    } else if (text !== '') {
      throw new NotTheProtocol("it has text and no 'mode'");
    }
    // The C++ server calls nothing final before the end.
    this.#isPython ||= speaker !== undefined || (isFinal === true && !isClosingSent);
    if (!isClosingSent) return 'no';
    if (isFinal === true && mode !== '2pass-online' && !this.#isPython) return 'yes';
    return isFinal === true || mode === '2pass-offline' ? 'perhaps' : 'no';
  }

  isCompleteAtClose(): boolean {
    return false;
  }

  text(): string {
    return spokenText(joined(this.#sentences, this.#pieces));
  }

  transcripts(): readonly Transcript[] {
    return [{ text: this.text() }];
  }
}

/** Words of alphabets need a space between sentences; Chinese loses it again. */
function joined(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first} ${second}`;
}
