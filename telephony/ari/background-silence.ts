import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { AriTransport } from './ari-transport.ts';

/** What sends sound to a channel for long, and bears no silence beside it. */
export type Occupation = 'music' | 'bridge';

export interface BackgroundSilenceOptions {
  readonly requests: Pick<AriTransport, 'send'>;
  readonly log: Logger;
}

/**
 * A whisper is mixed into what goes out to a caller: to one to whom nothing is played, nothing goes out, and the whisper is never heard
 * (audiohook.c; seen on 22.10). So ARI's silence is played to callers who are whispered to. A playback ends it, music replaces it, and it
 * keeps everything that a bridge has to say from the caller (channel.c, ast_write): who does one of these tells here.
 */
export class BackgroundSilence {
  readonly #o: BackgroundSilenceOptions;
  /** The taps that whisper to each channel. */
  readonly #wanted = new Map<ChannelId, Set<string>>();
  readonly #occupied = new Map<ChannelId, Set<Occupation>>();

  constructor(options: BackgroundSilenceOptions) {
    this.#o = options;
  }

  /** From now on, until `dismiss` by all who want it, something goes out to this channel: a tap may open while the one before is being cleared. */
  want(id: ChannelId, tap: string): void {
    const isFirst = !this.#wanted.has(id);
    this.#wanted.set(id, (this.#wanted.get(id) ?? new Set<string>()).add(tap));
    if (isFirst) this.#start(id);
  }

  dismiss(id: ChannelId, tap: string): void {
    const taps = this.#wanted.get(id);
    if (taps?.delete(tap) !== true || taps.size > 0) return;
    this.#wanted.delete(id);
    // Asterisk would end the music that has taken the place of the silence.
    if (!this.#occupied.has(id)) this.#stop(id);
  }

  /** To be told before the request, so that the silence has ended when it takes effect. */
  occupy(id: ChannelId, by: Occupation): void {
    const isFree = !this.#occupied.has(id);
    this.#occupied.set(id, (this.#occupied.get(id) ?? new Set<Occupation>()).add(by));
    if (isFree && this.#wanted.has(id)) this.#stop(id);
  }

  /** To be told after the request. */
  free(id: ChannelId, by: Occupation): void {
    const occupations = this.#occupied.get(id);
    if (occupations?.delete(by) !== true || occupations.size > 0) return;
    this.#occupied.delete(id);
    this.#resume(id);
  }

  /** Another one may have begun already: then the silence waits in the switch for its end. */
  playbackEnded(id: ChannelId): void {
    this.#resume(id);
  }

  gone(id: ChannelId): void {
    this.#wanted.delete(id);
    this.#occupied.delete(id);
  }

  #resume(id: ChannelId): void {
    if (this.#wanted.has(id)) this.#start(id);
  }

  #start(id: ChannelId): void {
    if (!this.#occupied.has(id)) this.#send('channels.startSilence', id);
  }

  #stop(id: ChannelId): void {
    this.#send('channels.stopSilence', id);
  }

  #send(operation: 'channels.startSilence' | 'channels.stopSilence', id: ChannelId): void {
    this.#o.requests.send(operation, { channelId: id }, { orderKey: id }).catch((error: unknown) => {
      if (!isStrowgerError(error, 'switch.gone')) this.#o.log.debug({ event: 'ari.silenceFailed', operation, channelId: id, error: messageOf(error) }, 'The silence behind a whisper was refused.');
    });
  }
}
