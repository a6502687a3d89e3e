import { type AtomKeys, type CivilTime, digitAtoms, PAUSE, range, type Speech } from './speech.ts';

/**
 * Mandarin. Atoms are as large as the inventory allows (二十三, 三百, 五角): a tone depends on its neighbours, 一 most of all
 * (yī, but yì bǎi and yí wàn), and what is recorded in one piece has it right.
 *
 * Numbers are read as schools in China teach it: in groups of four digits; zeros at the end of a group are silent; any
 * other run of zeros is one 零; ten is 十 at the very beginning and 一十 elsewhere; two is 两 before 百, 千, 万, 亿 and
 * before a measure word, 二 otherwise.
 */
const DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;
const COUNTED = ['零', '一', '两', '三', '四', '五', '六', '七', '八', '九'] as const;
// Parts of the day by the hour at which they begin.
const PERIODS = [
  { key: 'period-night', text: '凌晨', fromHour: 0 },
  { key: 'period-early', text: '早上', fromHour: 6 },
  { key: 'period-morning', text: '上午', fromHour: 8 },
  { key: 'period-noon', text: '中午', fromHour: 12 },
  { key: 'period-afternoon', text: '下午', fromHour: 13 },
  { key: 'period-evening', text: '晚上', fromHour: 18 },
] as const;

const WAN = 10_000;
const YI = 100_000_000;

export const chinese: Speech = {
  atoms: inventory(),
  number: (value) => [...sign(value), ...number(Math.abs(value))],
  money,
  digits: (groups) => digitAtoms(groups, (digit) => (digit === '1' ? 'digit-1' : `number-${digit}`)),
  date: ({ month, day, weekday }) => [`month-${month}`, `day-${day}`, `weekday-${weekday}`],
  time,
  minutes: (count) => counted(count, 'minutes'),
  people: (count) => counted(count, 'people'),
};

function sign(value: number): AtomKeys {
  return value < 0 ? ['minus'] : [];
}

/** `value` ≥ 0. */
function number(value: number): AtomKeys {
  return value === 0 ? ['number-0'] : magnitude(value, true);
}

/** `value` > 0. `first`: nothing is said before it. */
function magnitude(value: number, first: boolean): AtomKeys {
  if (value >= YI) return scaled(value, YI, 'yi', first);
  if (value >= WAN) return scaled(value, WAN, 'wan', first);
  return group(value, first);
}

function scaled(value: number, unit: number, name: 'wan' | 'yi', first: boolean): AtomKeys {
  const high = Math.floor(value / unit);
  const low = value % unit;
  const head = first && high <= 2 ? [`${name}-${high}`] : [...magnitude(high, first), name];
  if (low === 0) return head;
  // The first place below the unit is empty: one 零 stands for all empty places that follow.
  return [...head, ...(low < unit / 10 ? ['number-0'] : []), ...magnitude(low, false)];
}

/** 1–9999 */
function group(value: number, first: boolean): AtomKeys {
  const thousands = Math.floor(value / 1000);
  const hundreds = Math.floor(value / 100) % 10;
  const rest = value % 100;
  const keys: string[] = [];
  if (thousands > 0) keys.push(`thousand-${thousands}`);
  if (hundreds > 0) keys.push(`hundred-${hundreds}`);
  if (rest === 0) return keys;
  if (keys.length > 0 && (rest < 10 || hundreds === 0)) keys.push('number-0');
  const leads = first && keys.length === 0;
  keys.push(rest >= 10 && rest < 20 && !leads ? `inside-${rest}` : `number-${rest}`);
  return keys;
}

/** A number with a measure word. One and two are atoms together with it: 一 changes its tone, two is 两. */
function counted(count: number, unit: 'yuan' | 'minutes' | 'people'): AtomKeys {
  return count === 1 || count === 2 ? [`${unit}-${count}`] : [...number(count), unit];
}

function money(cents: number): AtomKeys {
  const size = Math.abs(cents);
  const yuan = Math.floor(size / 100);
  const jiao = Math.floor(size / 10) % 10;
  const fen = size % 10;
  const keys = [...sign(cents)];
  if (yuan > 0 || size === 0) keys.push(...counted(yuan, 'yuan'));
  if (jiao > 0) keys.push(`jiao-${jiao}`);
  else if (yuan > 0 && fen > 0) keys.push('number-0');
  if (fen > 0) keys.push(`fen-${fen}`);
  return keys;
}

function time({ hour, minute }: CivilTime): AtomKeys {
  const period = PERIODS.findLast(({ fromHour }) => fromHour <= hour) ?? PERIODS[0];
  const keys = [period.key, `hour-${hour > 12 ? hour - 12 : hour}`];
  if (minute === 0) return keys;
  return [...keys, ...(minute < 10 ? ['number-0'] : []), `number-${minute}`, 'minute'];
}

function below100(value: number): string {
  const tens = Math.floor(value / 10);
  const units = value % 10;
  if (tens === 0) return DIGITS[value] ?? '';
  return `${tens === 1 ? '' : DIGITS[tens]}十${units === 0 ? '' : DIGITS[units]}`;
}

function inventory(): ReadonlyMap<string, string> {
  const ones = range(1, 9);
  return new Map([
    [PAUSE, ''],
    ['minus', '负'],
    ...range(0, 99).map((n) => [`number-${n}`, below100(n)] as const),
    // Ten to nineteen after something: 一百一十三.
    ...range(10, 19).map((n) => [`inside-${n}`, `一${below100(n)}`] as const),
    ...ones.map((n) => [`hundred-${n}`, `${COUNTED[n]}百`] as const),
    ...ones.map((n) => [`thousand-${n}`, `${COUNTED[n]}千`] as const),
    ['wan', '万'],
    ['wan-1', '一万'],
    ['wan-2', '两万'],
    ['yi', '亿'],
    ['yi-1', '一亿'],
    ['yi-2', '两亿'],
    // In account and phone numbers one is yāo, which cannot be taken for seven (qī).
    ['digit-1', '幺'],
    ['yuan', '元'],
    ['yuan-1', '一元'],
    ['yuan-2', '两元'],
    ...ones.map((n) => [`jiao-${n}`, `${COUNTED[n]}角`] as const),
    ...ones.map((n) => [`fen-${n}`, `${COUNTED[n]}分`] as const),
    ...range(1, 12).map((n) => [`month-${n}`, `${below100(n)}月`] as const),
    ...range(1, 31).map((n) => [`day-${n}`, `${below100(n)}日`] as const),
    ...range(1, 7).map((n) => [`weekday-${n}`, `星期${n === 7 ? '日' : DIGITS[n]}`] as const),
    ...PERIODS.map(({ key, text }) => [key, text] as const),
    ...range(0, 12).map((n) => [`hour-${n}`, `${n === 2 ? '两' : below100(n)}点`] as const),
    ['minute', '分'],
    ['minutes', '分钟'],
    ['minutes-1', '一分钟'],
    ['minutes-2', '两分钟'],
    ['people', '位'],
    ['people-1', '一位'],
    ['people-2', '两位'],
  ]);
}
