import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import { checkAcd } from './check-acd.ts';
import { problemLines, show, type ConfigProblem } from './config-problem.ts';
import { configSchema, type Config } from './schema.ts';
import type { Secret } from './schema-values.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A configuration with what is allowed in it but looks like a mistake. */
export interface CheckedConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigProblem[];
}

/**
 * Reads a configuration file and applies overrides from the environment. Throws `config.unreadable` when there is no
 * such file or it is no YAML, `config.invalid` with every problem when a value is wrong.
 */
export function loadConfig(file: string, environment: Environment): Config {
  return parseConfig(readConfig(file), file, environment);
}

/** The text of a configuration file. Throws `config.unreadable`. */
export function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StrowgerError('config.unreadable', `The configuration file ${file} cannot be read.`, { cause: error, fields: { file } });
  }
}

export function parseConfig(text: string, file: string, environment: Environment): Config {
  return checkConfig(text, file, environment).config;
}

/** As `parseConfig`, with warnings. */
export function checkConfig(text: string, file: string, environment: Environment): CheckedConfig {
  let raw: unknown;
  try {
    raw = parse(text, { logLevel: 'error' });
  } catch (error) {
    const [at] = error instanceof YAMLParseError ? (error.linePos ?? []) : [];
    throw new StrowgerError('config.unreadable', `${file}${at ? `:${at.line}:${at.col}` : ''}: ${messageOf(error).split('\n')[0] ?? ''}`, {
      fields: { file },
    });
  }
  const overridden = applyEnvironment(raw, environment);
  const parsed = configSchema.safeParse(overridden);
  const acd = checkAcd(overridden);
  const own = parsed.success ? twice(parsed.data) : problemsOf(parsed.error, overridden);
  const problems = [...own, ...acd.errors.filter(({ path }) => !own.some((problem) => problem.path === path))];
  if (!parsed.success || problems.length > 0) throw invalid(file, problems);
  return { config: parsed.data, warnings: acd.warnings };
}

function invalid(file: string, problems: readonly ConfigProblem[]): StrowgerError {
  return new StrowgerError('config.invalid', `${file} is not valid:\n${problemLines(problems)}`, { fields: { file, problems: problems.length } });
}

/**
 * `STROWGER_HTTP__PORT=9000` sets `http.port`, `STROWGER_NODES__0__URL=…` sets `nodes[0].url`: two underscores go one
 * level down. Three names are short because everybody needs them: STROWGER_ARI_URL, STROWGER_ARI_USER and
 * STROWGER_ARI_PASSWORD set the first node, MQTT_URL the broker.
 */
export function applyEnvironment(raw: unknown, environment: Environment): unknown {
  // A file that is a text or a number is refused as such.
  if (raw !== null && typeof raw !== 'object' && raw !== undefined) return raw;
  const config = structuredClone(raw ?? {}) as Record<string, unknown>;
  const short: Record<string, string> = {
    STROWGER_ARI_URL: 'nodes.0.url',
    STROWGER_ARI_USER: 'nodes.0.user',
    STROWGER_ARI_PASSWORD: 'nodes.0.password',
    MQTT_URL: 'mqtt.url',
  };
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    const path = short[name] ?? pathOf(name);
    if (path !== undefined) setAt(config, path.split('.'), /(password|token|\.key)$/.test(path) ? value : scalar(value));
  }
  return config;
}

function pathOf(name: string): string | undefined {
  if (!name.startsWith('STROWGER_') || !name.includes('__')) return undefined;
  return name
    .slice('STROWGER_'.length)
    .split('__')
    .map((part) => part.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .join('.');
}

function scalar(value: string): unknown {
  // Not by YAML: of a variable, `[` and `*` are text like any other.
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let place = target;
  for (const key of path.slice(0, -1)) {
    const next = place[key];
    if (typeof next !== 'object' || next === null) place[key] = {};
    place = place[key] as Record<string, unknown>;
  }
  place[path.at(-1) ?? ''] = value;
}

function problemsOf(error: z.ZodError, raw: unknown): readonly ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    const at = pathText(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: at === '' ? key : `${at}.${key}`, found: 'a setting that does not exist', allowed: 'see docs/configuration.md' }));
    }
    // A password that has the wrong form is still a password.
    const found = /password|token|\bkey$/i.test(at) ? '(hidden)' : show(valueAt(raw, issue.path));
    return [{ path: at === '' ? '(the file)' : at, found, allowed: allowedBy(issue) }];
  });
}

function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(', ');
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string' ? `at least ${issue.minimum} of them` : `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    case 'invalid_type':
      return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** Nodes, hotlines, users and tokens that stand twice. What stands twice in the ACD's sections is found by check-acd.ts. */
function twice(config: Config): readonly ConfigProblem[] {
  const duplicates = (path: string, values: readonly string[]): ConfigProblem[] =>
    values.flatMap((value, index) => (values.indexOf(value) === index ? [] : [{ path: `${path}[${index}]`, found: show(value), allowed: 'a value that stands once' }]));
  return [
    ...duplicates('nodes', config.nodes.map((node) => node.id)),
    ...duplicates('hotlines', config.hotlines.map((hotline) => hotline.number)),
    ...duplicates('http.users', config.http.users.map(({ name }) => name)),
    ...duplicates('http.tokens', config.http.tokens.map(({ name }) => name)),
    ...duplicates('mqtt.users', config.mqtt.users.map(({ name }) => name)),
  ];
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined), raw);
}

/** Fetches a secret from where the configuration says. Throws `config.secret` when it is not there. */
export function readSecret(secret: Secret, environment: Environment): string {
  if (typeof secret === 'string') return secret;
  if ('env' in secret) {
    const value = environment[secret.env];
    if (value === undefined || value === '') {
      throw new StrowgerError('config.secret', `The environment variable ${secret.env} is not set.`, { fields: { variable: secret.env } });
    }
    return value;
  }
  let value: string;
  try {
    value = readFileSync(secret.file, 'utf8').trim();
  } catch (error) {
    throw new StrowgerError('config.secret', `The secret file ${secret.file} cannot be read.`, { cause: error, fields: { file: secret.file } });
  }
  // An empty password would be one that everybody knows.
  if (value === '') throw new StrowgerError('config.secret', `The secret file ${secret.file} is empty.`, { fields: { file: secret.file } });
  return value;
}
