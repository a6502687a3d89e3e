/** When likelihoods of windows make an utterance. Figures behind the defaults: docs/speech-detection.md. */
export interface EndpointRules {
  /** From this likelihood a window counts as speech before an utterance has begun. */
  readonly beginLikelihood: number;
  /** From this likelihood it counts twice: what is surely a voice need not be waited for as long. */
  readonly sureLikelihood: number;
  /** Below this one it counts as silence once an utterance has begun: between the two, speech that fades goes on. */
  readonly endLikelihood: number;
  /** So much speech within `spanMs` begins an utterance; less is a cough or a click. */
  readonly leastSpeechMs: number;
  readonly spanMs: number;
  /** So long a silence ends it. */
  readonly endSilenceMs: number;
  /** What is longer than this, from its begin, is cut. */
  readonly maxSpeechMs: number;
}

// Noise and tones never reach 0.3. Silero's own 0.5 takes music for speech four times in 18 minutes instead of six, and misses
// 4 of 60 soft words instead of 2. Six windows are the fewest of 180 ms: shorter ones are coughs.
// Three that are surely a voice will do: 64 ms sooner, and not one false start more in 18 minutes of songs.
export const ENDPOINT_DEFAULTS = {
  beginLikelihood: 0.4,
  endLikelihood: 0.25,
  leastSpeechMs: 180,
  sureLikelihood: 0.9,
  spanMs: 320,
} as const satisfies Partial<EndpointRules>;

/** Windows that a sure one counts for. */
const SURE = 2;

/** What a window brought. `began`: the speech that counts started `sinceMs` before the end of this window. */
export type Endpoint = { readonly type: 'began'; readonly sinceMs: number } | { readonly type: 'ended' } | { readonly type: 'cut' };

/**
 *            enough speech within the span            silence as long as asked for
 *   quiet ────────────────────────────────▶ speaking ─────────────────────────────▶ quiet
 *     ▲                                        │ longer than allowed
 *     └──────────── as long a silence ──────── over
 */
type Phase = 'quiet' | 'speaking' | 'over';

/** Finds where utterances begin and end, by sound alone: no clock. One for each call. */
export class Endpointer {
  readonly #rules: EndpointRules;
  readonly #windowMs: number;
  #phase: Phase = 'quiet';
  /** How much each of the last windows counts as speech, oldest first; none from before the last end. */
  #recent: number[] = [];
  #silentMs = 0;
  #spokenMs = 0;

  constructor(rules: EndpointRules, windowMs: number) {
    this.#rules = rules;
    this.#windowMs = windowMs;
  }

  get speaking(): boolean {
    return this.#phase === 'speaking';
  }

  /** Takes the likelihood of the next window. */
  hear(likelihood: number): Endpoint | undefined {
    return this.#phase === 'quiet' ? this.#awaitSpeech(likelihood) : this.#awaitSilence(likelihood);
  }

  /** The sound has stopped: what was said is over, as after a long silence. */
  stop(): void {
    this.#enter('quiet');
  }

  #awaitSpeech(likelihood: number): Endpoint | undefined {
    const { beginLikelihood, sureLikelihood, leastSpeechMs, spanMs } = this.#rules;
    this.#recent.push(likelihood >= sureLikelihood ? SURE : likelihood >= beginLikelihood ? 1 : 0);
    if (this.#recent.length * this.#windowMs > spanMs) this.#recent.shift();
    const spoken = this.#recent.reduce((sum, counts) => sum + counts, 0) * this.#windowMs;
    if (spoken < leastSpeechMs) return undefined;
    const sinceMs = (this.#recent.length - this.#recent.findIndex((counts) => counts > 0)) * this.#windowMs;
    this.#enter('speaking');
    this.#spokenMs = sinceMs;
    return { type: 'began', sinceMs };
  }

  #awaitSilence(likelihood: number): Endpoint | undefined {
    const { endLikelihood, endSilenceMs, maxSpeechMs } = this.#rules;
    this.#silentMs = likelihood < endLikelihood ? this.#silentMs + this.#windowMs : 0;
    this.#spokenMs += this.#windowMs;
    if (this.#silentMs >= endSilenceMs) {
      const wasSpeaking = this.speaking;
      this.#enter('quiet');
      return wasSpeaking ? { type: 'ended' } : undefined;
    }
    if (this.speaking && this.#spokenMs >= maxSpeechMs) {
      this.#enter('over');
      return { type: 'cut' };
    }
    return undefined;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#recent = [];
    this.#silentMs = 0;
    this.#spokenMs = 0;
  }
}
