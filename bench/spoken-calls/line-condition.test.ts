import { describe, expect, it } from 'vitest';
import { rms, tones } from '../../test/rigs/telephone-sounds.ts';
import { LINE_CONDITIONS, overLine } from './line-condition.ts';

const speech = tones([500], 400);

describe('speech over a telephone line', () => {
  it.each(LINE_CONDITIONS.map((condition) => [condition.name, condition] as const))('is where it is said to be: %s', (_, condition) => {
    const { pcm, beginMs, endMs } = overLine(speech, condition, 1);
    expect({ beginMs, endMs }).toEqual({ beginMs: 300, endMs: 700 });
    const speechDb = 20 * Math.log10(rms(pcm.subarray(beginMs * 8, endMs * 8)));
    const noiseDb = 20 * Math.log10(rms(pcm.subarray((endMs + 100) * 8)));
    // The band takes a bit of the speech away, and more of the noise.
    expect(Math.abs(speechDb + 20)).toBeLessThan(1);
    const snr = condition.noise?.snrDb;
    if (snr === undefined) expect(noiseDb).toBeLessThan(-60);
    else expect(speechDb - noiseDb).toSatisfy((db: number) => db > snr - 1 && db < snr + 8);
  });
});
