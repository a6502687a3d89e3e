import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sine } from '../../telephony/phones/tone.ts';
import { encodeWav } from '../../telephony/phones/wav.ts';

/** The prompts of the bench: tones, so that a packet tells which prompt it belongs to. A frame of 20 ms holds whole waves of both. */
export const TONES = {
  first: { hz: 400, lengthMs: 2_000 },
  second: { hz: 1_200, lengthMs: 300 },
} as const;

export type ToneName = keyof typeof TONES;

/** Writes the prompts as 8 kHz WAV, as the engine's own are, and hands back their paths without the ending, as Asterisk wants them. */
export function writeTones(dir: string): Readonly<Record<ToneName, string>> {
  const write = (name: ToneName): string => {
    const path = join(dir, name);
    writeFileSync(`${path}.wav`, encodeWav(sine(TONES[name].hz, TONES[name].lengthMs)));
    return path;
  };
  return { first: write('first'), second: write('second') };
}
