import { createActor } from 'xstate';
import type { AnyActor, AnyStateMachine, Snapshot } from 'xstate';
import type { Distributor } from '../acd/distributor.ts';
import type { Admission } from '../admission/admission.ts';
import { Cancellation, type CancelSignal } from '../domain/cancellation.ts';
import type { ContactRequest } from '../domain/contact.ts';
import { isStrowgerError, messageOf } from '../domain/errors.ts';
import type { DomainEventBody } from '../domain/events.ts';
import type { CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { Callback } from '../domain/callback.ts';
import { isLanguage, LANGUAGES, type Language } from '../domain/language.ts';
import { HangupCause, termination, type TerminationReason } from '../domain/termination.ts';
import type { Wish } from '../domain/wish.ts';
import { attachVerbHost } from '../flow/verb-logic.ts';
import type { VerbHost, VerbName, VerbOutcome, VerbRun } from '../flow/verb.ts';
import type { Announce } from '../ports/announcer.ts';
import type { BusinessCalendar } from '../ports/business-calendar.ts';
import type { CallControl, SwitchSnapshot } from '../ports/call-control.ts';
import type { SwitchEvent } from '../ports/call-events.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import type { PromptLibrary } from '../ports/prompt-library.ts';
import type { Services } from '../ports/services.ts';
import type { SpeechInput } from '../ports/speech-input.ts';
import type { HotlineLanguage } from '../navigation/hotline-language.ts';
import type { LegWatcher } from '../ports/legs.ts';
import { noRecorder, type CallRecorder } from '../recording/call-recorder.ts';
import type { Recordings } from '../recording/recordings.ts';
import type { CallbackPlace, Stand, VerbContext, Voice } from '../verbs/verb-context.ts';
import { verbTable } from '../verbs/verb-table.ts';
import { DigitBuffer } from './digit-buffer.ts';
import { PromptPlayer, type Sound } from './prompt-player.ts';
import { ScopedClock } from './scoped-clock.ts';
import { SecretVault } from './secret-vault.ts';
import type { SessionRecord } from './session-record.ts';
import { toFallback } from './to-fallback.ts';
import { whileCurrent } from './while-current.ts';

/** What every session shares. */
export interface SessionServices {
  /** Who records; undefined: nobody. */
  readonly recordings?: Pick<Recordings, 'ofCall'> | undefined;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly prompts: PromptLibrary;
  readonly services: Services;
  readonly calendar: BusinessCalendar;
  readonly distributor: Distributor;
  /** What is done about load; undefined: nothing. */
  readonly admission?: Admission | undefined;
  /** Who understands what callers say; undefined: keys only. */
  readonly speech?: { readonly input: SpeechInput; readonly languageOf: (flowId: string, version: string) => HotlineLanguage | undefined } | undefined;
}

export interface LoadedFlow {
  readonly id: string;
  readonly version: string;
  readonly machine: AnyStateMachine;
}

/** The facts of a call that do not change. */
export interface CallFacts {
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly channelId: ChannelId;
  readonly startedAt: number;
  readonly dialled: string;
  readonly callerNumber: string;
  readonly callerName: string;
  /** A call of ours to a customer. */
  readonly callback?: CallbackPlace & Pick<Callback, 'language' | 'wish'>;
}

export interface CallSessionOptions {
  readonly services: SessionServices;
  readonly control: CallControl;
  readonly flow: LoadedFlow;
  readonly facts: CallFacts;
  /** False: what the caller says is not listened to, only keys count. */
  readonly listens: boolean;
  /** Makes events of a leg reach its watcher. Returns how to forget it. */
  readonly watchLeg: (channelId: ChannelId, watcher: LegWatcher) => () => void;
  readonly partFrom: VerbContext['partFrom'];
  /** What an earlier process kept of its recording. */
  readonly kept?: SessionRecord['recording'];
  /** The caller talks to an agent. */
  readonly talks: () => void;
  /** `hadFault`: a fault of ours led the flow to where it ended. */
  readonly ended: (reason: TerminationReason, hadFault: boolean) => void;
}

/** A caller who has just pressed a key may be typing, what it typed is in memory alone, and two keys may be one. */
const BETWEEN_DIGITS_MS = 3_000;

/** After this time a channel that left our control without being reported gone counts as gone. */
const GONE_GRACE_MS = 2000;

/**
 * One call, from its first event to its termination. It is the host of the verbs of its flow and the only one that
 * touches the caller's channel. See docs/teardown.md for who ends what.
 * Long, because a call has one writer: what may change it stands in one place.
 */
export class CallSession implements VerbHost {
  readonly facts: CallFacts;
  readonly flow: LoadedFlow;
  readonly #o: CallSessionOptions;
  readonly #log: Logger;
  readonly #clock: ScopedClock;
  readonly #digits: DigitBuffer;
  readonly #vault: SecretVault;
  readonly #player: PromptPlayer;
  readonly #recorder: CallRecorder;
  #actor: AnyActor | undefined;
  /** Raised when the verbs are to start again: what an earlier generation still does no longer counts. */
  #generation = 0;
  #resumedFrom: SwitchSnapshot | undefined;
  /** Of the verbs that run: a flow that throws stops without a word to them. */
  readonly #verbs = new Set<Cancellation>();
  /** How to forget the legs that verbs of this generation watch. */
  readonly #watched = new Set<() => void>();
  #stand: Stand = { at: 'flow' };
  #served = false;
  #wish: Wish | undefined;
  /** The call came from another process that gave it up, and its caller has not noticed anything. */
  #handedOver = false;
  /** What a hand-over would spoil. */
  readonly #delicate = new Set<object>();
  #answered = false;
  #callerIsGone = false;
  #ended = false;
  #state = '';
  #language: Language | undefined;

  constructor(options: CallSessionOptions) {
    const { services, facts } = options;
    this.#o = options;
    this.facts = facts;
    this.flow = options.flow;
    this.#log = services.log.child({ callId: facts.callId });
    this.#clock = new ScopedClock(services.clock);
    this.#digits = new DigitBuffer(this.#clock, () => this.#log.warn({}, 'More digits come than anybody can type: those that are too many are dropped'));
    this.#wish = facts.callback?.wish;
    this.#vault = new SecretVault(services.ids);
    this.#recorder = services.recordings?.ofCall(facts, options.kept) ?? noRecorder;
    this.#player = new PromptPlayer({
      callId: facts.callId,
      channelId: facts.channelId,
      control: options.control,
      prompts: services.prompts,
      digits: this.#digits,
      clock: this.#clock,
      log: this.#log,
      announce: this.#announce,
      fire: this.#fire,
      lost: (error) => this.#noticeLoss(error),
      changed: () => this.#changed(),
    });
  }

  /** Where the call stands, for views. */
  get view(): CallView {
    const { callId, nodeId, startedAt, dialled, callerNumber } = this.facts;
    return { callId, nodeId, flow: this.flow.id, flowVersion: this.flow.version, startedAt, dialled, callerNumber, state: this.#state, stand: this.#stand.at };
  }

  /** What the caller wants, as far as the flow has found out. */
  get wish(): Wish | undefined {
    return this.#wish;
  }

  /** The contact with which the caller stepped aside from a queue, to be asked whether it wants to be called back. */
  get left(): ContactRequest | undefined {
    return this.#stand.at === 'flow' ? this.#stand.left : undefined;
  }

  /** Whether another process could take the call over now without its caller noticing. */
  get mayBeHandedOver(): boolean {
    return this.#delicate.size === 0 && this.#clock.now() - this.#digits.pressedAt >= BETWEEN_DIGITS_MS;
  }

  /** In which the caller is spoken to now. */
  get language(): Language {
    return this.#languageNow();
  }

  /** The caller has a callback now: the place belongs to that. */
  forgetLeft(): void {
    if (this.#stand.at !== 'flow') return;
    this.#stand = { at: 'flow' };
    this.#changed();
  }

  /** Begins a new call. */
  start(channelUp: boolean): void {
    const { control } = this.#o;
    const { channelId, callerNumber, callerName, dialled } = this.facts;
    this.#announce({
      type: 'call.started',
      flow: this.flow.id,
      flowVersion: this.flow.version,
      dialled,
      pii: { callerNumber, callerName },
    });
    if (channelUp) this.#answered = true;
    else this.#fire(control.answer(channelId).then(() => void (this.#answered = true)), 'answer');
    this.#run(undefined);
  }

  /**
   * Takes up a call that an earlier process began. `unbroken`: nothing that the switch told since another process took it was missed. What
   * the caller hears goes on then, if the record was written in that moment.
   */
  resume(record: SessionRecord, switchSnapshot: SwitchSnapshot, unbroken: boolean): void {
    this.#handedOver = unbroken && record.handedOver === true;
    this.#stand = record.stand;
    this.#served = record.served;
    this.#wish = record.wish;
    this.#answered = true;
    this.#takeUp(record.snapshot, record.sound, switchSnapshot, record.writtenAt);
  }

  /** Starts the running verb again, after events of the switch may have been missed. */
  reattach(switchSnapshot: SwitchSnapshot, downSince: number): void {
    if (!this.#actor || this.#ended) return;
    const snapshot = this.#actor.getPersistedSnapshot() as unknown as Json;
    this.#handedOver = false;
    this.#takeUp(snapshot, this.#detach(), switchSnapshot, downSince);
  }

  /** Lets go of the call without touching it: the next process takes it up. `handedOver`: it has its switch already. */
  release({ handedOver }: { readonly handedOver: boolean }): void {
    if (this.#ended) return;
    // As it stands now: records are read when they are written, and then nothing of it is there any more.
    const record = { ...this.#record(), handedOver } as unknown as Json;
    this.#o.services.journal.changed('session', this.facts.callId, () => record);
    this.#ended = true;
    this.#detach();
  }

  /** What the switch tells about the caller's channel. */
  handle(event: SwitchEvent): void {
    if (this.#ended) return;
    switch (event.type) {
      case 'digit':
        this.#digits.push(event.digit);
        break;
      case 'playback.finished':
        this.#player.finished(event.playbackId, event.ok);
        break;
      case 'channel.state':
        if (event.state === 'up') this.#answered = true;
        break;
      case 'channel.left':
        this.#goneSoon();
        break;
      case 'channel.gone':
        this.callerGone(event.cause);
        break;
      default:
        break;
    }
  }

  /** The caller's channel is no more. */
  callerGone(cause: number | undefined, seen = true): void {
    if (this.#ended) return;
    const reason = seen ? this.#hangupReason() : 'unknown';
    // A flow that handles the hang-up comes to its end by itself; that must not pass for a goodbye.
    this.#callerIsGone = true;
    this.#actor?.send({ type: 'call.hangup' });
    this.#end(reason, 'isGone', cause);
  }

  /**
   * The connection to the switch is lost: nobody is to be rung for a caller whom nobody can be connected with. The place stays: taken up when
   * the switch is back, or by the caller who calls again.
   */
  switchAway(): void {
    if (!this.#ended && this.#stand.at === 'queue') this.#o.services.distributor.withdraw(this.#stand.contactId, 'stepsAside');
  }

  /** The switch does not come back. */
  switchLost(): void {
    this.#end('switchLost', 'isGone');
  }

  #hangupReason(): TerminationReason {
    if (this.#served || this.#stand.at === 'talking') return 'served';
    if (this.#stand.at === 'queue') return 'abandoned';
    return this.#answered ? 'callerHungUp' : 'goneBeforeAnswer';
  }

  // The flow

  #takeUp(snapshot: Json, sound: Sound, switchSnapshot: SwitchSnapshot, downSince: number): void {
    this.#resumedFrom = switchSnapshot;
    if (this.#handedOver) this.#player.adopt(sound);
    else this.#player.silence(sound);
    const outageMs = Math.max(0, this.#clock.now() - downSince);
    this.#recorder.unclaim();
    this.#run(snapshot);
    this.#recorder.settle();
    this.#announce({ type: 'call.resumed', state: this.#state, outageMs });
  }

  #run(snapshot: Json | undefined): void {
    const { callerNumber, dialled } = this.facts;
    const actor = createActor(this.flow.machine, {
      clock: this.#clock,
      input: { language: this.facts.callback?.language ?? LANGUAGES[0], dialled, callerNumber },
      ...(snapshot === undefined ? {} : { snapshot: snapshot as unknown as Snapshot<unknown> }),
    }) as AnyActor;
    const generation = this.#generation;
    const counts = (): boolean => generation === this.#generation && !this.#callerIsGone;
    this.#actor = actor;
    attachVerbHost(actor.system, this);
    actor.subscribe({
      next: () => this.#noticeLanguage(),
      complete: () => {
        if (counts()) this.#end(this.#served ? 'served' : 'flowEnded', 'hangUp');
      },
      error: (error) => {
        if (!counts()) return;
        this.#log.error({ flow: this.flow.id, state: this.#state, error: messageOf(error) }, 'flow failed');
        this.#flowFailed();
      },
    });
    try {
      actor.start();
    } catch (error) {
      this.#log.error({ flow: this.flow.id, error: messageOf(error) }, 'flow could not start');
      this.#flowFailed();
    }
    this.#noticeLanguage();
    this.#changed();
  }

  run<N extends VerbName>(run: VerbRun<N>): Promise<VerbOutcome<N>> {
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation;
    const cancel = new Cancellation();
    this.#verbs.add(cancel);
    const forget = (): void => void this.#verbs.delete(cancel);
    cancel.onCancel(forget);
    run.cancel.onCancel(() => {
      if (current()) cancel.cancel();
    });
    this.#noticeState(run.id);
    this.#changed();
    const hosted: VerbRun<N> = {
      ...run,
      cancel,
      progress: (progress) => {
        if (!current()) return;
        run.progress(progress);
        this.#changed();
      },
      tell: (event) => current() && run.tell(event),
    };
    return verbTable[run.verb](this.#contextOf(current), hosted).then(
      (outcome) => {
        forget();
        return outcome;
      },
      (error: unknown) => {
        forget();
        this.#log.error({ verb: run.verb, state: this.#state, error: messageOf(error) }, 'verb failed');
        throw error;
      },
    );
  }

  /** `current`: false once the verb has been let go of. What it waited for may come all the same, and must not be acted upon: another runs in its place. */
  #contextOf(current: () => boolean): VerbContext {
    const { services, control } = this.#o;
    const { callId, channelId, callerNumber, callerName } = this.facts;
    return {
      callId,
      channelId,
      caller: { number: callerNumber, name: callerName },
      callback: this.#callbackPlace(),
      left: this.left,
      wish: this.#wish,
      wants: (wish) => {
        if (!current()) return;
        this.#wish = wish;
        this.#changed();
      },
      clock: this.#clock,
      ids: services.ids,
      log: this.#log,
      control,
      player: whileCurrent(this.#player, current),
      digits: this.#digits,
      voice: this.#voice(current),
      vault: this.#vault,
      recorder: this.#recorder,
      services: services.services,
      calendar: services.calendar,
      distributor: services.distributor,
      language: this.#languageNow(),
      resumedFrom: this.#resumedFrom,
      handedOver: this.#handedOver,
      delicate: this.#isDelicate,
      announce: this.#announce,
      fire: this.#fire,
      watchLeg: this.#watchLeg,
      partFrom: this.#o.partFrom,
      sparing: () => (services.admission?.level(this.facts.nodeId) ?? 0) >= 1,
      stand: (where) => {
        if (!current()) return;
        if (where.at === 'talking') this.#served = true;
        this.#stand = where;
        if (where.at === 'talking') this.#o.talks();
      },
    };
  }

  /** Of flows with intents, where there is somebody to listen. */
  #voice(current: () => boolean): Voice | undefined {
    const { speech } = this.#o.services;
    const { nodeId, channelId } = this.facts;
    const language = speech?.languageOf(this.flow.id, this.flow.version);
    if (speech === undefined || language === undefined || !this.#o.listens) return undefined;
    return { language, knows: (request) => speech.input.knows(request), listen: (request, tell) => speech.input.listen({ ...request, nodeId, channelId }, (event) => current() && tell(event)) };
  }

  readonly #isDelicate = (cancel: CancelSignal): (() => void) => {
    const reason = {};
    this.#delicate.add(reason);
    const over = (): void => void this.#delicate.delete(reason);
    const forget = cancel.onCancel(over);
    return () => {
      forget();
      over();
    };
  };

  #callbackPlace(): CallbackPlace | undefined {
    const { callback } = this.facts;
    if (callback === undefined) return undefined;
    const { callbackId, queueId, priority, steps, afterSteps } = callback;
    return { callbackId, queueId, priority, steps, afterSteps };
  }

  readonly #watchLeg = (leg: ChannelId, watcher: LegWatcher): (() => void) => {
    const unwatch = this.#o.watchLeg(leg, watcher);
    const forget = (): void => {
      this.#watched.delete(forget);
      unwatch();
    };
    this.#watched.add(forget);
    return forget;
  };

  #forgetLegs(): void {
    for (const forget of [...this.#watched]) forget();
  }

  #noticeState(runId: string): void {
    // XState numbers the invocations of a state: `0.bank.main` is the first of `bank.main`.
    const state = runId
      .split('/')
      .map((id) => id.replace(/^\d+\./, ''))
      .join('/');
    if (state === this.#state) return;
    this.#state = state;
    this.#announce({ type: 'call.state', state });
  }

  #noticeLanguage(): void {
    const language = this.#languageNow();
    if (this.#language !== undefined && language !== this.#language) this.#announce({ type: 'call.language', language });
    this.#language = language;
  }

  #languageNow(): Language {
    const { language } = this.#contextNow();
    return isLanguage(language) ? language : LANGUAGES[0];
  }

  /** The flow's own memory. */
  #contextNow(): { readonly language?: unknown; readonly faults?: unknown } {
    const snapshot = this.#actor?.getSnapshot() as { context?: { language?: unknown; faults?: unknown } } | undefined;
    return snapshot?.context ?? {};
  }

  // The journal

  #changed(): void {
    if (this.#ended) return;
    this.#o.services.journal.changed('session', this.facts.callId, () => this.#record() as unknown as Json);
  }

  #record(): SessionRecord {
    return {
      v: 1,
      ...this.facts,
      flowId: this.flow.id,
      flowVersion: this.flow.version,
      writtenAt: this.#clock.now(),
      sound: this.#player.sound,
      stand: this.#stand,
      served: this.#served,
      ...(this.#wish === undefined ? {} : { wish: this.#wish }),
      ...(this.#recorder.kept.forbidden || this.#recorder.kept.paused ? { recording: this.#recorder.kept } : {}),
      snapshot: (this.#actor?.getPersistedSnapshot() ?? null) as unknown as Json,
    };
  }

  // The end

  /** A designer's mistake must not cost the caller the call. Who has been served, and a customer whom we called, have nothing to gain from the fallback. */
  #flowFailed(): void {
    this.#end('flowFailed', this.#served || this.facts.callback !== undefined ? 'hangUp' : 'toFallback');
  }

  #end(reason: TerminationReason, channel: 'hangUp' | 'toFallback' | 'isGone', cause?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const hadFault = Number(this.#contextNow().faults ?? 0) > 0;
    // Stopping the flow cancels the running verb, which ends its legs, bridges and place in the queue.
    this.#actor?.stop();
    for (const verb of [...this.#verbs]) verb.cancel();
    this.#generation += 1;
    this.#forgetLegs();
    this.#clock.clearAll();
    this.#digits.detach();
    this.#vault.clear();
    this.#recorder.close();
    if (channel === 'hangUp') this.#fire(this.#o.control.hangup(this.facts.channelId, HangupCause.normal), 'hang up');
    if (channel === 'toFallback') toFallback(this.#o.control, this.facts.channelId, this.#log);
    this.#o.services.journal.remove('session', this.facts.callId);
    this.#announce({
      type: 'call.ended',
      termination: termination(reason, cause),
      durationMs: this.#clock.now() - this.facts.startedAt,
    });
    this.#o.ended(reason, hadFault);
  }

  /** Stops the flow and forgets all that waits, without undoing anything on the switch. */
  #detach(): Sound {
    this.#generation += 1;
    this.#actor?.stop();
    this.#actor = undefined;
    this.#verbs.clear();
    this.#delicate.clear();
    this.#forgetLegs();
    this.#clock.clearAll();
    this.#digits.detach();
    return this.#player.detach();
  }

  #goneSoon(): void {
    this.#clock.setTimeout(() => this.callerGone(undefined, false), GONE_GRACE_MS);
  }

  #noticeLoss(error: unknown): void {
    // Unreachable: the call is taken up when the switch is back. Gone: normally the event is on its way already.
    if (isStrowgerError(error, 'switch.gone') && !this.#ended) this.#goneSoon();
  }

  readonly #fire = (request: Promise<void>, what: string): void => {
    request.catch((error: unknown) => {
      if (isStrowgerError(error, 'switch.gone') || isStrowgerError(error, 'switch.unreachable')) {
        this.#log.debug({ what, code: error.code }, 'request came too late');
        return;
      }
      this.#log.warn({ what, error: messageOf(error) }, 'request failed');
    });
  };

  readonly #announce = (body: DomainEventBody): void => {
    this.#o.services.announce(body, this.facts.callId);
  };
}

/** A live call as tools see it. */
export interface CallView {
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly flow: string;
  readonly flowVersion: string;
  readonly startedAt: number;
  readonly dialled: string;
  readonly callerNumber: string;
  readonly state: string;
  readonly stand: Stand['at'];
}
