import { StrowgerError, type ErrorCode } from '../../../engine/domain/errors.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../../engine/ports/clock.ts';
import type { Recognition, RecognitionSink } from '../../../engine/ports/recognizer.ts';
import { spokenText } from '../spoken-text.ts';
import type { DecoderListener, DecoderProcess } from './decoder-process.ts';

export interface ModelRecognitionOptions {
  readonly name: string;
  readonly decoder: DecoderProcess;
  readonly clock: Clock;
  readonly answerLimitMs: number;
  readonly maxUtteranceMs: number;
}

/** A model decodes some tenths of a second at a time; less a message would only be more messages. */
const CHUNK_SAMPLES = CALL_SAMPLE_RATE_HZ / 10;

/** One utterance in the decoder. The sink is told from its messages and from timers only. */
export class ModelRecognition implements Recognition, DecoderListener {
  readonly #options: ModelRecognitionOptions;
  readonly #sink: RecognitionSink;
  readonly #utterance: number;
  readonly #chunk = new Int16Array(CHUNK_SAMPLES);
  #chunkLength = 0;
  #samplesLeft: number;
  #isEmpty = true;
  #isEnded = false;
  #isOver = false;
  #lastPartial = '';
  #limit: TimerHandle;

  constructor(options: ModelRecognitionOptions, sink: RecognitionSink) {
    this.#options = options;
    this.#sink = sink;
    this.#samplesLeft = Math.round((options.maxUtteranceMs * CALL_SAMPLE_RATE_HZ) / 1000);
    this.#utterance = options.decoder.begin(this);
  }

  write(samples: Int16Array): void {
    if (this.#isOver || this.#isEnded) return;
    const taken = samples.subarray(0, this.#samplesLeft);
    this.#samplesLeft -= taken.length;
    if (taken.length > 0) this.#isEmpty = false;
    for (let from = 0; from < taken.length; ) {
      const piece = taken.subarray(from, from + CHUNK_SAMPLES - this.#chunkLength);
      this.#chunk.set(piece, this.#chunkLength);
      this.#chunkLength += piece.length;
      from += piece.length;
      if (this.#chunkLength === CHUNK_SAMPLES) this.#flush();
    }
  }

  end(): void {
    if (this.#isOver || this.#isEnded) return;
    this.#isEnded = true;
    if (this.#isEmpty) {
      queueMicrotask(() => this.final(''));
      return;
    }
    this.#flush();
    const { clock, decoder, answerLimitMs } = this.#options;
    decoder.end(this.#utterance);
    this.#limit = clock.setTimeout(() => {
      decoder.suspect();
      this.#fail('speech.timeout', `gave no answer within ${answerLimitMs} ms`);
    }, answerLimitMs);
  }

  cancel(): void {
    this.#close();
  }

  partial(text: string): void {
    const spoken = spokenText(text);
    if (this.#isOver || spoken === '' || spoken === this.#lastPartial) return;
    this.#lastPartial = spoken;
    this.#sink.partial(spoken);
  }

  final(text: string): void {
    if (this.#isOver) return;
    this.#close();
    const spoken = spokenText(text);
    this.#sink.final(spoken === '' ? [] : [{ text: spoken }]);
  }

  failed(reason: string): void {
    this.#fail('speech.failed', reason);
  }

  #flush(): void {
    if (this.#chunkLength === 0) return;
    // Written down before it returns (advanced serialization of child_process), so the buffer is free again.
    this.#options.decoder.sound(this.#utterance, this.#chunk.subarray(0, this.#chunkLength));
    this.#chunkLength = 0;
  }

  #fail(code: ErrorCode, what: string): void {
    if (this.#isOver) return;
    this.#close();
    const { name } = this.#options;
    this.#sink.failed(new StrowgerError(code, `Recogniser '${name}' ${what}.`, { fields: { recognizer: name } }));
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.clock.clearTimeout(this.#limit);
    this.#options.decoder.cancel(this.#utterance);
  }
}
