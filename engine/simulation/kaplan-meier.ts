/** A wait and whether the caller gave up at its end (true), or patience lasted longer than that: answered, sent away (false). */
export interface ObservedWait {
  readonly waitedMs: number;
  readonly abandoned: boolean;
}

/** How patient callers are: `survival[i]` is the share that waits longer than `atMs[i]`. */
export interface PatienceCurve {
  readonly atMs: readonly number[];
  readonly survival: readonly number[];
  /** Abandonments a millisecond of waiting, over all waits: what is assumed beyond the longest wait that was seen. */
  readonly hazard: number;
}

/**
 * The distribution of patience from waits, most of which ended with an answer: the product-limit estimate of Kaplan and
 * Meier 1958. A mean of the abandoned waits alone would be far too short: the patient are answered before they give up.
 */
export function patienceCurve(waits: readonly ObservedWait[]): PatienceCurve {
  const sorted = [...waits].sort((a, b) => a.waitedMs - b.waitedMs);
  const atMs: number[] = [];
  const survival: number[] = [];
  let share = 1;
  let total = 0;
  let abandoned = 0;
  for (let i = 0; i < sorted.length; ) {
    const time = sorted[i]!.waitedMs;
    let gone = 0;
    let j = i;
    for (; j < sorted.length && sorted[j]!.waitedMs === time; j += 1) if (sorted[j]!.abandoned) gone += 1;
    total += time * (j - i);
    abandoned += gone;
    if (gone > 0) {
      share *= 1 - gone / (sorted.length - i);
      atMs.push(time);
      survival.push(share);
    }
    i = j;
  }
  return { atMs, survival, hazard: total > 0 ? abandoned / total : 0 };
}

/** The patience that a share of `1 - level` of the callers exceeds, in milliseconds; beyond what was seen it goes on exponentially. */
export function patienceAt({ atMs, survival, hazard }: PatienceCurve, level: number): number {
  const wanted = 1 - level;
  let low = 0;
  let high = survival.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (survival[middle]! <= wanted) high = middle;
    else low = middle + 1;
  }
  if (low < survival.length) return atMs[low]!;
  if (hazard === 0) return Infinity;
  return (atMs.at(-1) ?? 0) + Math.log((survival.at(-1) ?? 1) / wanted) / hazard;
}
