import type { Json } from '../domain/json.ts';
import { transitionTo, whenOutcome, type KitTransition, type LooseGoto } from './exits.ts';
import type { Compute, LooseContext } from './flow-logic.ts';
import { verbState, type StateConfig } from './dialog-states.ts';
import type { CallInput } from './verb.ts';

/** The states that ask something else for its help: a back-office service or a sub-flow. */

/** Input: variables by field, or a function of all variables. */
export type LooseInput = Readonly<Record<string, string | Compute>> | Compute | undefined;

export interface LooseServiceCall {
  readonly input?: LooseInput;
  readonly timeoutMs?: number;
  readonly music?: string;
  readonly exits?: Readonly<Record<string, LooseGoto>>;
  readonly to?: LooseGoto;
  readonly failed: LooseGoto;
  readonly secretLost?: LooseGoto;
}

export function serviceState(service: string, config: LooseServiceCall, timeoutMs: number): StateConfig {
  const done: KitTransition[] = [];
  if (config.secretLost !== undefined) done.push(transitionTo(config.secretLost, whenOutcome('secretLost')));
  for (const [outcome, goto] of Object.entries(config.exits ?? {})) done.push(transitionTo(goto, resultGuard(goto, outcome)));
  if (config.to !== undefined) done.push(transitionTo(config.to, resultGuard(config.to)));
  // Last and unguarded: an answer that is not what was promised counts as none.
  done.push(transitionTo(config.failed));
  return verbState(
    'call',
    (context): CallInput => ({
      service,
      input: inputFrom(config.input, context) as Json,
      timeoutMs: config.timeoutMs ?? timeoutMs,
      ...(config.music === undefined ? {} : { music: config.music }),
    }),
    done,
    { prompts: [], service, ...inputsMeta(config.input), ...(config.music === undefined ? {} : { music: config.music }) },
  );
}

function resultGuard(goto: LooseGoto, is?: string) {
  const has = typeof goto === 'string' ? [] : Object.values(goto.keep ?? {});
  return { type: 'result', params: is === undefined ? { has } : { is, has } };
}

export interface LooseSubflowCall {
  readonly input?: LooseInput;
  readonly exits: Readonly<Record<string, LooseGoto>>;
}

/** Input of a sub-flow's machine. */
export interface SubflowInput {
  readonly facts: Pick<LooseContext, 'language' | 'dialled' | 'callerNumber' | 'globals' | 'spoken'>;
  readonly input: unknown;
}

export function subflowState(subflow: string, config: LooseSubflowCall): StateConfig {
  return {
    invoke: {
      src: subflow,
      input: ({ context }): SubflowInput => ({
        facts: {
          language: context.language,
          dialled: context.dialled,
          callerNumber: context.callerNumber,
          globals: context.globals,
          spoken: context.spoken,
        },
        input: inputFrom(config.input, context),
      }),
      onDone: Object.entries(config.exits).map(([exit, goto]) =>
        transitionTo(goto, { type: 'exit', params: { is: exit } }, { keepLanguage: true }),
      ),
    },
    meta: { ivr: { verb: 'subflow', prompts: [], subflow, ...inputsMeta(config.input) } },
  };
}

function inputFrom(input: LooseInput, context: LooseContext): unknown {
  if (input === undefined) return {};
  if (typeof input === 'function') return input(context);
  return Object.fromEntries(
    Object.entries(input).map(([field, source]) => [field, typeof source === 'function' ? source(context) : context[source]]),
  );
}

function inputsMeta(input: LooseInput): { readonly inputs?: Readonly<Record<string, string>> } {
  if (input === undefined || typeof input === 'function') return {};
  return { inputs: Object.fromEntries(Object.entries(input).map(([field, source]) => [field, typeof source === 'string' ? source : 'computed'])) };
}
