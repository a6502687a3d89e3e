import type { CancelSignal } from '../domain/cancellation.ts';
import type { ChannelId, PlaybackId } from '../domain/ids.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Logger } from '../ports/logger.ts';

export interface KeySilenceOptions {
  readonly channelId: ChannelId;
  readonly control: CallControl;
  readonly nextId: () => PlaybackId;
  readonly log: Logger;
  readonly fire: (request: Promise<void>, what: string) => void;
  /** The playback that runs has changed. */
  readonly changed: () => void;
}

/** The silence that is played while several keys are awaited, so that each is told once (`CallControl.playSilence`). */
export class KeySilence {
  readonly #o: KeySilenceOptions;
  #playing: PlaybackId | undefined;
  /** What another process had started. */
  #adopted: PlaybackId | undefined;
  #forgetCancel: () => void = () => undefined;

  constructor(options: KeySilenceOptions) {
    this.#o = options;
  }

  /** The playback that runs. */
  get id(): PlaybackId | undefined {
    return this.#playing ?? this.#adopted;
  }

  /** Until `stop`, or until `cancel`. */
  start(cancel: CancelSignal): void {
    if (cancel.cancelled || this.#playing !== undefined) return;
    if (this.#adopted === undefined) this.#play();
    else this.#playing = this.#adopted;
    this.#adopted = undefined;
    this.#forgetCancel = cancel.onCancel(() => this.stop());
  }

  stop(): void {
    const { id } = this;
    if (id === undefined) return;
    this.#forget();
    this.#o.fire(this.#o.control.stopPlayback(this.#o.channelId, id), 'stop silence');
    this.#o.changed();
  }

  /** The switch says that a playback is over. */
  finished(id: PlaybackId, ok: boolean): void {
    if (id === this.#adopted) this.#adopted = undefined;
    if (id !== this.#playing) return;
    // Who has needed a minute does not type fast.
    this.#forget();
    if (!ok) this.#o.log.warn({ event: 'silence.failed' }, 'The switch cannot play its silence: keys typed fast may count twice. See `strowger doctor`.');
  }

  /** After a hand-over: goes on where keys are awaited again. */
  adopt(id: PlaybackId | undefined): void {
    this.#adopted = id;
  }

  /** Nobody has taken it up. */
  dropAdopted(): void {
    if (this.#adopted !== undefined) this.stop();
  }

  /** Forgets what plays without touching it. */
  detach(): void {
    this.#forget();
  }

  #play(): void {
    const { nextId, control, channelId, fire, changed } = this.#o;
    this.#playing = nextId();
    fire(control.playSilence(channelId, this.#playing), 'play silence');
    changed();
  }

  #forget(): void {
    this.#forgetCancel();
    this.#forgetCancel = () => undefined;
    this.#playing = undefined;
    this.#adopted = undefined;
  }
}
