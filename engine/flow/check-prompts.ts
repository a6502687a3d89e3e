import { LANGUAGES } from '../domain/language.ts';
import { promptParts, type PromptText, type PromptTexts } from '../domain/prompt.ts';
import { finding, type Finding } from './finding.ts';
import type { IvrMeta } from './meta.ts';

/** Rules about the texts themselves, whether or not a state plays them. */
export function checkTexts(flowId: string, prompts: PromptTexts): Finding[] {
  return Object.entries(prompts).flatMap(([key, text]) => [...checkText(flowId, key, text)]);
}

function* checkText(flowId: string, key: string, text: PromptText): Generator<Finding> {
  const absent = LANGUAGES.filter((language) => !text[language]?.trim());
  for (const language of absent) {
    yield finding('prompt.language', flowId, `The prompt '${key}' has no text in ${language}.`, `Write it beside the other language.`);
  }
  for (const language of LANGUAGES) {
    const unknown = promptParts(text[language] ?? '').find((part) => part.type === 'text' && /[{}]/.test(part.text));
    if (unknown?.type === 'text') {
      yield finding('prompt.kind', flowId, `The prompt '${key}' has braces in ${language} that are no value: ${unknown.text}`, 'Values are written {name:kind}; the kinds are in engine/domain/prompt.ts.');
    }
  }
  const [first, ...others] = LANGUAGES.filter((language) => !absent.includes(language)).map((language) => ({ language, slots: slotsOf(text[language]) }));
  for (const other of others) {
    if (first && other.slots.join() !== first.slots.join()) {
      yield finding(
        'prompt.slots',
        flowId,
        `The prompt '${key}' takes ${listed(first.slots)} in ${first.language} and ${listed(other.slots)} in ${other.language}.`,
        'Give both texts the same values.',
      );
    }
  }
}

/** `name:kind` of each value of a text, sorted. */
function slotsOf(text: string): string[] {
  return promptParts(text).flatMap((part) => (part.type === 'value' ? [`${part.name}:${part.kind}`] : [])).sort();
}

const listed = (names: readonly string[]) => (names.length === 0 ? 'no value' : names.join(', '));

/** Rules about the prompts of one state. */
export function* checkPlayed(path: string, meta: IvrMeta, prompts: PromptTexts, secrets: ReadonlySet<string>): Generator<Finding> {
  for (const { key, values } of meta.prompts) {
    const text = prompts[key];
    if (!text) {
      yield finding('prompt.missing', path, `There is no prompt '${key}'.`, 'Add its texts beside the flow, or correct the key.');
      continue;
    }
    const wanted = new Set(LANGUAGES.flatMap((language) => slotsOf(text[language] ?? '')).map((slot) => slot.split(':')[0] ?? ''));
    const given = Object.keys(values);
    const missing = [...wanted].filter((name) => !given.includes(name));
    const extra = given.filter((name) => !wanted.has(name));
    if (missing.length > 0 || extra.length > 0) {
      yield finding(
        'prompt.values',
        path,
        `The prompt '${key}' takes ${listed([...wanted])} and gets ${listed(given)}.`,
        'Name a variable for each value of the text.',
      );
    }
    for (const [slot, source] of Object.entries(values)) {
      if (source !== 'computed' && secrets.has(source.variable)) {
        yield finding('secret.spoken', path, `The prompt '${key}' says the secret '${source.variable}' as {${slot}}.`, 'A secret goes to a service and nowhere else.');
      }
    }
  }
}
