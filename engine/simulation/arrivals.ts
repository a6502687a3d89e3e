import type { Arrivals } from './model.ts';
import type { RandomStream } from './random-stream.ts';

const HOUR_MS = 3_600_000;

/** Gives the time of the next arrival with each call, ascending; `Infinity` when there is none left. */
export type ArrivalStream = () => number;

/** The arrivals of one type in one replication. `factor` multiplies how many come. */
export function arrivalStream(arrivals: Arrivals, factor: number, random: RandomStream): ArrivalStream {
  if (arrivals.kind === 'rates') return poissonStream(arrivals.pieces, factor, random);
  const times = arrivals.resample ? resampled(arrivals.atMs, factor, random) : arrivals.atMs;
  let next = 0;
  return () => {
    const at = times[next];
    next += 1;
    return at ?? Infinity;
  };
}

/**
 * By turning around the cumulative rate: a step of the unit process is exponential. Two configurations whose rates are the
 * same meet the same times (thinning would not do that, and would waste numbers).
 */
function poissonStream(pieces: Extract<Arrivals, { kind: 'rates' }>['pieces'], factor: number, random: RandomStream): ArrivalStream {
  let index = 0;
  let at = pieces[0]?.fromMs ?? Infinity;
  return () => {
    let rest = random.exponential(1);
    for (;;) {
      const piece = pieces[index];
      if (piece === undefined) return Infinity;
      const rate = (piece.perHour * factor) / HOUR_MS;
      const room = (piece.toMs - at) * rate;
      if (rest < room) {
        at += rest / rate;
        return at;
      }
      rest -= room;
      index += 1;
      at = pieces[index]?.fromMs ?? Infinity;
    }
  };
}

/** A bootstrap of a recorded day: a Poisson number of its arrivals, drawn with replacement. */
function resampled(atMs: readonly number[], factor: number, random: RandomStream): readonly number[] {
  if (atMs.length === 0) return [];
  const times: number[] = [];
  for (let sum = random.exponential(1); sum < atMs.length * factor; sum += random.exponential(1)) times.push(atMs[random.index(atMs.length)]!);
  return times.sort((a, b) => a - b);
}
