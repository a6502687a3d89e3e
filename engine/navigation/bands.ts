import type { IntentGuess } from './intent-model.ts';

/** How sure it must be what a caller wants before something is done about it. All are probabilities, 0 to 1. */
export interface Bands {
  /** From here on a choice is taken at once. */
  readonly accept: number;
  /** From here on the caller is asked whether that was meant; below it the question is put again. */
  readonly confirm: number;
  /** The caller is asked "this or that?" when the second choice has at least this share of the confidence of the first. */
  readonly rival: number;
}

/** Between careful and quick; `strowger nlu tune` finds what suits a hotline. */
export const DEFAULT_BANDS: Bands = { accept: 0.7, confirm: 0.3, rival: 0.5 };

/** A choice that callers may ask for. */
export interface Candidate {
  readonly choice: string;
  /** Any of these means it. */
  readonly intents: readonly string[];
  /** Where this choice is judged otherwise than the others: what is hard to undo wants more. */
  readonly bands?: Partial<Bands>;
  /** From this confidence on it goes before more likely ones: what must not be missed, fraud for one. */
  readonly winsAt?: number;
}

/** What to do about what was said. */
export type Decision =
  | { readonly kind: 'accept' | 'confirm'; readonly choice: string; readonly confidence: number }
  /** "This or that?" The more likely first. */
  | { readonly kind: 'either'; readonly choices: readonly [string, string]; readonly confidence: number }
  /** Not understood, or none of these. `confidence`: of the best. */
  | { readonly kind: 'again'; readonly confidence: number };

/** A candidate with the confidence that it was meant. */
export interface RankedCandidate extends Candidate {
  readonly confidence: number;
}

/** Candidates by how likely each was meant; of equals, the one that stands first. */
export function rank(guesses: readonly IntentGuess[], candidates: readonly Candidate[]): readonly RankedCandidate[] {
  const confidences = new Map(guesses.map(({ intent, confidence }) => [intent, confidence]));
  return candidates
    .map((candidate) => ({ ...candidate, confidence: candidate.intents.reduce((sum, intent) => sum + (confidences.get(intent) ?? 0), 0) }))
    .sort((a, b) => b.confidence - a.confidence);
}

/** The one that goes before more likely ones, if there is one. */
export function winnerOf(ranked: readonly RankedCandidate[]): RankedCandidate | undefined {
  return ranked.find(({ winsAt, confidence }) => winsAt !== undefined && confidence >= winsAt);
}

/** Decides by the confidence of each candidate. */
export function decide(guesses: readonly IntentGuess[], candidates: readonly Candidate[], bands: Bands): Decision {
  const ranked = rank(guesses, candidates);
  const winner = winnerOf(ranked);
  if (winner !== undefined) return { kind: winner.confidence >= bandsOf(winner, bands).accept ? 'accept' : 'confirm', choice: winner.choice, confidence: winner.confidence };
  const [first, second] = ranked;
  if (first === undefined) return { kind: 'again', confidence: 0 };
  const { choice, confidence } = first;
  const { accept, confirm, rival } = bandsOf(first, bands);
  if (confidence >= accept) return { kind: 'accept', choice, confidence };
  // Two that share what one alone would have: neither is sure enough, but it is one of them.
  const isRival = second !== undefined && second.confidence >= rival * confidence && confidence + second.confidence >= confirm && second.confidence > 0;
  if (isRival) return { kind: 'either', choices: [choice, second.choice], confidence };
  return confidence >= confirm ? { kind: 'confirm', choice, confidence } : { kind: 'again', confidence };
}

const bandsOf = (candidate: Candidate, bands: Bands): Bands => ({ ...bands, ...candidate.bands });
