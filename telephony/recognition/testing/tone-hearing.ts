import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import type { Hearing } from './speech-peer.ts';

const LEAST_LEVEL = 1_000;
const SECONDS_A_CHARACTER = 0.1;

/** Sound in place of speech: a tone of `hz`, at the rate of calls. */
export function tone(hz: number, seconds: number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * CALL_SAMPLE_RATE_HZ) }, (_, at) =>
    Math.round(12_000 * Math.sin((2 * Math.PI * hz * at) / CALL_SAMPLE_RATE_HZ)),
  );
}

/**
 * Hears what is meant by the pitch of a tone, one more character each tenth of a second, and all of it at the end. A tone at a wrong rate has
 * another pitch and is heard as something else, or as nothing.
 */
export function toneHearing(sampleRateHz: number, textByHz: ReadonlyMap<number, string>): Hearing {
  return (samples, isEnd) => {
    // The first second tells the pitch.
    const head = samples.subarray(0, sampleRateHz);
    const loud = head.filter((sample) => Math.abs(sample) > LEAST_LEVEL);
    let turns = 0;
    for (let at = 1; at < loud.length; at += 1) if ((loud[at] ?? 0) > 0 !== (loud[at - 1] ?? 0) > 0) turns += 1;
    const seconds = samples.length / sampleRateHz;
    const pitch = (turns / 2 / head.length) * sampleRateHz;
    for (const [hz, text] of textByHz) {
      if (Math.abs(pitch - hz) < Math.max(20, 1 / seconds)) return isEnd ? text : text.slice(0, Math.floor(seconds / SECONDS_A_CHARACTER));
    }
    return '';
  };
}
