/**
 * Numbers as callers say them, in Mandarin and in English. Telephone and account numbers are said digit by digit, in groups ("twelve
 * fifty", "double two"), or with 幺 for one; amounts as numbers with units.
 */

const HAN_DIGITS: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 一: 1, 幺: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const HAN_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
const HAN_GROUPS: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 };

const SMALL = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ENGLISH: ReadonlyMap<string, number> = new Map([
  ...SMALL.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + 10 * index] as const),
  ['oh', 0],
  ['o', 0],
  ['nought', 0],
]);
const TIMES: Readonly<Record<string, number>> = { double: 2, triple: 3 };

/** The digits of an account, a card or a telephone number that somebody says. Undefined when something else is said. */
export function digitsOf(text: string): string | undefined {
  const said = text.normalize('NFKC').toLowerCase().replace(/^(?:是|我的(?:卡号|账号|号码)是|it's|it is|my (?:account |card |phone )?number is)\s*/u, '');
  let digits = '';
  let times = 1;
  let tens = 0;
  for (const token of said.match(/[a-z']+|[0-9]|[零〇一幺二两三四五六七八九十百千万亿]+|[^\s,.，。、-]/gu) ?? []) {
    let next: string | undefined;
    if (/^[0-9]$/.test(token)) next = token;
    else if (token in TIMES) {
      times = TIMES[token] ?? 1;
      continue;
    } else if (/^\p{Script=Han}/u.test(token)) next = hanDigits(token);
    else {
      const value = ENGLISH.get(token);
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
      total = (total + group + (digit ?? 0)) * size;
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

const HAN = '[零〇一幺二两三四五六七八九十百千万亿]+';

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
  const words = said.match(/[a-z]+/g) ?? [];
  const numbers: number[] = [];
  let current: number | undefined;
  let isPart = false;
  let sawUnit = false;
  const close = (): void => {
    if (current !== undefined) numbers.push(current);
    current = undefined;
  };
  for (const word of words) {
    const value = ENGLISH.get(word);
    if (value !== undefined) {
      // "twelve fifty": a new number begins where this one cannot go on.
      const goesOn = current !== undefined && ((value < 10 && value > 0 && current % 10 === 0 && current % 100 >= 20) || (current % 100 === 0 && current > 0));
      if (!goesOn) close();
      current = goesOn ? (current ?? 0) + value : value;
    } else if (word === 'hundred' && current !== undefined) current = current < 100 ? current * 100 : Math.floor(current / 100) * 100 + (current % 100) * 100;
    else if (word === 'thousand' && current !== undefined) current *= 1_000;
    else if (UNITS_OF_MONEY.test(word)) {
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
