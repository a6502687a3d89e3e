import type { Hotline } from '../../engine/flow/hotline.ts';
import type { IntentExamples } from '../../engine/domain/intent.ts';
import type { Understand } from '../../engine/navigation/choose.ts';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import type { Reason } from '../../engine/navigation/intent-model.ts';
import { trainIntents, type Example } from '../../engine/navigation/intent-trainer.ts';
import { plainText } from '../../engine/navigation/text.ts';
import { hearingFor, hotlineHearing } from './hearing.ts';
import { loadModel } from './model-file.ts';

/** Something that understands callers: a model file, the intents of a flow, or examples. */
export interface IntentSource {
  readonly intents: readonly string[];
  readonly understand: Understand;
  readonly reasons: (text: string, intent: string) => readonly Reason[];
  readonly hasLearnt: (text: string) => boolean;
  /** The same as if it had never seen these texts; absent where the examples are not at hand. */
  readonly without?: (texts: readonly string[]) => Understand;
}

export function intentsOfModel(file: string): IntentSource {
  const { model, hasLearnt } = loadModel(file);
  return { intents: model.parts.intents, understand: (text) => model.understand(text, Infinity), reasons: (text, intent) => model.reasons(text, intent), hasLearnt };
}

/** Learns the intents of a flow as an engine does whose recogniser writes whatever was said. */
export function intentsOfFlow({ intents }: Hotline): IntentSource {
  const hearing = hotlineHearing(intents, true);
  const learn = (isLeftOut: (text: string) => boolean) => {
    const kept = Object.entries(intents).map(([name, { always, ...texts }]) => {
      const left = Object.fromEntries(Object.entries(texts).map(([language, all]) => [language, all.filter((text) => !isLeftOut(text))]));
      return [name, { ...left, ...(always === undefined ? {} : { always }) } satisfies IntentExamples] as const;
    });
    return learnHotline(Object.fromEntries(kept), hearing);
  };
  const { understand, reasons, examplesOf } = learn(() => false);
  const known = new Set(Object.keys(intents).flatMap(examplesOf).map(plainText));
  return { intents: Object.keys(intents), understand, reasons, hasLearnt: (text) => known.has(plainText(text)), without: (texts) => learn(among(texts)).understand };
}

/** Learns from examples, anew for each set that is left out: for cross-validation only. */
export function intentsOfExamples(examples: readonly Example[]): IntentSource {
  const hearing = hearingFor(examples.map(({ text }) => text), true);
  const learn = (isLeftOut: (text: string) => boolean): Understand => {
    const model = trainIntents(examples.filter(({ text }) => !isLeftOut(text)), hearing);
    return (text) => model.understand(text, Infinity);
  };
  let all: Understand | undefined;
  const known = new Set(examples.map(({ text }) => plainText(text)));
  return {
    intents: [...new Set(examples.map(({ intent }) => intent))].sort(),
    understand: (text) => (all ??= learn(() => false))(text),
    reasons: () => [],
    hasLearnt: (text) => known.has(plainText(text)),
    without: (texts) => learn(among(texts)),
  };
}

function among(texts: readonly string[]): (text: string) => boolean {
  const plain = new Set(texts.map(plainText));
  return (text) => plain.has(plainText(text));
}
