import type { Digit } from '../domain/digits.ts';
import type { Json } from '../domain/json.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import type { KitAction } from './flow-logic.ts';
import type { Hotline, Subflow } from './hotline.ts';
import type {
  AnyState,
  Assignments,
  BranchConfig,
  BuiltInState,
  CheckTargets,
  CollectConfig,
  Context,
  EndConfig,
  Exit,
  ExitState,
  Goto,
  HoursConfig,
  KitState,
  ListenConfig,
  MenuConfig,
  MusicConfig,
  RecordingConfig,
  ResultGoto,
  RouteConfig,
  SayConfig,
  WaitConfig,
} from './kit-types.ts';
import type { PlainPrompt } from './prompt-types.ts';
import type { HoldsSecret } from './secret.ts';
import type { InputOf, ResultOf } from './service.ts';
import type { VariableOf } from './variables.ts';

/** The input of a service or sub-flow: for each field a variable or a function, or one function for all. */
type Inputs<V, I> = { readonly [K in keyof I]: VariableOf<Context<V>, I[K]> | ((vars: Context<V>) => I[K]) } | ((vars: Context<V>) => I);
type InputPart<V, I> = [keyof I] extends [never] ? { readonly input?: undefined } : { readonly input: Inputs<V, I> };

/** A result with an `outcome` has an exit for each; any other result has one exit. */
type ResultPart<V, R, T extends string> = [R] extends [{ readonly outcome: string }]
  ? { readonly exits: { readonly [O in R['outcome']]: ResultGoto<V, Extract<R, { readonly outcome: O }>, T> } }
  : { readonly to: ResultGoto<V, R, T> };

export type ServiceCallConfig<V, S, T extends string> = {
  /** Default: the service's own. */
  readonly timeoutMs?: number;
  /** Music class while the caller waits. */
  readonly music?: string;
  /** No answer in time, no service, or an answer that makes no sense. */
  readonly failed: Goto<V, T>;
} & InputPart<V, InputOf<S>> &
  ResultPart<V, ResultOf<S>, T> &
  // A restart of the engine forgets secrets: whoever sends one says where the caller is asked again.
  (HoldsSecret<InputOf<S>> extends true ? { readonly secretLost: Goto<V, T> } : { readonly secretLost?: undefined });

type SubflowInputOf<F> = F extends Subflow<infer Input, unknown> ? Input : never;
type SubflowExitsOf<F> = F extends Subflow<unknown, infer Exits> ? Exits : never;

export type SubflowCallConfig<V, F, T extends string> = {
  readonly exits: { readonly [E in keyof SubflowExitsOf<F>]: ResultGoto<V, SubflowExitsOf<F>[E], T> };
} & InputPart<V, SubflowInputOf<F>>;

type Calls<S, F, V> = {
  readonly [N in keyof S]: <const T extends string>(config: ServiceCallConfig<V, S[N], T>) => KitState<T>;
} & {
  readonly [N in keyof F]: <const T extends string>(config: SubflowCallConfig<V, F[N], T>) => KitState<T>;
};

interface Globals<V, T extends string, N extends string> {
  /** Default key 0. */
  readonly operator?: Exit<V, T> & { readonly key?: Digit };
  /** Default key 9. */
  readonly back?: Exit<V, T> & { readonly key?: Digit };
  /** Default `*`; false for none. */
  readonly repeat?: Digit | false;
  /** What callers who speak mean by these keys. */
  readonly spoken?: { readonly operator?: N; readonly back?: N; readonly repeat?: N };
}

export interface FlowConfig<P extends PromptTexts, V, S, N extends string = string> {
  readonly id: string;
  /** For people. Default: the id. */
  readonly title?: string;
  readonly numbers: readonly string[];
  readonly initial: NoInfer<keyof S & string>;
  /** Keys that mean the same in every menu. A menu's own choice goes first. */
  readonly globals?: NoInfer<Globals<V, keyof S & string, N>>;
  /** A fault of ours: what the caller hears, and who takes over. A second fault ends the call. */
  readonly fault: NoInfer<{ readonly prompt: PlainPrompt<P>; readonly to: Goto<V, keyof S & string> }>;
  readonly states: S & CheckTargets<S, BuiltInState>;
}

export interface SubflowConfig<V, S, N extends string = string> {
  readonly id: string;
  /** One box in pictures of the flows that use it: its inside would push everything else out of sight. */
  readonly folded?: boolean;
  readonly initial: NoInfer<keyof S & string>;
  /** Without it the keys of the flow around it work, and lead to where that flow says. */
  readonly globals?: NoInfer<Globals<V, keyof S & string, N>>;
  readonly states: S & CheckTargets<S, never>;
}

/** The exits of a sub-flow by name, with what each hands back. */
type ExitsOf<S> = { readonly [K in keyof S as S[K] extends ExitState<unknown> ? K : never]: S[K] extends ExitState<infer R> ? R : never };

/** What `defineIvr` returns. P prompts, S services, F sub-flows, V variables, I input of the sub-flow, Q queues, N intents. */
export interface Kit<P extends PromptTexts, S, F, V, I, Q extends string, N extends string> {
  /** Plays prompts one after another. */
  readonly say: <const T extends string>(config: SayConfig<P, V, T>) => KitState<T>;
  /** Asks for one of a few keys. */
  readonly menu: <const T extends string, const K extends string>(config: MenuConfig<P, V, T, K, N>) => KitState<T>;
  /** Asks an open question and understands what is said; keys help where that fails. */
  readonly listen: <const T extends string, const K extends string>(config: ListenConfig<P, V, T, K, N>) => KitState<T>;
  /** Asks for digits and keeps them in a variable. */
  readonly collect: <const T extends string>(config: CollectConfig<P, V, T>) => KitState<T>;
  /** Asks a service, `call.getBalance({…})`, or goes through a sub-flow, `call.identify({…})`. */
  readonly call: Calls<S, F, V>;
  /** Hands the caller to an agent and stays until the conversation is over. */
  readonly route: <const T extends string = never>(config: RouteConfig<P, V, T, Q>) => KitState<T>;
  readonly music: <const T extends string>(config: MusicConfig<V, T>) => KitState<T>;
  /** Waits in silence; survives a restart. */
  readonly wait: <const T extends string>(config: WaitConfig<V, T>) => KitState<T>;
  /** Asks whether the house is open. */
  readonly hours: <const T extends string>(config: HoursConfig<V, T>) => KitState<T>;
  /** Starts, pauses, resumes, stops or forbids the recording of this call. Questions for digits that are not `plain` pause it by themselves. */
  readonly recording: <const T extends string>(config: RecordingConfig<V, T>) => KitState<T>;
  /** Decides by variables. */
  readonly branch: <const T extends string>(config: BranchConfig<V, T>) => KitState<T>;
  /** Says goodbye and hangs up. */
  readonly end: (config?: EndConfig<P, V>) => KitState<'over'>;
  /** The action that gives variables new values, for `entry`, `exit` and transitions of states written by hand. */
  readonly set: (values: Assignments<V>) => KitAction;
  /** An exit of a sub-flow; the fields of its result name variables. */
  readonly exit: <const M extends Readonly<Record<string, VariableOf<Context<V>, Json>>> = Record<never, never>>(
    result?: M,
  ) => ExitState<{ readonly [K in keyof M]: Context<V>[M[K]] }>;
  readonly flow: <const S2 extends Readonly<Record<string, AnyState<V>>>>(config: FlowConfig<P, V, S2, N>) => Hotline;
  readonly subflow: <const S2 extends Readonly<Record<string, AnyState<V>>>>(config: SubflowConfig<V, S2, N>) => Subflow<I, ExitsOf<S2>>;
}

