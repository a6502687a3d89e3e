import type { FragmentRole } from './fragments.ts';
import type { Margins } from './sound.ts';

/**
 * The formats by the extensions that Asterisk's format_wav knows. It plays the one that suits the call's codec: `wav` for G.711,
 * `wav16` for G.722 and Opus. Files in G.711 itself saved no CPU that could be measured (2.9 ms a played second either way, with
 * 80 calls at once), so there are none.
 */
export const FORMATS = [
  { extension: 'wav16', sampleRateHz: 16_000 },
  { extension: 'wav', sampleRateHz: 8_000 },
] as const;

/** A finished fragment: the bytes of each file. */
export type FragmentFiles = Readonly<Record<(typeof FORMATS)[number]['extension'], Uint8Array>>;

/** Speech, without its pauses: loud enough for a noisy street, below what gateways and echo cancellers begin to limit. */
export const LEVEL_DBFS = -20;
export const PEAK_DBFS = -1;
export const PAUSE_MS = 200;

export const MARGINS: Readonly<Record<FragmentRole, Margins>> = {
  // Sentences follow each other: what is between them is a breath.
  prompt: { leadMs: 40, tailMs: 200 },
  part: { leadMs: 20, tailMs: 60 },
  // What is joined to a number must not drag.
  atom: { leadMs: 5, tailMs: 25 },
};

// Counts up when the calculation changes.
const CALCULATION = 1;

/** Changes when the same source would become another sound. */
export const SOUND_VERSION = JSON.stringify([CALCULATION, FORMATS, LEVEL_DBFS, PEAK_DBFS, PAUSE_MS, MARGINS]);
