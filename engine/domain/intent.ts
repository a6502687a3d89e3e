import type { Language } from './language.ts';

/** What callers say who mean one thing. */
export interface IntentExamples extends Readonly<Partial<Record<Language, readonly string[]>>> {
  /** Words that mean this whatever else is said, unless they are taken back: for wishes that must not be missed. */
  readonly always?: readonly string[];
}

/** All that the callers of a hotline may want, by the name of the intent, with examples: what it is learnt from. */
export type Intents = Readonly<Record<string, IntentExamples>>;
