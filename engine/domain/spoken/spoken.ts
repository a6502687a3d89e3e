import { StrowgerError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { PromptValue, ValueKind } from '../prompt.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';
import type { AtomKeys, CivilTime, Speech } from './speech.ts';

/** A fragment that is recorded or synthesised once. The key is lower-case ASCII, fit for a file name; `pause` has no text. */
export interface Atom {
  readonly key: string;
  readonly text: string;
}

export interface SpokenOptions {
  /** Where the caller is: minutes east of Greenwich, for `date` and `time`. Default 480, China. */
  readonly utcOffsetMinutes?: number;
}

const SPEECH: Readonly<Record<Language, Speech>> = { 'zh-CN': chinese, en: english };
const CHINA_OFFSET_MINUTES = 480;
const LONGEST_DIGITS = 64;
// The range of the calendar (ECMA-262 §21.4.1.1), less a day for the offset.
const CALENDAR_MS = 8.64e15 - 86_400_000;

/**
 * How `value` is said: money in cents, date and time in milliseconds since the epoch, digits as text (they may be grouped
 * by spaces or hyphens; ungrouped ones are grouped as such numbers usually are). Throws `prompt.value` for what cannot be
 * said: fractions, NaN, letters among digits, a negative count.
 */
export function spoken(kind: ValueKind, value: PromptValue, language: Language, options: SpokenOptions = {}): readonly Atom[] {
  const speech = SPEECH[language];
  return keysOf(speech, kind, value, options).map((key) => {
    const text = speech.atoms.get(key);
    if (text === undefined) throw new StrowgerError('prompt.value', `No atom \`${key}\` in ${language} for a value of kind ${kind}.`, { fields: { kind, language, atom: key } });
    return { key, text };
  });
}

/** Every atom that any value may need: what a bank records. */
export function atomInventory(language: Language): readonly Atom[] {
  return Array.from(SPEECH[language].atoms, ([key, text]) => ({ key, text }));
}

function keysOf(speech: Speech, kind: ValueKind, value: PromptValue, options: SpokenOptions): AtomKeys {
  switch (kind) {
    case 'number':
      return speech.number(whole(kind, value));
    case 'money':
      return speech.money(whole(kind, value));
    case 'digits':
      return speech.digits(digitGroups(value));
    case 'date':
      return speech.date(civilTime(kind, value, options));
    case 'time':
      return speech.time(civilTime(kind, value, options));
    case 'minutes':
      return speech.minutes(count(kind, value));
    case 'people':
      return speech.people(count(kind, value));
  }
}

// The value itself is never in the message: it may be an account number or a balance.
function refuse(kind: ValueKind, why: string): StrowgerError {
  return new StrowgerError('prompt.value', `A value of kind ${kind} cannot be said: ${why}.`, { fields: { kind } });
}

function whole(kind: ValueKind, value: PromptValue): number {
  if (typeof value !== 'number') throw refuse(kind, 'it is text, not a number');
  if (!Number.isSafeInteger(value)) throw refuse(kind, 'it is no whole number, or too large to be exact');
  return value;
}

function count(kind: ValueKind, value: PromptValue): number {
  const counted = whole(kind, value);
  if (counted < 0) throw refuse(kind, 'a count cannot be negative');
  return counted;
}

function digitGroups(value: PromptValue): readonly string[] {
  if (typeof value !== 'string') throw refuse('digits', 'it is a number, not text; leading zeros would be lost');
  if (value.length > LONGEST_DIGITS) throw refuse('digits', `it is longer than ${LONGEST_DIGITS} characters`);
  const groups = value.split(/[ -]+/).filter((group) => group !== '');
  if (groups.length === 0) throw refuse('digits', 'there is no digit in it');
  if (!groups.every((group) => /^[0-9]+$/.test(group))) throw refuse('digits', 'only 0 to 9, spaces and hyphens can stand in it');
  return groups.length === 1 ? groupsOf(groups[0] ?? '') : groups;
}

// Mobile numbers of China are said 3-4-4; card and account numbers in fours, as they are printed.
function groupsOf(digits: string): readonly string[] {
  if (digits.length <= 6) return [digits];
  const first = digits.length === 11 && digits.startsWith('1') ? 3 : 4;
  return [digits.slice(0, first), ...(digits.slice(first).match(/.{1,4}/g) ?? [])];
}

function civilTime(kind: ValueKind, value: PromptValue, { utcOffsetMinutes = CHINA_OFFSET_MINUTES }: SpokenOptions): CivilTime {
  const at = whole(kind, value);
  if (Math.abs(at) > CALENDAR_MS) throw refuse(kind, 'it is beyond the calendar; it must be milliseconds since the epoch');
  const date = new Date(at + utcOffsetMinutes * 60_000);
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay() === 0 ? 7 : date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}
