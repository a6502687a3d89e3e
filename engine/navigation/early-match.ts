import { plainText } from './text.ts';

/** Tells of what has been understood so far whether it is all that there is to say. */
export type EarlyMatch = (text: string) => boolean;

/**
 * A phrase that means one choice and that no other phrase goes on from: whoever has said it need not be waited for. `others` mean no choice;
 * they only keep phrases from counting that begin them.
 */
export function earlyMatch(phrasesOfChoices: readonly (readonly string[])[], others: readonly string[] = []): EarlyMatch {
  const choicesOf = new Map<string, Set<number>>();
  phrasesOfChoices.forEach((phrases, choice) => {
    for (const phrase of phrases) {
      const plain = plainText(phrase);
      choicesOf.set(plain, (choicesOf.get(plain) ?? new Set()).add(choice));
    }
  });
  // In order, what a phrase begins stands right behind it.
  const elsewhere = new Set(others.map(plainText));
  const all = [...new Set([...choicesOf.keys(), ...elsewhere])].sort();
  const whole = new Set(all.filter((phrase, i) => phrase !== '' && !elsewhere.has(phrase) && choicesOf.get(phrase)?.size === 1 && !(all[i + 1]?.startsWith(phrase) ?? false)));
  return (text) => whole.has(plainText(text));
}
