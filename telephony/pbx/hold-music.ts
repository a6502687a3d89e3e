import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';

// Counts up when the music changes, so that a cached one is not taken for it.
const VERSION = 1;
const SECONDS_PER_CHORD = 4;
// Eight chords as MIDI note numbers (C, Am7, F, G, Em7, Am7, Dm7, G7), above the 300 Hz where a phone line begins, but for
// the bass, which is heard by its overtones.
const CHORDS: readonly (readonly [number, number, number, number])[] = [
  [60, 72, 76, 79],
  [57, 72, 76, 79],
  [53, 69, 72, 77],
  [55, 71, 74, 79],
  [52, 71, 74, 79],
  [57, 72, 76, 81],
  [50, 69, 72, 77],
  [55, 71, 74, 77],
];
// Which note of the chord sounds on each of the eight steps (half a second each); the bass opens.
const PATTERN = [0, 1, 2, 3, 2, 1, 2, 3];
const STEP_SECONDS = SECONDS_PER_CHORD / PATTERN.length;
// -16 dBFS at its loudest, -27 dBFS on average: softer than the prompts between which it plays.
const PEAK = 5_200;
const DECAY_SECONDS = 1.1;
const ATTACK_SECONDS = 0.02;
const TAIL_SECONDS = 5;

/**
 * 32 seconds of a slow arpeggio: soft plucked tones with two overtones. The end rings over into the beginning, so a
 * loop has no seam. `sampleRate` in Hz; samples are signed 16 bits.
 */
export function renderHoldMusic(sampleRate: number): Int16Array {
  const mix = new Float32Array(CHORDS.length * SECONDS_PER_CHORD * sampleRate);
  const tones = new Map<number, Float32Array>();
  for (const [bar, chord] of CHORDS.entries()) {
    for (const [step, voice] of PATTERN.entries()) {
      const note = chord[voice] ?? chord[0];
      const tone = tones.get(note) ?? renderTone(note, sampleRate);
      tones.set(note, tone);
      addTone(mix, tone, Math.round((bar * SECONDS_PER_CHORD + step * STEP_SECONDS) * sampleRate), voice === 0 ? 1 : 0.6);
    }
  }
  const loudest = mix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int16Array.from(mix, (value) => Math.round((value / loudest) * PEAK));
}

/** Writes the music as `hold.wav` (8 kHz) and `hold.wav16` (16 kHz), which Asterisk chooses from by the call's codec. */
export async function writeHoldMusic(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [extension, sampleRate] of [['wav', 8_000], ['wav16', 16_000]] as const) {
    // Renamed into place: a file of this name is always complete, also when two processes write it at once.
    const temporary = join(dir, `.${randomUUID()}`);
    await writeFile(temporary, wavFile(renderHoldMusic(sampleRate), sampleRate));
    await rename(temporary, join(dir, `hold.${extension}`));
  }
}

/** The music in the folder `dir/hold-music-<version>`, written there unless it is there already. Returns that folder. */
export async function ensureHoldMusic(dir: string): Promise<string> {
  const music = join(dir, `hold-music-${VERSION}`);
  if (!existsSync(join(music, 'hold.wav16'))) await writeHoldMusic(music);
  return music;
}

// A plucked string: quick rise, slow decay, two overtones.
function renderTone(midiNote: number, sampleRate: number): Float32Array {
  const step = (2 * Math.PI * 440 * 2 ** ((midiNote - 69) / 12)) / sampleRate;
  return Float32Array.from({ length: TAIL_SECONDS * sampleRate }, (_, index) => {
    const seconds = index / sampleRate;
    const envelope = Math.min(1, seconds / ATTACK_SECONDS) * Math.exp(-seconds / DECAY_SECONDS);
    const phase = step * index;
    return envelope * (Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.08 * Math.sin(3 * phase));
  });
}

function addTone(mix: Float32Array, tone: Float32Array, start: number, gain: number): void {
  for (let index = 0; index < tone.length; index += 1) {
    const at = (start + index) % mix.length;
    mix[at] = (mix[at] ?? 0) + gain * (tone[index] ?? 0);
  }
}

/** RIFF/WAVE, PCM, mono, 16 bits. */
function wavFile(samples: Int16Array, sampleRate: number): Buffer {
  const header = Buffer.alloc(44);
  const dataBytes = samples.length * 2;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  const data = Buffer.from(samples.buffer, samples.byteOffset, dataBytes);
  if (endianness() === 'BE') data.swap16();
  return Buffer.concat([header, data]);
}
