import type { Language } from '../domain/language.ts';
import type { PromptRef, PromptValue } from '../domain/prompt.ts';
import type { Compute, LooseContext } from './flow-logic.ts';
import type { PromptMeta } from './meta.ts';

/** `PromptUse` of prompt-types.ts as it is at run time. */
export type LoosePrompt = string | { readonly key: string; readonly values: Readonly<Record<string, string | Compute>> };
export type LoosePrompts = LoosePrompt | readonly LoosePrompt[] | undefined;

export function promptList(prompts: LoosePrompts): readonly LoosePrompt[] {
  if (prompts === undefined) return [];
  return Array.isArray(prompts) ? (prompts as readonly LoosePrompt[]) : [prompts as LoosePrompt];
}

/** The prompt with its values as they are now. */
export function promptRef(prompt: LoosePrompt, context: LooseContext): PromptRef {
  if (typeof prompt === 'string') return { key: prompt };
  const values: Record<string, PromptValue> = {};
  for (const [slot, source] of Object.entries(prompt.values)) {
    values[slot] = (typeof source === 'function' ? source(context) : context[source]) as PromptValue;
  }
  return { key: prompt.key, values };
}

export function promptMeta(prompt: LoosePrompt, languages: readonly Language[] | undefined): PromptMeta {
  const values: Record<string, { readonly variable: string } | 'computed'> = {};
  if (typeof prompt !== 'string') {
    for (const [slot, source] of Object.entries(prompt.values)) values[slot] = typeof source === 'string' ? { variable: source } : 'computed';
  }
  return { key: typeof prompt === 'string' ? prompt : prompt.key, languages: languages ?? 'caller', values };
}

/** The languages of a prompt: those it names, else the caller's. */
export function languagesFor(languages: readonly Language[] | undefined, context: LooseContext): readonly Language[] {
  return languages ?? [context.language];
}
