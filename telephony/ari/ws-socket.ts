import WebSocket from 'ws';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { TimerHandle } from '../../engine/ports/clock.ts';
import { refusal, timedOut, unreachable } from './ari-failure.ts';
import type { AriOperation, AriPulse, AriTransportOptions } from './ari-transport.ts';
import type { EncodedRequest } from './encode-request.ts';
import type { AriEvent, RESTResponse } from './generated/events.ts';
import { Heartbeat } from './heartbeat.ts';
import { parseMessage } from './parse-message.ts';

export interface WsSocketOptions extends AriTransportOptions {
  /** Silence after which this socket counts as dead, in milliseconds. */
  readonly silenceLimitMs: number;
}

export interface WsSocketListener {
  event(event: AriEvent): void;
  closed(reason: string): void;
}

interface Pending {
  readonly operation: AriOperation;
  readonly startedAt: number;
  readonly timer: TimerHandle;
  readonly resolve: (body: string) => void;
  readonly reject: (error: StrowgerError) => void;
}

// res_http_websocket refuses a larger message by closing the socket, which would cost every call on it
// (MAXIMUM_FRAME_SIZE, 65535 in the default build).
const MAX_MESSAGE_BYTES = 65_000;

/**
 * One WebSocket to Asterisk's /ari/events. Requests on it are answered one after another, in order
 * (docs.asterisk.org, "ARI REST over WebSocket").
 */
export class WsSocket {
  readonly #options: WsSocketOptions;
  readonly #listener: WsSocketListener;
  readonly #pending = new Map<string, Pending>();
  readonly #waiting: { readonly id: string; readonly text: string }[] = [];
  readonly #heartbeat: Heartbeat;
  #socket: WebSocket | undefined;
  /** At the switch, answered to us or given up: what was given up holds its place until the switch is done with it. */
  readonly #inFlight = new Set<string>();
  #lastId = 0;
  #ended: string | undefined;

  constructor(options: WsSocketOptions, listener: WsSocketListener) {
    this.#options = options;
    this.#listener = listener;
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      intervalMs: options.heartbeatMs,
      limitMs: options.silenceLimitMs,
      ping: () => this.#socket?.ping(),
      dead: () => this.#end(`nothing was heard for ${options.silenceLimitMs} ms`, true),
    });
  }

  /** Rejects with `switch.unauthorized` or `switch.unreachable`. */
  open(): Promise<void> {
    const { url, user, password, app } = this.#options;
    const target = new URL('/ari/events', url);
    target.protocol = target.protocol === 'https:' ? 'wss:' : 'ws:';
    target.searchParams.set('app', app);
    const socket = new WebSocket(target, {
      // A header instead of `?api_key=user:password`: URLs end up in logs.
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: this.#options.requestTimeoutMs,
    });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('open', () => {
        this.#heartbeat.start();
        resolve();
      });
      socket.on('unexpected-response', (_request, response) => {
        response.resume();
        const status = response.statusCode ?? 0;
        reject(
          status === 401 || status === 403
            ? new StrowgerError('switch.unauthorized', `Asterisk at ${url} refused the user '${user}' (${status}).`, { fields: { url, user, status } })
            : new StrowgerError('switch.unreachable', `Asterisk at ${url} did not open the event WebSocket (${status}).`, { fields: { url, status } }),
        );
        socket.terminate();
      });
      socket.on('error', (error) => {
        reject(new StrowgerError('switch.unreachable', `No WebSocket to Asterisk at ${url}: ${error.message}`, { fields: { url } }));
        this.#end(error.message, true);
      });
      socket.on('close', (code) => {
        reject(new StrowgerError('switch.unreachable', `Asterisk at ${url} closed the WebSocket (${code}).`, { fields: { url } }));
        this.#end(`the WebSocket was closed (${code})`, true);
      });
      socket.on('pong', () => this.#heartbeat.heard());
      socket.on('message', (data) => this.#receive(data));
    });
  }

  /** Resolves with the answer's JSON text, '' when it has none. */
  request(operation: AriOperation, encoded: EncodedRequest): Promise<string> {
    if (this.#ended !== undefined || this.#socket === undefined) return Promise.reject(unreachable(operation, this.#ended ?? 'it was never opened'));
    const id = String((this.#lastId += 1));
    const text = JSON.stringify({
      type: 'RESTRequest',
      request_id: id,
      method: encoded.method,
      uri: encoded.uri,
      ...(encoded.query.length === 0 ? {} : { query_strings: encoded.query }),
      ...(encoded.body === undefined ? {} : { content_type: 'application/json', message_body: encoded.body }),
    });
    if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
      return Promise.reject(refusal(operation, undefined, `the request is longer than ${MAX_MESSAGE_BYTES} bytes`));
    }
    const { clock, requestTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => this.#timeOut(id), requestTimeoutMs);
      this.#pending.set(id, { operation, startedAt: performance.now(), timer, resolve, reject });
      if (this.#inFlight.size < this.#options.maxInFlight) this.#transmit(id, text);
      else this.#waiting.push({ id, text });
    });
  }

  get pulse(): AriPulse {
    // Requests are taken off when they are answered, so the first is the oldest.
    const [oldest] = this.#pending.values();
    return { silentMs: this.#heartbeat.silentMs, oldestRequestMs: oldest === undefined ? 0 : performance.now() - oldest.startedAt };
  }

  close(): void {
    this.#end('it was closed', false);
  }

  #transmit(id: string, text: string): void {
    this.#inFlight.add(id);
    this.#socket?.send(text);
  }

  #receive(data: WebSocket.RawData): void {
    if (this.#ended !== undefined) return;
    this.#heartbeat.heard();
    const message = parseMessage((data as Buffer).toString());
    if (message === undefined) this.#options.stats.malformedMessages += 1;
    else if (message.type === 'RESTResponse') this.#answer(message as RESTResponse);
    else if (this.#options.stats.event(message.type)) this.#listener.event(message as AriEvent);
  }

  #answer(response: RESTResponse): void {
    const { request_id: id, status_code: status, message_body } = response;
    const body = typeof message_body === 'string' ? message_body : '';
    this.#inFlight.delete(id);
    const pending = this.#take(id);
    this.#transmitWaiting();
    // Unknown: it was given up already, or Asterisk could not read a request (it answers that with an empty id).
    if (pending === undefined) return;
    this.#options.stats.answered(performance.now() - pending.startedAt);
    if (status >= 200 && status < 300) pending.resolve(body);
    else pending.reject(refusal(pending.operation, status, response.reason_phrase, body));
  }

  #timeOut(id: string): void {
    const pending = this.#take(id);
    if (pending === undefined) return;
    this.#options.stats.timedOutRequests += 1;
    pending.reject(timedOut(pending.operation, this.#options.requestTimeoutMs));
    const isStuck = this.#inFlight.size >= this.#options.maxInFlight && [...this.#inFlight].every((sent) => !this.#pending.has(sent));
    if (isStuck) this.#end(`${this.#inFlight.size} requests were not answered within ${this.#options.requestTimeoutMs} ms`, true);
  }

  /** Takes a request off the books. */
  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#options.clock.clearTimeout(pending?.timer);
    return pending;
  }

  #transmitWaiting(): void {
    while (this.#inFlight.size < this.#options.maxInFlight) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      // What was given up while it waited must not happen any more.
      if (this.#pending.has(next.id)) this.#transmit(next.id, next.text);
    }
  }

  #end(reason: string, tell: boolean): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#heartbeat.stop();
    this.#waiting.length = 0;
    for (const [id, pending] of this.#pending) {
      this.#pending.delete(id);
      this.#options.clock.clearTimeout(pending.timer);
      pending.reject(unreachable(pending.operation, reason));
    }
    this.#socket?.terminate();
    if (tell) this.#listener.closed(reason);
  }
}
