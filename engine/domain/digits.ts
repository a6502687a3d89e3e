/** RFC 4733 §3.2 events 0–15 as characters. A to D exist on few phones; they are never choices of ours. */
export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

const DIGITS = '0123456789*#ABCD';

export function isDigit(value: string): value is Digit {
  return value.length === 1 && DIGITS.includes(value);
}

/**
 * How carefully what a caller typed is kept: `secret` (PIN, card check value) lives in memory only, `personal`
 * (account, phone number) is masked wherever a person may read it, `plain` (a menu key) is shown.
 */
export type Sensitivity = 'secret' | 'personal' | 'plain';

/** `123456` → `**3456`: enough to recognise a number that one knows, too little to learn one. */
export function maskNumber(value: string, visible = 4): string {
  const shown = value.length > visible * 2 ? visible : Math.min(2, Math.floor(value.length / 3));
  return '*'.repeat(Math.max(0, value.length - shown)) + (shown > 0 ? value.slice(-shown) : '');
}
