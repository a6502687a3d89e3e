import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import type { Recognition, RecognitionRequest, Recognizer } from '../../../engine/ports/recognizer.ts';
import { RecordingSink, type RecognitionEnd } from './recording-sink.ts';

export interface Spoken {
  /** At the rate of calls; a second or more. */
  readonly samples: Int16Array;
  /** What is understood. */
  readonly text: string;
}

/** A recogniser with all that it needs, ready to listen. */
export interface RecognizerRig {
  readonly recognizer: Recognizer;
  /** What it knows; both utterances below are understood by it. */
  readonly request: RecognitionRequest;
  /** Something that it does not know, e.g. a language. */
  readonly unknownRequest: RecognitionRequest;
  readonly spoken: readonly [Spoken, Spoken];
  /** Whether it tells what it understood while an utterance goes on. */
  readonly tellsPartials: boolean;
  /** The same where it cannot work: no server, no program. */
  away(): Recognizer | Promise<Recognizer>;
  /** The sound of each utterance so far as it arrived, for recognisers that send it away. */
  arrived?(): readonly { readonly samples: Int16Array; readonly sampleRateHz: number }[];
  /** What is still open once all has come to rest: sockets, timers, programs. */
  leftovers(): Promise<readonly string[]>;
  /** Rejects when anything went wrong that the tests could not see. */
  close(): Promise<void>;
}

const FRAME_SAMPLES = CALL_SAMPLE_RATE_HZ / 50;

/** Writes sound as calls give it, 20 ms a time, each time in the same buffer. */
export function speak(recognition: Recognition, samples: Int16Array): void {
  const frame = new Int16Array(FRAME_SAMPLES);
  for (let from = 0; from < samples.length; from += FRAME_SAMPLES) {
    const piece = samples.subarray(from, from + FRAME_SAMPLES);
    frame.set(piece);
    recognition.write(frame.subarray(0, piece.length));
  }
}

/** The best text of an end, '' when nothing was understood. Throws what failed. */
export function understood(end: RecognitionEnd): string {
  if ('error' in end) throw end.error;
  return end.transcripts[0]?.text ?? '';
}

/** What every recogniser must do, whatever is behind it. `sends`: its rig knows what sound arrived; not for one that works in this process. */
export function recognizerContract(name: string, makeRig: () => Promise<RecognizerRig>, { sends = true }: { readonly sends?: boolean } = {}): void {
  describe(`${name}, as a recogniser`, () => {
    let rig: RecognizerRig;
    const begin = (recognizer = rig.recognizer): { recognition: Recognition; sink: RecordingSink } => {
      const sink = new RecordingSink();
      return { recognition: recognizer.recognize(rig.request, sink), sink };
    };
    /** Nothing may come any more, and nothing be left. */
    const atRest = async (): Promise<void> => {
      expect(await rig.leftovers()).toEqual([]);
      await setImmediate();
    };

    beforeEach(async () => {
      rig = await makeRig();
    });
    afterEach(() => rig.close());

    it('says what it knows', () => {
      expect(rig.recognizer.name).not.toBe('');
      expect(rig.recognizer.knows(rig.request)).toBe(true);
      expect(rig.recognizer.knows(rig.unknownRequest)).toBe(false);
    });

    it('understands, and ends once', async () => {
      for (const { samples, text } of rig.spoken) {
        const { recognition, sink } = begin();
        speak(recognition, samples);
        recognition.end();
        expect(understood(await sink.end)).toBe(text);
        await atRest();
        expect(sink.ends).toHaveLength(1);
        for (const { confidence = 0 } of (sink.ends[0] as { transcripts: readonly { confidence?: number }[] }).transcripts) {
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }
    });

    it('tells what it has understood so far, each time something new', async () => {
      const [{ samples, text }] = rig.spoken;
      const { recognition, sink } = begin();
      speak(recognition, samples);
      if (rig.tellsPartials) await sink.firstPartial;
      recognition.end();
      expect(understood(await sink.end)).toBe(text);
      await atRest();
      if (rig.tellsPartials) expect(sink.partials.length).toBeGreaterThan(0);
      sink.partials.forEach((partial, at) => {
        expect(partial).not.toBe('');
        expect(partial).not.toBe(sink.partials[at - 1]);
      });
    });

    it('tells nobody anything from inside a call', () => {
      const { recognition, sink } = begin();
      expect(sink.isUntouched).toBe(true);
      speak(recognition, rig.spoken[0].samples);
      expect(sink.isUntouched).toBe(true);
      recognition.end();
      expect(sink.isUntouched).toBe(true);
      recognition.cancel();
      expect(sink.isUntouched).toBe(true);
    });

    it('understands two at once, each its own', async () => {
      const talks = rig.spoken.map((spoken) => ({ ...begin(), ...spoken, at: 0 }));
      while (talks.some(({ at, samples }) => at < samples.length)) {
        for (const talk of talks) {
          speak(talk.recognition, talk.samples.subarray(talk.at, (talk.at += FRAME_SAMPLES)));
        }
        await setImmediate();
      }
      for (const { recognition } of talks) recognition.end();
      for (const { sink, text } of talks) expect(understood(await sink.end)).toBe(text);
      await atRest();
    });

    it('understands nothing when nothing was said', async () => {
      const { recognition, sink } = begin();
      recognition.end();
      expect(await sink.end).toEqual({ transcripts: [] });
      await atRest();
      expect(sink.partials).toEqual([]);
    });

    it('ends with something or nothing after silence, but does not fail', async () => {
      const { recognition, sink } = begin();
      speak(recognition, new Int16Array(CALL_SAMPLE_RATE_HZ));
      recognition.end();
      expect(await sink.end).toHaveProperty('transcripts');
      await atRest();
    });

    it('ends once after half a minute of speech', async () => {
      const { recognition, sink } = begin();
      const { samples } = rig.spoken[0];
      for (let at = 0; at < 30 * CALL_SAMPLE_RATE_HZ; at += samples.length) {
        speak(recognition, samples);
        await setImmediate();
      }
      recognition.end();
      expect(await sink.end).toHaveProperty('transcripts');
      await atRest();
      expect(sink.ends).toHaveLength(1);
    });

    it('takes no notice of what comes after the end, or after it was cancelled', async () => {
      const [{ samples, text }, other] = rig.spoken;
      const { recognition, sink } = begin();
      speak(recognition, samples);
      recognition.end();
      speak(recognition, other.samples);
      recognition.end();
      expect(understood(await sink.end)).toBe(text);
      recognition.write(other.samples);
      recognition.end();
      recognition.cancel();
      recognition.cancel();
      recognition.write(other.samples);
      await atRest();
      expect(sink.ends).toHaveLength(1);
    });

    it('tells nothing after it was cancelled, at whatever moment', async () => {
      const { samples } = rig.spoken[0];
      const moments: ((recognition: Recognition, sink: RecordingSink) => Promise<void> | void)[] = [
        () => undefined,
        () => setImmediate(),
        (recognition) => speak(recognition, samples),
        async (recognition) => {
          speak(recognition, samples);
          await setImmediate();
        },
        (recognition) => {
          speak(recognition, samples);
          recognition.end();
        },
        (recognition) => recognition.end(),
        async (recognition, sink) => {
          speak(recognition, samples);
          if (rig.tellsPartials) await sink.firstPartial;
        },
        async (recognition) => {
          speak(recognition, samples);
          recognition.end();
          await setImmediate();
        },
      ];
      for (const moment of moments) {
        const { recognition, sink } = begin();
        await moment(recognition, sink);
        const before = [sink.partials.length, sink.ends.length];
        recognition.cancel();
        await atRest();
        expect([sink.partials.length, sink.ends.length]).toEqual(before);
      }
    });

    it('fails once, by a code of its own, where it cannot work', async () => {
      const recognizer = await rig.away();
      for (const isWaiting of [true, false]) {
        const { recognition, sink } = begin(recognizer);
        speak(recognition, rig.spoken[0].samples);
        if (!isWaiting) recognition.end();
        const end = await sink.end;
        expect('error' in end && end.error.code).toMatch(/^speech[.]/);
        recognition.write(rig.spoken[0].samples);
        recognition.end();
        await atRest();
        expect(sink.ends).toHaveLength(1);
        expect(sink.partials).toEqual([]);
      }
    });

    if (!sends) return;
    it('sends every sample, once and in order, at the level it had', async () => {
      // Not a whole number of anything.
      const samples = Int16Array.from({ length: 12_345 }, (_, at) => (at === 0 ? -32_768 : at === 7 ? 32_767 : ((at * 7_919) % 20_001) - 10_000));
      const { recognition, sink } = begin();
      speak(recognition, samples);
      recognition.end();
      await sink.end;
      const arrived = rig.arrived?.() ?? [];
      expect(arrived).toHaveLength(1);
      const { samples: sent = new Int16Array(), sampleRateHz = 0 } = arrived[0] ?? {};
      const factor = sampleRateHz / CALL_SAMPLE_RATE_HZ;
      expect(sent.length).toBe(samples.length * factor);
      expect(sent.filter((_, at) => at % factor === 0)).toEqual(samples);
    });
  });
}
