import { maskNumber } from './digits.ts';

/**
 * What may be kept of the `pii` of an event or a log line where persons must not be recognised: numbers with their last
 * digits, nothing of anything else (a name has no harmless part).
 */
export function maskPersonalData(pii: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const masked: Record<string, string> = {};
  for (const [key, value] of Object.entries(pii)) {
    if (typeof value !== 'string') masked[key] = '';
    else masked[key] = /number$/i.test(key) ? maskNumber(value) : '';
  }
  return masked;
}

/** Digits in a row, spoken or written, that could be a number of somebody: three at least. */
const NUMBERS = /(?:[0-9零〇一幺二两三四五六七八九十百千万亿][\s-]*){3,}|(?:\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|double|triple)\b[\s-]*){3,}/giu;
/** What follows is what somebody is called. */
const NAMES = /((?:我叫|我姓|我是|名字是|名字叫)\s*)(?!要|想|来|不|问|说|有|在|你|咨询|打)(?:(?!我|要|想)\p{Script=Han}){1,4}|(\b(?:my name is|this is|i am|i'm)\s+)(?!not\b|calling|trying|looking|having|going|here|a\b|the\b|my\b|about|sorry|sure)[\p{L}'-]+(?:\s+(?!(?:and|but|i|i'm|my|calling|from|speaking|with|about|here)\b)[\p{L}'-]+)?/giu;

/** What may be kept of what a caller said: numbers and names are left out. What it was about stays. */
export function maskSpeech(text: string): string {
  return text
    .normalize('NFKC')
    .replace(NUMBERS, (found) => `<number>${/\s$/u.test(found) ? ' ' : ''}`)
    .replace(NAMES, (_found, chinese: string | undefined, english: string | undefined) => `${chinese ?? english ?? ''}<name>`);
}
