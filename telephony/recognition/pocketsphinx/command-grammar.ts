import type { SpokenWord } from './pronouncer.ts';

/** What the decoder is given, and the way back from what it hears. */
export interface Grammar {
  /** JSGF, https://www.w3.org/TR/jsgf/. */
  readonly jsgf: string;
  /** A line a pronunciation, as in cmudict. */
  readonly dictionary: string;
  /** Arguments for the decoder. */
  readonly args?: readonly string[];
  /** By how much its likelihood ratios are higher than those of commands, when right; 0 by default. */
  readonly ratioShift?: number;
  /** What words of the grammar mean; `undefined` when they mean nothing. */
  readonly textOf: (words: readonly string[]) => string | undefined;
}

export interface Command {
  /** What is told when it was said. */
  readonly text: string;
  readonly words: readonly SpokenWord[];
}

/** Said before or after a command and not part of it. */
export interface Politeness {
  readonly before: readonly (readonly SpokenWord[])[];
  readonly after: readonly (readonly SpokenWord[])[];
}

// So unlikely that polite words are heard where they are really said: free of charge, they swallow the first syllable of short commands
// (49 of 50 Mandarin words by a person become 44). The decoder keeps weights as 32-bit floats: from 1e-45 down they are 0.
const UNASKED = '1e-30';

const NOTHING: Politeness = { before: [], after: [] };

/** One of the commands. Of those that sound the same the first is meant. */
export function commandGrammar(commands: readonly Command[], politeness: Politeness = NOTHING): Grammar {
  const names = new Names();
  const sequence = (words: readonly SpokenWord[], kind: 'w' | 'f') => words.map((word) => names.of(word, kind)).join(' ');
  const texts = new Map<string, string>();
  for (const { text, words } of commands) {
    const said = sequence(words, 'w');
    if (!texts.has(said)) texts.set(said, text);
  }
  const optional = (phrases: readonly (readonly SpokenWord[])[]) => (phrases.length === 0 ? '' : `( /1/ <NULL> | ${phrases.map((words) => `/${UNASKED}/ ${sequence(words, 'f')}`).join(' | ')} )`);
  const rule = [optional(politeness.before), `( ${[...texts.keys()].join(' | ')} )`, optional(politeness.after)].join(' ').trim();
  return {
    jsgf: `#JSGF V1.0;\ngrammar commands;\npublic <said> = ${rule} ;\n`,
    dictionary: names.dictionary(),
    textOf: (words) => texts.get(words.filter((word) => word.startsWith('w')).join(' ')),
  };
}

/** Any number of the digits 0 to 9, told as digits. */
export function digitGrammar(digits: readonly SpokenWord[]): Grammar {
  const names = new Names();
  const digitOf = new Map(digits.map((word, digit) => [names.of(word, 'w'), String(digit)]));
  return {
    jsgf: `#JSGF V1.0;\ngrammar digits;\npublic <said> = ( ${[...digitOf.keys()].join(' | ')} )+ ;\n`,
    dictionary: names.dictionary(),
    // A price for each digit: otherwise the end of "two" is heard as an "oh" of its own. A higher price finds no more strings, but its ratios
    // tell right from wrong less and less. With it, strings are cut where they fit less well, so all ratios are lower.
    args: ['-wip', '1e-2'],
    ratioShift: -8,
    textOf: (words) => {
      const said = words.flatMap((word) => digitOf.get(word) ?? []).join('');
      return said === '' ? undefined : said;
    },
  };
}

/** Any sound of the language: how well it fits is what the fit of a command is compared with. */
export function phoneLoop(phones: readonly string[]): Grammar {
  const names = new Names();
  const alternatives = phones.map((phone) => names.of({ written: phone, pronunciations: [phone] }, 'w'));
  return {
    jsgf: `#JSGF V1.0;\ngrammar anything;\npublic <said> = ( ${alternatives.join(' | ')} )+ ;\n`,
    dictionary: names.dictionary(),
    textOf: () => undefined,
  };
}

/** Names for words, `w0`, `w1` …: what a designer writes must not be read as syntax, whatever its characters. */
class Names {
  readonly #names = new Map<string, { readonly name: string; readonly word: SpokenWord }>();

  /** The name of a word; those of fillers (`f`) are told apart from the same words in a command (`w`). */
  of(word: SpokenWord, kind: 'w' | 'f'): string {
    // By its sound: words that are written differently and sound the same are one.
    const key = [kind, ...word.pronunciations].join('\n');
    const known = this.#names.get(key);
    if (known !== undefined) return known.name;
    const name = `${kind}${this.#names.size}`;
    this.#names.set(key, { name, word });
    return name;
  }

  dictionary(): string {
    return [...this.#names.values()]
      .flatMap(({ name, word }) => word.pronunciations.map((phones, at) => `${name}${at === 0 ? '' : `(${at + 1})`} ${phones}\n`))
      .join('');
  }
}
