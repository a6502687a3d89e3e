import type { LimitFunction } from 'p-limit';
import { messageOf, StrowgerError, type ErrorCode } from '../../../engine/domain/errors.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../../engine/ports/clock.ts';
import type { Recognition, RecognitionSink, Transcript } from '../../../engine/ports/recognizer.ts';
import type { Upsampler } from '../upsampler.ts';
import type { DecoderProgram, ProgramEnd } from './decoder-program.ts';
import { type Decoding, parseDecoding } from './decoding.ts';
import { WithoutTail } from './without-tail.ts';

/** What one utterance is recognised with. */
export interface CommandRecognitionParts {
  readonly name: string;
  /** Finds the command. */
  readonly commands: DecoderProgram;
  /** Finds how well any sounds would fit. */
  readonly free: DecoderProgram;
  readonly upsampler: Upsampler | undefined;
  readonly clock: Clock;
  /** So many utterances are decoded at a time, in the order of their ends. */
  readonly turns: LimitFunction;
  /** From the end of the utterance until all is answered. */
  readonly answerLimitMs: number;
  /** What an utterance has beyond this is cut off. */
  readonly maxUtteranceMs: number;
  /** What to tell. `free` is absent when no command fits at all. */
  decide(commands: Decoding, free: Decoding | undefined): readonly Transcript[];
}

// Shorter than any word, and less than the decoder's features need.
const LEAST_MS = 100;

/** One utterance by two programs that read it side by side. The sink is told from events only, never from inside a call of its user. */
export class CommandRecognition implements Recognition {
  readonly #parts: CommandRecognitionParts;
  readonly #sink: RecognitionSink;
  readonly #leastLeft: number;
  readonly #tail = new WithoutTail();
  #samplesLeft: number;
  #isEnded = false;
  #isOver = false;
  #limit: TimerHandle;

  constructor(parts: CommandRecognitionParts, sink: RecognitionSink) {
    this.#parts = parts;
    this.#sink = sink;
    this.#samplesLeft = samplesIn(parts.maxUtteranceMs);
    this.#leastLeft = this.#samplesLeft - samplesIn(LEAST_MS);
    void this.#listen();
  }

  write(samples: Int16Array): void {
    if (this.#isEnded || this.#isOver) return;
    const taken = samples.subarray(0, this.#samplesLeft);
    this.#samplesLeft -= taken.length;
    this.#feed(this.#tail.write(taken));
  }

  end(): void {
    if (this.#isEnded || this.#isOver) return;
    this.#isEnded = true;
    if (this.#samplesLeft > this.#leastLeft) {
      this.#killAll();
      return;
    }
    this.#feed(this.#tail.end());
    const rest = this.#parts.upsampler?.end();
    if (rest !== undefined) this.#decode(rest);
    const { commands, free, answerLimitMs, clock, turns } = this.#parts;
    void turns(async () => {
      // The programs decode from here on. Those of an utterance that was given up meanwhile have ended, and take no time.
      commands.end();
      free.end();
      await Promise.all([commands.ended, free.ended]);
    });
    this.#limit = clock.setTimeout(() => this.#fail('speech.timeout', `did not answer within ${answerLimitMs} ms`), answerLimitMs);
  }

  cancel(): void {
    this.#finish();
  }

  async #listen(): Promise<void> {
    const { commands, free } = this.#parts;
    // Whichever ends badly ends it all, also in the middle of the utterance.
    void free.ended.then((end) => this.#check(end));
    const found = this.#check(await commands.ended);
    if (this.#isOver) return;
    if (found === undefined) return this.#tell([]);
    const loop = found.segments.length === 0 ? undefined : this.#check(await free.ended);
    if (!this.#isOver) this.#tell(this.#parts.decide(found, loop));
  }

  /** What a program made of the utterance; `undefined` when it was stopped because there is none, or failed. */
  #check(end: ProgramEnd): Decoding | undefined {
    if (this.#isOver || this.#isTooShort) return undefined;
    if (!end.ok) return this.#fail('speech.failed', end.reason);
    if (!this.#isEnded) return this.#fail('speech.failed', 'ended before the utterance did');
    try {
      return parseDecoding(end.stdout, end.stderr);
    } catch (cause) {
      return this.#fail('speech.failed', `was not understood: ${messageOf(cause)}`, cause);
    }
  }

  get #isTooShort(): boolean {
    return this.#isEnded && this.#samplesLeft > this.#leastLeft;
  }

  #feed(samples: Int16Array): void {
    this.#decode(this.#parts.upsampler?.write(samples) ?? samples);
  }

  #decode(samples: Int16Array): void {
    if (samples.length === 0) return;
    this.#parts.commands.write(samples);
    this.#parts.free.write(samples);
  }

  #tell(transcripts: readonly Transcript[]): void {
    this.#finish();
    this.#sink.final(transcripts);
  }

  #fail(code: ErrorCode, what: string, cause?: unknown): undefined {
    if (this.#isOver) return;
    this.#finish();
    const { name } = this.#parts;
    this.#sink.failed(new StrowgerError(code, `The recogniser ${name} ${what}.`, { cause, fields: { recognizer: name } }));
  }

  #finish(): void {
    this.#isOver = true;
    this.#parts.clock.clearTimeout(this.#limit);
    this.#killAll();
  }

  #killAll(): void {
    this.#parts.commands.kill();
    this.#parts.free.kill();
  }
}

function samplesIn(ms: number): number {
  return Math.round((ms * CALL_SAMPLE_RATE_HZ) / 1000);
}
