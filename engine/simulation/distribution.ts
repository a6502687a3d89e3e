import { patienceAt, type PatienceCurve } from './kaplan-meier.ts';
import type { RandomStream } from './random-stream.ts';

/** How long something lasts, in milliseconds (or a plain number, for the factor of a day). */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** Mean and standard deviation of the value itself, not of its logarithm. */
  | { readonly kind: 'lognormal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  /** Drawn from recorded values, each as likely as the others. */
  | { readonly kind: 'resampled'; readonly values: readonly number[] }
  | { readonly kind: 'patience'; readonly curve: PatienceCurve }
  /** Another distribution from a time of the simulation on: the last part that has begun. */
  | { readonly kind: 'byTime'; readonly parts: readonly { readonly fromMs: number; readonly of: Distribution }[] };

/** Draws a value for something that begins at `atMs`. */
export type Sampler = (random: RandomStream, atMs: number) => number;

/** A function that draws from `distribution`: what can be worked out once is. */
export function samplerOf(distribution: Distribution): Sampler {
  switch (distribution.kind) {
    case 'constant': {
      const { value } = distribution;
      return () => value;
    }
    case 'exponential': {
      const { mean } = distribution;
      return (random) => random.exponential(mean);
    }
    case 'lognormal': {
      const { mean, sd } = distribution;
      const variance = Math.log(1 + (sd / mean) ** 2);
      const centre = Math.log(mean) - variance / 2;
      const spread = Math.sqrt(variance);
      return (random) => Math.exp(centre + spread * random.normal());
    }
    case 'gamma': {
      const { mean, sd } = distribution;
      const shape = (mean / sd) ** 2;
      return (random) => (random.gamma(shape) * mean) / shape;
    }
    case 'uniform': {
      const { from, to } = distribution;
      return (random) => from + (to - from) * random.uniform();
    }
    case 'resampled': {
      const { values } = distribution;
      if (values.length === 0) throw new RangeError('There is no value to resample.');
      return (random) => values[random.index(values.length)]!;
    }
    case 'patience': {
      const { curve } = distribution;
      return (random) => patienceAt(curve, random.uniform());
    }
    case 'byTime': {
      const parts = distribution.parts.map(({ fromMs, of }) => ({ fromMs, sample: samplerOf(of) }));
      if (parts.length === 0) throw new RangeError('A distribution by time needs a part.');
      return (random, atMs) => (parts.findLast(({ fromMs }) => fromMs <= atMs) ?? parts[0]!).sample(random, atMs);
    }
  }
}
