import type { Language } from '../domain/language.ts';
import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import { transitionTo, whenOutcome, type LooseGoto } from './exits.ts';
import type { LooseContext } from './flow-logic.ts';
import { verbState, type LooseDefaults, type StateConfig } from './dialog-states.ts';
import type { Step } from './kit-types.ts';
import { promptMeta, promptRef, type LoosePrompt } from './prompt-use.ts';
import type { PromptMeta } from './meta.ts';
import type { RouteAnnouncements, RouteInput } from './verb.ts';

export interface LooseRoute {
  readonly queue: string | ((vars: LooseContext) => string);
  readonly priority?: number | ((vars: LooseContext) => number);
  readonly steps: readonly Step[] | ((vars: LooseContext) => readonly Step[]);
  readonly afterSteps?: 'strict' | 'any';
  readonly music?: string;
  readonly welcome?: LoosePrompt;
  readonly recordingNotice?: LoosePrompt;
  readonly comfort?: { readonly prompt: LoosePrompt; readonly everyMs: number };
  readonly announce?: RouteAnnouncements;
  readonly ageBoostMs?: number | ((vars: LooseContext) => number);
  readonly sticky?: { readonly agent?: string | ((vars: LooseContext) => string); readonly lastAgent?: boolean; readonly forMs: number };
  readonly callback?: {
    readonly key: string;
    readonly prompt: LoosePrompt;
    readonly afterMs?: number;
    readonly whenExpectedMs?: number;
    readonly everyMs?: number;
    readonly to: LooseGoto;
  };
  readonly overflow: LooseGoto;
  readonly served?: LooseGoto;
}

/** Hands the caller to the distributor. `queues` are all that the flow knows, for a queue that is computed. */
export function routeState(config: LooseRoute, defaults: LooseDefaults, queues: readonly string[]): StateConfig {
  const { welcome, recordingNotice, comfort, queue, priority, steps, announce, ageBoostMs, sticky, callback } = config;
  return verbState(
    'route',
    (context): RouteInput => ({
      queue: typeof queue === 'function' ? queue(context) : queue,
      priority: (typeof priority === 'function' ? priority(context) : priority) ?? 5,
      steps: (typeof steps === 'function' ? steps(context) : steps).map((step) => routingStep(step, context.language, defaults)),
      afterSteps: config.afterSteps ?? 'strict',
      ...(config.music === undefined ? {} : { music: config.music }),
      ...(welcome === undefined ? {} : { welcome: promptRef(welcome, context) }),
      ...(recordingNotice === undefined ? {} : { recordingNotice: promptRef(recordingNotice, context) }),
      ...(comfort === undefined ? {} : { comfort: { prompt: promptRef(comfort.prompt, context), everyMs: comfort.everyMs } }),
      ...(announce === undefined ? {} : { announce }),
      ...(ageBoostMs === undefined ? {} : { ageBoostMs: typeof ageBoostMs === 'function' ? ageBoostMs(context) : ageBoostMs }),
      ...(sticky === undefined ? {} : { sticky: stickyOf(sticky, context) }),
      ...(callback === undefined ? {} : { callback: offerOf(callback, context) }),
    }),
    [
      transitionTo(config.served ?? 'over', whenOutcome('served')),
      ...(callback === undefined ? [] : [transitionTo(callback.to, whenOutcome('callback'))]),
      transitionTo(config.overflow),
    ],
    {
      prompts: [
        ...[recordingNotice, welcome, comfort?.prompt, callback?.prompt].flatMap((prompt) => (prompt === undefined ? [] : [promptMeta(prompt, undefined)])),
        ...announcedPrompts(announce),
      ],
      queues: typeof queue === 'function' ? queues : [queue],
      ...(typeof steps === 'function' ? {} : { steps: stepsByLanguage(steps, defaults) }),
      ...(config.music === undefined ? {} : { music: config.music }),
    },
  );
}

/** Not more often than this by default: a caller who has not pressed has answered. */
const OFFER_EVERY_MS = 60_000;

function offerOf({ key, prompt, afterMs = 0, whenExpectedMs, everyMs = OFFER_EVERY_MS }: NonNullable<LooseRoute['callback']>, context: LooseContext): NonNullable<RouteInput['callback']> {
  return { key, prompt: promptRef(prompt, context), afterMs, everyMs, ...(whenExpectedMs === undefined ? {} : { whenExpectedMs }) };
}

/** What each announcement is given when it is made: that is known to the verb, not to the flow. */
const ANNOUNCED_VALUES = { position: ['ahead'], waitLess: ['to'], waitBetween: ['from', 'to'], waitMore: ['from'] } as const;

function announcedPrompts(announce: RouteAnnouncements | undefined): readonly PromptMeta[] {
  return Object.entries(ANNOUNCED_VALUES).flatMap(([name, values]) => {
    const key = announce?.[name as keyof RouteAnnouncements];
    return key === undefined ? [] : [{ key, languages: 'caller', values: Object.fromEntries(values.map((value) => [value, 'computed' as const])) }];
  });
}

/** The agent's id stands in a variable, or is computed. */
function stickyOf({ agent, lastAgent = false, forMs }: NonNullable<LooseRoute['sticky']>, context: LooseContext): NonNullable<RouteInput['sticky']> {
  const id = typeof agent === 'function' ? agent(context) : agent === undefined ? undefined : context[agent];
  return { ...(typeof id === 'string' ? { agent: id } : {}), lastAgent, forMs };
}

function stepsByLanguage(steps: readonly Step[], defaults: LooseDefaults): Readonly<Record<Language, readonly RoutingStep[]>> {
  const of = (language: Language): readonly RoutingStep[] => steps.map((step) => routingStep(step, language, defaults));
  return { 'zh-CN': of('zh-CN'), en: of('en') };
}

function routingStep(step: Step, language: Language, defaults: LooseDefaults): RoutingStep {
  const skill = step.anyLanguage ? undefined : defaults.languageSkills?.[language];
  const require: Requirement = skill === undefined ? step.require : { all: [{ skill }, step.require] };
  return { require, forMs: step.forMs ?? 'untilServed', ...(step.keepIdle === undefined ? {} : { keepIdle: step.keepIdle }) };
}
