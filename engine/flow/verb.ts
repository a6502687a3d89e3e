import type { CancelSignal } from '../domain/cancellation.ts';
import type { OverflowReason } from '../domain/contact.ts';
import type { Sensitivity } from '../domain/digits.ts';
import type { Json } from '../domain/json.ts';
import type { Language } from '../domain/language.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { FlowRecording } from '../domain/recording.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { Bands } from '../navigation/bands.ts';
import type { SlotName, SlotOptions, Slots } from '../navigation/slots.ts';
import type { OpenState } from '../ports/business-calendar.ts';

/**
 * Keys that mean the same everywhere in a flow. `repeat` plays the menu's prompt again; the others are told to the flow
 * as the event `key.<name>`.
 */
export interface GlobalKeys {
  readonly operator?: string;
  readonly back?: string;
  readonly repeat?: string;
}

/** Plays prompts one after another. */
export interface SayInput {
  readonly prompts: readonly PromptRef[];
  /** Played once in each; a first greeting speaks to everyone. */
  readonly languages: readonly Language[];
  /** A digit stops the prompts and is kept for what comes next. */
  readonly bargeIn: boolean;
}
export interface SayOutcome {
  readonly outcome: 'said';
  readonly interrupted: boolean;
}

/** What a caller may say instead of pressing a key: the choices of a menu by what they mean. */
export interface SpokenChoices {
  /** Choice → the intents that mean it. */
  readonly intents: Readonly<Record<string, readonly string[]>>;
  /** Intents that mean the same everywhere in the flow, as its global keys do. */
  readonly globals: GlobalKeys;
  readonly bands: Bands;
  /** Choices that are judged by bands of their own. */
  readonly bandsOf: Readonly<Record<string, Partial<Bands>>>;
  /** From this confidence on a choice goes before more likely ones. */
  readonly winsAt: Readonly<Record<string, number>>;
  /** Choices that tell nothing of what the caller wants. */
  readonly asides?: readonly string[];
  /** What each choice is called when the caller is asked about it. One without a name is not asked about: it is taken, or not. */
  readonly names: Readonly<Record<string, PromptRef>>;
  /** "Did you mean", the name, "Say yes or press 1; no, or press 2." */
  readonly confirm?: { readonly before: PromptRef; readonly after: PromptRef };
  /** "Do you mean", one name, "press 1, or", the other name, "press 2?" */
  readonly either?: { readonly before: PromptRef; readonly between: PromptRef; readonly after: PromptRef };
  /** What a choice keeps of what the caller named beside it; absent where none keeps anything. */
  readonly slots?: Omit<SlotOptions, 'nowMs'> & { readonly of: Readonly<Record<string, readonly SlotName[]>> };
  /** So long a silence ends what the caller says. */
  readonly endSilenceMs: number;
  readonly maxSpeechMs: number;
}

/** Asks for one of a few keys, or for words that mean the same. */
export interface MenuInput {
  /** Said once, before the prompt is played for the first time. Whoever answers into it is not asked any more. */
  readonly before?: PromptRef;
  readonly prompt: PromptRef;
  readonly languages: readonly Language[];
  /** Choice name → key or keys, e.g. `{ balance: '2', agent: '12' }`. Longer keys win if they are typed in time. */
  readonly choices: Readonly<Record<string, string>>;
  readonly globals: GlobalKeys;
  readonly bargeIn: boolean;
  /** From the end of the prompt. */
  readonly firstDigitTimeoutMs: number;
  readonly interDigitTimeoutMs: number;
  /** How often the prompt is played at most, counted apart for silence and for wrong keys. */
  readonly tries: { readonly noInput: number; readonly noMatch: number };
  /** Said before the prompt is played again. */
  readonly noInputPrompt?: PromptRef;
  readonly noMatchPrompt?: PromptRef;
  readonly speech?: SpokenChoices;
  /** Said in place of `prompt`, and with tries of its own, when the caller cannot be heard or was not understood: it names the keys. */
  readonly keypadPrompt?: PromptRef;
}
export type MenuOutcome =
  /** `result`: what was named of what the choice keeps. */
  | { readonly outcome: 'choice'; readonly choice: string; readonly result?: Slots }
  | { readonly outcome: 'noInput' }
  | { readonly outcome: 'noMatch' };

/** Asks for a string of digits. */
export interface CollectInput {
  readonly prompt: PromptRef;
  readonly languages: readonly Language[];
  readonly bargeIn: boolean;
  readonly minDigits: number;
  readonly maxDigits: number;
  /** Ends the input, e.g. `#`. Not part of it. */
  readonly terminator?: string;
  /** Ends the collection with `cancelled`, e.g. `*`. */
  readonly cancelKey?: string;
  readonly firstDigitTimeoutMs: number;
  readonly interDigitTimeoutMs: number;
  readonly tries: { readonly noInput: number; readonly noMatch: number };
  readonly noInputPrompt?: PromptRef;
  /** Too few digits. */
  readonly noMatchPrompt?: PromptRef;
  readonly sensitivity: Sensitivity;
  /** The caller may say the digits. Never those of a secret. */
  readonly speech?: Pick<SpokenChoices, 'endSilenceMs' | 'maxSpeechMs'>;
}
export type CollectOutcome =
  /** `digits` is a handle of the vault when the input is secret, else what was typed. */
  | { readonly outcome: 'collected'; readonly digits: string }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'noInput' }
  | { readonly outcome: 'noMatch' };

/** Asks a back office. */
export interface CallInput {
  readonly service: string;
  /** Handles of the vault in it are replaced by what they stand for, just before the request. */
  readonly input: Json;
  /** The caller's patience: the whole of all attempts. */
  readonly timeoutMs: number;
  /** Played while the caller waits longer than a moment. */
  readonly music?: string;
}
export type CallOutcome =
  | { readonly outcome: 'ok'; readonly result: Json }
  /** `code` is a StrowgerError code: `service.timeout`, `service.unavailable`, `service.invalid`, `service.refused`. */
  | { readonly outcome: 'failed'; readonly code: string }
  /** A secret in the input was lost in a restart: ask the caller again. */
  | { readonly outcome: 'secretLost' };

/** Hands the call to the distributor and stays until the conversation is over. */
export interface RouteInput {
  readonly queue: string;
  /** 1 most urgent, 5 default. */
  readonly priority: number;
  /** Virtual age: the contact stands as if it had come this much earlier. */
  readonly ageBoostMs?: number;
  readonly steps: readonly RoutingStep[];
  readonly afterSteps: 'strict' | 'any';
  /** Music class; without it the queue's. */
  readonly music?: string;
  /** Said once when the caller enters the queue. */
  readonly welcome?: PromptRef;
  /** Said before it, where conversations of this queue may be recorded. */
  readonly recordingNotice?: PromptRef;
  /** Said again and again while waiting. */
  readonly comfort?: { readonly prompt: PromptRef; readonly everyMs: number };
  /** Keys of the prompts that tell a waiting caller its place and its wait; the queue says whether and when. */
  readonly announce?: RouteAnnouncements;
  /**
   * A waiting caller is asked, from time to time, to press a key for something else: a callback. From `afterMs` on, and only while the
   * expected wait is longer than `whenExpectedMs` or cannot be told. Said again `everyMs` after the last time.
   */
  readonly callback?: { readonly key: string; readonly prompt: PromptRef; readonly afterMs: number; readonly whenExpectedMs?: number; readonly everyMs: number };
  /** An agent who is asked for this caller first, for a time: by name, else who served it last. */
  readonly sticky?: { readonly agent?: string; readonly lastAgent: boolean; readonly forMs: number };
}

/** Each is the key of a prompt that takes the values named here. Without a key nothing is said. */
export interface RouteAnnouncements {
  /** `{ahead}` others stand before the caller. */
  readonly position?: string;
  /** Less than `{to}` minutes. */
  readonly waitLess?: string;
  /** `{from}` to `{to}` minutes. */
  readonly waitBetween?: string;
  /** More than `{from}` minutes. */
  readonly waitMore?: string;
}
export type RouteOutcome =
  | { readonly outcome: 'served'; readonly agentId: string }
  | { readonly outcome: 'overflow'; readonly reason: OverflowReason }
  /** The caller pressed the key: the place is kept until the caller is back in a queue, has a callback, or is gone. */
  | { readonly outcome: 'callback' };

/** Plays music on hold for a time. */
export interface MusicInput {
  readonly musicClass?: string;
  readonly forMs: number;
  /** A digit ends it and is kept for what comes next. */
  readonly bargeIn: boolean;
}
export interface MusicOutcome {
  readonly outcome: 'done';
  readonly interrupted: boolean;
}

/** Waits in silence; the deadline is absolute and survives a restart, unlike XState's `after`. */
export interface WaitInput {
  readonly forMs: number;
}
export interface WaitOutcome {
  readonly outcome: 'done';
}

/** Asks whether the house is open. */
export interface HoursInput {
  readonly calendar: string;
}
export interface HoursOutcome {
  readonly outcome: OpenState;
}

/** Says whether this call is recorded from here on. Where nothing is recorded, it does nothing. */
export interface RecordingInput {
  readonly what: FlowRecording;
}
export interface RecordingOutcome {
  readonly outcome: 'done';
}

/** Says goodbye and hangs up. */
export interface EndInput {
  readonly prompts: readonly PromptRef[];
  readonly languages: readonly Language[];
}
export interface EndOutcome {
  readonly outcome: 'ended';
}

/** Every verb with what goes in and what comes out. Inputs and outcomes are JSON, so that they can be journaled. */
export interface Verbs {
  say: { input: SayInput; outcome: SayOutcome };
  menu: { input: MenuInput; outcome: MenuOutcome };
  collect: { input: CollectInput; outcome: CollectOutcome };
  call: { input: CallInput; outcome: CallOutcome };
  route: { input: RouteInput; outcome: RouteOutcome };
  music: { input: MusicInput; outcome: MusicOutcome };
  wait: { input: WaitInput; outcome: WaitOutcome };
  hours: { input: HoursInput; outcome: HoursOutcome };
  recording: { input: RecordingInput; outcome: RecordingOutcome };
  end: { input: EndInput; outcome: EndOutcome };
}
export type VerbName = keyof Verbs;
export type VerbInput<N extends VerbName> = Verbs[N]['input'];
export type VerbOutcome<N extends VerbName> = Verbs[N]['outcome'];

/** What a verb may tell the flow while it runs. */
export type FlowEvent = { readonly type: 'key.operator' } | { readonly type: 'key.back' } | { readonly type: 'call.hangup' };

/** One run of a verb: from entering its state to its outcome or to leaving the state. */
export interface VerbRun<N extends VerbName = VerbName> {
  readonly verb: N;
  readonly input: VerbInput<N>;
  /** Id of the run's actor; the same again when the run is resumed after a restart. */
  readonly id: string;
  /** Cancelled when the state is left, and when the call ends. */
  readonly cancel: CancelSignal;
  /** What `progress` kept last before a restart; undefined on a first run. */
  readonly resume: Json | undefined;
  /** Keeps what a restart needs to go on. Journaled with the flow's snapshot; never a secret. */
  readonly progress: (progress: Json) => void;
  /** Tells the flow. True when the flow handles it: the verb is cancelled then. An event that nobody handles changes nothing. */
  readonly tell: (event: FlowEvent) => boolean;
}

/** What provides the verbs of one call: its session. A rejection is a fault of the engine and ends the flow as failed. */
export interface VerbHost {
  run<N extends VerbName>(run: VerbRun<N>): Promise<VerbOutcome<N>>;
}
