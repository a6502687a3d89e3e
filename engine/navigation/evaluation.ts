import type { Understanding } from './intent-model.ts';
import type { Example } from './intent-trainer.ts';

/** One utterance that was meant so and understood so. */
export interface Verdict {
  readonly text: string;
  readonly meant: string;
  /** Undefined: nothing at all. */
  readonly understood: string | undefined;
  readonly confidence: number;
}

/** Two intents that are taken for each other. */
export interface Confusion {
  readonly meant: string;
  readonly understood: string;
  readonly times: number;
}

export interface IntentFigures {
  readonly intent: string;
  readonly examples: number;
  /** Of those understood so, the share that was meant so; of those meant so, the share that was understood so; their harmonic mean. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export interface Evaluation {
  readonly examples: number;
  readonly accuracy: number;
  /** The mean of the intents' F1: rare ones count as much as common ones. */
  readonly macroF1: number;
  /** Between confidence and accuracy, on average, in ten groups by confidence (Naeini et al., 2015): 0 is well calibrated. */
  readonly calibrationError: number;
  readonly intents: readonly IntentFigures[];
  /** The most frequent first. */
  readonly confusions: readonly Confusion[];
  readonly errors: readonly Verdict[];
}

const GROUPS = 10;

/** How utterances with known intents are understood. */
export function judge(model: { readonly understand: (text: string, most?: number) => Understanding }, examples: readonly Example[]): readonly Verdict[] {
  return examples.map(({ text, intent }) => {
    const [guess] = model.understand(text, 1).guesses;
    return { text, meant: intent, understood: guess?.intent, confidence: guess?.confidence ?? 0 };
  });
}

/** The figures of verdicts, from one model or from several (cross-validation). */
export function evaluate(verdicts: readonly Verdict[]): Evaluation {
  const right = verdicts.filter(isRight).length;
  const names = [...new Set(verdicts.map(({ meant }) => meant))].sort();
  const intents = names.map((intent) => figuresOf(intent, verdicts));
  return {
    examples: verdicts.length,
    accuracy: ratio(right, verdicts.length),
    macroF1: ratio(intents.reduce((sum, { f1 }) => sum + f1, 0), intents.length),
    calibrationError: calibrationErrorOf(verdicts),
    intents,
    confusions: confusionsOf(verdicts),
    errors: verdicts.filter((verdict) => !isRight(verdict)),
  };
}

/**
 * The probability that one of `positives` is above one of `negatives`, ties counting half: the area under the ROC curve, by ranks (Mann and
 * Whitney). NaN when either is empty.
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((value) => ({ value, isPositive: true })), ...negatives.map((value) => ({ value, isPositive: false }))].sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]!.value === all[from]!.value) to += 1;
    const middle = (from + to + 1) / 2;
    for (let i = from; i < to; i += 1) if (all[i]!.isPositive) ranks += middle;
    from = to;
  }
  return (ranks - (positives.length * (positives.length + 1)) / 2) / (positives.length * negatives.length);
}

const isRight = ({ meant, understood }: Verdict): boolean => meant === understood;

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function figuresOf(intent: string, verdicts: readonly Verdict[]): IntentFigures {
  const meant = verdicts.filter((verdict) => verdict.meant === intent);
  const hits = meant.filter(isRight).length;
  const understood = verdicts.filter((verdict) => verdict.understood === intent).length;
  return { intent, examples: meant.length, precision: ratio(hits, understood), recall: ratio(hits, meant.length), f1: ratio(2 * hits, understood + meant.length) };
}

function confusionsOf(verdicts: readonly Verdict[]): readonly Confusion[] {
  const counts = new Map<string, Confusion>();
  for (const { meant, understood } of verdicts) {
    if (understood === undefined || understood === meant) continue;
    const key = JSON.stringify([meant, understood]);
    counts.set(key, { meant, understood, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.times - a.times);
}

function calibrationErrorOf(verdicts: readonly Verdict[]): number {
  const groups = Array.from({ length: GROUPS }, () => ({ confidence: 0, right: 0 }));
  for (const verdict of verdicts) {
    const group = groups[Math.min(GROUPS - 1, Math.floor(verdict.confidence * GROUPS))]!;
    group.confidence += verdict.confidence;
    if (isRight(verdict)) group.right += 1;
  }
  return ratio(groups.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0), verdicts.length);
}
