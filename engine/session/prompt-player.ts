import type { CancelSignal } from '../domain/cancellation.ts';
import type { DomainEventBody } from '../domain/events.ts';
import { isStrowgerError, messageOf } from '../domain/errors.ts';
import { playbackId } from '../domain/ids.ts';
import type { CallId, ChannelId, PlaybackId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { PromptLibrary } from '../ports/prompt-library.ts';
import type { Player } from '../verbs/verb-context.ts';
import type { DigitBuffer } from './digit-buffer.ts';
import { KeySilence } from './key-silence.ts';

export interface PromptPlayerOptions {
  readonly callId: CallId;
  readonly channelId: ChannelId;
  readonly control: CallControl;
  readonly prompts: PromptLibrary;
  readonly digits: DigitBuffer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: (body: DomainEventBody) => void;
  readonly fire: (request: Promise<void>, what: string) => void;
  /** The channel or the switch turned out to be away. */
  readonly lost: (error: unknown) => void;
  /** The playback that runs has changed: a restart must know it, to stop it before it speaks again. */
  readonly changed: () => void;
}

/** A playback that runs. */
export interface Playing {
  readonly id: PlaybackId;
  /** Prompts and languages, as text: two playbacks of the same are alike to the caller. */
  readonly what: string;
  /** When it began (milliseconds since the epoch). */
  readonly since: number;
}

/** What the caller hears of the engine, as it is journaled. */
export interface Sound {
  readonly prompt?: Playing;
  /** The class of the music; empty for the switch's own. */
  readonly music?: string;
  /** The playback of silence while keys are typed. */
  readonly silence?: PlaybackId;
  /** How many playbacks there have been in this call. */
  readonly plays?: number;
}

/** What another process began. `isSure`: it goes on for certain, as after a hand-over; after a restart something unknown may have ended it. */
type Adopted = Omit<Sound, 'silence' | 'plays'> & { readonly over?: 'ended' | 'failed'; readonly isSure?: boolean };

/** So long after a hand-over or a restart the verbs have begun again: what nobody has taken up by then is ended. */
const ADOPTION_LIMIT_MS = 3_000;

/**
 * A process that is killed may have begun so many and not yet journaled them (a journal is some milliseconds behind). They would be heard to their end
 * before anything that the next process plays; they can be ended by their ids alone, so the ids follow from the call.
 */
const UNKNOWN_PLAYS = 1;

/** A prompt that takes so long may have ended without our having heard of it: an event can be lost on its way. The switch is asked, and again. */
const ASK_AFTER_MS = 30_000;

/** Plays prompts on the caller's channel, one playback at a time. */
export class PromptPlayer implements Player {
  readonly #o: PromptPlayerOptions;
  #current: (Playing & { readonly finish: (how: 'ended' | 'failed' | 'cut') => void }) | undefined;
  #music: string | undefined;
  #plays = 0;
  /** What another process began, and no verb of this one has taken up yet. */
  #adopted: Adopted = {};
  readonly #silence: KeySilence;
  #asking: TimerHandle;

  constructor(options: PromptPlayerOptions) {
    this.#o = options;
    this.#silence = new KeySilence({ ...options, nextId: () => this.#nextId() });
  }

  /** What the caller hears now. */
  get sound(): Sound {
    const { id, what, since } = this.#current ?? this.#adopted.prompt ?? {};
    const music = this.#music ?? this.#adopted.music;
    const silence = this.#silence.id;
    return {
      ...(id === undefined || what === undefined || since === undefined ? {} : { prompt: { id, what, since } }),
      ...(music === undefined ? {} : { music }),
      ...(silence === undefined ? {} : { silence }),
      plays: this.#plays,
    };
  }

  play(
    prompts: readonly PromptRef[],
    languages: readonly Language[],
    { bargeIn, cancel }: { readonly bargeIn: boolean; readonly cancel: CancelSignal },
  ): Promise<{ readonly interrupted: boolean }> {
    const { digits, clock, control, channelId, announce, changed } = this.#o;
    if (cancel.cancelled) return new Promise(() => undefined);
    // What was typed ahead answers the prompt before it is heard.
    if (bargeIn && !digits.isEmpty) {
      this.#dropAdopted();
      return Promise.resolve({ interrupted: true });
    }
    const media = languages.flatMap((language) => prompts.flatMap((prompt) => this.#o.prompts.media(prompt, language)));
    if (media.length === 0) return Promise.resolve({ interrupted: false });
    const keys = prompts.map(({ key }) => key);
    const what = `${languages.join('+')} ${keys.join('+')}`;
    const adopted = this.#claim(what);
    this.#silence.stop();
    this.stop();
    const { id, since } = adopted?.prompt ?? { id: this.#nextId(), since: clock.now() };
    return new Promise((resolve) => {
      const finish = (how: 'ended' | 'failed' | 'cut'): void => {
        if (this.#current?.id !== id) return;
        this.#current = undefined;
        clock.clearTimeout(this.#asking);
        forgetDigits();
        forgetCancel();
        changed();
        if (how === 'failed') announce({ type: 'prompt.failed', prompts: keys });
        else announce({ type: 'prompt.finished', prompts: keys, interrupted: how === 'cut', playedMs: clock.now() - since });
        resolve({ interrupted: how === 'cut' });
      };
      const cut = (): void => {
        if (this.#current?.id !== id) return;
        this.#o.fire(control.stopPlayback(channelId, id), 'stop prompt');
        finish('cut');
      };
      this.#current = { id, what, since, finish: (how) => (how === 'cut' ? cut() : finish(how)) };
      const forgetDigits = bargeIn ? digits.onPress(cut) : () => undefined;
      let forgetCancel: () => void = () => undefined;
      changed();
      forgetCancel = cancel.onCancel(cut);
      this.#askWhetherPlaying(id, () => finish('ended'));
      if (adopted !== undefined) {
        if (adopted.over !== undefined) finish(adopted.over);
        return;
      }
      announce({ type: 'prompt.started', prompts: keys, language: languages[0] ?? 'zh-CN' });
      control.play(channelId, id, media).catch((error: unknown) => {
        // The caller or the switch is away: the end of the call, or its taking up when the switch is back, comes by event.
        if (isStrowgerError(error, 'switch.gone') || isStrowgerError(error, 'switch.unreachable')) {
          this.#o.lost(error);
          return;
        }
        this.#o.log.warn({ prompts: keys, error: messageOf(error) }, 'prompt could not be played');
        // A caller is never stuck behind a prompt that cannot be heard.
        finish('failed');
      });
    });
  }

  #askWhetherPlaying(id: PlaybackId, ended: () => void): void {
    const { clock, control, channelId, log } = this.#o;
    clock.clearTimeout(this.#asking);
    this.#asking = clock.setTimeout(() => {
      control.isPlaying(channelId, id).then(
        (isPlaying) => {
          if (this.#current?.id !== id) return;
          if (isPlaying) this.#askWhetherPlaying(id, ended);
          else {
            log.warn({ event: 'prompt.endUntold', playbackId: id }, 'The switch did not tell that a prompt had ended; the call goes on');
            ended();
          }
        },
        // A switch that does not answer is looked after elsewhere.
        () => void (this.#current?.id === id && this.#askWhetherPlaying(id, ended)),
      );
    }, ASK_AFTER_MS);
  }

  stop(): void {
    this.#dropAdoptedPrompt();
    this.#current?.finish('cut');
  }

  silenceForKeys(cancel: CancelSignal): () => void {
    this.#silence.start(cancel);
    return () => this.#silence.stop();
  }

  startMusic(musicClass = ''): void {
    this.#silence.stop();
    this.#dropAdoptedPrompt();
    const isPlaying = this.#adopted.isSure === true && this.#adopted.music === musicClass;
    this.#adopted = {};
    this.#music = musicClass;
    if (!isPlaying) this.#o.fire(this.#o.control.startMusic(this.#o.channelId, musicClass === '' ? undefined : musicClass), 'start music');
    this.#o.changed();
  }

  stopMusic(): void {
    if (this.#music === undefined && this.#adopted.music === undefined) return;
    this.#music = undefined;
    this.#adopted = without(this.#adopted, 'music');
    this.#o.fire(this.#o.control.stopMusic(this.#o.channelId), 'stop music');
    this.#o.changed();
  }

  /** The switch says that a playback is over. */
  finished(id: PlaybackId, ok: boolean): void {
    const how = ok ? 'ended' : 'failed';
    this.#silence.finished(id, ok);
    if (this.#current?.id === id) this.#current.finish(how);
    else if (this.#adopted.prompt?.id === id) this.#adopted = { ...this.#adopted, over: how };
  }

  /** After a restart: silences what the previous process had started. */
  silence({ prompt, music, silence, plays }: Sound): void {
    const unknown = plays === undefined ? [] : Array.from({ length: UNKNOWN_PLAYS }, (_, index) => this.#idOf(plays + 1 + index));
    this.#plays = (plays ?? 0) + unknown.length;
    for (const id of [prompt?.id, silence, ...unknown]) if (id !== undefined) this.#o.fire(this.#o.control.stopPlayback(this.#o.channelId, id), 'stop prompt');
    // The verb that begins again starts it again, without a gap: what was unknown may have ended it. If none does, it is ended.
    if (music === undefined) this.#o.fire(this.#o.control.stopMusic(this.#o.channelId), 'stop music');
    else this.#adoptFor({ music });
  }

  /** After a hand-over: what the previous process had started goes on, where the verbs that begin again play the same. */
  adopt({ silence, plays = 0, ...sound }: Sound): void {
    this.#plays = plays;
    this.#silence.adopt(silence);
    this.#adoptFor({ ...sound, isSure: true });
  }

  #adoptFor(sound: Adopted): void {
    this.#adopted = sound;
    this.#o.clock.setTimeout(() => this.#dropAdopted(), ADOPTION_LIMIT_MS);
  }

  /** Forgets what plays without touching it: the verbs start again. */
  detach(): Sound {
    const { sound } = this;
    this.#o.clock.clearTimeout(this.#asking);
    this.#current = undefined;
    this.#music = undefined;
    this.#adopted = {};
    this.#silence.detach();
    return sound;
  }

  #nextId(): PlaybackId {
    this.#plays += 1;
    return this.#idOf(this.#plays);
  }

  #idOf(play: number): PlaybackId {
    return playbackId(`play-${this.#o.callId}-${play}`);
  }

  /** The playback of before the hand-over, if it is of the same; whatever else was to be heard is ended. */
  #claim(what: string): { readonly prompt: Playing; readonly over?: 'ended' | 'failed' } | undefined {
    const { prompt, over } = this.#adopted;
    if (prompt?.what !== what) {
      this.#dropAdopted();
      return undefined;
    }
    this.#adopted = without(this.#adopted, 'prompt', 'over');
    this.#dropAdopted();
    return { prompt, ...(over === undefined ? {} : { over }) };
  }

  #dropAdopted(): void {
    this.#silence.dropAdopted();
    this.#dropAdoptedPrompt();
    if (this.#adopted.music !== undefined) this.stopMusic();
  }

  #dropAdoptedPrompt(): void {
    const { prompt, over } = this.#adopted;
    this.#adopted = without(this.#adopted, 'prompt', 'over');
    if (prompt !== undefined && over === undefined) this.#o.fire(this.#o.control.stopPlayback(this.#o.channelId, prompt.id), 'stop prompt');
  }
}

function without<T extends object, K extends keyof T>(of: T, ...keys: readonly K[]): Omit<T, K> & { readonly [Key in K]?: never } {
  const rest = { ...of };
  for (const key of keys) delete rest[key];
  return rest;
}
