import type { Callback } from '../domain/callback.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { ContactRequest } from '../domain/contact.ts';
import type { Digit } from '../domain/digits.ts';
import type { DomainEventBody } from '../domain/events.ts';
import type { CallId, ChannelId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { Wish } from '../domain/wish.ts';
import type { Distributor } from '../acd/distributor.ts';
import type { VerbName, VerbOutcome, VerbRun } from '../flow/verb.ts';
import type { HotlineLanguage } from '../navigation/hotline-language.ts';
import type { BusinessCalendar } from '../ports/business-calendar.ts';
import type { CallControl, SwitchSnapshot } from '../ports/call-control.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Legs, LegWatcher } from '../ports/legs.ts';
import type { Logger } from '../ports/logger.ts';
import type { Services } from '../ports/services.ts';
import type { CallRecorder } from '../recording/call-recorder.ts';
import type { Listening, ListenRequest, SpeechEvent, SpeechInput } from '../ports/speech-input.ts';

/** Plays to the caller. One thing at a time: a verb ends what it started before the next begins. */
export interface Player {
  /**
   * Plays prompts, each language in turn, and resolves at the end or when it was cut short: by a digit if `bargeIn`
   * (also by one that was typed ahead), or by `cancel`.
   */
  play(
    prompts: readonly PromptRef[],
    languages: readonly Language[],
    options: { readonly bargeIn: boolean; readonly cancel: CancelSignal },
  ): Promise<{ readonly interrupted: boolean }>;
  /** Cuts short what is being played, if anything. */
  stop(): void;
  /**
   * For the time in which a number is typed, when no prompt is heard: each key counts once, however fast they come. Ends with the function
   * returned, with `cancel`, and with whatever is played next.
   */
  silenceForKeys(cancel: CancelSignal): () => void;
  startMusic(musicClass: string | undefined): void;
  stopMusic(): void;
}

/** What the caller typed and no verb has consumed yet: kept across states, so that a caller may type ahead. */
export interface Digits {
  /** The next digit; undefined when none came within `timeoutMs`. Never settles after `cancel`. */
  next(timeoutMs: number, cancel: CancelSignal): Promise<Digit | undefined>;
  /** Whether a digit is waiting or comes within `timeoutMs`; it stays for the next verb. Never settles after `cancel`. */
  pressedWithin(timeoutMs: number, cancel: CancelSignal): Promise<boolean>;
  clear(): void;
  /** Drops `digit` if it is the very next one and comes within `withinMs`: the `#` after a number that was complete. */
  ignoreNext(digit: string, withinMs: number): void;
}

/** Listens to the caller, and tells what was meant. */
export interface Voice {
  readonly knows: SpeechInput['knows'];
  readonly listen: (request: Omit<ListenRequest, 'nodeId' | 'channelId'>, tell: (event: SpeechEvent) => void) => Listening;
  readonly language: HotlineLanguage;
}

/** Secrets of one call. Only in memory: after a restart they are gone, and the caller is asked again. */
export interface Vault {
  /** Returns the handle that flows and journals may hold. */
  put(secret: string): string;
  /** The secret behind a handle; undefined when it was lost. */
  reveal(handle: string): string | undefined;
  isHandle(value: unknown): value is string;
}

/** Where a call stands. In the queue, its contact is kept with it: should the call end unseen, the books need it. */
export type Stand =
  /** `left`: the contact that stepped aside from its queue, with its place. */
  | { readonly at: 'flow'; readonly left?: ContactRequest }
  | { readonly at: 'talking' } | ({ readonly at: 'queue' } & Pick<ContactRequest, 'contactId' | 'queueId' | 'enqueuedAt'>);

/** What a customer whom we called has been promised: its contact is that of the request, whatever the flow asks for. */
export type CallbackPlace = Pick<Callback, 'callbackId' | 'queueId' | 'priority' | 'steps' | 'afterSteps'>;

/** What a verb works with: the call that it runs in. */
export interface VerbContext {
  readonly callId: CallId;
  /** The caller's channel. */
  readonly channelId: ChannelId;
  readonly caller: { readonly number: string; readonly name: string };
  /** The callback that this call is for: the caller is a customer whom we called. */
  readonly callback: CallbackPlace | undefined;
  /** Its timers end with the call. */
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly control: CallControl;
  readonly player: Player;
  readonly digits: Digits;
  /** What the caller says; undefined where nobody listens: no recogniser, or a flow without intents. */
  readonly voice: Voice | undefined;
  readonly vault: Vault;
  /** What is kept of this call's sound. */
  readonly recorder: Pick<CallRecorder, 'talk' | 'talkEnded' | 'held' | 'secrecy' | 'flow'>;
  readonly services: Services;
  readonly calendar: BusinessCalendar;
  readonly distributor: Distributor;
  /** The call's language now. */
  readonly language: Language;
  /** What the switch held when the call was taken up after a restart; undefined when it was not. */
  readonly resumedFrom: SwitchSnapshot | undefined;
  /** The process that had the call before gave it up in this moment: its caller is not asked again what it has just been asked. */
  readonly handedOver: boolean;
  /** Something is under way that a hand-over to another process would spoil: one waits a little for its end. Ends with the function returned, or with `cancel`. */
  readonly delicate: (cancel: CancelSignal) => () => void;
  readonly announce: (body: DomainEventBody) => void;
  /** Registers a leg before it is dialled. Returns how to forget it. */
  readonly watchLeg: (channelId: ChannelId, watcher: LegWatcher) => () => void;
  readonly partFrom: Legs['partFrom'];
  /** The contact with which the caller stepped aside from a queue. */
  readonly left: ContactRequest | undefined;
  /** What the caller wants, as known when the verb began. */
  readonly wish: Wish | undefined;
  /** Keeps what the caller wants; undefined: it is looking for something else. */
  readonly wants: (wish: Wish | undefined) => void;
  /** Where the call stands, for the verdict when it ends: a queue that is left is an abandonment, a conversation a success. */
  readonly stand: (where: Stand) => void;
  /** True while the engine or its switch is under load: what is optional is left out. */
  readonly sparing: () => boolean;
  /** A request to the switch whose answer nobody waits for. Its failure is logged, or noticed as the end of the call. */
  readonly fire: (request: Promise<void>, what: string) => void;
}

export type VerbImplementation<N extends VerbName> = (context: VerbContext, run: VerbRun<N>) => Promise<VerbOutcome<N>>;

/** A promise for what can only end by cancellation. */
export function untilCancelled(): Promise<never> {
  return new Promise<never>(() => undefined);
}
