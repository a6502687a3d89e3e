import { LANGUAGES, type Language } from '../domain/language.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import { finding, type Finding } from './finding.ts';
import type { IvrMeta } from './meta.ts';
import type { GlobalKeys } from './verb.ts';

/** Rules about the keys of a menu. */
export function* checkMenu(path: string, meta: IvrMeta, globals: GlobalKeys, prompts: PromptTexts): Generator<Finding> {
  const choices = Object.entries(meta.choices ?? {}).flatMap(([name, { dtmf }]) => (dtmf === undefined ? [] : [{ name, dtmf }]));
  yield* checkKeys(path, choices);
  for (const { name, dtmf } of choices) {
    for (const [global, key] of Object.entries(globals)) {
      if (meta.withoutGlobals?.includes(global) || key !== dtmf) continue;
      yield finding(
        'menu.global-key',
        path,
        `The choice '${name}' has the key ${dtmf}, which means '${global}' in the rest of the flow.`,
        `Give the choice another key, or say that it is meant: globals: { ${global}: false }.`,
      );
    }
  }
  const prompt = meta.keypad ?? meta.prompts[0];
  const text = prompt && prompts[prompt.key];
  if (!text) return;
  // A prompt that is played in several languages may name a key in one of them only.
  const spoken = prompt.languages === 'caller' ? LANGUAGES.map((language) => [language]) : [prompt.languages];
  for (const languages of spoken) {
    for (const { name, dtmf } of choices) {
      if (languages.some((language) => saysKey(text[language] ?? '', language, dtmf))) continue;
      yield finding(
        'menu.unsaid-key',
        path,
        `The prompt '${prompt.key}' does not tell the key ${dtmf} of the choice '${name}' in ${languages.join(', ')}.`,
        'Correct the text or the key. Callers cannot guess it.',
      );
    }
  }
}

function* checkKeys(path: string, choices: readonly { readonly name: string; readonly dtmf: string }[]): Generator<Finding> {
  for (const [index, one] of choices.entries()) {
    for (const other of choices.slice(index + 1)) {
      if (one.dtmf === other.dtmf) {
        yield finding('menu.duplicate-key', path, `The choices '${one.name}' and '${other.name}' have the same key ${one.dtmf}.`, 'Give one of them another key.');
      } else if (one.dtmf.startsWith(other.dtmf) || other.dtmf.startsWith(one.dtmf)) {
        const [short, long] = one.dtmf.length < other.dtmf.length ? [one, other] : [other, one];
        yield finding(
          'menu.prefix',
          path,
          `The key ${short.dtmf} of '${short.name}' begins the key ${long.dtmf} of '${long.name}': whoever presses ${short.dtmf} waits for the time between two digits.`,
          'Choose keys of which none begins another.',
        );
      }
    }
  }
}

const CHINESE = '零一二三四五六七八九';
const ENGLISH = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

function saysKey(text: string, language: Language, key: string): boolean {
  const names = key === '*' ? ['star', '星号', '星'] : key === '#' ? ['hash', 'pound', '井号', '井'] : [key];
  const digit = key.length === 1 ? Number(key) : NaN;
  const words = Number.isNaN(digit) ? names : [...names, CHINESE.charAt(digit), ENGLISH[digit] ?? key];
  const name = words.map((word) => word.replace(/[*+]/g, '\\$&')).join('|');
  const pattern = language === 'en' ? `press(ing)?\\s+(the\\s+)?(${name})(?![0-9a-z])` : `按\\s*(${name})(?![0-9])`;
  return new RegExp(pattern, 'i').test(text);
}
