import { maskNumber } from './digits.ts';
import { ENGLISH_NUMBERS, ENGLISH_SCALES, HAN_NUMBER_LETTERS, TIMES } from './spoken/number-words.ts';

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

const NUMBER_WORDS = [...ENGLISH_NUMBERS.keys(), ...ENGLISH_SCALES.keys(), ...TIMES.keys()].join('|');
const PART = `(?:[0-9${HAN_NUMBER_LETTERS}]|\\b(?:${NUMBER_WORDS})\\b)`;
/** Digits in a row, spoken or written, that could be a number of somebody: three at least. A recogniser may put commas and stops between groups. */
const NUMBERS = new RegExp(`${PART}(?:(?:[\\s,、。-]|\\.(?![0-9]))*${PART}){2,}`, 'giu');
/** What follows is what somebody is called. */
const NAMES = /((?:我叫|我姓|我是|名字是|名字叫)\s*)(?!要|想|来|不|问|说|有|在|你|咨询|打)(?:(?!我|要|想)\p{Script=Han}){1,4}|(\b(?:my name is|this is|i am|i'm)\s+)(?!not\b|calling|trying|looking|having|going|here|a\b|the\b|my\b|about|sorry|sure)[\p{L}'-]+(?:\s+(?!(?:and|but|i|i'm|my|calling|from|speaking|with|about|here)\b)[\p{L}'-]+)?/giu;

/** What may be kept of what a caller said: numbers and names are left out. What it was about stays. */
export function maskSpeech(text: string): string {
  return text
    .normalize('NFKC')
    .replace(NUMBERS, '<number>')
    .replace(NAMES, (_found, chinese: string | undefined, english: string | undefined) => `${chinese ?? english ?? ''}<name>`);
}
