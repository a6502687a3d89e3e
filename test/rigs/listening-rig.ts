import { setImmediate } from 'node:timers/promises';
import type { Language } from '../../engine/domain/language.ts';
import type { ChannelId, NodeId } from '../../engine/domain/ids.ts';
import type { AudioSink, AudioTap, CallAudio } from '../../engine/ports/call-audio.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer } from '../../engine/ports/recognizer.ts';
import type { Listening, ListenRequest, SpeechEvent } from '../../engine/ports/speech-input.ts';
import type { VoiceActivity, VoiceActivityDetector } from '../../engine/ports/voice-activity.ts';
import { SpeechListener } from '../../telephony/listening/speech-listener.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { joined } from './telephone-sounds.ts';

/** The sound of one call, opened and delivered by a test. */
export class ManualCallAudio implements CallAudio {
  sink: AudioSink | undefined;
  /** Taps that are open. */
  openTaps = 0;
  closed = 0;
  /** Called instead of waiting for `opened` or `refused`. */
  onOpen: ((sink: AudioSink) => void) | undefined;
  #answer: { resolve: (tap: AudioTap) => void; reject: (error: unknown) => void } | undefined;

  open(_nodeId: NodeId, _channelId: ChannelId, sink: AudioSink): Promise<AudioTap> {
    this.sink = sink;
    this.onOpen?.(sink);
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
    });
  }

  get asked(): boolean {
    return this.#answer !== undefined;
  }

  async opened(closing: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.openTaps += 1;
    this.#answer?.resolve({
      send: () => undefined,
      flush: () => undefined,
      close: () => {
        this.openTaps -= 1;
        this.closed += 1;
        return closing();
      },
    });
    await setImmediate();
  }

  async refused(error: unknown): Promise<void> {
    this.#answer?.reject(error);
    await setImmediate();
  }
}

/** An utterance as a recogniser got it. */
export interface HeardUtterance extends RecognitionSink {
  readonly request: RecognitionRequest;
  readonly sound: () => Int16Array;
  ended: boolean;
  canceled: boolean;
}

/** A recogniser that says what a test says. */
export class ManualRecognizer implements Recognizer {
  readonly name = 'manual';
  readonly heard: HeardUtterance[] = [];
  understands = true;
  /** Called inside `recognize`. */
  onRecognize: ((sink: RecognitionSink) => void) | undefined;

  knows(): boolean {
    return this.understands;
  }

  recognize(request: RecognitionRequest, sink: RecognitionSink): Recognition {
    const parts: Int16Array[] = [];
    const utterance: HeardUtterance = {
      request,
      sound: () => joined(...parts),
      ended: false,
      canceled: false,
      partial: (text) => sink.partial(text),
      final: (transcripts) => sink.final(transcripts),
      failed: (error) => sink.failed(error),
    };
    this.heard.push(utterance);
    this.onRecognize?.(sink);
    return {
      write: (samples) => void parts.push(samples),
      end: () => {
        utterance.ended = true;
      },
      cancel: () => {
        utterance.canceled = true;
      },
    };
  }
}

/** The louder, the likelier: a sample of 1000 is speech for sure. Windows as long as Silero's. */
export class LoudnessDetector implements VoiceActivityDetector {
  start(): VoiceActivity {
    const windowSamples = 256;
    let kept: Int16Array = new Int16Array(0);
    return {
      windowMs: 32,
      write(samples) {
        kept = joined(kept, samples);
        const likelihoods: number[] = [];
        for (; kept.length >= windowSamples; kept = kept.subarray(windowSamples)) {
          likelihoods.push(Math.min(1, kept.subarray(0, windowSamples).reduce((sum, sample) => sum + Math.abs(sample), 0) / windowSamples / 1_000));
        }
        return likelihoods;
      },
      reset() {
        kept = new Int16Array(0);
      },
    };
  }
}

export interface ListeningRigOptions {
  readonly detector?: VoiceActivityDetector;
  readonly request?: Partial<ListenRequest>;
  /** Called with each event as it is told. */
  readonly onEvent?: (event: SpeechEvent, listening: Listening) => void;
}

/** A listener on a call of which a test is the caller, the switch and the recogniser. */
export class ListeningRig {
  readonly clock = new VirtualClock();
  readonly audio = new ManualCallAudio();
  readonly recognizer = new ManualRecognizer();
  readonly events: SpeechEvent[] = [];
  /** Samples delivered when each event was told. */
  readonly toldAt: number[] = [];
  listening!: Listening;
  #delivered = 0;
  readonly #options: ListeningRigOptions;

  constructor(options: ListeningRigOptions = {}) {
    this.#options = options;
  }

  /** Listens; the sound of the call is asked for, and not open yet. */
  async listen(): Promise<this> {
    const { detector = new LoudnessDetector(), request, onEvent } = this.#options;
    const listener = new SpeechListener({ audio: this.audio, detector, recognizer: this.recognizer, clock: this.clock, log: silentLogger });
    this.listening = listener.listen(
      { nodeId: 'node-1' as NodeId, channelId: 'channel-1' as ChannelId, languages: ['zh-CN'] satisfies Language[], phrases: [], endSilenceMs: 600, maxSpeechMs: 10_000, ...request },
      (event) => {
        this.events.push(event);
        this.toldAt.push(this.#delivered);
        onEvent?.(event, this.listening);
      },
    );
    await setImmediate();
    return this;
  }

  /** Listens, and the sound of the call is open. */
  async opened(): Promise<this> {
    await this.listen();
    await this.audio.opened();
    return this;
  }

  /** The caller is heard: 20 ms a time. No time passes. */
  hear(sound: Int16Array): void {
    for (let at = 0; at < sound.length; at += 160) {
      const packet = sound.subarray(at, at + 160);
      this.#delivered += packet.length;
      this.audio.sink?.audio(packet);
    }
  }

  /** The events in short: their types, with texts. */
  get story(): string[] {
    return this.events.map((event) => {
      if (event.type === 'partial') return `partial ${event.text}`;
      if (event.type === 'final') return `final ${event.transcripts.map(({ text }) => text).join('|')}`;
      return event.type === 'failed' ? `failed ${event.error.code}` : event.type;
    });
  }
}
