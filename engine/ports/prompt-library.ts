import type { Language } from '../domain/language.ts';
import type { PromptRef } from '../domain/prompt.ts';

/** Turns prompts into media that the switch can play. Everything is rendered before the first call. */
export interface PromptLibrary {
  /**
   * The media URIs of a prompt with its values, in playing order. Throws `prompt.missing` for an unknown key (the check
   * at start makes that impossible) and `prompt.value` when a value is absent or cannot be said.
   */
  media(prompt: PromptRef, language: Language): readonly string[];
}
