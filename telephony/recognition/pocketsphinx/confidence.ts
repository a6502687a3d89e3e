import { type Decoding, speechFrames, totalScore } from './decoding.ts';

/**
 * How the likelihood ratio of a model becomes a confidence: 1 / (1 + exp((half - ratio) / scale)). The scores of each model have a scale
 * of their own; bench/speech fits both numbers.
 */
export interface Calibration {
  /** The ratio that is as often right as wrong. */
  readonly half: number;
  readonly scale: number;
}

/**
 * How much better free sounds fit the utterance than the command that was found, a frame of speech: near 0 or above when the command was
 * said, far below when something else was. (pocketsphinx's own probability of a grammar is 1 throughout.) A loop of phones with narrow
 * beams may fit worse than a command, hence above 0.
 */
export function likelihoodRatio(found: Decoding, free: Decoding): number {
  // Of the two, the more speech: a grammar that does not fit passes speech off as noise, so its own count flatters or exaggerates.
  const frames = Math.max(1, speechFrames(found), speechFrames(free));
  return (totalScore(found) - totalScore(free)) / frames;
}

/** 0 to 1. */
export function confidenceOf(ratio: number, { half, scale }: Calibration): number {
  return 1 / (1 + Math.exp((half - ratio) / scale));
}
