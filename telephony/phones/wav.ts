import { readFile } from 'node:fs/promises';

import wavefile from 'wavefile';

import { SAMPLE_RATE_HZ } from './tone.ts';

/** A WAV file's 16-bit mono samples and their rate. Other formats are converted; of several channels the first is taken. */
export function decodeWav(bytes: Uint8Array): { pcm: Int16Array; sampleRateHz: number } {
  const wav = new wavefile.WaveFile(bytes);
  if (wav.bitDepth !== '16') wav.toBitDepth('16');
  const { numChannels = 1, sampleRate = SAMPLE_RATE_HZ } = wav.fmt as { numChannels?: number; sampleRate?: number };
  const samples: unknown = wav.getSamples(false, Int16Array);
  const pcm: unknown = numChannels > 1 && Array.isArray(samples) ? samples[0] : samples;
  if (!(pcm instanceof Int16Array)) throw new TypeError('The WAV file holds no samples');
  return { pcm, sampleRateHz: sampleRate };
}

/** The bytes of a 16-bit mono WAV file. */
export function encodeWav(pcm: Int16Array, sampleRateHz = SAMPLE_RATE_HZ): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, sampleRateHz, '16', pcm);
  return wav.toBuffer();
}

/** Reads a prompt for comparison with telephone audio: 16-bit mono at 8 kHz, resampled when the file has another rate. */
export async function readPrompt(path: string): Promise<Int16Array> {
  const bytes = await readFile(path);
  const { pcm, sampleRateHz } = decodeWav(bytes);
  if (sampleRateHz === SAMPLE_RATE_HZ) return pcm;
  const wav = new wavefile.WaveFile(encodeWav(pcm, sampleRateHz));
  wav.toSampleRate(SAMPLE_RATE_HZ);
  return decodeWav(wav.toBuffer()).pcm;
}
