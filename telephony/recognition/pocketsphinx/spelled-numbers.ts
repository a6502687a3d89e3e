const ONES = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = '? ? twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const HAN = [...'零一二三四五六七八九'];

/** Longer numbers are read digit by digit: `95588` is no quantity. */
const LONGEST_QUANTITY = 2;

/** `24` → `twenty four`, `05` and `955` digit by digit. */
export function englishNumber(digits: string): string {
  const value = Number(digits);
  if (isRead(digits)) return [...digits].map((digit) => ONES[Number(digit)]).join(' ');
  if (value < ONES.length) return ONES[value] ?? '';
  return [TENS[Math.floor(value / 10)], ...(value % 10 === 0 ? [] : [ONES[value % 10]])].join(' ');
}

/** `24` → `二十四`, `05` and `955` digit by digit. */
export function mandarinNumber(digits: string): string {
  const value = Number(digits);
  const [tens, ones] = [Math.floor(value / 10), value % 10];
  if (isRead(digits) || value < 10) return [...digits].map((digit) => HAN[Number(digit)]).join('');
  return `${tens === 1 ? '' : (HAN[tens] ?? '')}十${ones === 0 ? '' : (HAN[ones] ?? '')}`;
}

function isRead(digits: string): boolean {
  return digits.length > LONGEST_QUANTITY || (digits.length > 1 && digits.startsWith('0'));
}
