import { afterAll, describe, expect, it } from 'vitest';
import { Resampler } from './resampler.ts';
import { dbOf, type Sound } from './sound.ts';

const resampler = new Resampler();
afterAll(() => resampler.close());

const sine = (hz: number, rate: number, index: number) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rate);

function sound(hz: number, sampleRateHz: number, seconds: number): Sound {
  return { samples: Float32Array.from({ length: seconds * sampleRateHz }, (_, index) => sine(hz, sampleRateHz, index)), sampleRateHz };
}

/** The level of a tone after resampling, relative to before; the edges, where the filter sees nothing, left out. */
async function throughput(hz: number, fromHz: number, toHz: number): Promise<number> {
  const { samples } = await resampler.resampled(sound(hz, fromHz, 0.5), toHz);
  const middle = samples.subarray(toHz / 10, toHz * 0.4);
  return dbOf(Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length) / (0.5 / Math.SQRT2));
}

describe.each([16_000, 22_050, 44_100, 48_000])('from %d Hz to the telephone', (fromHz) => {
  it('keeps the telephone’s band as it is', async () => {
    for (const hz of [300, 1_000, 3_000, 3_400]) expect(Math.abs(await throughput(hz, fromHz, 8_000))).toBeLessThan(0.1);
  });

  it('lets nothing through that would be heard mirrored', async () => {
    for (const hz of [4_100, 4_300, 5_000, 7_000]) expect(await throughput(hz, fromHz, 8_000)).toBeLessThan(-90);
  });
});

it('keeps the band of wideband telephony (50 to 7000 Hz) at 16 kHz', async () => {
  for (const hz of [100, 3_400, 6_800]) expect(Math.abs(await throughput(hz, 48_000, 16_000))).toBeLessThan(0.5);
  expect(await throughput(8_200, 48_000, 16_000)).toBeLessThan(-90);
});

it.each([
  [22_050, 8_000],
  [44_100, 16_000],
  [48_000, 8_000],
  [8_000, 16_000],
  [11_025, 8_000],
  [12_345, 8_000],
])('has neither seams nor drift over many blocks: %d Hz to %d', async (fromHz, toHz) => {
  const { samples, sampleRateHz } = await resampler.resampled(sound(440, fromHz, 7), toHz);
  expect(sampleRateHz).toBe(toHz);
  expect(samples.length).toBe(7 * toHz);
  let worst = 0;
  for (let index = 200; index < samples.length - 200; index += 1) worst = Math.max(worst, Math.abs((samples[index] ?? 0) - sine(440, toHz, index)));
  expect(dbOf(worst)).toBeLessThan(-60);
});

it('leaves a sound of the wanted rate alone', async () => {
  const given = sound(440, 8_000, 0.1);
  expect((await resampler.resampled(given, 8_000)).samples).toBe(given.samples);
});
