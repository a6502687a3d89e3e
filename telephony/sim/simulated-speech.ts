import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { RecognitionRequest, Transcript } from '../../engine/ports/recognizer.ts';
import type { Listening, ListenRequest, SpeechEvent, SpeechInput } from '../../engine/ports/speech-input.ts';

/** From the end of the silence that ends an utterance to what was understood. */
const RECOGNITION_MS = 200;
/** A syllable takes about so long; enough to give an utterance a length. */
const LETTER_MS = 180;

interface Listener {
  readonly request: ListenRequest;
  readonly tell: (event: SpeechEvent) => void;
  readonly timers: Set<TimerHandle>;
}

export interface Saying {
  /** How it is understood, when not as it was said: best first. Empty: not at all. */
  readonly heardAs?: readonly Transcript[];
  /** How long it takes to say. Default: by its length. */
  readonly durationMs?: number;
  /** What is told to be understood so far, so long after it began. */
  readonly partials?: readonly { readonly text: string; readonly afterMs: number }[];
}

/** What callers of a simulated switch say, as the engine hears it, in virtual time. */
export class SimulatedSpeech implements SpeechInput {
  readonly #clock: Clock;
  readonly #listeners = new Map<ChannelId, Listener>();
  /** No recogniser can be reached: whoever listens is told so. */
  isDown = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Channels that are listened to; none is left when all verbs are over. */
  get listening(): readonly ChannelId[] {
    return [...this.#listeners.keys()];
  }

  /** What was asked for when listening to a channel began; undefined when nobody listens to it. */
  requestOf(channelId: ChannelId): ListenRequest | undefined {
    return this.#listeners.get(channelId)?.request;
  }

  /** Whether numbers can be taken down, too. */
  knowsNumbers = true;

  knows({ phrases }: RecognitionRequest): boolean {
    return this.knowsNumbers || phrases.length > 0;
  }

  listen(request: ListenRequest, tell: (event: SpeechEvent) => void): Listening {
    const { channelId } = request;
    const listener: Listener = { request, tell, timers: new Set() };
    this.#listeners.set(channelId, listener);
    if (this.isDown) this.#later(listener, 0, () => this.#fail(listener));
    return { stop: () => this.#forget(listener) };
  }

  /** The caller says something now. Nobody hears it where nobody listens. */
  say(channelId: ChannelId, text: string, { heardAs = [{ text }], durationMs = [...text].length * LETTER_MS, partials = [] }: Saying = {}): void {
    const listener = this.#listeners.get(channelId);
    if (listener === undefined) return;
    const { endSilenceMs, maxSpeechMs } = listener.request;
    listener.tell({ type: 'started' });
    for (const { text: soFar, afterMs } of partials) this.#later(listener, afterMs, () => listener.tell({ type: 'partial', text: soFar }));
    this.#later(listener, Math.min(durationMs, maxSpeechMs) + endSilenceMs + RECOGNITION_MS, () => listener.tell({ type: 'final', transcripts: heardAs }));
  }

  /** The recogniser of this call breaks down, in the middle of whatever is said. */
  breakDown(channelId: ChannelId): void {
    const listener = this.#listeners.get(channelId);
    if (listener !== undefined) this.#fail(listener);
  }

  #fail(listener: Listener): void {
    this.#forget(listener);
    listener.tell({ type: 'failed', error: new StrowgerError('speech.unreachable', 'The simulated recogniser is away.') });
  }

  #later(listener: Listener, afterMs: number, act: () => void): void {
    const timer = this.#clock.setTimeout(() => {
      listener.timers.delete(timer);
      act();
    }, afterMs);
    listener.timers.add(timer);
  }

  #forget(listener: Listener): void {
    for (const timer of listener.timers) this.#clock.clearTimeout(timer);
    listener.timers.clear();
    if (this.#listeners.get(listener.request.channelId) === listener) this.#listeners.delete(listener.request.channelId);
  }
}
