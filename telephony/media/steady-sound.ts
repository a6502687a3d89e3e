import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = (CALL_SAMPLE_RATE_HZ * FRAME_MS) / 1_000;
const LOOK_MS = 100;
/** So many looks in a row without sound, then it is silence. One alone may be a moment in which this process had no time to read. */
const PATIENCE = 2;

export interface SteadySoundOptions {
  readonly clock: Clock;
  readonly deliver: (samples: Int16Array) => void;
}

/**
 * Sound that does not stop. A phone that sends nothing while its user is silent (RFC 3389, or a telephone on hold) gives nothing to
 * hear, and who listens for the end of a sentence would wait for ever: silence of the same length is put in its place.
 *
 * It counts looks instead of asking the clock: neither a stalled process nor a clock that is set may make silence out of speech.
 */
export class SteadySound {
  readonly #clock: Clock;
  readonly #deliver: (samples: Int16Array) => void;
  #quietLooks = 0;
  #timer: TimerHandle = undefined;

  constructor({ clock, deliver }: SteadySoundOptions) {
    this.#clock = clock;
    this.#deliver = deliver;
  }

  start(): void {
    this.#timer = this.#clock.setTimeout(() => this.#look(), LOOK_MS);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  hear(samples: Int16Array): void {
    this.#quietLooks = 0;
    this.#deliver(samples);
  }

  #look(): void {
    // First, so that who is told can stop it.
    this.start();
    this.#quietLooks += 1;
    if (this.#quietLooks <= PATIENCE) return;
    const missingMs = this.#quietLooks === PATIENCE + 1 ? LOOK_MS * PATIENCE : LOOK_MS;
    for (let ms = 0; ms < missingMs; ms += FRAME_MS) this.#deliver(new Int16Array(FRAME_SAMPLES));
  }
}
