import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { problemLines, show, type ConfigProblem } from '../config/config-problem.ts';
import { scenarioProblems, type CallsFrom } from './check-scenario.ts';
import { scenarioSchema, type Scenario } from './scenario-schema.ts';

const HINT = 'docs/simulation.md tells what a scenario holds; scenarios/ has some to start from.';

/** Reads a scenario file. Throws `config.unreadable` or `config.invalid`, with every problem. */
export function loadScenario(file: string, callsFrom: CallsFrom = 'file'): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StrowgerError('config.unreadable', `The scenario ${file} cannot be read.`, { cause: error, fields: { file }, hint: HINT });
  }
  return parseScenario(text, file, callsFrom);
}

export function parseScenario(text: string, file: string, callsFrom: CallsFrom = 'file'): Scenario {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const [at] = error.linePos ?? [];
    throw new StrowgerError('config.unreadable', `${file}${at ? `:${at.line}:${at.col}` : ''}: ${error.message.split('\n')[0] ?? ''}`, { fields: { file }, hint: HINT });
  }
  const parsed = scenarioSchema.safeParse(raw);
  if (!parsed.success) throw invalid(file, parsed.error.issues.flatMap((issue) => problemsOf(issue, raw)));
  const problems = scenarioProblems(parsed.data, callsFrom);
  if (problems.length > 0) throw invalid(file, problems);
  return parsed.data;
}

function invalid(file: string, problems: readonly ConfigProblem[]): StrowgerError {
  return new StrowgerError('config.invalid', `${file} is not a valid scenario:\n${problemLines(problems)}`, { fields: { file, problems: problems.length }, hint: HINT });
}

function problemsOf(issue: z.core.$ZodIssue, raw: unknown): readonly ConfigProblem[] {
  const at = issue.path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: at === '' ? key : `${at}.${key}`, found: 'a setting that does not exist', allowed: 'see docs/simulation.md' }));
  }
  const found = issue.path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), raw);
  return [{ path: at === '' ? '(the file)' : at, found: show(found), allowed: issue.message }];
}
