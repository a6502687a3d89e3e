import type { StrowgerError } from '../../engine/domain/errors.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer, Transcript } from '../../engine/ports/recognizer.ts';
import type { Asking, RecognizerCircuit } from './recognizer-circuit.ts';

export interface Candidate {
  readonly recognizer: Recognizer;
  readonly circuit: RecognizerCircuit;
}

export interface FallbackRecognitionOptions {
  readonly request: RecognitionRequest;
  readonly sink: RecognitionSink;
  readonly clock: Clock;
  readonly slowMs: number;
  readonly maxSamples: number;
  /** Those that know the request, the best first. */
  readonly candidates: readonly Candidate[];
  /** What to tell when none of them may be asked. */
  readonly nobody: () => StrowgerError;
}

/** One utterance, understood by one recogniser after another until one of them answers. */
export class FallbackRecognition implements Recognition {
  readonly #options: FallbackRecognitionOptions;
  readonly #left: Candidate[];
  /** All that was written, for those that have not been asked. */
  #kept: Int16Array[] = [];
  #samplesLeft: number;
  #current: { readonly asking: Asking; readonly recognition: Recognition } | undefined;
  /** Counts those that were asked: what one says counts while it is its turn. */
  #turn = 0;
  #isEnded = false;
  #isOver = false;
  /** Somebody listened and understood nothing. */
  #wasNothing = false;
  #lastError: StrowgerError | undefined;
  #slow: TimerHandle;

  constructor(options: FallbackRecognitionOptions) {
    this.#options = options;
    this.#left = [...options.candidates];
    this.#samplesLeft = options.maxSamples;
    if (!this.#askNext()) queueMicrotask(() => this.#giveUp());
  }

  write(samples: Int16Array): void {
    if (this.#isOver || this.#isEnded || this.#samplesLeft === 0) return;
    // A copy: what is given may be used anew for the next.
    const taken = samples.slice(0, this.#samplesLeft);
    this.#samplesLeft -= taken.length;
    if (this.#left.length > 0) this.#kept.push(taken);
    this.#current?.recognition.write(taken);
  }

  end(): void {
    if (this.#isOver || this.#isEnded) return;
    this.#isEnded = true;
    if (this.#current === undefined) return;
    this.#watch();
    this.#current.recognition.end();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#close();
    this.#current?.asking.untold();
    this.#current?.recognition.cancel();
  }

  /** Hands the utterance to the next that may be asked. False when there is none; then whoever is asked goes on. */
  #askNext(): boolean {
    const { request, sink } = this.#options;
    for (let next = this.#left.shift(); next !== undefined; next = this.#left.shift()) {
      const asking = next.circuit.enter();
      if (asking === undefined) continue;
      this.#current?.recognition.cancel();
      this.#current = undefined;
      const turn = (this.#turn += 1);
      const isItsTurn = (): boolean => turn === this.#turn && !this.#isOver;
      const recognition = next.recognizer.recognize(request, {
        partial: (text) => {
          if (isItsTurn()) sink.partial(text);
        },
        final: (transcripts) => {
          if (isItsTurn()) this.#final(asking, transcripts);
        },
        failed: (error) => {
          if (isItsTurn()) this.#failed(asking, error);
        },
      });
      // It may have answered already.
      if (!isItsTurn()) return true;
      this.#current = { asking, recognition };
      for (const samples of this.#kept) recognition.write(samples);
      if (this.#left.length === 0) this.#kept = [];
      if (this.#isEnded && isItsTurn()) {
        this.#watch();
        recognition.end();
      }
      return true;
    }
    return false;
  }

  /** Waits for whoever is asked, but not too long. */
  #watch(): void {
    const { clock, slowMs } = this.#options;
    if (this.#left.length > 0 && !this.#isOver) this.#slow = clock.setTimeout(() => this.#tooSlow(), slowMs);
  }

  #tooSlow(): void {
    this.#current?.asking.failed(`no answer within ${this.#options.slowMs} ms`);
    this.#askNext();
  }

  #final(asking: Asking, transcripts: readonly Transcript[]): void {
    asking.worked();
    if (transcripts.length > 0) {
      this.#close();
      this.#options.sink.final(transcripts);
    } else {
      this.#wasNothing = true;
      this.#moveOn();
    }
  }

  #failed(asking: Asking, error: StrowgerError): void {
    asking.failed(error.message);
    this.#lastError = error;
    this.#moveOn();
  }

  #moveOn(): void {
    this.#options.clock.clearTimeout(this.#slow);
    this.#turn += 1;
    this.#current = undefined;
    if (!this.#askNext()) this.#giveUp();
  }

  #giveUp(): void {
    if (this.#isOver) return;
    const { sink, nobody } = this.#options;
    this.#close();
    if (this.#wasNothing) sink.final([]);
    else sink.failed(this.#lastError ?? nobody());
  }

  #close(): void {
    this.#isOver = true;
    this.#kept = [];
    this.#left.length = 0;
    this.#options.clock.clearTimeout(this.#slow);
  }
}
