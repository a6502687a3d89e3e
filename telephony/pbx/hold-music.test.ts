import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureHoldMusic, renderHoldMusic } from './hold-music.ts';

const RATE = 8_000;
const samples = renderHoldMusic(RATE);
const at = (index: number) => samples[(index + samples.length) % samples.length] ?? 0;

function levelDb(from: number, to: number): number {
  let energy = 0;
  for (let index = from; index < to; index += 1) energy += at(index) ** 2;
  return 10 * Math.log10(energy / (to - from) / 32_768 ** 2);
}

describe('renderHoldMusic', () => {
  it('lasts about half a minute and whole frames of 20 ms', () => {
    expect(samples.length / RATE).toBeGreaterThanOrEqual(30);
    expect(samples.length % (RATE / 50)).toBe(0);
  });

  it('is soft, never clips and never falls silent', () => {
    expect(levelDb(0, samples.length)).toBeGreaterThan(-32);
    expect(levelDb(0, samples.length)).toBeLessThan(-24);
    expect(samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(8_000);
    for (let from = 0; from < samples.length; from += RATE / 2) expect(levelDb(from, from + RATE / 2)).toBeGreaterThan(-45);
  });

  it('loops without a click: the step over the seam is like any other', () => {
    let largest = 0;
    for (let index = 1; index < samples.length; index += 1) largest = Math.max(largest, Math.abs(at(index) - at(index - 1)));
    expect(Math.abs(at(0) - at(-1))).toBeLessThanOrEqual(largest);
    // The last chord rings on over the first note.
    expect(levelDb(0, 40)).toBeGreaterThan(-45);
  });
});

describe('ensureHoldMusic', () => {
  it('writes both rates once, as mono PCM of 16 bits', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'strowger-music-'));
    const music = await ensureHoldMusic(dir);
    expect(readdirSync(music).sort()).toEqual(['hold.wav', 'hold.wav16']);
    for (const [name, rate] of [['hold.wav', 8_000], ['hold.wav16', 16_000]] as const) {
      const file = readFileSync(join(music, name));
      expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
      expect([file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34)]).toEqual([1, 1, rate, 16]);
      expect(file.readUInt32LE(40)).toBe(file.length - 44);
    }
    const written = statSync(join(music, 'hold.wav')).mtimeMs;
    expect(await ensureHoldMusic(dir)).toBe(music);
    expect(statSync(join(music, 'hold.wav')).mtimeMs).toBe(written);
    rmSync(dir, { recursive: true });
  });
});
