import { StrowgerError } from '../../engine/domain/errors.ts';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';
import { promptParts, type PromptTexts, type ValueKind } from '../../engine/domain/prompt.ts';
import { atomInventory } from '../../engine/domain/spoken/spoken.ts';

/** What stands around a fragment: silence, words of the same sentence, or syllables of the same number. */
export type FragmentRole = 'prompt' | 'part' | 'atom';

/** What is recorded or synthesised as one sound. */
export interface Fragment {
  readonly language: Language;
  /** Path of its recording below the language's folder, without extension: `main.menu`, `balance.is.1`, `atoms/yuan`. */
  readonly name: string;
  /** Empty for a short silence. */
  readonly text: string;
  readonly role: FragmentRole;
}

/** A piece of a prompt in playing order. */
export type PromptPiece =
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  | { readonly type: 'value'; readonly name: string; readonly kind: ValueKind };

/** The pieces of one text. A text without values is one fragment named by its key; else its parts are counted from 1. */
export function promptPieces(key: string, text: string, language: Language): readonly PromptPiece[] {
  const parts = promptParts(text);
  const whole = parts.every(({ type }) => type === 'text');
  let count = 0;
  return parts.map((part) => {
    if (part.type === 'value') return part;
    count += 1;
    const fragment: Fragment = whole ? { language, name: key, text: part.text, role: 'prompt' } : { language, name: `${key}.${count}`, text: part.text, role: 'part' };
    return { type: 'fragment', fragment };
  });
}

/** All fragments of the prompts: with those of atomFragments, what a bank has to record. */
export function promptFragments(texts: PromptTexts): readonly Fragment[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    LANGUAGES.flatMap((language) => promptPieces(key, text[language] ?? '', language).flatMap((piece) => (piece.type === 'fragment' ? [piece.fragment] : []))),
  );
}

/** The fragments that values are put together from. */
export function atomFragments(language: Language): readonly Fragment[] {
  return atomInventory(language).map(({ key, text }) => ({ language, name: `atoms/${key}`, text, role: 'atom' }));
}

/**
 * The prompts of all flows in one table: a key means the same everywhere, so that a menu and its sub-flow may share a prompt.
 * Throws `prompt.conflict` when two flows give one key different texts.
 */
export function mergedTexts(flows: ReadonlyMap<string, PromptTexts>): PromptTexts {
  const merged: Record<string, PromptTexts[string]> = {};
  const owners = new Map<string, string>();
  for (const [flowId, texts] of flows) {
    for (const [key, text] of Object.entries(texts)) {
      const language = LANGUAGES.find((each) => merged[key] !== undefined && merged[key][each] !== text[each]);
      const owner = owners.get(key);
      if (language !== undefined && owner !== undefined) {
        throw new StrowgerError('prompt.conflict', `The flows ${owner} and ${flowId} have different texts in ${language} for the prompt '${key}'.`, { fields: { prompt: key, flow: flowId, other: owner } });
      }
      merged[key] = text;
      owners.set(key, owner ?? flowId);
    }
  }
  requireOneNameEach(merged);
  return merged;
}

// `balance.is.1` may be the first part of `balance.is` or a prompt of that key; their recordings would be one file.
function requireOneNameEach(texts: PromptTexts): void {
  for (const { name, role } of promptFragments(texts)) {
    if (role !== 'part' || texts[name] === undefined) continue;
    throw new StrowgerError('prompt.conflict', `The prompt '${name}' has the name of a part of another prompt.`, { fields: { prompt: name }, hint: 'Give it a key that does not end with a number.' });
  }
}
