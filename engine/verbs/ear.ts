import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import type { Digit } from '../domain/digits.ts';
import type { StrowgerError } from '../domain/errors.ts';
import { LANGUAGES } from '../domain/language.ts';
import type { EarlyMatch } from '../navigation/early-match.ts';
import type { Listening, ListenRequest } from '../ports/speech-input.ts';
import type { Transcript } from '../ports/recognizer.ts';
import type { VerbContext } from './verb-context.ts';

/** What a caller did: whichever came first. */
export type Answer =
  | { readonly by: 'key'; readonly digit: Digit }
  | { readonly by: 'voice'; readonly transcripts: readonly Transcript[] }
  | { readonly by: 'silence' };

/** A recogniser has its own time limits; this one is for one that keeps none of them. */
const ANSWER_LIMIT_MS = 10_000;

export interface EarOptions {
  /** The key of the prompt that asks, for events. */
  readonly prompt: string;
  /** What may be said; undefined: keys only. */
  readonly heard: Pick<ListenRequest, 'phrases' | 'endSilenceMs' | 'maxSpeechMs'> | undefined;
  /** What is all that there is to say is taken without waiting for the silence behind it. */
  readonly isWhole?: EarlyMatch | undefined;
}

/** Hears keys and words. The same as keys alone while nobody can listen. */
export class Ear {
  readonly #context: VerbContext;
  readonly #cancel: CancelSignal;
  readonly #prompt: string;
  readonly #patienceMs: number;
  #listening: Listening | undefined;
  /** Set while something is being said, which is lost when somebody else begins to listen; to be called at its end. */
  #speaks: (() => void) | undefined;
  /** What is being said does not count: it began where it could not be an answer, in a prompt that is to be heard or while keys are typed. */
  #ignores = false;
  /** What is being said has been taken already; its end tells nothing new. */
  #taken = false;
  /** Said before anybody waited for it. */
  #said: readonly Transcript[] | undefined;
  #onVoice: (() => void) | undefined;
  #onSaid: ((transcripts: readonly Transcript[]) => void) | undefined;

  /** Call `close` when the verb is over; a cancelled one closes by itself. */
  constructor(context: VerbContext, cancel: CancelSignal, { prompt, heard, isWhole = () => false }: EarOptions) {
    const { voice, language } = context;
    this.#context = context;
    this.#cancel = cancel;
    this.#prompt = prompt;
    this.#patienceMs = (heard?.maxSpeechMs ?? 0) + ANSWER_LIMIT_MS;
    if (heard === undefined || voice === undefined || cancel.cancelled) return;
    // The language in which the caller is asked is the one in which most will answer.
    if (!voice.knows({ phrases: heard.phrases, languages: [language] })) return;
    this.#listening = voice.listen({ ...heard, languages: [language, ...LANGUAGES.filter((other) => other !== language)] }, (event) => {
      switch (event.type) {
        case 'started':
          this.#speaks?.();
          this.#speaks = context.delicate(cancel);
          this.#taken = false;
          this.#said = undefined;
          this.#ignores = this.#onVoice === undefined && this.#onSaid === undefined;
          this.#onVoice?.();
          break;
        case 'partial':
          if (!this.#isHeard || !isWhole(event.text)) break;
          this.#finished([{ text: event.text }]);
          this.#taken = true;
          break;
        case 'final':
          if (!this.#taken) this.#finished(event.transcripts);
          this.#taken = false;
          break;
        case 'failed':
          this.#failed(event.error);
          break;
      }
    });
    cancel.onCancel(() => this.close());
  }

  /** Whether words are heard. */
  get listens(): boolean {
    return this.#listening !== undefined;
  }

  /** Plays something that a key or a word cuts short, if `bargeIn`; what is said into anything else is no answer. */
  async play(what: () => Promise<unknown>, bargeIn: boolean): Promise<void> {
    if (bargeIn && (this.#isHeard || this.#said !== undefined)) return;
    this.#onVoice = () => {
      if (bargeIn) this.#context.player.stop();
      else this.#ignores = true;
    };
    if (!bargeIn && this.#speaks) this.#ignores = true;
    try {
      await what();
    } finally {
      this.#onVoice = undefined;
    }
  }

  /** The next key or utterance. `timeoutMs` is for its begin: who has begun to speak may finish. Never settles once cancelled. */
  next(timeoutMs: number): Promise<Answer> {
    const { digits } = this.#context;
    const said = this.#said;
    this.#said = undefined;
    if (said !== undefined) return Promise.resolve({ by: 'voice', transcripts: said });
    return new Promise((resolve) => {
      const waiting = new Cancellation();
      const forget = this.#cancel.onCancel(() => waiting.cancel());
      const settle = (answer: Answer): void => {
        this.#onSaid = undefined;
        waiting.cancel();
        forget();
        resolve(answer);
      };
      const waitForKey = async (): Promise<void> => {
        let digit = await digits.next(timeoutMs, waiting);
        if (digit === undefined && this.#isHeard) digit = await digits.next(this.#patienceMs, waiting);
        if (digit === undefined) return settle({ by: 'silence' });
        this.#ignores = this.#speaks !== undefined;
        settle({ by: 'key', digit });
      };
      this.#onSaid = (transcripts) => settle({ by: 'voice', transcripts });
      void waitForKey();
    });
  }

  /** Words are not heard any more. */
  close(): void {
    this.#listening?.stop();
    this.#listening = undefined;
    this.#silent();
    this.#said = undefined;
  }

  get #isHeard(): boolean {
    return this.#speaks !== undefined && !this.#ignores;
  }

  #silent(): void {
    this.#speaks?.();
    this.#speaks = undefined;
  }

  #finished(transcripts: readonly Transcript[]): void {
    const counts = !this.#ignores;
    this.#silent();
    this.#ignores = false;
    if (!counts) return;
    if (this.#onSaid !== undefined) this.#onSaid(transcripts);
    else this.#said = transcripts;
  }

  #failed(error: StrowgerError): void {
    const wasHeard = this.#isHeard;
    this.#listening = undefined;
    this.#silent();
    this.#ignores = false;
    this.#context.announce({ type: 'speech.failed', prompt: this.#prompt, code: error.code });
    // Whoever was speaking has tried; the time for a key goes on for everybody else.
    if (wasHeard) this.#onSaid?.([]);
  }
}
