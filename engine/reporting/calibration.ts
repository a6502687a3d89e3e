import type { QueueId } from '../domain/ids.ts';
import { mean, ratio, sum } from './arithmetic.ts';

/** What was expected of the rest of a contact's wait (`contact.estimated`). */
export interface Estimate {
  readonly at: number;
  readonly expectedMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly told: boolean;
}

/** An estimate and what came. */
export interface Sample extends Estimate {
  readonly queueId: QueueId;
  /** From the estimate until the contact left the queue. */
  readonly actualMs: number;
  /** False: the contact left without an answer, so its wait would have been longer than `actualMs`, nobody knows how much. */
  readonly answered: boolean;
}

/** How good estimates were. Shares are 0 to 1; what cannot be known is null. */
export interface CalibrationFigures {
  readonly estimates: number;
  /** Estimates that the caller heard. */
  readonly told: number;
  /** Estimates whose contact was answered: errors are taken over these. */
  readonly answered: number;
  /** Estimates whose contact left without an answer. */
  readonly censored: number;
  /** mean(expected − actual): above 0 the callers waited less than was promised. */
  readonly biasMs: number | null;
  /** mean(|expected − actual|). */
  readonly meanAbsoluteErrorMs: number | null;
  /** √mean((expected − actual)²) / mean(actual): root relative average squared error (Ibrahim & Whitt 2009). */
  readonly rrase: number | null;
  /** Share of waits not longer than `lowMs`; 0.5 is right. */
  readonly withinLow: number | null;
  /** Share of waits not longer than `highMs`; 0.9 is right. */
  readonly withinHigh: number | null;
}

/** Bands by `expectedMs`, from `fromMs` on to the next. */
export const PROMISE_BANDS_MS = [0, 60_000, 120_000, 300_000, 600_000] as const;

export interface CalibrationBand extends CalibrationFigures {
  readonly fromMs: number;
  /** Null: no upper end. */
  readonly toMs: number | null;
}

export function calibrationOf(samples: readonly Sample[]): CalibrationFigures {
  const known = samples.filter(({ answered }) => answered);
  const errors = known.map(({ expectedMs, actualMs }) => expectedMs - actualMs);
  const squared = mean(errors.map((error) => error * error));
  return {
    estimates: samples.length,
    told: samples.filter(({ told }) => told).length,
    answered: known.length,
    censored: samples.length - known.length,
    biasMs: mean(errors),
    meanAbsoluteErrorMs: mean(errors.map(Math.abs)),
    rrase: squared === null ? null : ratio(Math.sqrt(squared), sum(known.map(({ actualMs }) => actualMs)) / known.length),
    withinLow: shareWithin(samples, ({ lowMs }) => lowMs),
    withinHigh: shareWithin(samples, ({ highMs }) => highMs),
  };
}

export function calibrationBands(samples: readonly Sample[]): readonly CalibrationBand[] {
  return PROMISE_BANDS_MS.map((fromMs, index) => {
    const toMs = PROMISE_BANDS_MS[index + 1] ?? null;
    const band = samples.filter(({ expectedMs }) => expectedMs >= fromMs && (toMs === null || expectedMs < toMs));
    return { fromMs, toMs, ...calibrationOf(band) };
  });
}

/**
 * The share of waits that stay within a bound of their own, by the estimator of Kaplan and Meier (1958) over
 * wait ÷ bound. To leave out who gave up would count the patient only; to count who gave up as answered would flatter.
 * So each of them counts as one who waits on, up to the moment of giving up.
 */
function shareWithin(samples: readonly Sample[], bound: (sample: Sample) => number): number | null {
  const waits = samples
    .map((sample) => ({ share: share(sample.actualMs, bound(sample)), answered: sample.answered }))
    // Of equal waits the answered go first: who gave up was still there.
    .toSorted((a, b) => a.share - b.share || Number(b.answered) - Number(a.answered));
  let longer = 1;
  let atRisk = waits.length;
  for (const { share, answered } of waits) {
    if (share > 1) return 1 - longer;
    if (answered) longer *= 1 - 1 / atRisk;
    atRisk -= 1;
  }
  // Nobody was seen beyond the bound: known only if the last of them was answered.
  return waits.at(-1)?.answered ? 1 - longer : null;
}

function share(waitMs: number, boundMs: number): number {
  if (boundMs > 0) return waitMs / boundMs;
  return waitMs > 0 ? Infinity : 1;
}
