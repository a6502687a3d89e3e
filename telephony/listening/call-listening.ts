import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import { type AudioSink, type AudioTap, CALL_SAMPLE_RATE_HZ, type CallAudio } from '../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Recognizer } from '../../engine/ports/recognizer.ts';
import type { Listening, ListenRequest, SpeechEvent } from '../../engine/ports/speech-input.ts';
import type { VoiceActivity, VoiceActivityDetector } from '../../engine/ports/voice-activity.ts';
import { ENDPOINT_DEFAULTS, type Endpoint, Endpointer } from './endpointer.ts';
import { RecentSound } from './recent-sound.ts';
import type { Utterance } from './utterance.ts';
import { UtteranceOrder } from './utterance-order.ts';

export interface ListeningParts {
  readonly audio: CallAudio;
  readonly detector: VoiceActivityDetector;
  readonly recognizer: Recognizer;
  readonly clock: Clock;
  readonly log: Logger;
}

// Soft beginnings (h, sh, f) come before the first window that counts as speech, and recognisers want to hear some silence.
const PRE_ROLL_MS = 300;
// Longer pieces are cut up, so that an utterance ends close to where it ended, however sound is delivered.
const PIECE_SAMPLES = 160;

/** Listens to one call, from `open` until `stop` or the first failure. Then nothing is left: no tap, no recognition, no timer. */
export class CallListening implements Listening, AudioSink {
  readonly #parts: ListeningParts;
  readonly #request: ListenRequest;
  readonly #tell: (event: SpeechEvent) => void;
  readonly #ear: VoiceActivity;
  readonly #endpointer: Endpointer;
  readonly #recent: RecentSound;
  readonly #order: UtteranceOrder;
  #tap: AudioTap | undefined;
  /** What the caller is saying. */
  #utterance: Utterance | undefined;
  #closed = false;
  #stallTimer: TimerHandle;
  #heardSinceTick = false;

  constructor(parts: ListeningParts, request: ListenRequest, tell: (event: SpeechEvent) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#tell = tell;
    this.#ear = parts.detector.start();
    const { endSilenceMs, maxSpeechMs } = request;
    this.#endpointer = new Endpointer({ ...ENDPOINT_DEFAULTS, endSilenceMs, maxSpeechMs }, this.#ear.windowMs);
    this.#recent = new RecentSound(samplesIn(PRE_ROLL_MS + ENDPOINT_DEFAULTS.spanMs + this.#ear.windowMs));
    this.#order = new UtteranceOrder((event) => this.#pass(event));
  }

  /** Opens the sound of the call. Resolves when that is done, one way or the other; never rejects. */
  async open(): Promise<void> {
    const { nodeId, channelId } = this.#request;
    // Nothing is told from inside `listen`, whatever the parts do at once.
    await Promise.resolve();
    if (this.#closed) return;
    try {
      const { recognizer, audio } = this.#parts;
      if (!recognizer.knows(this.#request)) throw new StrowgerError('speech.failed', `The recogniser ${recognizer.name} does not understand ${this.#request.languages.join(', ')} here.`);
      const tap = await audio.open(nodeId, channelId, this);
      if (this.#closed) await this.#closeTap(tap);
      else this.#tap = tap;
    } catch (error) {
      this.#fail(asStrowgerError(error, 'The sound of the call cannot be had.'));
    }
  }

  /** Nothing is told any more. */
  stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#utterance = undefined;
    this.#watchStall(false);
    if (this.#tap !== undefined) void this.#closeTap(this.#tap);
    this.#order.cancel();
  }

  audio(samples: Int16Array): void {
    try {
      for (let at = 0; at < samples.length && !this.#closed; at += PIECE_SAMPLES) this.#hear(samples.subarray(at, at + PIECE_SAMPLES));
    } catch (error) {
      this.#fail(asStrowgerError(error, 'What the caller says cannot be worked on.'));
    }
  }

  ended(reason: string): void {
    this.#fail(new StrowgerError('switch.gone', `The sound of the call has ended: ${reason}`, { fields: { reason } }));
  }

  #hear(samples: Int16Array): void {
    this.#heardSinceTick = true;
    if (this.#endpointer.speaking) this.#utterance?.write(samples);
    else this.#recent.push(samples);
    for (const likelihood of this.#ear.write(samples)) {
      const endpoint = this.#endpointer.hear(likelihood);
      if (endpoint !== undefined) this.#at(endpoint);
    }
  }

  #at(endpoint: Endpoint): void {
    if (endpoint.type === 'began') {
      this.#begin(endpoint.sinceMs);
      return;
    }
    if (endpoint.type === 'cut') this.#parts.log.debug({ channelId: this.#request.channelId, maxSpeechMs: this.#request.maxSpeechMs }, 'utterance cut');
    this.#end();
  }

  #begin(sinceMs: number): void {
    const { recognizer } = this.#parts;
    // The window may have ended before what was delivered last.
    const sound = this.#recent.take(samplesIn(sinceMs + PRE_ROLL_MS + this.#ear.windowMs));
    const utterance = this.#order.add();
    // `started` may have made the engine stop.
    if (this.#closed) return;
    this.#utterance = utterance;
    this.#watchStall(true);
    utterance.begin((sink) => recognizer.recognize(this.#request, sink), sound);
  }

  #end(): void {
    const utterance = this.#utterance;
    this.#utterance = undefined;
    this.#watchStall(false);
    utterance?.end();
  }

  /**
   * Some gateways send nothing while the caller is silent, and networks break: sound that stays away as long as the silence
   * that ends an utterance ends it too.
   */
  #watchStall(watch: boolean): void {
    const { clock } = this.#parts;
    clock.clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    if (!watch || this.#closed) return;
    this.#heardSinceTick = false;
    this.#stallTimer = clock.setTimeout(() => {
      if (this.#heardSinceTick) {
        this.#watchStall(true);
        return;
      }
      this.#endpointer.stop();
      this.#ear.reset();
      this.#end();
    }, this.#request.endSilenceMs);
  }

  #pass(event: SpeechEvent): void {
    if (event.type === 'failed') this.#fail(event.error);
    else if (!this.#closed) this.#tell(event);
  }

  #fail(error: StrowgerError): void {
    if (this.#closed) return;
    this.stop();
    this.#tell({ type: 'failed', error });
  }

  async #closeTap(tap: AudioTap): Promise<void> {
    try {
      await tap.close();
    } catch (error) {
      this.#parts.log.warn({ channelId: this.#request.channelId, error: messageOf(error) }, 'sound of the call not closed');
    }
  }
}

function samplesIn(ms: number): number {
  return Math.ceil((ms * CALL_SAMPLE_RATE_HZ) / 1_000);
}

function asStrowgerError(error: unknown, message: string): StrowgerError {
  return error instanceof StrowgerError ? error : new StrowgerError('speech.failed', message, { cause: error });
}
