import { isDigit } from '../../engine/domain/digits.ts';
import { channelId } from '../../engine/domain/ids.ts';
import type { ChannelId, PlaybackId } from '../../engine/domain/ids.ts';
import type { SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { AriStats } from './ari-stats.ts';
import type { ChannelBook } from './channel-book.ts';
import { causeOf, channelInfoOf, channelStateOf, targetOf } from './event-mapping.ts';
import type { AriEvent } from './generated/events.ts';
import { readArgs } from './machine-detection.ts';

export interface EventTranslatorOptions {
  readonly book: ChannelBook;
  readonly stats: AriStats;
  readonly emit: (event: SwitchEventBody) => void;
}

/** What Asterisk says, as the port wants to hear it. Keeps the book of channels. */
export class EventTranslator {
  readonly #book: ChannelBook;
  readonly #stats: AriStats;
  readonly #emit: (event: SwitchEventBody) => void;
  readonly #playing = new Set<PlaybackId>();

  constructor({ book, stats, emit }: EventTranslatorOptions) {
    this.#book = book;
    this.#stats = stats;
    this.#emit = emit;
  }

  /** A new connection: ends of playbacks may have been missed. */
  reset(): void {
    this.#playing.clear();
  }

  handle(event: AriEvent): void {
    switch (event.type) {
      case 'StasisStart': {
        const channel = channelInfoOf(event.channel);
        const { args, answeredBy } = readArgs(event.args);
        this.#book.add(channel.id);
        this.#emit({ type: 'channel.entered', channel, args, ...(answeredBy === undefined ? {} : { answeredBy }) });
        break;
      }
      case 'ChannelStateChange': {
        const id = channelId(event.channel.id);
        if (this.#book.has(id)) this.#emit({ type: 'channel.state', channelId: id, state: channelStateOf(event.channel.state) });
        break;
      }
      case 'ChannelHold':
      case 'ChannelUnhold': {
        const id = channelId(event.channel.id);
        if (this.#book.has(id)) this.#emit({ type: 'channel.hold', channelId: id, held: event.type === 'ChannelHold' });
        break;
      }
      case 'ChannelDtmfReceived':
        if (!isDigit(event.digit)) this.#stats.invalidDigits += 1;
        else this.#emit({ type: 'digit', channelId: channelId(event.channel.id), digit: event.digit, durationMs: event.duration_ms });
        break;
      case 'PlaybackStarted': {
        const target = targetOf(event.playback);
        // Told again for each item of a list.
        if (target === undefined || this.#playing.has(target.playbackId)) break;
        this.#playing.add(target.playbackId);
        this.#emit({ type: 'playback.started', ...target });
        break;
      }
      case 'PlaybackFinished': {
        const target = targetOf(event.playback);
        if (target === undefined) break;
        this.#playing.delete(target.playbackId);
        // A playback that a hang-up cuts off also ends as `failed`. Of a list, only the last item tells (both seen on 22.10).
        const failed = event.playback.state === 'failed' && !this.#book.isHangingUp(target.channelId);
        this.#emit({ type: 'playback.finished', ...target, ok: !failed });
        break;
      }
      case 'ChannelHangupRequest':
        this.#book.hangingUp(channelId(event.channel.id));
        break;
      case 'StasisEnd':
        this.#emit({ type: 'channel.left', channelId: channelId(event.channel.id) });
        break;
      case 'Dial':
        this.#book.dialStatus(channelId(event.peer.id), event.dialstatus);
        break;
      case 'ChannelDestroyed':
        this.gone(channelId(event.channel.id), event.cause);
        break;
      default:
        break; // Known to Asterisk, of no interest to us.
    }
  }

  /** Tells the end of a channel, unless it was told before. */
  gone(id: ChannelId, cause: number): void {
    const entry = this.#book.remove(id);
    if (entry !== undefined) this.#emit({ type: 'channel.gone', channelId: id, cause: causeOf(cause, entry.dialStatus) });
  }
}
