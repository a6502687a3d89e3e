/** What came of one thing that a caller said. */
export interface TurnOutcome {
  /** Taken in the end, maybe after a question back. */
  readonly chosen?: string;
  readonly asked?: 'confirm' | 'either';
  /** Somebody was taken to speak: the prompt was cut short, or an answer came. */
  readonly noticed: boolean;
}

/** Counts of turns. */
export interface Tally {
  readonly turns: number;
  readonly right: number;
  readonly wrong: number;
  /** Not understood, or denied when asked: the question was put again. */
  readonly again: number;
  /** Of all, how many were asked back. */
  readonly confirmed: number;
  readonly unnoticed: number;
}

/** Counts what came of turns. `truth` is what was meant: undefined where nothing is right but to ask again. */
export function tallyOf(turns: readonly { readonly truth: string | undefined; readonly outcome: TurnOutcome }[]): Tally {
  const count = (wanted: (turn: (typeof turns)[number]) => boolean): number => turns.filter(wanted).length;
  return {
    turns: turns.length,
    right: count(({ truth, outcome: { chosen } }) => chosen !== undefined && chosen === truth),
    wrong: count(({ truth, outcome: { chosen } }) => chosen !== undefined && chosen !== truth),
    again: count(({ outcome: { chosen } }) => chosen === undefined),
    confirmed: count(({ outcome: { asked } }) => asked !== undefined),
    unnoticed: count(({ outcome: { noticed } }) => !noticed),
  };
}
