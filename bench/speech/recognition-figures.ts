import { auroc } from '../../engine/navigation/evaluation.ts';

/** One utterance that was recognised. */
export interface Trial {
  /** What was said; absent when it was none of the phrases. */
  readonly said?: string;
  /** What was found, before anything is rejected. */
  readonly found: string | undefined;
  /** The likelihood ratio of what was found. */
  readonly ratio: number | undefined;
}

export interface RecognitionFigures {
  readonly spoken: number;
  /** The right phrase was found, whether or not it would be accepted: share of those spoken. */
  readonly found: number;
  /** … and accepted. */
  readonly right: number;
  /** Another phrase was accepted. */
  readonly wrong: number;
  readonly others: number;
  /** Of what is none of the phrases, what was taken for one. */
  readonly falseAccepts: number;
  /** How well the ratio tells right ones from all else that was found: 1 perfectly, 0.5 not at all. */
  readonly auroc: number;
}

export interface LogisticCurve {
  readonly half: number;
  readonly scale: number;
}

/** What a recogniser does that accepts from a likelihood ratio on. */
export function recognitionFigures(trials: readonly Trial[], leastRatio: number): RecognitionFigures {
  const accepted = ({ ratio }: Trial) => ratio !== undefined && ratio >= leastRatio;
  const spoken = trials.filter(({ said }) => said !== undefined);
  const others = trials.filter(({ said }) => said === undefined);
  const share = (part: readonly Trial[], whole: readonly Trial[]) => (whole.length === 0 ? 0 : part.length / whole.length);
  return {
    spoken: spoken.length,
    found: share(spoken.filter(isRight), spoken),
    right: share(spoken.filter((trial) => isRight(trial) && accepted(trial)), spoken),
    wrong: share(spoken.filter((trial) => !isRight(trial) && accepted(trial)), spoken),
    others: others.length,
    falseAccepts: share(others.filter(accepted), others),
    auroc: auroc(ratios(trials, true), ratios(trials, false)),
  };
}

/**
 * The logistic curve under which what was right is most likely, by Newton's method on slope and intercept. Both classes weigh the same,
 * however many of each a bench has: at `half`, right and wrong are as likely when they come equally often.
 */
export function fittedCurve(trials: readonly Trial[]): LogisticCurve {
  const [right, wrong] = [ratios(trials, true), ratios(trials, false)];
  const points = [...right.map((ratio) => ({ ratio, target: 1, share: wrong.length })), ...wrong.map((ratio) => ({ ratio, target: 0, share: right.length }))].map(
    ({ ratio, target, share }) => ({ ratio, target, share: (2 * share) / (right.length + wrong.length) }),
  );
  const mean = points.reduce((sum, { ratio }) => sum + ratio, 0) / points.length;
  const deviation = Math.sqrt(points.reduce((sum, { ratio }) => sum + (ratio - mean) ** 2, 0) / points.length) || 1;
  let [slope, intercept] = [0, 0];
  for (let round = 0; round < 50; round += 1) {
    // A little of a penalty: points that a line parts perfectly have no steepest curve.
    let [g0, g1, h00, h01, h11] = [0, -PENALTY * slope, 1e-9, 0, PENALTY];
    for (const { ratio, target, share } of points) {
      const x = (ratio - mean) / deviation;
      const p = 1 / (1 + Math.exp(-(intercept + slope * x)));
      const weight = share * p * (1 - p);
      g0 += share * (target - p);
      g1 += share * (target - p) * x;
      h00 += weight;
      h01 += weight * x;
      h11 += weight * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    intercept += (h11 * g0 - h01 * g1) / determinant;
    slope += (h00 * g1 - h01 * g0) / determinant;
  }
  return { half: mean - (intercept / slope) * deviation, scale: deviation / slope };
}

const PENALTY = 1;

function isRight({ said, found }: Trial): boolean {
  return said !== undefined && said === found;
}

function ratios(trials: readonly Trial[], right: boolean): number[] {
  return trials.flatMap((trial) => (trial.ratio === undefined || isRight(trial) !== right ? [] : [trial.ratio]));
}
