import { MONTHS, ONES, ORDINALS, TENS, WEEKDAYS } from './english-words.ts';
import { type AtomKeys, type CivilTime, digitAtoms, PAUSE, range, type Speech } from './speech.ts';

/** English as it is said on American phone lines: `one hundred twenty`, `November twenty-third`, `three oh five p m`. */
// Largest first. The largest number that is exact is nine quadrillion and some.
const SCALES = [
  { name: 'quadrillion', unit: 1e15 },
  { name: 'trillion', unit: 1e12 },
  { name: 'billion', unit: 1e9 },
  { name: 'million', unit: 1e6 },
  { name: 'thousand', unit: 1e3 },
] as const;

export const english: Speech = {
  atoms: inventory(),
  number: (value) => [...sign(value), ...number(Math.abs(value))],
  money,
  digits: (groups) => digitAtoms(groups, (digit) => `number-${digit}`),
  date: ({ month, day, weekday }) => [`weekday-${weekday}`, `month-${month}`, `day-${day}`],
  time,
  minutes: (count) => [...number(count), count === 1 ? 'minute' : 'minutes'],
  people: (count) => [...number(count), count === 1 ? 'person' : 'people'],
};

function sign(value: number): AtomKeys {
  return value < 0 ? ['minus'] : [];
}

/** `value` ≥ 0. */
function number(value: number): AtomKeys {
  if (value === 0) return ['number-0'];
  const keys: string[] = [];
  let rest = value;
  for (const { name, unit } of SCALES) {
    if (rest < unit) continue;
    keys.push(...below1000(Math.floor(rest / unit)), name);
    rest %= unit;
  }
  return [...keys, ...below1000(rest)];
}

function below1000(value: number): AtomKeys {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  return [...(hundreds > 0 ? [`hundred-${hundreds}`] : []), ...(rest > 0 ? [`number-${rest}`] : [])];
}

function money(cents: number): AtomKeys {
  const size = Math.abs(cents);
  const yuan = Math.floor(size / 100);
  const rest = size % 100;
  // The word yuan has no plural.
  const whole = yuan > 0 || rest === 0 ? [...number(yuan), 'yuan'] : [];
  const part = rest > 0 ? [...number(rest), rest === 1 ? 'cent' : 'cents'] : [];
  return [...sign(cents), ...whole, ...(whole.length > 0 && part.length > 0 ? ['and'] : []), ...part];
}

function time({ hour, minute }: CivilTime): AtomKeys {
  const onDial = `number-${hour % 12 === 0 ? 12 : hour % 12}`;
  // Twelve a.m. and twelve p.m. are taken for each other.
  if (minute === 0 && hour % 12 === 0) return [onDial, hour === 0 ? 'midnight' : 'noon'];
  const minutes = minute === 0 ? [] : [...(minute < 10 ? ['oh'] : []), `number-${minute}`];
  return [onDial, ...minutes, hour < 12 ? 'am' : 'pm'];
}

function below100(value: number): string {
  if (value < 20) return ONES[value] ?? '';
  const units = value % 10;
  return `${TENS[Math.floor(value / 10)]}${units === 0 ? '' : `-${ONES[units]}`}`;
}

/** 1–31 */
function ordinal(value: number): string {
  if (value <= 20) return ORDINALS[value] ?? '';
  return value === 30 ? 'thirtieth' : `${TENS[Math.floor(value / 10)]}-${ORDINALS[value % 10]}`;
}

function inventory(): ReadonlyMap<string, string> {
  return new Map([
    [PAUSE, ''],
    ['minus', 'minus'],
    ...range(0, 99).map((n) => [`number-${n}`, below100(n)] as const),
    ...range(1, 9).map((n) => [`hundred-${n}`, `${ONES[n]} hundred`] as const),
    ...SCALES.map(({ name }) => [name, name] as const),
    ['yuan', 'yuan'],
    ['and', 'and'],
    ['cent', 'cent'],
    ['cents', 'cents'],
    ...MONTHS.map((text, index) => [`month-${index + 1}`, text] as const),
    ...range(1, 31).map((n) => [`day-${n}`, ordinal(n)] as const),
    ...WEEKDAYS.map((text, index) => [`weekday-${index + 1}`, text] as const),
    ['oh', 'oh'],
    ['am', 'a.m.'],
    ['pm', 'p.m.'],
    ['noon', 'noon'],
    ['midnight', 'midnight'],
    ['minute', 'minute'],
    ['minutes', 'minutes'],
    ['person', 'person'],
    ['people', 'people'],
  ]);
}
