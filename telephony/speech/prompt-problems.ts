import { type ErrorCode, StrowgerError } from '../../engine/domain/errors.ts';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';
import { promptParts, type PromptTexts } from '../../engine/domain/prompt.ts';
import { promptFragments } from './fragments.ts';
import type { Recordings } from './recordings.ts';

/** What a caller would not hear, or a designer believes to be heard. */
export interface PromptProblem {
  /** `warning`: every call is served, but something is not as it seems. */
  readonly severity: 'error' | 'warning';
  readonly code: ErrorCode;
  readonly language: Language;
  /** The prompt's key, or the name of a fragment or recording. */
  readonly name: string;
  readonly message: string;
}

/** What is wrong with the texts themselves. */
export function textProblems(texts: PromptTexts): readonly PromptProblem[] {
  return Object.entries(texts).flatMap(([key, text]) =>
    LANGUAGES.flatMap((language): readonly PromptProblem[] => {
      const said = text[language] ?? '';
      const problem = { severity: 'error', language, name: key } as const;
      if (promptParts(said).length === 0) return [{ ...problem, code: 'prompt.missing', message: `The prompt '${key}' says nothing in ${language}.` }];
      const braces = promptParts(said).find((part) => part.type === 'text' && /[{}]/.test(part.text));
      if (braces?.type !== 'text') return [];
      return [{ ...problem, code: 'prompt.value', message: `The prompt '${key}' has braces in ${language} that are no value of a known kind: ${braces.text}` }];
    }),
  );
}

/** Recordings that no prompt plays: a misspelt name, or a whole prompt that consists of parts. */
export function recordingProblems(texts: PromptTexts, recordings: Recordings, atoms: ReadonlySet<string>): readonly PromptProblem[] {
  const fragments = promptFragments(texts);
  return LANGUAGES.flatMap((language) => {
    const played = new Set(fragments.filter((fragment) => fragment.language === language).map(({ name }) => name));
    return recordings
      .names(language)
      .filter((name) => !played.has(name) && !atoms.has(`${language}/${name}`))
      .map((name): PromptProblem => {
        const why = texts[name] === undefined ? 'no prompt has that key' : `the prompt has values, so its parts are recorded one by one: ${name}.1.wav and so on`;
        return { severity: 'warning', code: 'prompt.recording', language, name, message: `The recording ${language}/${name}.wav is not played: ${why}.` };
      });
  });
}

const SHOWN = 10;

/** Throws one error that tells of all problems that are no warnings. For the start: a hotline that is silent must not open. */
export function requirePlayable(problems: readonly PromptProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const rest = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more`] : [];
  const lines = [...errors.slice(0, SHOWN).map(({ message }) => message), ...rest];
  throw new StrowgerError(first.code, `Prompts that callers could not hear:\n${lines.map((line) => `- ${line}`).join('\n')}`, { fields: { problems: errors.length } });
}
