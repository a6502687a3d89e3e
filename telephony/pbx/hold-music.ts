import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SECONDS_PER_CHORD = 4;
// Eight chords, two octaves around middle C, as MIDI note numbers: C, Am7, F, G, Em7, Am7, Dm7, G7.
const CHORDS: readonly (readonly [number, number, number, number])[] = [
  [48, 60, 64, 67],
  [45, 60, 64, 67],
  [41, 57, 60, 65],
  [43, 59, 62, 67],
  [40, 59, 62, 67],
  [45, 60, 64, 69],
  [38, 57, 60, 65],
  [43, 59, 62, 65],
];
// Which note of the chord sounds on each of the eight steps (half a second each); the bass opens.
const PATTERN = [0, 1, 2, 3, 2, 1, 2, 3];
const STEP_SECONDS = SECONDS_PER_CHORD / PATTERN.length;
// About -20 dBFS at its loudest: a caller may hold the phone to the ear for minutes, and the prompts after it are louder.
const PEAK = 3_300;
const DECAY_SECONDS = 1.1;
const ATTACK_SECONDS = 0.02;
const TAIL_SECONDS = 5;

/**
 * 32 seconds of a slow arpeggio: soft plucked tones with two overtones. The end rings over into the beginning, so a
 * loop has no seam. `sampleRate` in Hz; samples are signed 16 bits.
 */
export function renderHoldMusic(sampleRate: number): Int16Array {
  const length = CHORDS.length * SECONDS_PER_CHORD * sampleRate;
  const mix = new Float64Array(length);
  for (const [bar, chord] of CHORDS.entries()) {
    for (const [step, note] of PATTERN.entries()) {
      const start = Math.round((bar * SECONDS_PER_CHORD + step * STEP_SECONDS) * sampleRate);
      addTone(mix, start, frequencyOf(chord[note] ?? chord[0]), sampleRate, note === 0 ? 1 : 0.6);
    }
  }
  const loudest = mix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int16Array.from(mix, (value) => Math.round((value / loudest) * PEAK));
}

/** Writes the music as `hold.wav` (8 kHz) and `hold.wav16` (16 kHz), which Asterisk chooses from by the call's codec. */
export async function writeHoldMusic(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'hold.wav'), wavFile(renderHoldMusic(8_000), 8_000));
  await writeFile(join(dir, 'hold.wav16'), wavFile(renderHoldMusic(16_000), 16_000));
}

function addTone(mix: Float64Array, start: number, frequency: number, sampleRate: number, gain: number): void {
  const step = (2 * Math.PI * frequency) / sampleRate;
  for (let index = 0; index < TAIL_SECONDS * sampleRate; index += 1) {
    const seconds = index / sampleRate;
    const envelope = Math.min(1, seconds / ATTACK_SECONDS) * Math.exp(-seconds / DECAY_SECONDS);
    const phase = step * index;
    const at = (start + index) % mix.length;
    mix[at] = (mix[at] ?? 0) + gain * envelope * (Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.08 * Math.sin(3 * phase));
  }
}

function frequencyOf(midiNote: number): number {
  return 440 * 2 ** ((midiNote - 69) / 12);
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
  const data = Buffer.alloc(dataBytes);
  for (const [index, sample] of samples.entries()) data.writeInt16LE(sample, index * 2);
  return Buffer.concat([header, data]);
}
