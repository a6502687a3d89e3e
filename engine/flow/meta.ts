import type { Sensitivity } from '../domain/digits.ts';
import type { Language } from '../domain/language.ts';
import type { FlowRecording } from '../domain/recording.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { GlobalKeys, SpokenChoices, VerbName } from './verb.ts';

/** A prompt that a state plays. */
export interface PromptMeta {
  readonly key: string;
  /** `caller` is the language that the call has then. */
  readonly languages: 'caller' | readonly Language[];
  /** Variables by slot; `computed` for a function. */
  readonly values: Readonly<Record<string, { readonly variable: string } | 'computed'>>;
}

export interface ChoiceMeta {
  /** Absent where it can only be said. */
  readonly dtmf?: string;
  readonly intent?: string | readonly string[];
  readonly to: string;
}

/** What a state of the kit is, for tools: `meta.ivr` of the state node. JSON. */
export interface IvrMeta {
  readonly verb: VerbName | 'subflow' | 'branch' | 'exit' | 'final';
  readonly prompts: readonly PromptMeta[];
  /** menu */
  readonly choices?: Readonly<Record<string, ChoiceMeta>>;
  /** menu: the prompt that names its keys, when that is not the first. */
  readonly keypad?: PromptMeta;
  /** menu: what may be said. */
  readonly speech?: Omit<SpokenChoices, 'globals'>;
  /** menu: keys of the flow that do not work here. */
  readonly withoutGlobals?: readonly string[];
  /** collect */
  readonly into?: { readonly variable: string; readonly sensitivity: Sensitivity };
  /** call */
  readonly service?: string;
  readonly subflow?: string;
  /** Input of a service or sub-flow: variables by field; absent when computed. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** hours */
  readonly calendar?: string;
  /** recording */
  readonly recording?: FlowRecording;
  /** route: the queues it may lead to. */
  readonly queues?: readonly string[];
  readonly music?: string;
  /** route: its steps for a caller of each language; absent when they are computed. */
  readonly steps?: Readonly<Record<Language, readonly RoutingStep[]>>;
}

/** Reads `meta.ivr` of a state; undefined for a state written by hand. */
export function ivrMetaOf(meta: unknown): IvrMeta | undefined {
  const ivr = (meta as { readonly ivr?: IvrMeta } | undefined)?.ivr;
  return ivr && typeof ivr.verb === 'string' ? ivr : undefined;
}

/** `meta` of a flow's root: the global keys that it defines, the intents that mean them, and whether pictures show a sub-flow as one box. */
export interface FlowMeta {
  readonly flow: { readonly globals: GlobalKeys; readonly spoken?: GlobalKeys; readonly folded?: boolean };
}

export function isFolded(meta: unknown): boolean {
  return (meta as Partial<FlowMeta> | undefined)?.flow?.folded ?? false;
}

/** The global keys of a flow by its root's `meta`. */
export function globalsOf(meta: unknown): GlobalKeys {
  return (meta as Partial<FlowMeta> | undefined)?.flow?.globals ?? {};
}

/** The intents that mean a flow's global keys, by its root's `meta`. */
export function spokenGlobalsOf(meta: unknown): GlobalKeys {
  return (meta as Partial<FlowMeta> | undefined)?.flow?.spoken ?? {};
}
