import { assign, setup } from 'xstate';
import type { IntentExamples, Intents } from '../domain/intent.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import type { SubflowInput } from './call-states.ts';
import { transitionFromRoot, type LooseGoto } from './exits.ts';
import { assignments, flowGuards, type LooseContext, type SetParams } from './flow-logic.ts';
import type { FlowMachine, Hotline, Requirements, Subflow } from './hotline.ts';
import type { FlowInput } from './kit-types.ts';
import { ivrMetaOf, type FlowMeta, type IvrMeta } from './meta.ts';
import { endState, finalState } from './plain-states.ts';
import { sayState } from './dialog-states.ts';
import { verbActors } from './verb-logic.ts';
import type { GlobalKeys } from './verb.ts';

/** Puts states together into machines. Names and types were checked by the compiler (kit-types.ts). */

interface LooseState {
  readonly meta?: unknown;
  readonly states?: Readonly<Record<string, LooseState>>;
  readonly invoke?: unknown;
  readonly output?: unknown;
}
type States = Readonly<Record<string, LooseState>>;

export interface LooseGlobals {
  readonly operator?: Exclude<LooseGoto, string> & { readonly key?: string };
  readonly back?: Exclude<LooseGoto, string> & { readonly key?: string };
  readonly repeat?: string | false;
  readonly spoken?: GlobalKeys;
}

export interface LooseFlow {
  readonly id: string;
  readonly title?: string;
  readonly numbers: readonly string[];
  readonly initial: string;
  readonly globals?: LooseGlobals;
  readonly fault: { readonly prompt: string; readonly to: LooseGoto };
  readonly states: States;
}

export interface LooseSubflow {
  readonly id: string;
  readonly initial: string;
  readonly globals?: LooseGlobals;
  readonly folded?: boolean;
  readonly states: States;
}

/** What `defineIvr` was given, as far as machines need it. */
export interface KitBase {
  readonly prompts: PromptTexts;
  readonly intents: Intents;
  readonly subflows: Readonly<Record<string, Subflow<unknown, unknown>>>;
  readonly vars: (input: unknown) => object;
}

/** An id stands in events, topics, configuration and the dialplan; as `flow` of a hotline it is held to the same. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

const RESERVED = ['over', 'hungUp', 'fault', 'broken'];

export function makeFlow(base: KitBase, config: LooseFlow): Hotline {
  for (const name of RESERVED) {
    if (name in config.states) throw new Error(`Flow '${config.id}': every flow has a state '${name}' already; give yours another name.`);
  }
  const states: States = {
    ...config.states,
    fault: sayState({ prompt: config.fault.prompt, to: config.fault.to, bargeIn: false }, {}),
    // No prompt: what failed twice is not asked to speak.
    broken: endState(),
    over: finalState('final'),
    hungUp: finalState('final'),
  };
  const globals = globalKeys(config.globals, {});
  const machine = createMachine(base, config.id, {
    meta: { flow: { globals, spoken: config.globals?.spoken ?? {} } } satisfies FlowMeta,
    initial: config.initial,
    context: ({ input }: { readonly input: FlowInput }) => ({
      ...(base.vars({}) as Record<string, unknown>),
      language: input.language,
      dialled: input.dialled,
      callerNumber: input.callerNumber,
      globals,
      spoken: config.globals?.spoken ?? {},
      faults: 0,
    }),
    on: {
      'call.hangup': { target: '.hungUp' },
      ...globalTransitions(config.globals),
      // A verb failed. XState ends a machine whose error nobody handles: the caller would hear nothing more.
      'xstate.error.actor.*': [
        transitionFromRoot({ to: 'fault', count: 'faults' }, { type: 'when', params: { variable: 'faults', below: 1 } }),
        transitionFromRoot({ to: 'broken', count: 'faults' }, { type: 'when', params: { variable: 'faults', below: 2 } }),
        transitionFromRoot('over'),
      ],
    },
    states: withNames(states),
  });
  return {
    id: config.id,
    title: config.title ?? config.id,
    numbers: config.numbers,
    prompts: allPrompts(base, config.id),
    intents: allIntents(base, config.id),
    machine,
    requires: requirementsOf(base, states),
  };
}

export function makeSubflow(base: KitBase, config: LooseSubflow): Subflow<unknown, unknown> {
  const machine = createMachine(base, config.id, {
    meta: { flow: { globals: globalKeys(config.globals, {}), folded: config.folded ?? false } } satisfies FlowMeta,
    initial: config.initial,
    context: ({ input }: { readonly input: SubflowInput }) => ({
      ...(base.vars(input.input) as Record<string, unknown>),
      ...input.facts,
      globals: globalKeys(config.globals, input.facts.globals),
      spoken: { ...input.facts.spoken, ...config.globals?.spoken },
      faults: 0,
    }),
    on: globalTransitions(config.globals),
    states: withNames(config.states),
  });
  return { id: config.id, prompts: allPrompts(base, config.id), intents: allIntents(base, config.id), machine, requires: requirementsOf(base, config.states) };
}

function createMachine(base: KitBase, id: string, config: object): FlowMachine {
  if (!ID.test(id)) throw new Error(`A flow's id is letters, digits, "_", "." and "-", at most 64, not ${JSON.stringify(id)}.`);
  const subflows = Object.fromEntries(Object.entries(base.subflows).map(([name, subflow]) => [name, subflow.machine]));
  const kit = setup({
    actors: { ...verbActors, ...subflows },
    guards: flowGuards,
    actions: { set: assign((args, params: SetParams) => assignments(args, params)) },
  });
  const output = ({ event }: { readonly event: { readonly output?: unknown } }) => event.output;
  return kit.createMachine({ id, ...config, output } as never) as unknown as FlowMachine;
}

function globalKeys(globals: LooseGlobals = {}, around: GlobalKeys): GlobalKeys {
  const { operator, back, repeat } = globals;
  const keys = {
    repeat: '*',
    ...around,
    ...(operator ? { operator: operator.key ?? '0' } : {}),
    ...(back ? { back: back.key ?? '9' } : {}),
    ...(typeof repeat === 'string' ? { repeat } : {}),
  };
  if (repeat !== false) return keys;
  const { repeat: _none, ...rest } = keys;
  return rest;
}

function globalTransitions({ operator, back }: LooseGlobals = {}) {
  return {
    ...(operator ? { 'key.operator': transitionFromRoot(operator) } : {}),
    ...(back ? { 'key.back': transitionFromRoot(back) } : {}),
  };
}

/** Names what XState would number: invoked actors after their state's path, exits after their state. */
function withNames(states: States, path = ''): States {
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) => {
      const here = path === '' ? name : `${path}.${name}`;
      const nested = state.states ? { states: withNames(state.states, here) } : {};
      const ivr = ivrMetaOf(state.meta);
      if (!ivr) return [name, { ...state, ...nested }];
      const invoke = state.invoke ? { invoke: { ...state.invoke, id: here } } : {};
      const output = state.output as ((args: { readonly context: LooseContext }) => object) | undefined;
      const final = output ? { output: (args: { readonly context: LooseContext }) => ({ exit: name, ...output(args) }) } : {};
      return [name, { ...state, ...invoke, ...final }];
    }),
  );
}

function allPrompts(base: KitBase, id: string): PromptTexts {
  const prompts: Record<string, PromptTexts[string]> = { ...base.prompts };
  for (const [name, subflow] of Object.entries(base.subflows)) {
    for (const [key, text] of Object.entries(subflow.prompts)) {
      if (prompts[key] !== undefined && prompts[key] !== text) {
        throw new Error(`Flow '${id}': the prompt '${key}' has one text here and another one in its sub-flow '${name}'. Rename one of them.`);
      }
      prompts[key] = text;
    }
  }
  return prompts;
}

/** Those of sub-flows beside the flow's own: all are learnt together, so that none is taken for another. */
function allIntents(base: KitBase, id: string): Intents {
  const intents: Record<string, IntentExamples> = { ...base.intents };
  for (const [name, subflow] of Object.entries(base.subflows)) {
    for (const [intent, examples] of Object.entries(subflow.intents)) {
      if (intents[intent] !== undefined && intents[intent] !== examples) {
        throw new Error(`Flow '${id}': the intent '${intent}' has some examples here and others in its sub-flow '${name}'. Rename one of them.`);
      }
      intents[intent] = examples;
    }
  }
  return intents;
}

function requirementsOf(base: KitBase, states: States): Requirements {
  const metas = [...ivrMetas(states)];
  const called = new Set(metas.flatMap((meta) => meta.subflow ?? []));
  const inner = Object.entries(base.subflows).flatMap(([name, subflow]) => (called.has(name) ? [subflow.requires] : []));
  const gather = (name: keyof Requirements, own: readonly (string | undefined)[]) =>
    [...new Set([...own.filter((one) => one !== undefined), ...inner.flatMap((requires) => requires[name])])].sort();
  return {
    services: gather('services', metas.map((meta) => meta.service)),
    queues: gather('queues', metas.flatMap((meta) => meta.queues ?? [])),
    calendars: gather('calendars', metas.map((meta) => meta.calendar)),
    music: gather('music', metas.map((meta) => meta.music)),
  };
}

function* ivrMetas(states: States): Generator<IvrMeta> {
  for (const state of Object.values(states)) {
    const meta = ivrMetaOf(state.meta);
    if (meta) yield meta;
    if (state.states) yield* ivrMetas(state.states);
  }
}
