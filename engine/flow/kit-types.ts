import type { AnyEventObject, EventObject, ProvidedActor, StateNodeConfig } from 'xstate';
import type { Digit, Sensitivity } from '../domain/digits.ts';
import type { Json } from '../domain/json.ts';
import type { Language } from '../domain/language.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import type { FlowRecording } from '../domain/recording.ts';
import type { Requirement } from '../domain/requirement.ts';
import type { Bands } from '../navigation/bands.ts';
import type { SlotValues } from '../navigation/slots.ts';
import type { KitAction, KitGuard } from './flow-logic.ts';
import type { IvrMeta } from './meta.ts';
import type { PlainPrompt, PromptTaking, PromptUse } from './prompt-types.ts';
import type { Secret } from './secret.ts';
import type { VariableOf } from './variables.ts';
import type { GlobalKeys } from './verb.ts';

/** What a session tells a flow when it starts. */
export interface FlowInput {
  readonly language: Language;
  /** The number that was called. */
  readonly dialled: string;
  /** As received; may be empty. */
  readonly callerNumber: string;
}

/** What every flow knows. The session reads `language` of the root flow. */
export interface FlowFacts extends FlowInput {
  /** The global keys that work here: the flow's own and, in a sub-flow, those of the flow around it. */
  readonly globals: GlobalKeys;
  /** The intents that mean the same as these keys. */
  readonly spoken: GlobalKeys;
  /** Faults of the engine so far: the first one leads to a person, the second one ends the call. */
  readonly faults: number;
}

export type VariableValue = Json | Secret;
export type Variables = object;
/** The context of a flow: facts and the flow's own variables. Nothing but JSON, so that it survives a restart. */
export type Context<V> = FlowFacts & V;

type NumberOf<V> = { [K in keyof V & string]: V[K] extends number ? (number extends V[K] ? K : never) : never }[keyof V & string];
type StringOf<V> = { [K in keyof V & string]: string extends V[K] ? K : never }[keyof V & string];

/** Values for variables: a constant or a function of all variables. */
export type Assignments<V> = { readonly [K in keyof V]?: V[K] | ((vars: Context<V>) => V[K]) };

/** Where the flow goes, and what it remembers on the way. */
export interface Exit<V, T extends string> {
  readonly to: T;
  readonly set?: Assignments<V>;
  /** A number variable that grows by one. A loop that is bounded by one is told apart from an endless one. */
  readonly count?: NumberOf<V>;
  /** The caller is spoken to in this language from now on. */
  readonly language?: Language;
}
export type Goto<V, T extends string> = T | Exit<V, T>;

/** An exit that has a result: `keep` names the field of the result for each variable. */
export interface ResultExit<V, R, T extends string> extends Exit<V, T> {
  readonly keep?: { readonly [K in keyof V]?: VariableOf<R, V[K]> };
}
export type ResultGoto<V, R, T extends string> = T | ResultExit<V, R, T>;

/** Silence and wrong keys: one exit for both, or one each. */
export type MissedExits<V, T extends string> =
  | { readonly otherwise: Goto<V, T>; readonly noInput?: Goto<V, T>; readonly noMatch?: Goto<V, T> }
  | { readonly otherwise?: never; readonly noInput: Goto<V, T>; readonly noMatch: Goto<V, T> };

/** How often a question is put: the same for silence and wrong keys, or counted apart. */
export type Tries = number | { readonly noInput: number; readonly noMatch: number };

/** How callers are asked about what they said, and how sure it must be. */
export interface SpeechDefaults<P> {
  /** Default: DEFAULT_BANDS of engine/navigation/bands.ts. */
  readonly bands?: Partial<Bands>;
  /** "Did you mean", the choice's name, "Say yes or press 1; no, or press 2." Without it only what is sure is taken. */
  readonly confirm?: { readonly before: PlainPrompt<P>; readonly after: PlainPrompt<P> };
  /** "Do you mean", a name, "press 1, or", the other name, "press 2?" */
  readonly either?: { readonly before: PlainPrompt<P>; readonly between: PlainPrompt<P>; readonly after: PlainPrompt<P> };
  /** Where it is "today" for callers: an IANA time zone. Default Asia/Shanghai. */
  readonly zone?: string;
  /** Kinds of cards with the words that name them, for the slot `cardType`: `{ credit: ['信用卡', 'credit card'] }`. */
  readonly cardTypes?: Readonly<Record<string, readonly string[]>>;
  /** So long a silence ends what a caller says. Default 700 ms. */
  readonly endSilenceMs?: number;
  /** Default 12 s. */
  readonly maxSpeechMs?: number;
}

/** Settings that a flow gives its verbs; a verb's own go first. */
export interface Defaults<P> {
  readonly bargeIn?: boolean;
  /** From the end of the prompt of a menu. Default 7 s: a caller listens to the choices before choosing. */
  readonly menuTimeoutMs?: number;
  /** From the end of the prompt of a question for digits. Default 5 s. */
  readonly collectTimeoutMs?: number;
  /** Between two digits. Default 3 s. */
  readonly interDigitTimeoutMs?: number;
  /** Default 3 for silence and 3 for wrong keys. */
  readonly tries?: Tries;
  readonly noInputPrompt?: PlainPrompt<P>;
  readonly noMatchPrompt?: PlainPrompt<P>;
  /** The skill that speaks a language: agents who are routed to must have it, unless a step says `anyLanguage`. */
  readonly languageSkills?: Readonly<Record<Language, string>>;
  readonly speech?: SpeechDefaults<P>;
}

interface Asking<P extends PromptTexts, V> {
  readonly prompt: PromptUse<P, Context<V>>;
  readonly languages?: readonly Language[];
  readonly bargeIn?: boolean;
  readonly firstDigitTimeoutMs?: number;
  readonly interDigitTimeoutMs?: number;
  readonly tries?: Tries;
  readonly noInputPrompt?: PlainPrompt<P>;
  readonly noMatchPrompt?: PlainPrompt<P>;
}

export interface SayConfig<P extends PromptTexts, V, T extends string> {
  readonly prompt: PromptUse<P, Context<V>> | readonly PromptUse<P, Context<V>>[];
  /** Default: the call's language. */
  readonly languages?: readonly Language[];
  readonly bargeIn?: boolean;
  readonly to: Goto<V, T>;
}

/** One key, or two pressed one after the other. */
export type MenuKey = Digit | `${Digit}${Digit}`;
/** How a choice is made by speaking. `N` are the intents of the flow. */
export interface SpokenChoice<P extends PromptTexts, V, N extends string> {
  /** What a caller who speaks means by it; of several, any. */
  readonly intent?: N | readonly N[];
  /** What it is called when a caller is asked about it: "your account balance". Without it, it is never asked about. */
  readonly name?: PlainPrompt<P>;
  /** Where this choice is judged otherwise: what is hard to undo wants more. */
  readonly bands?: Partial<Bands>;
  /** From this confidence on it goes before more likely choices: what must not be missed. */
  readonly winsAt?: number;
  /**
   * It tells nothing of what the caller wants: yes, no, an agent. Any other choice with an intent becomes the wish that the contact carries,
   * in place of the one before, whether it was said or pressed.
   */
  readonly aside?: true;
  /** What a caller named beside its wish, for each variable; one that was not named stays as it is. */
  readonly keep?: { readonly [K in keyof V]?: VariableOf<SlotValues, V[K]> };
}
export type Choice<P extends PromptTexts, V, T extends string, N extends string> = Exit<V, T> & SpokenChoice<P, V, N> & { readonly dtmf: MenuKey };

/** Of a menu that callers may answer by speaking. */
interface Speaking<P extends PromptTexts, V> {
  /**
   * Said once, before the prompt, and again with it when the caller asks for that: an answer after which the menu asks whether it helped. As the
   * prompt, it can be cut short by a key or by speaking, which answers the menu.
   */
  readonly before?: PromptUse<P, Context<V>>;
  /** `false`: keys only, whatever intents the choices have. Bands of this menu. */
  readonly speech?: false | { readonly bands?: Partial<Bands> };
  /** Said instead of the prompt when the caller cannot be heard or was not understood; it names the keys, and has tries of its own. */
  readonly keypadPrompt?: PlainPrompt<P>;
}

export type MenuConfig<P extends PromptTexts, V, T extends string, K extends string, N extends string> = Asking<P, V> & Speaking<P, V> & {
  readonly choices: { readonly [C in K]: Choice<P, V, T, N> };
  /** Which of the flow's global keys do not work here; `false` for none of them. */
  readonly globals?: false | { readonly operator?: false; readonly back?: false; readonly repeat?: false };
  /** Where the `back` key leads from here instead. */
  readonly back?: Goto<V, T>;
} & MissedExits<V, T>;

/** An open question: "in a few words, what are you calling about?" Every choice has an intent; a key only where `keypadPrompt` names it. */
export type ListenConfig<P extends PromptTexts, V, T extends string, K extends string, N extends string> = Asking<P, V> & Omit<Speaking<P, V>, 'keypadPrompt'> & {
  readonly keypadPrompt: PlainPrompt<P>;
  readonly choices: { readonly [C in K]: Exit<V, T> & Omit<SpokenChoice<P, V, N>, 'intent'> & { readonly intent: N | readonly N[]; readonly dtmf?: MenuKey } };
  readonly globals?: false | { readonly operator?: false; readonly back?: false; readonly repeat?: false };
  readonly back?: Goto<V, T>;
} & MissedExits<V, T>;

export type CollectConfig<P extends PromptTexts, V, T extends string> = Asking<P, V> & {
  /** How many digits: exactly so many, or a range that the terminator ends. */
  readonly digits: number | { readonly min: number; readonly max: number };
  /** Default `#`; false for none. */
  readonly terminator?: Digit | false;
  /** Default `*`; false for none. */
  readonly cancelKey?: Digit | false;
  readonly to: Goto<V, T>;
} & (
    | { readonly sensitivity: 'secret'; readonly into: VariableOf<V, Secret> }
    | {
        readonly sensitivity: Exclude<Sensitivity, 'secret'>;
        readonly into: StringOf<V>;
        /** The digits may be said, too: "six two two two", "twelve fifty". Needs a recogniser of free speech. */
        readonly speech?: boolean;
      }
  ) &
  (
    | { readonly otherwise: Goto<V, T>; readonly noInput?: Goto<V, T>; readonly noMatch?: Goto<V, T>; readonly cancelled?: Goto<V, T> }
    | { readonly otherwise?: never; readonly noInput: Goto<V, T>; readonly noMatch: Goto<V, T>; readonly cancelled: Goto<V, T> }
  );

/** One step of routing: `forMs` until the next step opens, without it for as long as it takes. */
export interface Step {
  readonly require: Requirement;
  readonly forMs?: number;
  readonly anyLanguage?: boolean;
  /** Takes an agent only while more than this many of those who qualify are idle: a reserve for contacts that matter more. */
  readonly keepIdle?: number;
}

export interface RouteConfig<P extends PromptTexts, V, T extends string, Q extends string> {
  readonly queue: Q | ((vars: Context<V>) => Q);
  /** 1 is the most urgent; 5 is the default. */
  readonly priority?: number | ((vars: Context<V>) => number);
  readonly steps: readonly Step[] | ((vars: Context<V>) => readonly Step[]);
  /** After the last step: `strict` keeps to it (default), `any` takes any agent of the queue. */
  readonly afterSteps?: 'strict' | 'any';
  readonly music?: string;
  readonly welcome?: PromptUse<P, Context<V>>;
  /** "Your call may be recorded": said before the welcome where the queue records. */
  readonly recordingNotice?: PromptUse<P, Context<V>>;
  readonly comfort?: { readonly prompt: PromptUse<P, Context<V>>; readonly everyMs: number };
  /** What a waiting caller is told of its place and its wait; the queue's configuration says whether and how often. */
  readonly announce?: {
    /** Takes `{ahead:people}`. */
    readonly position?: PromptTaking<P, { ahead: number }>;
    /** Takes `{to:minutes}`: less than that. */
    readonly waitLess?: PromptTaking<P, { to: number }>;
    /** Takes `{from:number}` and `{to:minutes}`. */
    readonly waitBetween?: PromptTaking<P, { from: number; to: number }>;
    /** Takes `{from:minutes}`: more than that. */
    readonly waitMore?: PromptTaking<P, { from: number }>;
  };
  /** Virtual age: the caller stands as if it had come this much earlier, among those of its priority. */
  readonly ageBoostMs?: number | ((vars: Context<V>) => number);
  /**
   * An agent whom this caller is offered first, for `forMs`, and at once no longer when that agent is not signed in: the one whose id is in
   * the variable `agent` (a relationship manager), else with `lastAgent` the one who served this number last.
   */
  readonly sticky?: { readonly agent?: StringOf<V> | ((vars: Context<V>) => string); readonly lastAgent?: boolean; readonly forMs: number };
  /**
   * Offers a callback to a caller who waits: the prompt names the key. From `afterMs` on (0: at once), only while the expected wait is longer
   * than `whenExpectedMs`, again every `everyMs` (60 s). Pressed, the place in the queue is kept until the caller is back or has a callback.
   */
  readonly callback?: {
    readonly key: Digit;
    readonly prompt: PromptUse<P, Context<V>>;
    readonly afterMs?: number;
    readonly whenExpectedMs?: number;
    readonly everyMs?: number;
    readonly to: Goto<V, T>;
  };
  /** No agent could be had. */
  readonly overflow: Goto<V, T>;
  /** After the conversation. Default: the call is over. */
  readonly served?: Goto<V, T>;
}

export interface HoursConfig<V, T extends string> {
  readonly calendar: string;
  readonly open: Goto<V, T>;
  readonly closed: Goto<V, T>;
  /** Default: as closed. */
  readonly holiday?: Goto<V, T>;
}

export interface MusicConfig<V, T extends string> {
  readonly forMs: number;
  readonly musicClass?: string;
  readonly bargeIn?: boolean;
  readonly to: Goto<V, T>;
}

export interface WaitConfig<V, T extends string> {
  readonly forMs: number;
  readonly to: Goto<V, T>;
}

export interface RecordingConfig<V, T extends string> {
  readonly what: FlowRecording;
  readonly to: Goto<V, T>;
}

export interface EndConfig<P extends PromptTexts, V> {
  readonly prompt?: PromptUse<P, Context<V>> | readonly PromptUse<P, Context<V>>[];
  readonly languages?: readonly Language[];
}

/** A question about one variable. */
export type Test<C> = {
  [K in keyof C & string]: C[K] extends Json
    ? { readonly variable: K } & ({ readonly is: C[K] } | (C[K] extends number ? { readonly atLeast: number } | { readonly below: number } : never))
    : never;
}[keyof C & string];

export interface BranchConfig<V, T extends string> {
  /** The first one that holds is taken. */
  readonly cases: readonly (Test<Context<V>> & Exit<V, T>)[];
  readonly otherwise: Goto<V, T>;
}

declare const TARGETS: unique symbol;
declare const RESULT: unique symbol;

/** A state made by the kit: a plain XState state config. `TARGETS` exists for the compiler only. */
export interface KitState<T extends string = string> {
  readonly [TARGETS]?: T;
  readonly meta: { readonly ivr: IvrMeta };
}

/** The end of a sub-flow. Its name is the name of its state; `R` is what it hands back. */
export interface ExitState<R> {
  readonly [RESULT]?: R;
  readonly type: 'final';
  readonly meta: { readonly ivr: IvrMeta };
}

/**
 * A state written by hand, with the guards and the action of the kit (flow-logic.ts). `after` is missing on purpose: XState's timers do not survive a restart
 * (statelyai/xstate#5331); `wait` and the time limits of verbs do.
 */
export type RawState<V> = Omit<
  StateNodeConfig<Context<V>, AnyEventObject, ProvidedActor, KitAction, KitGuard, never, string, unknown, EventObject, { readonly ivr?: IvrMeta }>,
  'after'
> & { readonly after?: never };

export type AnyState<V> = KitState | ExitState<unknown> | RawState<V>;

/** Turns a target that does not exist into a compile error at the state that has it. */
export type CheckTargets<S, BuiltIn extends string> = {
  readonly [K in keyof S]: S[K] extends KitState<infer T>
    ? [Exclude<T, (keyof S & string) | BuiltIn | `#${string}`>] extends [never]
      ? S[K]
      : KitState<(keyof S & string) | BuiltIn>
    : S[K] extends { readonly states: infer Nested }
      ? Omit<S[K], 'states'> & { readonly states: CheckTargets<Nested, never> }
      : S[K];
};

/** States that every flow has: `over` ends the call, `hungUp` is where a caller who hangs up gets to. */
export type BuiltInState = 'over' | 'hungUp' | 'fault' | 'broken';
