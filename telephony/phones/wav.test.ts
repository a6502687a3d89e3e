import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { dominantFrequency, levelDb, sine } from './tone.ts';
import { decodeWav, encodeWav, readPrompt } from './wav.ts';

describe('WAV files', () => {
  it('come back as they were', () => {
    const pcm = sine(440, 100);
    const bytes = encodeWav(pcm);
    expect(Buffer.from(bytes).subarray(0, 4).toString()).toBe('RIFF');
    expect(decodeWav(bytes)).toEqual({ pcm, sampleRateHz: 8000 });
  });

  it('of another rate are read as 8 kHz', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'strowger-wav-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'prompt.wav');
    await writeFile(path, encodeWav(sine(440, 500, { sampleRateHz: 16_000 }), 16_000));
    const pcm = await readPrompt(path);
    expect(Math.abs(pcm.length - 4000)).toBeLessThan(20);
    expect(dominantFrequency(pcm)).toBe(440);
    expect(levelDb(pcm)).toBeCloseTo(-15, 0);
  });

  it('that are none are refused', () => {
    expect(() => decodeWav(Buffer.from('no wav file'))).toThrow();
  });
});
