import type { Language } from '../../../engine/domain/language.ts';
import { spoken } from '../../../engine/domain/spoken/spoken.ts';

/** Longer numbers are read digit by digit: `95588` is no quantity. */
const LONGEST_QUANTITY = 2;

/** How a number in a phrase is said, word by word: `24` as a quantity, `05` and `955` digit by digit. */
export function spelledNumber(digits: string, language: Language): readonly string[] {
  const isQuantity = digits.length <= LONGEST_QUANTITY && (digits === '0' || !digits.startsWith('0'));
  // As prompts say it, but a digit at a time: prompts make groups of them, with pauses.
  const atoms = isQuantity ? spoken('number', Number(digits), language) : [...digits].flatMap((digit) => spoken('number', Number(digit), language));
  return atoms.map(({ text }) => text);
}
