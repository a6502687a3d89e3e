/** One thing that is wrong with a configuration: where, what was found, what is allowed. */
export interface ConfigProblem {
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
}

/** A value as a problem names it. */
export function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
}

/** One line a problem, indented to stand under a sentence. */
export function problemLines(problems: readonly ConfigProblem[]): string {
  return problems.map(({ path, found, allowed }) => `  ${path}: found ${found}; allowed: ${allowed}`).join('\n');
}
