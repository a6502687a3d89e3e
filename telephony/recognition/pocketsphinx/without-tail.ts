const FRAME = 80;
/** So much softer than the loudest moment of an utterance is no speech. */
const SOFTER_DB = 35;
const SOFTER = 10 ** (-SOFTER_DB / 10);
/** So much of the silence behind the last sound stays. */
const KEPT_SAMPLES = 1_000;

/**
 * An utterance as it comes, without most of the silence that tells its end. The decoder levels what it hears by the mean of all of it: with 700 ms of
 * a quiet line behind each of 50 words by a person 41 are found, with 125 ms 45 (docs/speech-commands.md). In noise there is no silence, and nothing is left out.
 */
export class WithoutTail {
  #loudest = 0;
  /** Less than a frame. */
  #rest: Int16Array = new Int16Array();
  /** What may be the silence behind the utterance. */
  #quiet: Int16Array = new Int16Array();

  /** Of this and what was held back, what is to be heard: silence is held back until there is something behind it. */
  write(samples: Int16Array): Int16Array {
    const all = joined(this.#rest, samples);
    const whole = all.length - (all.length % FRAME);
    this.#rest = all.slice(whole);
    let soundEnds = 0;
    for (let at = 0; at < whole; at += FRAME) {
      const energy = all.subarray(at, at + FRAME).reduce((sum, sample) => sum + sample * sample, 0);
      this.#loudest = Math.max(this.#loudest, energy);
      if (energy >= this.#loudest * SOFTER) soundEnds = at + FRAME;
    }
    const heard = soundEnds === 0 ? new Int16Array() : joined(this.#quiet, all.subarray(0, soundEnds));
    this.#quiet = soundEnds === 0 ? joined(this.#quiet, all.subarray(0, whole)) : all.slice(soundEnds, whole);
    return heard;
  }

  /** The last of it. */
  end(): Int16Array {
    return joined(this.#quiet, this.#rest).subarray(0, KEPT_SAMPLES);
  }
}

function joined(one: Int16Array, other: Int16Array): Int16Array {
  const both = new Int16Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
