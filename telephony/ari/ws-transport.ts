import { messageOf } from '../../engine/domain/errors.ts';
import type { AriOperation, AriParams, AriPulse, AriRequestOptions, AriResult, AriTransport, AriTransportListener, AriTransportOptions } from './ari-transport.ts';
import { refusal } from './ari-failure.ts';
import { encodeRequest } from './encode-request.ts';
import { WsSocket } from './ws-socket.ts';

/**
 * REST over WebSocket: one socket for events and a few for requests. Asterisk serves the requests of a socket one after
 * another, so a slow one (answer) holds up those behind it; each request socket has an application of its own name
 * without subscriptions. All sockets live and die together: a connection is whole or it is not.
 */
export async function openWsTransport(options: AriTransportOptions, listener: AriTransportListener): Promise<AriTransport> {
  const sockets: WsSocket[] = [];
  let opened = false;
  let ended = false;
  const closeAll = () => {
    ended = true;
    for (const socket of sockets) socket.close();
  };
  const lost = (reason: string) => {
    if (ended) return;
    closeAll();
    if (opened) listener.closed(reason); // Before that, the rejection tells.
  };
  const add = (app: string, silenceLimitMs: number, event: AriTransportListener['event']) => {
    const socket = new WsSocket({ ...options, app, silenceLimitMs }, { event: (e) => !ended && event(e), closed: lost });
    sockets.push(socket);
    return socket;
  };
  // A request socket is silent while Asterisk works on a slow request: that is not death.
  const patience = Math.max(options.heartbeatLimitMs, options.requestTimeoutMs + options.heartbeatMs);
  const requestSockets = Array.from({ length: options.requestSockets }, (_, i) => add(`${options.app}-r${i + 1}`, patience, () => undefined));
  const eventSocket = add(options.app, options.requestSockets === 0 ? patience : options.heartbeatLimitMs, (event) => listener.event(event));
  try {
    await Promise.all(requestSockets.map((socket) => socket.open()));
    // Last, so that no event can come before requests can be made.
    await eventSocket.open();
    opened = true;
  } catch (error) {
    closeAll();
    throw error;
  }
  return new WsTransport(eventSocket, requestSockets.length === 0 ? [eventSocket] : requestSockets, closeAll);
}

class WsTransport implements AriTransport {
  readonly kind = 'ws';
  readonly #events: WsSocket;
  readonly #sockets: readonly WsSocket[];
  readonly close: () => void;

  constructor(events: WsSocket, sockets: readonly WsSocket[], close: () => void) {
    this.#events = events;
    this.#sockets = sockets;
    this.close = close;
  }

  async request<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<AriResult<Op>> {
    const body = await this.#socketFor(options?.orderKey).request(operation, encodeRequest(operation, params));
    try {
      return (body === '' ? undefined : JSON.parse(body)) as AriResult<Op>;
    } catch (error) {
      throw refusal(operation, undefined, `its answer is no JSON (${messageOf(error)})`);
    }
  }

  async send<Op extends AriOperation>(operation: Op, params: AriParams<Op>, options?: AriRequestOptions): Promise<void> {
    await this.#socketFor(options?.orderKey).request(operation, encodeRequest(operation, params));
  }

  pulse(): AriPulse {
    return { silentMs: this.#events.pulse.silentMs, oldestRequestMs: Math.max(...this.#sockets.map(({ pulse }) => pulse.oldestRequestMs)) };
  }

  #socketFor(orderKey = ''): WsSocket {
    return this.#sockets[hashOf(orderKey) % this.#sockets.length] as WsSocket;
  }
}

// FNV-1a (32 bit): spreads ids that differ in their last characters only.
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
