import { describe, expect, it } from 'vitest';

import { PCMU } from './g711.ts';
import { dominantFrequency, levelDb, sine, tonePower } from './tone.ts';

/** Repeatable noise: a linear congruential generator. */
function noise(length: number, amplitude: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.round((state / 1_073_741_824 - 1) * amplitude);
  });
}

describe('tones', () => {
  it('have the level asked for', () => {
    expect(levelDb(sine(1000, 100, { levelDb: 0 }))).toBeCloseTo(-3.01, 1);
    expect(levelDb(sine(1000, 100, { levelDb: -20 }))).toBeCloseTo(-23.01, 1);
    expect(levelDb(new Int16Array(80))).toBe(-Infinity);
  });

  it.each([300, 440, 697, 1004, 2000, 3300])('%i Hz is found, also after µ-law', (hz) => {
    const heard = PCMU.decode(PCMU.encode(sine(hz, 200)));
    expect(tonePower(heard, hz)).toBeGreaterThan(0.99);
    expect(tonePower(heard, hz + 60)).toBeLessThan(0.1);
    expect(dominantFrequency(heard)).toBeGreaterThanOrEqual(hz - 1);
    expect(dominantFrequency(heard)).toBeLessThanOrEqual(hz + 1);
  });

  it('are not found in silence, noise, or two tones at once', () => {
    expect(dominantFrequency(new Int16Array(1600))).toBeUndefined();
    expect(dominantFrequency(noise(1600, 8000))).toBeUndefined();
    const both = sine(500, 200).map((sample, i) => sample + (sine(800, 200)[i] ?? 0));
    expect(tonePower(both, 500)).toBeCloseTo(0.5, 1);
    expect(tonePower(both, 800)).toBeCloseTo(0.5, 1);
  });
});
