import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Upsampler } from './upsampler.ts';

const sine = (hz: number, rate: number, at: number): number => 12_000 * Math.sin((2 * Math.PI * hz * at) / rate);
const tone = (hz: number, seconds: number): Int16Array => Int16Array.from({ length: 8_000 * seconds }, (_, at) => Math.round(sine(hz, 8_000, at)));

function upsampled(samples: Int16Array, pieces: readonly number[] = []): Int16Array {
  const upsampler = new Upsampler();
  const output: number[] = [];
  let from = 0;
  for (const piece of [...pieces, samples.length]) {
    output.push(...upsampler.write(samples.subarray(from, from + piece)));
    from = Math.min(samples.length, from + piece);
  }
  output.push(...upsampler.end());
  return Int16Array.from(output);
}

describe('the telephone band', () => {
  it.each([100, 300, 440, 1_000, 2_000, 3_000, 3_400, 3_550])('keeps level and time of a tone of %d Hz', (hz) => {
    const output = upsampled(tone(hz, 0.5));
    // The edges, where the tone begins and ends at once, have more to them than the tone.
    let worst = 0;
    for (let at = 200; at < output.length - 200; at += 1) worst = Math.max(worst, Math.abs((output[at] ?? 0) - sine(hz, 16_000, at)));
    expect(20 * Math.log10(worst / 12_000)).toBeLessThan(-60);
  });
});

it('gives back every sample that was given, and twice as many in all, however they come', () => {
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 300 }), fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 10 }), (samples, pieces) => {
      const output = upsampled(samples, pieces);
      expect(output.length).toBe(2 * samples.length);
      expect(output.filter((_, at) => at % 2 === 0)).toEqual(samples);
      expect(output).toEqual(upsampled(samples));
    }),
  );
});

it('clips what would be louder than full scale', () => {
  const loud = Int16Array.from({ length: 400 }, (_, at) => (at % 4 < 2 ? 32_767 : -32_768));
  const output = upsampled(loud);
  expect(Math.max(...output)).toBe(32_767);
  expect(Math.min(...output)).toBe(-32_768);
});
