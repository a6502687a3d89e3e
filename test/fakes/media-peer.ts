import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface MediaGuest {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** The far end of a media WebSocket, for what a real chan_websocket cannot be made to do. Takes one connection. */
export class MediaPeer {
  /** Settles when somebody has connected. */
  readonly guest: Promise<MediaGuest>;
  readonly #upgrades: WebSocketServer;
  readonly #http: Server = createServer();

  static async start(): Promise<MediaPeer> {
    const peer = new MediaPeer();
    peer.#http.listen(0, '127.0.0.1');
    await once(peer.#http, 'listening');
    return peer;
  }

  private constructor() {
    this.#upgrades = new WebSocketServer({ server: this.#http });
    this.guest = new Promise((resolve) => this.#upgrades.on('connection', (socket, request) => resolve({ socket, request })));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/media/secret-id`;
  }

  /** Knows no such connection any more. */
  refuse(): void {
    this.#http.removeAllListeners('upgrade');
    this.#http.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'));
  }

  async stop(): Promise<void> {
    for (const socket of this.#upgrades.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}
