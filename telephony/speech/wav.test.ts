import { describe, expect, it } from 'vitest';
import wavefile from 'wavefile';
import { tone } from './testing/tone-synthesizer.ts';
import { decodeWav, encodeWav } from './wav.ts';

const PCM = tone({ hz: 440, ms: 100, sampleRateHz: 16_000 });

function file(change: (wav: wavefile.WaveFile) => void): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, PCM.sampleRateHz, '16', PCM.samples);
  change(wav);
  return wav.toBuffer();
}

describe('decodeWav', () => {
  it('gives back what encodeWav took', () => {
    expect(decodeWav(encodeWav(PCM))).toEqual(PCM);
  });

  it.each([
    ['8 bits', 2e-2, (wav: wavefile.WaveFile) => wav.toBitDepth('8')],
    ['24 bits', 1e-3, (wav: wavefile.WaveFile) => wav.toBitDepth('24')],
    ['float', 1e-3, (wav: wavefile.WaveFile) => wav.toBitDepth('32f')],
    ['A-law', 5e-2, (wav: wavefile.WaveFile) => wav.toALaw()],
    ['µ-law', 5e-2, (wav: wavefile.WaveFile) => wav.toMuLaw()],
  ])('reads %s', (_, tolerance, change) => {
    const { samples, sampleRateHz } = decodeWav(file(change));
    expect(sampleRateHz).toBe(16_000);
    expect(samples.length).toBe(PCM.samples.length);
    const worst = samples.reduce((most, value, index) => Math.max(most, Math.abs(value - (PCM.samples[index] ?? 0))), 0);
    expect(worst / 32_768).toBeLessThan(tolerance);
  });

  it('mixes stereo', () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(2, 44_100, '16', [Int16Array.from([1_000, -2_000, 32_767]), Int16Array.from([3_000, -4_000, 32_767])]);
    expect(decodeWav(wav.toBuffer())).toEqual({ samples: Int16Array.from([2_000, -3_000, 32_767]), sampleRateHz: 44_100 });
  });

  it('takes what espeak-ng writes to a pipe: a header that promises 2 GB', () => {
    const bytes = Buffer.from(encodeWav(PCM));
    bytes.writeUInt32LE(0x7ffff024, 4);
    bytes.writeUInt32LE(0x7ffff000, 40);
    expect(decodeWav(bytes).samples).toEqual(PCM.samples);
  });

  it('says what is wrong with a file', () => {
    const channels = new wavefile.WaveFile();
    channels.fromScratch(3, 8_000, '16', [PCM.samples, PCM.samples, PCM.samples]);
    expect(() => decodeWav(channels.toBuffer())).toThrow('3 channels');
    const slow = new wavefile.WaveFile();
    slow.fromScratch(1, 4_000, '16', PCM.samples);
    expect(() => decodeWav(slow.toBuffer())).toThrow('4000 samples a second');
    const adpcm = new wavefile.WaveFile();
    adpcm.fromScratch(1, 8_000, '16', PCM.samples);
    adpcm.toIMAADPCM();
    expect(() => decodeWav(adpcm.toBuffer())).toThrow('ADPCM');
    expect(() => decodeWav(Buffer.from('ID3 this is an mp3'))).toThrow('no WAV file');
    expect(() => decodeWav(new Uint8Array(0))).toThrow('no WAV file');
    expect(() => decodeWav(Buffer.from(encodeWav(PCM)).subarray(0, 20))).toThrow();
  });
});

it('encodeWav writes what an independent reader reads', () => {
  const wav = new wavefile.WaveFile(encodeWav(PCM));
  expect(wav.fmt).toMatchObject({ audioFormat: 1, numChannels: 1, sampleRate: 16_000, byteRate: 32_000, blockAlign: 2, bitsPerSample: 16 });
  expect(wav.getSamples(true, Int16Array)).toEqual(PCM.samples);
});
