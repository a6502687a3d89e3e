import type { Json } from '../domain/json.ts';
import type { Language } from '../domain/language.ts';
import type { GlobalKeys } from './verb.ts';

/**
 * What the states of the kit do, by name: guards and one action with parameters that tools can read, instead of functions
 * that they cannot. `definition` of a machine shows `{type: 'choice', params: {is: 'loans'}}`.
 */

/** The context as the kit sees it: the flow's variables are JSON by name. */
export type LooseContext = {
  readonly language: Language;
  readonly dialled: string;
  readonly callerNumber: string;
  readonly globals: GlobalKeys;
  readonly spoken: GlobalKeys;
  readonly faults: number;
} & Readonly<Record<string, unknown>>;

export type Compute = (vars: LooseContext) => unknown;

/** What the action `set` does with the variables. */
export interface SetParams {
  readonly values?: Readonly<Record<string, Json>>;
  readonly computed?: Readonly<Record<string, Compute>>;
  /** Variable → field of what the verb brought. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly count?: string;
  readonly language?: Language;
  /** A sub-flow hands back the language that its caller chose. */
  readonly keepLanguage?: boolean;
}

/** `atLeast` and `below` are for numbers. */
export type TestParams = { readonly variable: string } & ({ readonly is: Json } | { readonly atLeast: number } | { readonly below: number });

/** What states written by hand may name, too. */
export type KitAction = { readonly type: 'set'; readonly params: SetParams };
export type KitGuard =
  | { readonly type: 'choice' | 'outcome' | 'exit'; readonly params: { readonly is: string } }
  | { readonly type: 'result'; readonly params: { readonly is?: string; readonly has: readonly string[] } }
  | { readonly type: 'when'; readonly params: TestParams };

/** What an invoked actor of the kit brings back. */
interface Brought {
  readonly outcome?: string;
  readonly choice?: string;
  readonly exit?: string;
  readonly language?: Language;
  readonly result?: Readonly<Record<string, Json>>;
  readonly [field: string]: unknown;
}
interface Args {
  /** Of any flow: by name, whatever the value. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly event: { readonly type: string; readonly output?: unknown };
}

function brought(event: Args['event']): Brought {
  return typeof event.output === 'object' && event.output !== null ? (event.output as Brought) : {};
}

/** Services and sub-flows bring a `result`; `collect` brings its digits directly. */
function resultOf(event: Args['event']): Readonly<Record<string, unknown>> {
  const output = brought(event);
  if (!('result' in output)) return output;
  return typeof output.result === 'object' && output.result !== null ? output.result : {};
}

export const flowGuards = {
  choice: ({ event }: Args, params: { readonly is: string }) => {
    const output = brought(event);
    return output.outcome === 'choice' && output.choice === params.is;
  },
  outcome: ({ event }: Args, params: { readonly is: string }) => brought(event).outcome === params.is,
  exit: ({ event }: Args, params: { readonly is: string }) => brought(event).exit === params.is,
  /** A service answered, with the given outcome of its own if one is given, and with every field that is needed. */
  result: ({ event }: Args, params: { readonly is?: string; readonly has: readonly string[] }) => {
    if (brought(event).outcome !== 'ok') return false;
    const result = resultOf(event);
    return (params.is === undefined || result['outcome'] === params.is) && params.has.every((field) => result[field] !== undefined);
  },
  when: ({ context }: Args, params: TestParams) => {
    const value = context[params.variable];
    if ('is' in params) return value === params.is;
    if (typeof value !== 'number') return false;
    return 'atLeast' in params ? value >= params.atLeast : value < params.below;
  },
};

/** The new values of the variables, by the parameters of `set`. */
export function assignments({ context, event }: Args, params: SetParams): Record<string, unknown> {
  const next: Record<string, unknown> = { ...params.values };
  for (const [variable, compute] of Object.entries(params.computed ?? {})) next[variable] = compute(context as LooseContext);
  if (params.keep) {
    const result = resultOf(event);
        // What was not brought leaves the variable as it is: a caller need not name everything that a choice may keep.
    for (const [variable, field] of Object.entries(params.keep)) if (result[field] !== undefined) next[variable] = result[field];
  }
  if (params.count !== undefined) next[params.count] = Number(context[params.count]) + 1;
  if (params.language !== undefined) next['language'] = params.language;
  if (params.keepLanguage) next['language'] = brought(event).language ?? context['language'];
  return next;
}
