import { atLevel, joined, mixed, overTelephone, pinkNoise, silence, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import { soundEdges } from './sound-edges.ts';

/** What disturbs a caller who is heard over a telephone line. */
export interface LineCondition {
  readonly name: string;
  readonly noise?: { readonly kind: 'white' | 'pink'; readonly snrDb: number };
}

export const LINE_CONDITIONS: readonly LineCondition[] = [
  { name: 'clean' },
  { name: 'white noise, 20 dB', noise: { kind: 'white', snrDb: 20 } },
  { name: 'white noise, 10 dB', noise: { kind: 'white', snrDb: 10 } },
  { name: 'pink noise, 20 dB', noise: { kind: 'pink', snrDb: 20 } },
  { name: 'pink noise, 10 dB', noise: { kind: 'pink', snrDb: 10 } },
];

/** What a caller sends, and where in it the speech is, in milliseconds. */
export interface LineSound {
  readonly pcm: Int16Array;
  readonly beginMs: number;
  readonly endMs: number;
}

const SPEECH_DB = -20;
/** Softer than this against the speech is no speech yet, or no more. */
const EDGE_DB = SPEECH_DB - 25;
// Noise is there before the first word and after the last: an end is found in noise, not in silence.
const BEFORE_MS = 300;
const AFTER_MS = 1_500;
/** The noise of a quiet line. */
const LINE_NOISE_DB = -68;

/** Speech as the line carries it: 300 to 3400 Hz, G.711, with the noise. */
export function overLine(speech: Int16Array, { noise }: LineCondition, seed: number): LineSound {
  const clean = joined(silence(BEFORE_MS), atLevel(speech, SPEECH_DB), silence(AFTER_MS));
  const edges = soundEdges(clean, EDGE_DB) ?? { beginMs: BEFORE_MS, endMs: BEFORE_MS + speech.length / 8 };
  const ms = clean.length / 8;
  const disturbance = noise === undefined ? whiteNoise(ms, LINE_NOISE_DB, seed) : (noise.kind === 'white' ? whiteNoise : pinkNoise)(ms, SPEECH_DB - noise.snrDb, seed);
  return { pcm: overTelephone(mixed(clean, disturbance)), ...edges };
}
