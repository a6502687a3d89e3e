import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { WebSocketServer } from 'ws';
import type { RandomStream } from '../../engine/simulation/random-stream.ts';

/** What is done to the events on their way from the switch. Shares of 1. */
export interface Mischief {
  readonly late: number;
  readonly twice: number;
  readonly swapped: number;
  /** The most that a late one waits. */
  readonly lateMs: number;
}

/**
 * Stands between an engine and the ARI of its Asterisk. Requests and their answers go through as they are; events may be late, come twice or in
 * another order. Connections can be cut, and can stand still as on a network that has lost its way.
 */
export class AriProxy {
  readonly url: string;
  readonly #target: URL;
  readonly #random: RandomStream;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #pairs = new Set<Pair>();
  mischief: Mischief | undefined;

  private constructor(server: Server, target: URL, random: RandomStream) {
    this.#server = server;
    this.#target = target;
    this.#random = random;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const webSockets = new WebSocketServer({ noServer: true });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (incoming, response) => {
      const outgoing = request(new URL(incoming.url ?? '/', target), { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: target.host } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      // The switch is away: so is whoever asks through us.
      outgoing.on('error', () => incoming.socket.destroy());
      incoming.pipe(outgoing);
    });
    server.on('upgrade', (incoming, socket, head) => {
      const far = this.#dial(incoming);
      const refuse = (): void => void socket.destroy();
      far.once('error', refuse);
      far.once('open', () => {
        far.off('error', refuse);
        webSockets.handleUpgrade(incoming, socket, head, (near) => this.#join(near, far, new URL(incoming.url ?? '/', target).searchParams.get('app') ?? ''));
      });
    });
  }

  static async start(target: string, random: RandomStream): Promise<AriProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AriProxy(server, new URL(target), random);
  }

  /** Every connection ends, as when a switch or a firewall restarts. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const pair of this.#pairs) pair.end();
  }

  /** Nothing passes for so long, and nothing is lost. */
  async standStill(forMs: number): Promise<void> {
    for (const pair of this.#pairs) pair.pause();
    await new Promise((fulfil) => setTimeout(fulfil, forMs));
    for (const pair of this.#pairs) pair.resume();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #dial({ url = '/', headers }: IncomingMessage): WebSocket {
    const target = new URL(url, this.#target);
    target.protocol = 'ws:';
    return new WebSocket(target, { headers: headers.authorization === undefined ? {} : { authorization: headers.authorization } });
  }

  #join(near: WebSocket, far: WebSocket, app: string): void {
    // Request sockets have no events, and the answers on them have an order.
    const pair = new Pair(near, far, /-r\d+$/.test(app) ? () => undefined : () => this.mischief, this.#random);
    this.#pairs.add(pair);
    near.once('close', () => this.#pairs.delete(pair));
  }
}

/** One WebSocket on both sides of the proxy. */
class Pair {
  readonly #near: WebSocket;
  readonly #far: WebSocket;
  readonly #mischief: () => Mischief | undefined;
  readonly #random: RandomStream;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** An event that lets the next one go first. */
  #swapped: string | undefined;

  constructor(near: WebSocket, far: WebSocket, mischief: () => Mischief | undefined, random: RandomStream) {
    this.#near = near;
    this.#far = far;
    this.#mischief = mischief;
    this.#random = random;
    near.on('message', (data, isBinary) => far.send(data, { binary: isBinary }));
    near.on('ping', () => far.ping());
    far.on('message', (data) => this.#fromSwitch((data as Buffer).toString('utf8')));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => one.terminate());
      one.once('close', () => {
        for (const timer of this.#timers) clearTimeout(timer);
        other.terminate();
      });
    }
  }

  end(): void {
    this.#near.terminate();
    this.#far.terminate();
  }

  pause(): void {
    this.#near.pause();
    this.#far.pause();
  }

  resume(): void {
    this.#near.resume();
    this.#far.resume();
  }

  #fromSwitch(text: string): void {
    const mischief = this.#mischief();
    const isAnswer = /^\{\s*"type":\s*"RESTResponse"/.test(text);
    if (mischief === undefined || isAnswer) {
      this.#flush();
      this.#near.send(text);
      return;
    }
    if (this.#chance(mischief.twice)) this.#pass(text, this.#random.uniform() * mischief.lateMs);
    if (this.#swapped === undefined && this.#chance(mischief.swapped)) {
      this.#swapped = text;
      // There may be no next one for long.
      this.#later(mischief.lateMs, () => this.#flush());
      return;
    }
    this.#pass(text, this.#chance(mischief.late) ? this.#random.uniform() * mischief.lateMs : 0);
    this.#flush();
  }

  #flush(): void {
    const text = this.#swapped;
    this.#swapped = undefined;
    if (text !== undefined) this.#near.send(text);
  }

  #pass(text: string, afterMs: number): void {
    if (afterMs === 0) this.#near.send(text);
    else this.#later(afterMs, () => this.#near.send(text));
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }

  #chance(share: number): boolean {
    return this.#random.uniform() < share;
  }
}
