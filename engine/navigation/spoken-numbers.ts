import { ENGLISH_NUMBERS, ENGLISH_SCALES, HAN_DIGITS, HAN_GROUPS, HAN_NUMBER_LETTERS, HAN_UNITS, TIMES } from '../domain/spoken/number-words.ts';

/**
 * Numbers as callers say them, in Mandarin and in English. Telephone and account numbers are said digit by digit, in groups ("twelve
 * fifty", "double two"), or with 幺 for one; amounts as numbers with units.
 */

const HAN = `[${HAN_NUMBER_LETTERS}]+`;
const TOKENS = new RegExp(`[a-z']+|[0-9]|${HAN}|[^\\s,.，。、-]`, 'gu');

/** The digits of an account, a card or a telephone number that somebody says. Undefined when something else is said. */
export function digitsOf(text: string): string | undefined {
  const said = text.normalize('NFKC').toLowerCase().replace(/^(?:是|我的(?:卡号|账号|号码)是|it's|it is|my (?:account |card |phone )?number is)\s*/u, '');
  let digits = '';
  let times = 1;
  let tens = 0;
  for (const token of said.match(TOKENS) ?? []) {
    let next: string | undefined;
    const repeated = TIMES.get(token);
    if (/^[0-9]$/.test(token)) next = token;
    else if (repeated !== undefined) {
      times = repeated;
      continue;
    } else if (/^\p{Script=Han}/u.test(token)) next = hanDigits(token);
    else {
      const value = ENGLISH_NUMBERS.get(token);
      // "twenty one" is 21; "twenty" and "ten" stay as they are.
      if (value !== undefined && tens > 0 && value > 0 && value < 10) {
        digits = `${digits.slice(0, -1)}${value}`;
        tens = 0;
        continue;
      }
      next = value === undefined ? undefined : String(value);
      tens = value !== undefined && value >= 20 ? value : 0;
    }
    if (next === undefined) return undefined;
    digits += next.repeat(times);
    times = 1;
  }
  return digits === '' ? undefined : digits;
}

function hanDigits(token: string): string | undefined {
  if (/[十百千万亿]/u.test(token)) return hanNumber(token)?.toString();
  const values = [...token].map((letter) => HAN_DIGITS[letter]);
  return values.includes(undefined) ? undefined : values.join('');
}

/** 一百二十 → 120, 一千零五 → 1005, 两万三 → 23 000, 一百二 → 120. Undefined when it is no number. */
export function hanNumber(text: string): number | undefined {
  let total = 0;
  let group = 0;
  let digit: number | undefined;
  let lastUnit = 1;
  let wasZero = false;
  for (const letter of text) {
    const value = HAN_DIGITS[letter];
    const unit = HAN_UNITS[letter];
    const size = HAN_GROUPS[letter];
    if (value !== undefined) {
      if (digit !== undefined && digit !== 0) return undefined;
      digit = value;
      wasZero ||= value === 0;
    } else if (unit !== undefined) {
      group += (digit ?? 1) * unit;
      [digit, lastUnit, wasZero] = [undefined, unit, false];
    } else if (size !== undefined) {
      // 一亿二千万: a smaller group stands behind a larger one; 一万亿 is one of the other.
      const counted = group + (digit ?? 0);
      total = total < size ? (total + counted) * size : total + counted * size;
      [group, digit, lastUnit, wasZero] = [0, undefined, size, false];
    } else return undefined;
  }
  // 一百二 is 120, two hundreds and two tens; 一百零二 is 102.
  const rest = digit === undefined ? 0 : digit * (lastUnit > 10 && !wasZero ? lastUnit / 10 : 1);
  return total + group + rest;
}

/** An amount of money in hundredths: 一百二十块五 → 12 050, "twelve fifty" → 1250, "12.5 yuan" → 1250. Undefined when none is said. */
export function amountCentsOf(text: string): number | undefined {
  const said = text.normalize('NFKC').toLowerCase();
  return hanAmount(said) ?? englishAmount(said);
}

function hanAmount(said: string): number | undefined {
  const found = new RegExp(`(${HAN}|[0-9][0-9,]*(?:\\.[0-9]{1,2})?万?)(?:块钱?|元|圆)(?:(${HAN}|[0-9])(?:毛|角)?)?(?:(${HAN}|[0-9])分)?`, 'u').exec(said);
  if (found === null) return undefined;
  const [, yuan = '', jiao, fen] = found;
  const whole = plainNumber(yuan);
  return whole === undefined ? undefined : Math.round(whole * 100) + 10 * (plainNumber(jiao ?? '0') ?? 0) + (plainNumber(fen ?? '0') ?? 0);
}

function plainNumber(text: string): number | undefined {
  if (!/^[0-9]/.test(text)) return hanNumber(text);
  const value = Number(text.replace(/[,万]/gu, ''));
  return Number.isNaN(value) ? undefined : text.endsWith('万') ? value * 10_000 : value;
}

const UNITS_OF_MONEY = /^(?:yuan|rmb|renminbi|dollars?|pounds?|euros?)$/;
const PARTS_OF_MONEY = /^(?:fen|cents?|pence|p)$/;

function englishAmount(said: string): number | undefined {
  const written = /(?:^|[^0-9.])([0-9][0-9,]*)(?:\.([0-9]{1,2}))?(?=$|[^0-9.])/.exec(said);
  if (written !== null) return Number((written[1] ?? '').replaceAll(',', '')) * 100 + Number((written[2] ?? '').padEnd(2, '0'));
  const words: readonly string[] = said.match(/[a-z]+/g) ?? [];
  // "Twelve point five": to take the five alone would be worse than nothing.
  if (words.includes('point')) return undefined;
  const numbers: number[] = [];
  let current: number | undefined;
  let isPart = false;
  let sawUnit = false;
  const close = (): void => {
    if (current !== undefined) numbers.push(current);
    current = undefined;
  };
  for (const [i, word] of words.entries()) {
    const value = ENGLISH_NUMBERS.get(word);
    const scale = ENGLISH_SCALES.get(word);
    if (value !== undefined) {
      // "twelve fifty": a new number begins where this one cannot go on.
      const goesOn = current !== undefined && ((value < 10 && value > 0 && current % 10 === 0 && current % 100 >= 20) || (current % 100 === 0 && current > 0));
      if (!goesOn) close();
      current = goesOn ? (current ?? 0) + value : value;
    } else if (scale !== undefined && current !== undefined) current = Math.floor(current / scale.below) * scale.below + (current % scale.below) * scale.unit;
    else if (word === 'a' && ENGLISH_SCALES.has(words[i + 1] ?? '')) {
      close();
      current = 1;
    } else if (UNITS_OF_MONEY.test(word)) {
      sawUnit = true;
      close();
    } else if (PARTS_OF_MONEY.test(word)) {
      isPart = true;
      close();
    } else if (word !== 'and' && word !== 'a') close();
  }
  close();
  const [whole, parts = 0, more] = numbers;
  if (whole === undefined || more !== undefined) return undefined;
  if (numbers.length === 2) return parts < 100 ? whole * 100 + parts : undefined;
  return isPart && !sawUnit ? whole : whole * 100;
}
