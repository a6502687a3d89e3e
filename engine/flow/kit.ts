import type { IntentExamples } from '../domain/intent.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import { serviceState, subflowState, type LooseServiceCall, type LooseSubflowCall } from './call-states.ts';
import { collectState, menuState, sayState, type LooseCollect, type LooseDefaults, type LooseMenu, type LooseSay } from './dialog-states.ts';
import { setOf } from './exits.ts';
import type { Subflow } from './hotline.ts';
import type { Kit } from './kit-api.ts';
import type { Defaults } from './kit-types.ts';
import { makeFlow, makeSubflow, type KitBase, type LooseFlow, type LooseSubflow } from './machine.ts';
import { branchState, endState, finalState, hoursState, musicState, recordingState, waitState, type LooseBranch } from './plain-states.ts';
import { routeState, type LooseRoute } from './route-state.ts';
import type { AnyServiceType } from './service.ts';

export type AnySubflow = Subflow<unknown, unknown>;

/** What a flow is made of. */
export interface IvrParts<P extends PromptTexts, S, F, V, I, Q extends string, N extends string> {
  /** `{ key: { 'zh-CN': …, en: … } } as const satisfies PromptTexts`. */
  readonly prompts: P;
  /** Back-office services by name, each declared with `service<Input, Result>()`. */
  readonly services?: S;
  /** Sub-flows by name. */
  readonly subflows?: F;
  /** The flow's variables with their first values; those of a sub-flow may depend on its input. */
  readonly vars?: (input: I) => V;
  /** The queues that `route` may lead to. */
  readonly queues?: readonly Q[];
  /** What callers may want, with examples of how they say it, for choices with an `intent`. */
  readonly intents?: Readonly<Record<N, IntentExamples>>;
  readonly defaults?: Defaults<P>;
}

/**
 * The helpers that a flow is written with. They return plain XState state configs, so states written by hand mix in
 * freely, and they refuse at compile time a prompt, service, variable, state or exit that does not exist.
 *
 * ```ts
 * const { flow, menu, say, end } = defineIvr({ prompts });
 * export default flow({
 *   id: 'sample', numbers: ['100'], initial: 'main', fault: { prompt: 'sorry', to: 'bye' },
 *   states: {
 *     main: menu({ prompt: 'main.menu', choices: { news: { dtmf: '1', to: 'news' } }, otherwise: 'bye' }),
 *     news: say({ prompt: 'news', to: 'bye' }),
 *     bye: end({ prompt: 'goodbye' }),
 *   },
 * });
 * ```
 */
export function defineIvr<
  const P extends PromptTexts,
  const S extends Readonly<Record<string, AnyServiceType>> = Record<never, never>,
  const F extends Readonly<Record<string, AnySubflow>> = Record<never, never>,
  V extends object = Record<never, never>,
  I = Record<never, never>,
  const Q extends string = never,
  const N extends string = never,
>(parts: IvrParts<P, S, F, V, I, Q, N>): Kit<P, S, F, V, I, Q, N> {
  const defaults = (parts.defaults ?? {}) as LooseDefaults;
  const services: Readonly<Record<string, AnyServiceType>> = parts.services ?? {};
  const subflows: Readonly<Record<string, AnySubflow>> = parts.subflows ?? {};
  const twice = Object.keys(services).find((name) => name in subflows);
  if (twice !== undefined) throw new Error(`'${twice}' is a service and a sub-flow: \`call.${twice}\` could be either. Rename one of them.`);
  const base: KitBase = {
    prompts: parts.prompts,
    subflows,
    intents: parts.intents ?? {},
    vars: (input) => parts.vars?.(input as I) ?? {},
  };
  const call = {
    ...Object.fromEntries(
      Object.entries(services).map(([name, type]) => [name, (config: LooseServiceCall) => serviceState(name, config, type.timeoutMs)]),
    ),
    ...Object.fromEntries(Object.keys(subflows).map((name) => [name, (config: LooseSubflowCall) => subflowState(name, config)])),
  };
  const kit = {
    say: (config: LooseSay) => sayState(config, defaults),
    menu: (config: LooseMenu) => menuState(config, defaults),
    listen: (config: LooseMenu) => menuState(config, defaults),
    collect: (config: LooseCollect) => collectState(config, defaults),
    call,
    route: (config: LooseRoute) => routeState(config, defaults, parts.queues ?? []),
    music: (config: Parameters<typeof musicState>[0]) => musicState(config, defaults),
    wait: waitState,
    hours: hoursState,
    recording: recordingState,
    branch: (config: LooseBranch) => branchState(config),
    end: endState,
    set: setOf,
    exit: (result?: Readonly<Record<string, string>>) => finalState('exit', result),
    flow: (config: LooseFlow) => makeFlow(base, config),
    subflow: (config: LooseSubflow) => makeSubflow(base, config),
  };
  // The one place where the types of kit-api.ts meet what runs; kit.types.test.ts and kit.test.ts hold both sides.
  return kit as unknown as Kit<P, S, F, V, I, Q, N>;
}
