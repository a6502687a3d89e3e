import type {
  AnyActorRef,
  AnyEventObject,
  EventObject,
  MetaObject,
  NonReducibleUnknown,
  ParameterizedObject,
  ProvidedActor,
  StateMachine,
  StateSchema,
  StateValue,
} from 'xstate';
import type { Intents } from '../domain/intent.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import type { FlowFacts, FlowInput } from './kit-types.ts';

/** A flow's machine as its session sees it. */
export type FlowMachine = StateMachine<
  FlowFacts,
  AnyEventObject,
  Record<string, AnyActorRef | undefined>,
  ProvidedActor,
  ParameterizedObject,
  ParameterizedObject,
  string,
  StateValue,
  string,
  FlowInput & NonReducibleUnknown,
  NonReducibleUnknown,
  EventObject,
  MetaObject,
  StateSchema
>;

/** Names of what must be configured before a flow can run. Sorted, without duplicates. */
export interface Requirements {
  readonly services: readonly string[];
  readonly queues: readonly string[];
  readonly calendars: readonly string[];
  /** Music classes of the switch. */
  readonly music: readonly string[];
}

/** What a flow file exports by default, made by `flow`: a machine and what must be known to run it. */
export interface Hotline {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** The numbers that it answers, as the switch names them. */
  readonly numbers: readonly string[];
  /** Texts of all prompts, those of its sub-flows among them. */
  readonly prompts: PromptTexts;
  /** What its callers may want, its sub-flows' among them; empty where nobody listens. */
  readonly intents: Intents;
  readonly machine: FlowMachine;
  readonly requires: Requirements;
}

/** A part of a flow that several flows use; it is called like a service and ends in one of its exits. */
export interface Subflow<Input, Exits> {
  readonly id: string;
  readonly prompts: PromptTexts;
  readonly intents: Intents;
  readonly machine: FlowMachine;
  readonly requires: Requirements;
  /** Never set; carries the types. */
  readonly types?: { readonly input: Input; readonly exits: Exits };
}

/** Whether what a flow file exports is a hotline. */
export function isHotline(value: unknown): value is Hotline {
  const hotline = value as Partial<Hotline> | null | undefined;
  return typeof hotline?.id === 'string' && Array.isArray(hotline.numbers) && typeof hotline.machine?.config === 'object';
}
