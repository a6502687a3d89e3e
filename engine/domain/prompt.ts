import type { Language } from './language.ts';

/** What a prompt says in each language. `{name:kind}` marks a value, e.g. `您的余额是{balance:money}。` */
export type PromptText = Readonly<Record<Language, string>>;

/** All prompts of a flow: key → text. Keys are lower-case words joined by dots, `card.urgent`. */
export type PromptTexts = Readonly<Record<string, PromptText>>;

/** How a value is said. `money` takes cents, `date` and `time` take milliseconds since the epoch, `digits` text. */
export const VALUE_KINDS = ['money', 'digits', 'number', 'date', 'time', 'minutes', 'people'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

export type PromptValue = string | number;

/** A prompt to be played, with its values. */
export interface PromptRef {
  readonly key: string;
  readonly values?: Readonly<Record<string, PromptValue>>;
}

/** A piece of a prompt's text: words that are recorded as one, or a value that is put together when it is known. */
export type PromptPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'value'; readonly name: string; readonly kind: ValueKind };

const SLOT = /\{([a-zA-Z][a-zA-Z0-9]*):([a-z]+)\}/g;

/** Splits `text` at its value slots. An unknown kind stays in the text, where the checker of prompts reports it. */
export function promptParts(text: string): readonly PromptPart[] {
  const parts: PromptPart[] = [];
  let end = 0;
  for (const match of text.matchAll(SLOT)) {
    const [whole, name, kind] = match;
    if (!(VALUE_KINDS as readonly string[]).includes(kind ?? '')) continue;
    pushText(parts, text.slice(end, match.index));
    parts.push({ type: 'value', name: name ?? '', kind: kind as ValueKind });
    end = match.index + whole.length;
  }
  pushText(parts, text.slice(end));
  return parts;
}

function pushText(parts: PromptPart[], text: string): void {
  // A lone full stop between two values is no speech.
  if (/[\p{L}\p{N}]/u.test(text)) parts.push({ type: 'text', text: text.trim() });
}
