import type { EventEmitter } from 'node:events';
import { globalAgent as httpAgent } from 'node:http';
import { globalAgent as httpsAgent } from 'node:https';
import ariClient from 'ari-client';
import type { Client, ClientSocket } from 'ari-client';
import { StrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { refusal, timedOut, unreachable } from './ari-failure.ts';
import type { AriOperation, AriParams, AriPulse, AriRequestOptions, AriResult, AriTransport, AriTransportListener, AriTransportOptions } from './ari-transport.ts';
import type { AriEvent } from './generated/events.ts';
import { Heartbeat } from './heartbeat.ts';
import { OrderedGate } from './ordered-gate.ts';
import { parseMessage } from './parse-message.ts';

// swagger-client leaves a function `log` in the global scope that prints to stdout and remembers whatever it printed.
Reflect.set(globalThis, 'log', () => undefined);

/**
 * For Asterisks that do not speak REST over WebSocket. The package (2.2.0) is kept on a short lead:
 * - its reconnection, which gives up after some 43 s, is switched off; AriConnection makes a new client instead;
 * - its message handler throws on events that it does not know, out of reach of any try: it is taken off the socket,
 *   and all events go through one pump of ours, without listeners a channel;
 * - it never notices a dead peer and its requests may never settle: heartbeat and time limits are ours;
 * - its password is one for the whole process: a second one is refused.
 */
export async function openAriClientTransport(options: AriTransportOptions, listener: AriTransportListener): Promise<AriTransport> {
  const release = holdCredentials(options);
  try {
    dropPooledSockets(options.url);
    // Reads a dozen api-docs files, 0.1 to 0.5 s. It never settles when one of these requests breaks off.
    const client = await within(options, options.requestTimeoutMs, ariClient.connect(options.url, options.user, options.password));
    const transport = new AriClientTransport(options, listener, client, release);
    await within(options, options.requestTimeoutMs, transport.open()).catch((error: unknown) => {
      transport.close();
      throw error;
    });
    return transport;
  } catch (error) {
    release();
    dropPooledSockets(options.url);
    if (error instanceof StrowgerError) throw error;
    throw new StrowgerError('switch.unreachable', `ari-client did not connect to ${options.url}: ${messageOf(error)}`, { fields: { url: options.url } });
  }
}

class AriClientTransport implements AriTransport {
  readonly kind = 'ari-client';
  readonly #options: AriTransportOptions;
  readonly #listener: AriTransportListener;
  readonly #client: Client;
  readonly #release: () => void;
  readonly #gate: OrderedGate;
  readonly #heartbeat: Heartbeat;
  /** How each unanswered request is told that the connection was lost, and since when it waits. */
  readonly #pending = new Map<(reason: string) => void, number>();
  #socket: ClientSocket | undefined;
  #opened = false;
  #ended: string | undefined;

  constructor(options: AriTransportOptions, listener: AriTransportListener, client: Client, release: () => void) {
    this.#options = options;
    this.#listener = listener;
    this.#client = client;
    this.#release = release;
    this.#gate = new OrderedGate(options.maxInFlight);
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      intervalMs: options.heartbeatMs,
      limitMs: options.heartbeatLimitMs,
      ping: () => this.#socket?.ping(),
      dead: () => this.#end(`nothing was heard for ${options.heartbeatLimitMs} ms`, true),
    });
  }

  open(): Promise<void> {
    void this.#client.start(this.#options.app).then(undefined, () => undefined); // Its outcome is read off the socket below.
    const socket = this.#client._ws;
    if (socket === undefined) return Promise.reject(new Error('ari-client made no WebSocket'));
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        // Before ari-client's own listener: it takes this end for a wanted one and does not reconnect.
        this.#client._wsClosed = true;
        reject(new StrowgerError('switch.unreachable', `No event WebSocket to Asterisk at ${this.#options.url}: ${reason}`, { fields: { url: this.#options.url } }));
        this.#end(reason, true);
      };
      socket.prependListener('error', (error: Error) => fail(error.message));
      socket.prependListener('close', (code: number) => fail(`the WebSocket was closed (${code})`));
      socket.removeAllListeners('message');
      socket.on('message', (data: string) => this.#receive(data));
      socket.on('pong', () => this.#heartbeat.heard());
      socket.on('open', () => {
        this.#opened = true;
        this.#heartbeat.start();
        resolve();
      });
    });
  }

  request<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<AriResult<Op>> {
    const { clock, requestTimeoutMs, stats } = this.#options;
    if (this.#ended !== undefined) return Promise.reject(unreachable(operation, this.#ended));
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      let open = true;
      let leave: () => void = () => undefined;
      const settle = (act: () => void) => {
        if (!open) return;
        open = false;
        clock.clearTimeout(timer);
        this.#pending.delete(lost);
        act();
        leave();
      };
      const lost = (reason: string) => settle(() => reject(unreachable(operation, reason)));
      const timer = clock.setTimeout(() => {
        stats.timedOutRequests += 1;
        settle(() => reject(timedOut(operation, requestTimeoutMs)));
      }, requestTimeoutMs);
      this.#pending.set(lost, startedAt);
      this.#gate.enter(options?.orderKey ?? '', () => {
        if (!open) return Promise.resolve();
        const left = new Promise<void>((done) => (leave = done));
        this.#call(operation, params).then(
          (result) => settle(() => (stats.answered(performance.now() - startedAt), resolve(result))),
          (error: unknown) => settle(() => (stats.answered(performance.now() - startedAt), reject(failureOf(operation, error)))),
        );
        return left;
      });
    });
  }

  async send<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<void> {
    await this.request(operation, params, options);
  }

  pulse(): AriPulse {
    const [oldest] = this.#pending.values();
    return { silentMs: this.#heartbeat.silentMs, oldestRequestMs: oldest === undefined ? 0 : performance.now() - oldest };
  }

  close(): void {
    this.#end('it was closed', false);
  }

  #call(operation: AriOperation, params: object): PromiseLike<unknown> {
    const [resource = '', name = ''] = operation.split('.');
    const method = (this.#client[resource] as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (typeof method !== 'function') return Promise.reject(new Error(`this Asterisk does not know ${operation}`));
    // Swagger sends a list as it prints: comma-separated.
    return method.call(this.#client[resource], { ...params }) as PromiseLike<unknown>;
  }

  #receive(data: string): void {
    if (this.#ended !== undefined) return;
    this.#heartbeat.heard();
    const message = parseMessage(data);
    if (message === undefined) this.#options.stats.malformedMessages += 1;
    else if (this.#options.stats.event(message.type)) this.#listener.event(message as AriEvent);
  }

  #end(reason: string, tell: boolean): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#heartbeat.stop();
    this.#release();
    this.#client._wsClosed = true;
    this.#socket?.terminate();
    (this.#client as EventEmitter).removeAllListeners();
    dropPooledSockets(this.#options.url);
    for (const lost of [...this.#pending.keys()]) lost(reason);
    if (tell && this.#opened) this.#listener.closed(reason);
  }
}

/**
 * swagger-client sends through Node's global agents, which keep sockets for reuse: those of a dead connection would
 * swallow the requests of the next one.
 */
function dropPooledSockets(url: string): void {
  const { protocol, hostname, port } = new URL(url);
  const [agent, defaultPort] = protocol === 'https:' ? [httpsAgent, '443'] : [httpAgent, '80'];
  const name = `${hostname}:${port || defaultPort}:`;
  for (const pool of [agent.sockets, agent.freeSockets]) {
    for (const [key, sockets] of Object.entries(pool)) if (key.startsWith(name)) for (const socket of sockets ?? []) socket.destroy();
  }
}

// swagger-client keeps one authorization for all its clients (`swagger.authorizations`).
const held = { credentials: '', count: 0 };

function holdCredentials({ url, user, password }: AriTransportOptions): () => void {
  const credentials = JSON.stringify([user, password]);
  if (held.count > 0 && held.credentials !== credentials) {
    throw new StrowgerError('switch.credentials', `The node at ${url} has another user or password than the other nodes that are driven through ari-client.`, { fields: { url, user } });
  }
  held.credentials = credentials;
  held.count += 1;
  let isHeld = true;
  return () => {
    if (isHeld) held.count -= 1;
    isHeld = false;
  };
}

// ari-client drops the status and leaves the answer's text; these are the sentences of Asterisk that matter to us.
const STATUS_OF_DETAIL: readonly (readonly [RegExp, number])[] = [
  [/not found$/i, 404],
  [/^Allocation failed$/, 500],
  [/^(Channel|Bridge) not in Stasis application$/, 409],
  [/already exists$/, 409],
  [/^Channel not in this bridge$/, 422],
];

function failureOf(operation: AriOperation, error: unknown): StrowgerError {
  const body = messageOf(error);
  const detail = (parseBody(body) ?? body).trim();
  return refusal(operation, STATUS_OF_DETAIL.find(([pattern]) => pattern.test(detail))?.[1], detail.slice(0, 200));
}

function parseBody(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { readonly message?: unknown; readonly error?: unknown } | null;
    const text = parsed?.message ?? parsed?.error;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined; // Not JSON: the text is the detail.
  }
}

function within<T>({ clock, url }: AriTransportOptions, timeoutMs: number, promise: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new StrowgerError('switch.unreachable', `ari-client did not connect to ${url} within ${timeoutMs} ms.`, { fields: { url } })), timeoutMs);
    promise.then(
      (value) => (clock.clearTimeout(timer), resolve(value)),
      (error: unknown) => (clock.clearTimeout(timer), reject(error instanceof Error ? error : new Error(messageOf(error)))),
    );
  });
}
