import { describe, expect, it } from 'vitest';
import { dbOf, fromPcm, normalisingGain, peakOf, type Sound, speechLevel, speechSpan, toPcm, trimmed } from './sound.ts';
import { tone } from './testing/tone-synthesizer.ts';

function sound(options: Parameters<typeof tone>[0]): Sound {
  const { samples, sampleRateHz } = tone(options);
  return { samples: fromPcm(samples), sampleRateHz };
}

const SPOKEN = sound({ hz: 440, ms: 300, sampleRateHz: 8_000, leadMs: 120, tailMs: 400 });

describe('speechSpan', () => {
  it('is where something is said, to a frame of 5 ms', () => {
    const span = speechSpan(SPOKEN);
    expect(Math.abs((span?.from ?? 0) - 120 * 8)).toBeLessThanOrEqual(40);
    expect(Math.abs((span?.to ?? 0) - 420 * 8)).toBeLessThanOrEqual(40);
  });

  it('does not take the noise of a recording for speech, but a soft consonant', () => {
    const samples = SPOKEN.samples.map((value, index) => {
      const noise = 0.5 * 10 ** (-50 / 20) * Math.sin(index * 1.7);
      // An "s" of 60 ms, 30 dB below the vowel, just before it.
      return value + (index >= 60 * 8 && index < 120 * 8 ? 0.5 * 10 ** (-30 / 20) * Math.sin(index * 2.3) : noise);
    });
    const span = speechSpan({ samples, sampleRateHz: 8_000 });
    expect(Math.abs((span?.from ?? 0) - 60 * 8)).toBeLessThanOrEqual(40);
    expect(Math.abs((span?.to ?? 0) - 420 * 8)).toBeLessThanOrEqual(40);
  });

  it('is nothing in silence, in hiss alone and in an empty sound', () => {
    expect(speechSpan({ samples: new Float32Array(8_000), sampleRateHz: 8_000 })).toBeUndefined();
    expect(speechSpan({ samples: new Float32Array(8_000).map((_, index) => 0.0005 * Math.sin(index)), sampleRateHz: 8_000 })).toBeUndefined();
    expect(speechSpan({ samples: new Float32Array(0), sampleRateHz: 8_000 })).toBeUndefined();
  });
});

describe('trimmed', () => {
  it('leaves the margins and nothing more', () => {
    const short = trimmed(SPOKEN, { leadMs: 5, tailMs: 25 });
    expect((short?.samples.length ?? 0) / 8).toBeCloseTo(330, -1);
    expect(speechSpan(short ?? SPOKEN)?.from).toBeLessThanOrEqual(10 * 8);
  });

  it('fills up with silence where the source has less', () => {
    const tight = sound({ hz: 440, ms: 300, sampleRateHz: 8_000 });
    const filled = trimmed(tight, { leadMs: 40, tailMs: 200 });
    expect(filled?.samples.length).toBe(540 * 8);
    expect(filled?.samples.subarray(0, 39 * 8).every((value) => value === 0)).toBe(true);
    expect(filled?.samples.subarray(342 * 8).every((value) => value === 0)).toBe(true);
  });

  it('begins and ends without a click', () => {
    const hard = { samples: new Float32Array(2_400).fill(0.5), sampleRateHz: 8_000 };
    const { samples } = trimmed(hard, { leadMs: 0, tailMs: 0 }) ?? hard;
    expect(samples[0]).toBe(0);
    expect(samples.at(-1)).toBe(0);
    const steps = samples.slice(1).map((value, index) => Math.abs(value - (samples[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.03);
    expect(samples[1_200]).toBe(0.5);
  });

  it('is nothing when nothing is said', () => {
    expect(trimmed({ samples: new Float32Array(80), sampleRateHz: 8_000 }, { leadMs: 5, tailMs: 5 })).toBeUndefined();
  });
});

describe('level', () => {
  it('of a sine is 3 dB below its peak; pauses do not count', () => {
    expect(dbOf(speechLevel(SPOKEN))).toBeCloseTo(dbOf(0.5 / Math.SQRT2), 0);
  });

  it('is brought to what is wanted', () => {
    const gain = normalisingGain(SPOKEN, -20, -1);
    const louder = { samples: SPOKEN.samples.map((value) => value * gain), sampleRateHz: 8_000 };
    expect(dbOf(speechLevel(louder))).toBeCloseTo(-20, 3);
  });

  it('gives way to the peak', () => {
    const clicking = { samples: SPOKEN.samples.map((value, index) => (index === 2_000 ? 1 : value * 0.05)), sampleRateHz: 8_000 };
    const gain = normalisingGain(clicking, -20, -1);
    expect(dbOf(peakOf(clicking.samples) * gain)).toBeCloseTo(-1, 3);
  });
});

describe('toPcm', () => {
  it('gives back what fromPcm took', () => {
    const pcm = Int16Array.from([0, 1, -1, 12_345, 32_767, -32_768]);
    expect(toPcm(fromPcm(pcm), 1)).toEqual(pcm);
  });

  it('cuts at full scale, it does not wrap', () => {
    expect(toPcm(Float32Array.from([0.9, -0.9]), 2)).toEqual(Int16Array.from([32_767, -32_768]));
  });
});
