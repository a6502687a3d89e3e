import * as english from '../domain/spoken/english-words.ts';
import { DAY_MS } from '../domain/zone.ts';
import { hanNumber } from './spoken-numbers.ts';

/**
 * The day that a caller says, as YYYY-MM-DD; undefined when none is said, or one that does not exist. A day without a year is the nearest one to
 * `today`, which is in days since 1970-01-01 of the caller's place, as all days here are: no hours, no zones.
 */
export function dateOf(text: string, today: number): string | undefined {
  const said = text.normalize('NFKC').toLowerCase();
  const day = namedDay(said, today) ?? relativeDay(said, today) ?? weekday(said, today);
  return day === undefined ? undefined : new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const RELATIVE: readonly (readonly [RegExp, number])[] = [
  [/大后天/u, 3],
  [/后天|day after tomorrow/u, 2],
  [/明[天日]|\btomorrow\b/u, 1],
  [/今[天日]|\btoday\b/u, 0],
  [/大前天/u, -3],
  [/前天|day before yesterday/u, -2],
  [/昨[天日]|\byesterday\b/u, -1],
];

function relativeDay(said: string, today: number): number | undefined {
  const found = RELATIVE.find(([pattern]) => pattern.test(said));
  return found === undefined ? undefined : today + found[1];
}

const WEEK = english.WEEKDAYS.map((name) => name.toLowerCase());
const HAN_WEEK = '一二三四五六日';
const HAN_WEEKDAY = /(下下|下|这|本|上)?个?(?:周|星期|礼拜)([一二三四五六日天])/u;
const WEEKDAY = new RegExp(`(?:\\b(next|this|last) )?\\b(${WEEK.join('|')})\\b`, 'u');
const WEEKS: Readonly<Record<string, number>> = { 下下: 2, 下: 1, next: 1, 这: 0, 本: 0, 上: -1, last: -1 };

/** "下周一" and "next Monday" are of the next week, which begins on a Monday; a day alone, or "this Friday", is the next one to come. */
function weekday(said: string, today: number): number | undefined {
  const [, which = '', name = ''] = HAN_WEEKDAY.exec(said) ?? WEEKDAY.exec(said) ?? [];
  if (name === '') return undefined;
  const wanted = WEEK.includes(name) ? WEEK.indexOf(name) : HAN_WEEK.indexOf(name === '天' ? '日' : name);
  // 1970-01-01 was a Thursday.
  const now = (today + 3) % 7;
  const weeks = WEEKS[which];
  return weeks === undefined ? today + ((wanted - now + 7) % 7) : today - now + wanted + 7 * weeks;
}

const MONTHS = english.MONTHS.map((name) => name.toLowerCase());
const ORDINALS = english.ORDINALS.slice(1);
const DAYS: ReadonlyMap<string, number> = new Map<string, number>([
  ...ORDINALS.map((word, i) => [word, i + 1] as const),
  ...ORDINALS.slice(0, 9).map((word, i) => [`twenty ${word}`, 21 + i] as const),
  ['thirtieth', 30],
  ['thirty first', 31],
]);
const MONTH = `(${MONTHS.join('|')})`;
const DAY = `(\\d{1,2}(?!\\d)(?:st|nd|rd|th)?|(?:twenty|thirty)[ -](?:${ORDINALS.slice(0, 9).join('|')})|${ORDINALS.join('|')}|thirtieth)`;
const HAN_DATE = /(?:([0-9]{4})年)?([0-9]{1,2}|[一二三四五六七八九十]{1,2})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]/u;
const MONTH_FIRST = new RegExp(`\\b${MONTH} (?:the )?${DAY}\\b(?:,? ([0-9]{4})\\b)?`, 'u');
const DAY_FIRST = new RegExp(`\\b${DAY} (?:of )?${MONTH}\\b(?:,? ([0-9]{4})\\b)?`, 'u');

function namedDay(said: string, today: number): number | undefined {
  const han = HAN_DATE.exec(said);
  if (han !== null) return dayOf(han[1], number(han[2] ?? ''), number(han[3] ?? ''), today);
  const monthFirst = MONTH_FIRST.exec(said);
  if (monthFirst !== null) return dayOf(monthFirst[3], MONTHS.indexOf(monthFirst[1] ?? '') + 1, number(monthFirst[2] ?? ''), today);
  const dayFirst = DAY_FIRST.exec(said);
  return dayFirst === null ? undefined : dayOf(dayFirst[3], MONTHS.indexOf(dayFirst[2] ?? '') + 1, number(dayFirst[1] ?? ''), today);
}

function number(said: string): number {
  const word = said.replace('-', ' ');
  return DAYS.get(word) ?? (/^\d/.test(word) ? Number.parseInt(word, 10) : (hanNumber(word) ?? NaN));
}

function dayOf(year: string | undefined, month: number, day: number, today: number): number | undefined {
  const thisYear = new Date(today * DAY_MS).getUTCFullYear();
  const years = year === undefined ? [thisYear - 1, thisYear, thisYear + 1] : [Number(year)];
  const days = years.map((each) => ({ at: new Date(Date.UTC(each, month - 1, day)) })).filter(({ at }) => at.getUTCMonth() === month - 1 && at.getUTCDate() === day);
  const [nearest] = days.map(({ at }) => at.getTime() / DAY_MS).sort((a, b) => Math.abs(a - today) - Math.abs(b - today));
  return nearest;
}
