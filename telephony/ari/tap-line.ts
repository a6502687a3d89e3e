import { StrowgerError, isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { AriAddress } from './plain-request.ts';
import type { AriOperation, AriParams, AriTransport } from './ari-transport.ts';
import type { BackgroundSilence } from './background-silence.ts';
import type { Channel } from './generated/models.ts';
import { bridgeNameOf } from './node-survey.ts';
import { OWNER_VARIABLE } from './originate-params.ts';
import type { RoomLock } from './room-lock.ts';
import { succeedWhenGone } from './succeed-when-gone.ts';
import { tapNames } from './tap-names.ts';
import type { TapNames } from './tap-names.ts';

/**
 * chan_websocket looks for the channel of an incoming WebSocket in its list without holding the list's lock (`ao2_weakproxy_find` with
 * OBJ_NOLOCK), and gives back a lock that it never took when a channel is entered in the list or removed from it at the same moment: then the
 * lock stays taken, and with it the whole switch stands still (20.16 to 22.10 and the head of development of August 2026; seen on 22.10.1, one in
 * some thousand taps when twenty calls opened and closed theirs at once). So nothing is `searched` while something is `changed`.
 */
export type MediaRoom = 'searched' | 'changed';

export interface TapLineOptions {
  readonly id: string;
  readonly channelId: ChannelId;
  readonly app: string;
  readonly ari: AriAddress;
  readonly requests: Pick<AriTransport, 'request' | 'send'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long the switch may take for what it tells by an event. */
  readonly timeoutMs: number;
  readonly lost: (reason: string) => void;
  readonly silence: BackgroundSilence;
  /** Of the switch. */
  readonly rooms: RoomLock<MediaRoom>;
  /** Told once, at the end of `clear`. */
  readonly cleared: () => void;
}

// Set by chan_websocket; asked for when the answer does not bring it along.
const CONNECTION_ID = 'MEDIA_WEBSOCKET_CONNECTION_ID';

// A snoop that is hung up waits for the caller's channel to let go of it, which it does with the next frame that comes in or goes out (audiohook.c,
// ast_audiohook_detach; seen on 22.10). From and to some callers no frame goes for minutes: after this time one is made.
const NUDGE_MS = 200;
/** How much later than a refusal the end of the call may be told that is the reason for it. */
const GRACE_MS = 200;

/**
 * One snoop, one external media channel and the bridge between them. All requests have one order key, so that what takes away can
 * never overtake what made. Implements MediaLine of telephony/media.
 */
export class TapLine {
  readonly #o: TapLineOptions;
  readonly #names: TapNames;
  readonly #entered = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #address: { url: string; headers: Record<string, string> } | undefined;
  #isLost = false;
  #cleared: Promise<void> | undefined;

  constructor(options: TapLineOptions) {
    this.#o = options;
    this.#names = tapNames(options.id);
  }

  get address(): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
    if (this.#address === undefined) throw new TypeError('The line has not been laid.');
    return this.#address;
  }

  async lay(): Promise<void> {
    await this.#o.rooms.enter('changed', () => this.#lay()).catch((error: unknown) => this.#reject(error));
  }

  connect<T>(open: () => Promise<T>): Promise<T> {
    return this.#o.rooms.enter('searched', open);
  }

  async join(): Promise<void> {
    await this.#join().catch((error: unknown) => this.#reject(error));
  }

  carry(): void {
    if (this.#cleared === undefined) this.#o.silence.want(this.#o.channelId, this.#o.id);
  }

  clear(): Promise<void> {
    this.#cleared ??= this.#clear();
    return this.#cleared;
  }

  // What the switch tells

  entered(id: string): void {
    this.#entered.add(id);
    this.#wake();
  }

  left(id: string): void {
    this.#lose(`its ${id === this.#names.snoop ? 'call' : 'media channel'} has ended`);
  }

  gone(id: string): void {
    this.#gone.add(id);
    this.left(id);
    this.#wake();
  }

  /** Asked on a new connection: a channel of ours that the switch does not have any more ended while nobody listened. */
  compare(present: ReadonlySet<string>): void {
    for (const id of [this.#names.snoop, this.#names.media]) if (this.#entered.has(id) && !present.has(id)) this.gone(id);
  }

  /** No event will come any more. */
  abandon(reason: string): void {
    for (const id of [this.#names.snoop, this.#names.media]) this.#gone.add(id);
    this.#lose(reason);
    this.#wake();
  }

  // Parts

  async #lay(): Promise<void> {
    const { app, channelId } = this.#o;
    const { snoop, media, bridge } = this.#names;
    const requests = [
      this.#o.requests.request(
        'channels.externalMedia',
        {
          channelId: media,
          app,
          external_host: 'INCOMING',
          transport: 'websocket',
          encapsulation: 'none',
          connection_type: 'server',
          format: 'slin',
          direction: 'both',
          variables: { [OWNER_VARIABLE]: app },
        },
        { orderKey: this.#o.id },
      ),
      this.#send('channels.snoopChannelWithId', { channelId, snoopId: snoop, spy: 'in', whisper: 'out', app }),
      this.#send('bridges.createWithId', { bridgeId: bridge, type: 'mixing', name: bridgeNameOf(app, snoop) }),
    ] as const;
    await Promise.allSettled(requests); // Not left half-way: the switch may still be making the channel.
    const [channel] = await Promise.all(requests);
    const { url, user, password } = this.#o.ari;
    const target = new URL(`/media/${await this.#connectionIdOf(channel)}`, url);
    target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
    // Asterisk takes the id for a password; a proxy before it may want the same as for ARI.
    this.#address = { url: target.href, headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } };
  }

  async #join(): Promise<void> {
    const { snoop, media, bridge } = this.#names;
    // A channel that is bridged before its StasisStart is refused with 422.
    const isIn = await this.#until(() => (this.#entered.has(snoop) && this.#entered.has(media)) || this.#isLost);
    if (this.#isLost) throw this.#callHasEnded();
    if (!isIn) throw new StrowgerError('switch.timeout', `The channels of ${this.#o.id} did not enter the application within ${this.#o.timeoutMs} ms.`, { fields: { timeoutMs: this.#o.timeoutMs } });
    await this.#send('bridges.addChannel', { bridgeId: bridge, channel: [snoop, media] });
  }

  /** A call that ends half-way makes requests fail in many ways; whoever asked wants to know that it has ended. */
  async #reject(error: unknown): Promise<never> {
    if (!isStrowgerError(error, 'switch.refused')) throw error;
    // The refusal may be told before the end.
    await this.#until(() => this.#isLost, GRACE_MS);
    if (this.#isLost) throw this.#callHasEnded(error);
    await this.#o.requests.request('channels.get', { channelId: this.#o.channelId }, { orderKey: this.#o.id }).catch((missing: unknown) => {
      throw isStrowgerError(missing, 'switch.gone') ? this.#callHasEnded(error) : error;
    });
    throw error;
  }

  #callHasEnded(cause?: unknown): StrowgerError {
    const { channelId } = this.#o;
    return new StrowgerError('switch.gone', `The call ${channelId} ended while its sound was being opened.`, { fields: { channelId }, ...(cause === undefined ? {} : { cause }) });
  }

  #lose(reason: string): void {
    if (this.#isLost || this.#cleared !== undefined) return;
    this.#isLost = true;
    this.#wake();
    this.#o.lost(reason);
  }

  async #clear(): Promise<void> {
    const { snoop, media, bridge } = this.#names;
    this.#o.silence.dismiss(this.#o.channelId, this.#o.id);
    await Promise.all([this.#hangup(snoop), this.#o.rooms.enter('changed', () => this.#endMedia())]);
    const areGone = () => this.#gone.has(snoop) && this.#gone.has(media);
    if (!(await this.#until(areGone, NUDGE_MS))) {
      this.#o.silence.want(this.#o.channelId, this.#o.id);
      await this.#until(areGone);
      this.#o.silence.dismiss(this.#o.channelId, this.#o.id);
    }
    await this.#attempt(() => this.#send('bridges.destroy', { bridgeId: bridge }));
    this.#o.cleared();
  }

  /** It is in the list of chan_websocket until it is destroyed. */
  async #endMedia(): Promise<void> {
    await this.#hangup(this.#names.media);
    await this.#until(() => this.#gone.has(this.#names.media));
  }

  async #hangup(id: ChannelId): Promise<void> {
    if (this.#gone.has(id)) return;
    await this.#attempt(async () => {
      await this.#o.requests.send('channels.hangup', { channelId: id }, { orderKey: this.#o.id }).catch((error: unknown) => {
        if (!isStrowgerError(error, 'switch.gone')) throw error;
        this.#gone.add(id);
      });
    });
  }

  /** Once again when it was not answered. A switch that is away is asked by the next connection what it still has. */
  async #attempt(request: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await succeedWhenGone(request());
        return;
      } catch (error) {
        if (isStrowgerError(error, 'switch.unreachable')) {
          for (const id of [this.#names.snoop, this.#names.media]) this.#gone.add(id);
          return;
        }
        if (isStrowgerError(error, 'switch.timeout') && attempt < 3) continue;
        this.#o.log.warn({ event: 'ari.tapNotCleared', tap: this.#o.id, error: messageOf(error) }, 'Something of a tap may be left on the switch until the next connection.');
        return;
      }
    }
  }

  #send<Op extends AriOperation>(operation: Op, params: AriParams<Op>): Promise<void> {
    return this.#o.requests.send(operation, params, { orderKey: this.#o.id });
  }

  async #connectionIdOf(channel: Channel): Promise<string> {
    const vars = (channel.channelvars ?? {}) as Readonly<Record<string, unknown>>;
    const told = vars[CONNECTION_ID];
    if (typeof told === 'string' && told !== '') return told;
    const { value } = await this.#o.requests.request('channels.getChannelVar', { channelId: channel.id, variable: CONNECTION_ID }, { orderKey: this.#o.id });
    return value;
  }

  /** False when it did not come in time. */
  #until(test: () => boolean, withinMs = this.#o.timeoutMs): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (result: boolean) => {
        this.#waiting.delete(look);
        this.#o.clock.clearTimeout(timer);
        resolve(result);
      };
      const look = () => {
        if (test()) settle(true);
      };
      const timer = this.#o.clock.setTimeout(() => settle(false), withinMs);
      this.#waiting.add(look);
      look();
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}
