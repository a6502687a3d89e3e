import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { messageOf } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Message } from './messages.ts';

export interface BrokerConnectionOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; user and password may stand in it. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of whoever signed the broker's certificate; without it the authorities that Node knows. */
  readonly ca?: string;
  /** Published by the broker when we vanish. Retained, QoS 1. */
  readonly lastWill: Message;
  readonly logger: Logger;
  readonly retryMs?: number;
  readonly retryMaxMs?: number;
  readonly keepaliveS?: number;
}

export interface BrokerListener {
  /** A connection is open; it stays usable until `disconnected`. */
  connected(client: MqttClient): void;
  disconnected(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that lasted so long was a good one: after its end the pauses begin small again. */
const STABLE_AFTER_MS = 5000;

/**
 * Keeps a connection to the broker, for ever, with growing random pauses between attempts. Each attempt has a client of
 * its own: the client's own reconnecting would send on from a memory of its own, and what was not acknowledged is
 * ours to know (event-outbox.ts).
 */
export class BrokerConnection {
  readonly #options: BrokerConnectionOptions;
  readonly #listener: BrokerListener;
  #client: MqttClient | undefined;
  #timer: NodeJS.Timeout | undefined;
  #up = false;
  #failures = 0;
  #closed = false;

  constructor(options: BrokerConnectionOptions, listener: BrokerListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get up(): boolean {
    return this.#up;
  }

  start(): void {
    const { url, clientId, username, password, ca, lastWill, keepaliveS = 15, logger } = this.#options;
    const options: IClientOptions = {
      clientId,
      clean: true,
      keepalive: keepaliveS,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      will: { topic: lastWill.topic, payload: Buffer.from(lastWill.payload), qos: 1, retain: true },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
    };
    const client = connect(url, options);
    this.#client = client;
    let reason = 'connection closed';
    let upSince: number | undefined;
    client.on('connect', () => {
      upSince = performance.now();
      this.#up = true;
      logger.info({ broker: hostOf(url) }, 'Connected to the MQTT broker');
      this.#listener.connected(client);
    });
    client.on('error', (error) => {
      reason = messageOf(error);
      client.end(true);
    });
    client.once('close', () => {
      if (upSince !== undefined && performance.now() - upSince > STABLE_AFTER_MS) this.#failures = 0;
      this.#lost(client, reason);
    });
  }

  /** Ends the connection in order: the broker does not publish the last will. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    if (client === undefined) return;
    await client.endAsync(!this.#up);
  }

  #lost(client: MqttClient, reason: string): void {
    const { url, logger, retryMs = 250, retryMaxMs = 15_000 } = this.#options;
    if (this.#up) {
      this.#up = false;
      this.#listener.disconnected();
    }
    if (this.#closed || client !== this.#client) return;
    client.end(true);
    this.#failures += 1;
    const longestMs = Math.min(retryMaxMs, retryMs * 2 ** (this.#failures - 1));
    const delayMs = longestMs / 2 + (Math.random() * longestMs) / 2;
    const line = { broker: hostOf(url), reason, attempt: this.#failures, retryMs: Math.round(delayMs) };
    if (this.#failures === 1) logger.warn(line, 'No connection to the MQTT broker; calls go on, events wait in the store');
    else logger.debug(line, 'Still no connection to the MQTT broker');
    this.#timer = setTimeout(() => this.start(), delayMs);
  }
}

/** The broker without user and password. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown';
}
