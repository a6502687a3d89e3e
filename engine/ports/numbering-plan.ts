/** What answers at a number, by its country's numbering plan. `uan`: one number for a whole company or service, not one telephone. */
export const NUMBER_TYPES = [
  'mobile',
  'fixedLine',
  'fixedLineOrMobile',
  'tollFree',
  'premiumRate',
  'sharedCost',
  'voip',
  'personal',
  'pager',
  'uan',
  'voicemail',
  'unknown',
] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** A number that its country's plan knows. It says nothing about whether anybody has it. */
export interface PlannedNumber {
  /** E.164, with its `+`. Personal. */
  readonly number: string;
  /** ISO 3166 alpha-2; `001` for numbers of no country: satellites, +800, +883. Countries that share a code (+1, +44, +7) are told apart. */
  readonly country: string;
  readonly type: NumberType;
}

/**
 * Why a text is no number that can be dialled.
 *
 * - withheld: there is no number in it: empty, `anonymous`, `Restricted`, only zeros
 * - tooShort: shorter than any number of its country: an extension, a service number (95500)
 * - invalid: anything else
 */
export type NumberProblem = 'invalid' | 'tooShort' | 'withheld';

export type NumberReading = PlannedNumber | { readonly problem: NumberProblem };

/** The world's numbering plans. */
export interface NumberingPlan {
  /**
   * Reads what a caller id or a caller's keypad gave, dialled in `from.country` (ISO 3166 alpha-2). Never throws, whatever the text. A number
   * of another country needs its `+` or the international prefix: it is never guessed from bare digits.
   */
  read(text: string, from: { readonly country: string }): NumberReading;
}

/** Of a caller id that is no number, so much is kept. */
const LONGEST_CALLER = 32;

/** A caller, one way to spell it, so that 13800138000 and +8613800138000 are one. Empty when the number is withheld. Personal. */
export function callerKey(text: string, plan: NumberingPlan, country: string): string {
  const reading = plan.read(text, { country });
  if (!('problem' in reading)) return reading.number;
  return reading.problem === 'withheld' ? '' : text.trim().slice(0, LONGEST_CALLER);
}
