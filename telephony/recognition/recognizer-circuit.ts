import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';

export interface CircuitOptions {
  readonly recognizer: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many failures in a row, and it is left alone. */
  readonly failures: number;
  /** For so long; then one utterance tries it. */
  readonly restMs: number;
}

/** How a recogniser has done. */
export interface CircuitFigures {
  readonly recognizer: string;
  /** Utterances that it was asked about. */
  readonly asked: number;
  /** Those that it did not answer, or not in time. */
  readonly failed: number;
  /** It failed so often in a row that it is left alone. */
  readonly open: boolean;
}

/** One utterance that a recogniser was asked about. One of these follows, at most once; `worked` may come late, after `failed`. */
export interface Asking {
  /** It answered. */
  worked(): void;
  failed(reason: string): void;
  /** Nobody waited for its answer. */
  untold(): void;
}

/**
 * Whether a recogniser is worth asking: callers must not wait, one after another, for one that is down. Not cockatiel, which our HTTP client
 * uses: its breaker takes its time from the machine, not from a clock that is given, and runs promises, where a recognition has a sink.
 */
export class RecognizerCircuit {
  readonly #options: CircuitOptions;
  #failures = 0;
  #restsUntil: number | undefined;
  /** The one utterance that tries whether it is back. */
  #trial: Asking | undefined;
  #asked = 0;
  #failedInAll = 0;

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  /** Since the process began, and whether it is left alone now. */
  get figures(): CircuitFigures {
    return { recognizer: this.#options.recognizer, asked: this.#asked, failed: this.#failedInAll, open: this.#restsUntil !== undefined };
  }

  /** Undefined while it rests. */
  enter(): Asking | undefined {
    if (this.#restsUntil !== undefined && (this.#trial !== undefined || this.#options.clock.now() < this.#restsUntil)) return undefined;
    this.#asked += 1;
    let isTold = false;
    const asking: Asking = {
      worked: () => this.#worked(),
      failed: (reason) => {
        if (!isTold) this.#failed(asking, reason);
        isTold = true;
      },
      untold: () => {
        if (this.#trial === asking) this.#trial = undefined;
      },
    };
    if (this.#restsUntil !== undefined) this.#trial = asking;
    return asking;
  }

  #worked(): void {
    const { recognizer, logger } = this.#options;
    if (this.#restsUntil !== undefined) logger.info({ recognizer }, 'recogniser is back');
    this.#failures = 0;
    this.#restsUntil = undefined;
    this.#trial = undefined;
  }

  #failed(asking: Asking, reason: string): void {
    const { recognizer, clock, logger, failures, restMs } = this.#options;
    this.#failures += 1;
    this.#failedInAll += 1;
    if (this.#restsUntil === undefined) {
      if (this.#failures < failures) return;
      logger.warn({ recognizer, failures: this.#failures, restMs, reason }, 'recogniser is left alone for a while');
    } else if (this.#trial !== asking) {
      // It was asked before it was left alone: nothing new.
      return;
    }
    this.#restsUntil = clock.now() + restMs;
    this.#trial = undefined;
  }
}
