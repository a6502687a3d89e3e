import type { NumberingPlan } from '../ports/numbering-plan.ts';

/** The centre's hotlines and extensions, to be recognised in any spelling. */
export interface OwnNumbers {
  /** An extension or service number, or a hotline spelt as it is configured: `8001`, `95500`. Needs no numbering plan. */
  hasDialled(text: string): boolean;
  /** A hotline by its E.164 number, or a service number behind a country and area code: `+861095500` rings the hotline 95500, too. */
  has(number: string): boolean;
}

interface Read extends OwnNumbers {
  readonly plan: NumberingPlan;
  readonly country: string;
}

/** Reading a few thousand extensions takes longer than all other checks; a configuration's list is read once. */
const known = new WeakMap<readonly string[], Read>();

/** `list`: E.164 or as dialled in `country`. Is not read again while the list is the same object. */
export function ownNumbers(list: readonly string[], plan: NumberingPlan, country: string): OwnNumbers {
  const before = known.get(list);
  if (before?.plan === plan && before.country === country) return before;
  const now = readOwn(list, plan, country);
  known.set(list, now);
  return now;
}

/** A country code and an area code before a service number. With more, it is the end of somebody's number. */
const LONGEST_CODES = 5;
/** Of one digit would be the last digit of many. */
const SHORTEST_OWN = 3;

function readOwn(list: readonly string[], plan: NumberingPlan, country: string): Read {
  const dialled = new Set<string>();
  const whole = new Set<string>();
  const short = new Set<string>();
  for (const text of list) {
    const digits = digitsOf(text);
    if (digits === '') continue;
    dialled.add(digits);
    const reading = plan.read(text, { country });
    if (!('problem' in reading)) whole.add(reading.number);
    else if (digits.length >= SHORTEST_OWN) short.add(digits);
  }
  return {
    plan,
    country,
    hasDialled: (text) => dialled.has(digitsOf(text)),
    has: (number) => {
      if (whole.has(number)) return true;
      const digits = digitsOf(number);
      for (let codes = 1; codes <= LONGEST_CODES; codes += 1) if (short.has(digits.slice(codes))) return true;
      return false;
    },
  };
}

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');
