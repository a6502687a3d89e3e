import { ENGLISH_NUMBERS, ENGLISH_SCALES, HAN_DIGIT_LETTERS, HAN_NUMBER_LETTERS, TIMES } from '../domain/spoken/number-words.ts';
import { Zone } from '../domain/zone.ts';
import { dateOf } from './spoken-dates.ts';
import { amountCentsOf, digitsOf } from './spoken-numbers.ts';

/** What a caller may name beside what it wants. Nothing that tells an account: more than four digits without a unit of money are never kept. */
export interface SlotValues {
  /** An amount of money, in hundredths. Only where its unit is said. */
  readonly amountCents: number;
  /** The last four digits of a card or an account, where they are said to be that. */
  readonly lastFour: string;
  /** A day, as YYYY-MM-DD. */
  readonly date: string;
  /** One of the kinds of cards of the flow. */
  readonly cardType: string;
}
export type SlotName = keyof SlotValues;
/** Only what was said. */
export type Slots = Partial<SlotValues>;

/** What is needed to read them. */
export interface SlotOptions {
  readonly nowMs: number;
  /** Where it is "today": an IANA time zone. In one that does not exist there are no days. */
  readonly zone: string;
  /** Kinds of cards, with the words that name them: `{ credit: ['信用卡', 'credit card'] }`. */
  readonly cardTypes?: Readonly<Record<string, readonly string[]>>;
}

/** Reads what was named in an utterance. */
export function slotsOf(text: string, { nowMs, zone, cardTypes = {} }: SlotOptions): Slots {
  const said = text.normalize('NFKC').toLowerCase();
  const today = Zone.of(zone)?.dayOf(nowMs);
  const date = today === undefined ? undefined : dateOf(said, today);
  const [amountCents, lastFour, cardType] = [amountIn(said), lastFourIn(said), cardTypeIn(said, cardTypes)];
  return {
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(lastFour === undefined ? {} : { lastFour }),
    ...(date === undefined ? {} : { date }),
    ...(cardType === undefined ? {} : { cardType }),
  };
}

const HAN = `[${HAN_NUMBER_LETTERS}]`;
// So many digits are an amount; what has more is a number of something, whatever stands behind it.
const WRITTEN = '(?<![0-9.,])[0-9](?:[0-9,]{0,8}[0-9])?(?:\\.[0-9]{1,2})?';
const [NUMBER, SCALE] = [[...ENGLISH_NUMBERS.keys()].join('|'), [...ENGLISH_SCALES.keys()].join('|')];
const WORDS = `(?:(?:${NUMBER}|${SCALE}|and|point)[\\s-]+)+`;
const UNIT = '(?:yuan|rmb|renminbi|dollars?|pounds?|euros?)(?![a-z])';
// Nothing that is the end of a larger number: "5千元", "一点五万元", "half a million dollars", "a few hundred dollars".
const AMOUNTS: readonly RegExp[] = [
  new RegExp(`(?:(?<![0-9点${HAN_NUMBER_LETTERS}])${HAN}+|${WRITTEN}万?)(?:块钱?|元|圆)(?:(?:${HAN}|[0-9])(?:毛|角))?(?:(?:${HAN}|[0-9])分)?`, 'u'),
  new RegExp(`${WRITTEN}\\s*${UNIT}`, 'u'),
  new RegExp(`[$£€¥]\\s*${WRITTEN}(?![0-9])`, 'u'),
  new RegExp(`(?<![a-z])(?:(?<!half )a[\\s-]+(?=${SCALE})|(?!${SCALE}))${WORDS}${UNIT}(?:\\s+${WORDS}(?:cents?|fen|pence)(?![a-z]))?`, 'u'),
];

function amountIn(said: string): number | undefined {
  for (const pattern of AMOUNTS) {
    const found = pattern.exec(said);
    if (found !== null) return amountCentsOf(found[0]);
  }
  return undefined;
}

const DIGIT = `(?:[0-9${HAN_DIGIT_LETTERS}]|(?:${[...TIMES.keys()].join('|')}|${NUMBER})(?![a-z]))`;
const LAST_FOUR = new RegExp(
  `(?:尾号|[后末]四位|末尾|last four(?: digits)?|ending (?:in|with)|ends (?:in|with))(?:数字)?\\s*(?:是|为|of my card|are|is|:)?\\s*((?:${DIGIT}[\\s-]*)+)`,
  'u',
);

function lastFourIn(said: string): string | undefined {
  const digits = digitsOf(LAST_FOUR.exec(said)?.[1] ?? '');
  return digits?.length === 4 ? digits : undefined;
}

const NUMBERS = [...AMOUNTS, LAST_FOUR].map(({ source }) => new RegExp(source, 'gu'));

/** An utterance without the amounts and the ends of numbers in it, which say nothing about what is wanted; as it is when nothing else is in it. */
export function withoutNumbers(text: string): string {
  const said = text.normalize('NFKC').toLowerCase();
  const rest = NUMBERS.reduce((left, pattern) => left.replace(pattern, ''), said);
  return rest === said || !/\p{L}/u.test(rest) ? text : rest;
}

/** The longest word that is said tells the kind. */
function cardTypeIn(said: string, cardTypes: Readonly<Record<string, readonly string[]>>): string | undefined {
  const found = Object.entries(cardTypes).flatMap(([type, words]) => words.filter((word) => said.includes(word.normalize('NFKC').toLowerCase())).map((word) => ({ type, word })));
  return found.sort((a, b) => b.word.length - a.word.length)[0]?.type;
}
