import { StrowgerError } from '../../engine/domain/errors.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer } from '../../engine/ports/recognizer.ts';
import { FallbackRecognition, type Candidate } from './fallback-recognition.ts';
import { RecognizerCircuit, type CircuitFigures } from './recognizer-circuit.ts';

export interface FallbackRecognizerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The best first. */
  readonly recognizers: readonly Recognizer[];
  readonly name?: string;
  /** One that needs longer than this after the end of an utterance is not waited for, if there is another. Default 1500. */
  readonly slowMs?: number;
  /** One that failed so often in a row is left alone. Default 3. */
  readonly failures?: number;
  /** So long. Default 30 000. */
  readonly restMs?: number;
  /** What an utterance has beyond this is cut off. Default 60 000. */
  readonly maxUtteranceMs?: number;
}

/**
 * Several recognisers as one. The first that knows a request is asked; when it fails, is too slow, or rests because it failed before, the
 * next that knows it gets the same utterance from its beginning.
 *
 * One that answers that it understood nothing has worked; still the next is asked, if there is one, for a caller who is understood late is
 * better off than one who must say it again. What the last of them said counts, unless it failed: then nothing was understood.
 */
export class FallbackRecognizer implements Recognizer {
  readonly name: string;
  readonly #clock: Clock;
  readonly #slowMs: number;
  readonly #maxSamples: number;
  readonly #candidates: readonly Candidate[];

  constructor({
    clock,
    logger,
    recognizers,
    name = recognizers.map((recognizer) => recognizer.name).join(', '),
    slowMs = 1_500,
    failures = 3,
    restMs = 30_000,
    maxUtteranceMs = 60_000,
  }: FallbackRecognizerOptions) {
    this.name = name;
    this.#clock = clock;
    this.#slowMs = slowMs;
    this.#maxSamples = Math.round((maxUtteranceMs * CALL_SAMPLE_RATE_HZ) / 1000);
    this.#candidates = recognizers.map((recognizer, place) => {
      // Two servers of a kind have one name: the health and the figures of one would hide those of the other.
      const before = recognizers.slice(0, place).filter((one) => one.name === recognizer.name).length;
      const name = before === 0 ? recognizer.name : `${recognizer.name}-${before + 1}`;
      return { recognizer, circuit: new RecognizerCircuit({ recognizer: name, clock, logger, failures, restMs }) };
    });
  }

  /** How each of them has done. */
  get figures(): readonly CircuitFigures[] {
    return this.#candidates.map(({ circuit }) => circuit.figures);
  }

  knows(request: RecognitionRequest): boolean {
    return this.#candidates.some(({ recognizer }) => recognizer.knows(request));
  }

  recognize(request: RecognitionRequest, sink: RecognitionSink): Recognition {
    return new FallbackRecognition({
      request,
      sink,
      clock: this.#clock,
      slowMs: this.#slowMs,
      maxSamples: this.#maxSamples,
      candidates: this.#candidates.filter(({ recognizer }) => recognizer.knows(request)),
      nobody: () =>
        new StrowgerError('speech.unreachable', `No recogniser of '${this.name}' can be asked: each failed too often, or does not know the language.`, {
          fields: { recognizer: this.name },
        }),
    });
  }
}
