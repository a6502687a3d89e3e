import { StrowgerError, messageOf } from '../../engine/domain/errors.ts';
import type { TimerHandle } from '../../engine/ports/clock.ts';
import { unreachable } from './ari-failure.ts';
import type { AriOperation, AriParams, AriPulse, AriRequestOptions, AriResult, AriTransport, AriTransportKind, AriTransportOptions, OpenAriTransport } from './ari-transport.ts';
import { backoffMs } from './backoff.ts';
import type { AriEvent } from './generated/events.ts';
import { askInfo, type AriInfo, speaksRestOverWebSocket } from './plain-request.ts';

/** `down`: waiting for or making the next attempt. `replaced`: another engine took the application over; final until `start()`. */
export type AriConnectionState = 'stopped' | 'down' | 'up' | 'replaced';

export interface AriConnectionOptions extends AriTransportOptions {
  readonly transport: 'auto' | AriTransportKind;
  readonly open: Readonly<Record<AriTransportKind, OpenAriTransport>>;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly random: () => number;
}

export interface AriConnectionListener {
  /** A transport is open but not yet announced; a rejection counts as a failed attempt. */
  prepare(transport: AriTransport, info: AriInfo): Promise<void>;
  up(): void;
  event(event: AriEvent): void;
  /** Only after `up`. */
  down(reason: string): void;
  replaced(): void;
}

/** Keeps one transport to one Asterisk open, for ever: it never stops trying, and it never fights for the application. */
export class AriConnection {
  readonly #options: AriConnectionOptions;
  readonly #listener: AriConnectionListener;
  #state: AriConnectionState = 'stopped';
  #transport: AriTransport | undefined;
  #failures = 0;
  #retry: TimerHandle = undefined;
  /** Distinguishes attempts, so that an old one that ends late changes nothing. */
  #attempt = 0;
  lastError: StrowgerError | undefined;

  constructor(options: AriConnectionOptions, listener: AriConnectionListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get state(): AriConnectionState {
    return this.#state;
  }

  get transportKind(): AriTransportKind | undefined {
    return this.#transport?.kind;
  }

  /** Undefined while there is no connection. */
  get pulse(): AriPulse | undefined {
    return this.#transport?.pulse();
  }

  /** Begins to connect. After `replaced` it takes the application back. */
  start(): void {
    if (this.#state === 'up' || this.#state === 'down') return;
    this.#state = 'down';
    this.#failures = 0;
    void this.#connect();
  }

  stop(): void {
    this.#abandon('stopped');
  }

  request<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<AriResult<Op>> {
    return this.#transport === undefined ? Promise.reject(this.#away(operation)) : this.#transport.request(operation, params, options);
  }

  send<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<void> {
    return this.#transport === undefined ? Promise.reject(this.#away(operation)) : this.#transport.send(operation, params, options);
  }

  #away(operation: AriOperation): StrowgerError {
    if (this.#state === 'replaced') return unreachable(operation, 'another engine has taken the application over.');
    if (this.#state === 'stopped') return unreachable(operation, 'the connection was stopped.');
    return unreachable(operation, this.lastError?.message ?? 'the connection is being made.', this.lastError);
  }

  async #connect(): Promise<void> {
    const attempt = (this.#attempt += 1);
    const isCurrent = () => attempt === this.#attempt;
    // What arrives before the node is announced is told after that.
    let early: AriEvent[] | undefined = [];
    let transport: AriTransport | undefined;
    try {
      const info = await askInfo(this.#options, this.#options.requestTimeoutMs);
      if (!isCurrent()) return;
      transport = await this.#options.open[this.#kindFor(info.version)](this.#options, {
        event: (event) => {
          if (!isCurrent()) return;
          if (event.type === 'ApplicationReplaced') this.#replaced();
          else if (early !== undefined) early.push(event);
          else this.#listener.event(event);
        },
        closed: (reason) => isCurrent() && this.#lost(reason),
      });
      if (!isCurrent()) return transport.close();
      await this.#listener.prepare(transport, info);
      if (!isCurrent()) return transport.close();
    } catch (error) {
      transport?.close();
      if (isCurrent()) this.#failed(error);
      return;
    }
    this.#transport = transport;
    this.#state = 'up';
    this.#failures = 0;
    this.lastError = undefined;
    this.#options.stats.connects += 1;
    this.#options.log.info({ event: 'ari.up', transport: transport.kind }, 'The switch is connected.');
    this.#listener.up();
    const waiting = early;
    early = undefined;
    for (const event of waiting) if (isCurrent()) this.#listener.event(event);
  }

  #kindFor(version: string): AriTransportKind {
    const { transport } = this.#options;
    if (transport !== 'auto') return transport;
    return speaksRestOverWebSocket(version) ? 'ws' : 'ari-client';
  }

  #failed(error: unknown): void {
    this.lastError = error instanceof StrowgerError ? error : new StrowgerError('switch.unreachable', messageOf(error), { cause: error });
    this.#options.stats.failedConnects += 1;
    this.#failures += 1;
    const inMs = this.#scheduleRetry();
    // The first failures are told, then each tenth: an outage of an hour is no reason for a thousand lines.
    const fields = { event: 'ari.connectFailed', code: this.lastError.code, failures: this.#failures, inMs, hint: this.lastError.hint };
    if (this.#failures <= 3 || this.#failures % 10 === 0) this.#options.log.warn(fields, this.lastError.message);
  }

  /** The open connection ended: while it was up, or while it was being prepared. */
  #lost(reason: string): void {
    this.#attempt += 1; // A `prepare` that still runs is none of ours any more.
    const wasUp = this.#state === 'up';
    this.#transport = undefined;
    this.#state = 'down';
    this.lastError = new StrowgerError('switch.unreachable', `The connection to Asterisk at ${this.#options.url} was lost: ${reason}.`, {
      fields: { url: this.#options.url },
    });
    this.#options.stats.lostConnections += 1;
    this.#failures += 1;
    const inMs = this.#scheduleRetry();
    this.#options.log.warn({ event: 'ari.down', reason, inMs }, 'The connection to the switch was lost.');
    if (wasUp) this.#listener.down(reason);
  }

  #replaced(): void {
    this.#abandon('replaced');
    this.#options.log.error({ event: 'ari.replaced' }, 'Another engine has taken the application over; this one stops acting on the switch.');
    this.#listener.replaced();
  }

  #abandon(state: 'stopped' | 'replaced'): void {
    this.#attempt += 1;
    this.#state = state;
    if (this.#retry !== undefined) this.#options.clock.clearTimeout(this.#retry);
    this.#retry = undefined;
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.close();
  }

  #scheduleRetry(): number {
    const { clock, backoffBaseMs: baseMs, backoffCapMs: capMs, random } = this.#options;
    const inMs = backoffMs(this.#failures, { baseMs, capMs, random });
    this.#retry = clock.setTimeout(() => {
      this.#retry = undefined;
      void this.#connect();
    }, inMs);
    return inMs;
  }
}
