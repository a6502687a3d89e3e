import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import { transitionTo, whenOutcome, type LooseGoto } from './exits.ts';
import type { LooseContext } from './flow-logic.ts';
import { verbState, type LooseDefaults, type StateConfig } from './dialog-states.ts';
import type { Step } from './kit-types.ts';
import { promptMeta, promptRef, type LoosePrompt } from './prompt-use.ts';
import type { RouteInput } from './verb.ts';

export interface LooseRoute {
  readonly queue: string | ((vars: LooseContext) => string);
  readonly priority?: number | ((vars: LooseContext) => number);
  readonly steps: readonly Step[] | ((vars: LooseContext) => readonly Step[]);
  readonly afterSteps?: 'strict' | 'any';
  readonly music?: string;
  readonly welcome?: LoosePrompt;
  readonly comfort?: { readonly prompt: LoosePrompt; readonly everyMs: number };
  readonly overflow: LooseGoto;
  readonly served?: LooseGoto;
}

/** Hands the caller to the distributor. `queues` are all that the flow knows, for a queue that is computed. */
export function routeState(config: LooseRoute, defaults: LooseDefaults, queues: readonly string[]): StateConfig {
  const { welcome, comfort, queue, priority, steps } = config;
  return verbState(
    'route',
    (context): RouteInput => ({
      queue: typeof queue === 'function' ? queue(context) : queue,
      priority: (typeof priority === 'function' ? priority(context) : priority) ?? 5,
      steps: (typeof steps === 'function' ? steps(context) : steps).map((step) => routingStep(step, context, defaults)),
      afterSteps: config.afterSteps ?? 'strict',
      ...(config.music === undefined ? {} : { music: config.music }),
      ...(welcome === undefined ? {} : { welcome: promptRef(welcome, context) }),
      ...(comfort === undefined ? {} : { comfort: { prompt: promptRef(comfort.prompt, context), everyMs: comfort.everyMs } }),
    }),
    [transitionTo(config.served ?? 'over', whenOutcome('served')), transitionTo(config.overflow)],
    {
      prompts: [welcome, comfort?.prompt].flatMap((prompt) => (prompt === undefined ? [] : [promptMeta(prompt, undefined)])),
      queues: typeof queue === 'function' ? queues : [queue],
      ...(config.music === undefined ? {} : { music: config.music }),
    },
  );
}

function routingStep(step: Step, context: LooseContext, defaults: LooseDefaults): RoutingStep {
  const skill = step.anyLanguage ? undefined : defaults.languageSkills?.[context.language];
  const require: Requirement = skill === undefined ? step.require : { all: [{ skill }, step.require] };
  return { require, forMs: step.forMs ?? 'untilServed' };
}
