import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { AriStats } from './ari-stats.ts';
import type { AriEvent } from './generated/events.ts';
import type { AriOperations } from './generated/operations.ts';

export type AriOperation = keyof AriOperations;
export type AriParams<Op extends AriOperation> = AriOperations[Op]['params'];
export type AriResult<Op extends AriOperation> = AriOperations[Op]['result'];

export interface AriRequestOptions {
  /** Requests with the same key reach the switch in the order in which they were made. The id of the channel they are about. */
  readonly orderKey?: string;
}

/**
 * One live connection to one Asterisk: it is open when you get it and ends once. Rejections are StrowgerErrors:
 * `switch.gone` (404), `switch.refused`, `switch.timeout`, and `switch.unreachable` for what was pending when it ended.
 */
export interface AriTransport {
  readonly kind: AriTransportKind;
  request<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<AriResult<Op>>;
  /** As `request`, for who does not read the answer: its body is not even decoded. */
  send<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<void>;
  /** How alive the other side is, now. */
  pulse(): AriPulse;
  /** Ends the connection; the listener is not called any more. */
  close(): void;
}

/** Signs of life of a switch. Both grow while it is dead or stuck. */
export interface AriPulse {
  /** How long nothing was heard on the socket that brings events, in whole heartbeats. */
  readonly silentMs: number;
  /** How long the oldest unanswered request has been waiting; 0 when none is. */
  readonly oldestRequestMs: number;
}

export type AriTransportKind = 'ws' | 'ari-client';

/** What a transport tells the one who opened it. */
export interface AriTransportListener {
  /** An event of a type that the generated types know. */
  event(event: AriEvent): void;
  /** The connection ended by itself. Called once, never after `close()`. */
  closed(reason: string): void;
}

/** Where and how a transport connects. Times in milliseconds. */
export interface AriTransportOptions {
  /** `http://host:port` or `https://…`: the address of Asterisk's HTTP server. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Name of the Stasis application. */
  readonly app: string;
  /** WebSockets for requests beside the one for events; 0 sends them over the latter. */
  readonly requestSockets: number;
  readonly requestTimeoutMs: number;
  readonly heartbeatMs: number;
  /** Silence after which the peer counts as dead; a multiple of `heartbeatMs`. */
  readonly heartbeatLimitMs: number;
  /** Requests that may be at the switch at once, a socket; more wait their turn. */
  readonly maxInFlight: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stats: AriStats;
}

export type OpenAriTransport = (options: AriTransportOptions, listener: AriTransportListener) => Promise<AriTransport>;
