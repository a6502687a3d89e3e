import type { CancelSignal } from '../domain/cancellation.ts';
import type { DomainEventBody } from '../domain/events.ts';
import { isStrowgerError, messageOf } from '../domain/errors.ts';
import { playbackId } from '../domain/ids.ts';
import type { ChannelId, PlaybackId } from '../domain/ids.ts';
import type { Language } from '../domain/language.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdSource } from '../ports/id-source.ts';
import type { Logger } from '../ports/logger.ts';
import type { PromptLibrary } from '../ports/prompt-library.ts';
import type { Player } from '../verbs/verb-context.ts';
import type { DigitBuffer } from './digit-buffer.ts';

export interface PromptPlayerOptions {
  readonly channelId: ChannelId;
  readonly control: CallControl;
  readonly prompts: PromptLibrary;
  readonly digits: DigitBuffer;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: (body: DomainEventBody) => void;
  readonly fire: (request: Promise<void>, what: string) => void;
  /** The channel or the switch turned out to be away. */
  readonly lost: (error: unknown) => void;
  /** The playback that runs has changed: a restart must know it, to stop it before it speaks again. */
  readonly changed: () => void;
}

/** Plays prompts on the caller's channel, one playback at a time. */
export class PromptPlayer implements Player {
  readonly #o: PromptPlayerOptions;
  #current: { readonly id: PlaybackId; readonly finish: (how: 'ended' | 'failed' | 'cut') => void } | undefined;
  #music = false;

  constructor(options: PromptPlayerOptions) {
    this.#o = options;
  }

  /** The playback that runs now. */
  get playing(): PlaybackId | undefined {
    return this.#current?.id;
  }

  play(
    prompts: readonly PromptRef[],
    languages: readonly Language[],
    { bargeIn, cancel }: { readonly bargeIn: boolean; readonly cancel: CancelSignal },
  ): Promise<{ readonly interrupted: boolean }> {
    const { digits, ids, clock, control, channelId, announce, changed } = this.#o;
    if (cancel.cancelled) return new Promise(() => undefined);
    // What was typed ahead answers the prompt before it is heard.
    if (bargeIn && !digits.isEmpty) return Promise.resolve({ interrupted: true });
    const media = languages.flatMap((language) => prompts.flatMap((prompt) => this.#o.prompts.media(prompt, language)));
    if (media.length === 0) return Promise.resolve({ interrupted: false });
    this.stop();
    const id = playbackId(ids.next('play'));
    const keys = prompts.map(({ key }) => key);
    const startedAt = clock.now();
    return new Promise((resolve) => {
      const finish = (how: 'ended' | 'failed' | 'cut'): void => {
        if (this.#current?.id !== id) return;
        this.#current = undefined;
        forgetDigits();
        forgetCancel();
        changed();
        if (how === 'failed') announce({ type: 'prompt.failed', prompts: keys });
        else announce({ type: 'prompt.finished', prompts: keys, interrupted: how === 'cut', playedMs: clock.now() - startedAt });
        resolve({ interrupted: how === 'cut' });
      };
      const cut = (): void => {
        if (this.#current?.id !== id) return;
        this.#o.fire(control.stopPlayback(channelId, id), 'stop prompt');
        finish('cut');
      };
      this.#current = { id, finish: (how) => (how === 'cut' ? cut() : finish(how)) };
      const forgetDigits = bargeIn ? digits.onPress(cut) : () => undefined;
      let forgetCancel: () => void = () => undefined;
      changed();
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
      forgetCancel = cancel.onCancel(cut);
    });
  }

  stop(): void {
    this.#current?.finish('cut');
  }

  startMusic(musicClass: string | undefined): void {
    this.#music = true;
    this.#o.fire(this.#o.control.startMusic(this.#o.channelId, musicClass), 'start music');
  }

  stopMusic(): void {
    if (!this.#music) return;
    this.#music = false;
    this.#o.fire(this.#o.control.stopMusic(this.#o.channelId), 'stop music');
  }

  /** The switch says that a playback is over. */
  finished(id: PlaybackId, ok: boolean): void {
    if (this.#current?.id === id) this.#current.finish(ok ? 'ended' : 'failed');
  }

  /** After a restart: silences what the previous process had started. */
  silence(previous: PlaybackId | undefined): void {
    if (previous !== undefined) this.#o.fire(this.#o.control.stopPlayback(this.#o.channelId, previous), 'stop prompt');
    this.#o.fire(this.#o.control.stopMusic(this.#o.channelId), 'stop music');
  }

  /** Forgets what plays without touching it: the verbs start again. */
  detach(): PlaybackId | undefined {
    const playing = this.#current?.id;
    this.#current = undefined;
    this.#music = false;
    return playing;
  }
}
