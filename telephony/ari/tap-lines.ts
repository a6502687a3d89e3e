import { StrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { channelId } from '../../engine/domain/ids.ts';
import type { ChannelId, NodeId } from '../../engine/domain/ids.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { AriTransport } from './ari-transport.ts';
import { targetOf } from './event-mapping.ts';
import type { AriEvent } from './generated/events.ts';
import { BackgroundSilence } from './background-silence.ts';
import { findTaps, type FoundTaps } from './node-survey.ts';
import { carriesMediaOverWebSocket } from './plain-request.ts';
import { RoomLock } from './room-lock.ts';
import { succeedWhenGone } from './succeed-when-gone.ts';
import { TapLine } from './tap-line.ts';
import type { MediaRoom } from './tap-line.ts';
import { tapOfChannel } from './tap-names.ts';

type Requests = Pick<AriTransport, 'request' | 'send'>;

export interface TapLinesOptions {
  readonly nodeId: NodeId;
  readonly app: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly requests: Requests;
  readonly clock: Clock;
  readonly log: Logger;
  readonly requestTimeoutMs: number;
  /** Of the switch; undefined before the first connection. */
  readonly version: () => string | undefined;
}

/** Asterisk lets ten connections wait to be accepted (tcptls.c, `listen`): one more is tried again by the system after a second. Room for other engines is left. */
const MOST_CONNECTING = 5;
/** A switch that takes so long for one channel is in other trouble, and whoever waits for it is a caller. */
const HOLD_MS = 1_000;

/**
 * What taps need on one switch, and what is left of them: channels and bridges that carry the name of a tap and belong to no line of this
 * process are taken away whenever they are seen. Implements MediaLines of telephony/media.
 */
export class TapLines {
  readonly nodeId: NodeId;
  readonly #o: TapLinesOptions;
  readonly #lines = new Map<string, TapLine>();
  readonly #rooms: RoomLock<MediaRoom>;
  /** Whoever plays music to a channel or bridges it tells it here. */
  readonly silence: BackgroundSilence;

  constructor(options: TapLinesOptions) {
    this.nodeId = options.nodeId;
    this.#o = options;
    this.silence = new BackgroundSilence(options);
    this.#rooms = new RoomLock({ clock: options.clock, holdMs: HOLD_MS, most: { searched: MOST_CONNECTING } });
  }

  /** Lines that exist now. */
  get size(): number {
    return this.#lines.size;
  }

  async lay(id: string, caller: ChannelId, lost: (reason: string) => void): Promise<TapLine> {
    const { nodeId, app, url, user, password, requests, clock, log, requestTimeoutMs } = this.#o;
    const version = this.#o.version();
    if (version !== undefined && !carriesMediaOverWebSocket(version)) {
      throw new StrowgerError('switch.refused', `Asterisk ${version} of '${nodeId}' does not carry the sound of calls over WebSocket.`, {
        fields: { nodeId, version },
        hint: 'Use Asterisk 22.6, 21.11 or 20.16 or newer, or turn off speech on this node.',
      });
    }
    const line = new TapLine({
      id,
      channelId: caller,
      app,
      ari: { url, user, password },
      requests,
      clock,
      log,
      timeoutMs: requestTimeoutMs,
      lost,
      silence: this.silence,
      rooms: this.#rooms,
      cleared: () => this.#lines.delete(id),
    });
    // Before the request, so that no event can come too early.
    this.#lines.set(id, line);
    try {
      await line.lay();
      return line;
    } catch (error) {
      await line.clear();
      throw error;
    }
  }

  /** True for an event that is about a tap, and so nobody else's. */
  handle(event: AriEvent): boolean {
    if (event.type === 'PlaybackFinished') {
      const target = targetOf(event.playback);
      if (target !== undefined) this.silence.playbackEnded(target.channelId);
    }
    const channel = 'channel' in event ? event.channel?.id : undefined;
    if (channel === undefined) return false;
    const id = tapOfChannel(channel);
    if (id === undefined) {
      if (event.type === 'ChannelDestroyed') this.silence.gone(channelId(channel));
      return false;
    }
    const line = this.#lines.get(id);
    switch (event.type) {
      case 'StasisStart':
        if (line === undefined) void this.#takeAway(this.#o.requests, [channel], []);
        else line.entered(channel);
        break;
      case 'StasisEnd':
        line?.left(channel);
        break;
      case 'ChannelDestroyed':
        line?.gone(channel);
        break;
      default:
        break;
    }
    return true;
  }

  /** On a new connection: what ended meanwhile is told, what nobody knows is taken away. */
  async compare(requests: Requests): Promise<void> {
    const found = await findTaps(requests, this.#o.app);
    const present = new Set(found.channels);
    for (const line of [...this.#lines.values()]) line.compare(present);
    for (const id of found.bridged) this.silence.occupy(channelId(id), 'bridge');
    void this.#takeAwayStrays(requests, found);
  }

  /**
   * What nobody knows is taken away. Some time after a new connection too: requests that the one before had sent, and that were on their way
   * when it broke, are carried out when they arrive (found by `test chaos`).
   */
  async sweep(): Promise<void> {
    const { requests, app, log } = this.#o;
    try {
      await this.#takeAwayStrays(requests, await findTaps(requests, app));
    } catch (error) {
      log.debug({ event: 'ari.sweepFailed', error: messageOf(error) }, 'It was not looked for stray taps.');
    }
  }

  #takeAwayStrays(requests: Requests, { channels, bridges }: FoundTaps): Promise<void> {
    const isStray = (tap: string | undefined) => tap === undefined || !this.#lines.has(tap);
    return this.#takeAway(
      requests,
      channels.filter((channel) => isStray(tapOfChannel(channel))),
      bridges.filter(isStray),
    );
  }

  /** All lines end: this process does not drive the switch any more. */
  abandon(reason: string): void {
    for (const line of [...this.#lines.values()]) line.abandon(reason);
  }

  async #takeAway(requests: Requests, channels: readonly string[], bridges: readonly string[]): Promise<void> {
    if (channels.length + bridges.length === 0) return;
    this.#o.log.info({ event: 'ari.strayTaps', channels: channels.length, bridges: bridges.length }, 'What another process left of its taps is taken away.');
    const swallow = (error: unknown) => this.#o.log.warn({ event: 'ari.strayTapStays', error: messageOf(error) }, 'A stray tap could not be taken away.');
    await Promise.all(channels.map((id) => succeedWhenGone(requests.send('channels.hangup', { channelId: id }, { orderKey: id })).catch(swallow)));
    await Promise.all(bridges.map((id) => succeedWhenGone(requests.send('bridges.destroy', { bridgeId: id }, { orderKey: id })).catch(swallow)));
  }
}
