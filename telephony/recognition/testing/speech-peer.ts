import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

/**
 * What is said in all that has been heard so far, as signed 16-bit samples at the peer's rate. `|` stands where a server would hear a pause.
 * Asked anew as sound comes, so it may grow; `isEnd` when nothing more comes.
 */
export type Hearing = (samples: Int16Array, isEnd: boolean) => string | Promise<string>;

/** How a peer behaves: `well`, or one of the ways in which servers let one down. */
export type Manner =
  | 'well'
  /** Takes everything and says nothing. */
  | 'silent'
  /** Says what it has to say about an ended utterance when the test calls `release`. */
  | 'held'
  /** Answers the request for a connection with 503. */
  | 'refuses'
  /** Never answers that request. */
  | 'stalls'
  /** Cuts the connection when the first sound comes. */
  | 'drops'
  /** Closes it in good order when the first sound comes. */
  | 'leaves'
  /** Cuts the connection at the end of an utterance instead of answering. */
  | 'drops-at-end'
  /** Says this instead of each of its answers. */
  | { readonly says: string | Buffer };

/** One utterance as it arrived. */
export interface Arrival {
  readonly opening: unknown;
  readonly samples: Int16Array;
  /** Samples of each message. */
  readonly lengths: readonly number[];
  readonly isEnded: boolean;
}

/** One connection, as a protocol's server sees it. */
export interface Talk {
  readonly socket: WebSocket;
  opening: unknown;
  isEnded: boolean;
  readonly samples: GrowingSound;
  readonly lengths: number[];
  /** Messages that have come and are not worked on yet. */
  queued: number;
  /** Whatever else the protocol needs to remember. */
  said: string;
  /** How many bars of what is heard have been passed. */
  pauses: number;
}

/**
 * A peer for tests of a recogniser behind a WebSocket: a real server on a loopback port that speaks the protocol as the real one does, and
 * checks all that it is sent. It is NOT the real server: what it "recognises" is what a given function says. What a real client would get
 * wrong without noticing (a rate, an order, a format) is a complaint here: the connection is closed and `close` rejects.
 */
export abstract class SpeechPeer {
  manner: Manner = 'well';
  readonly complaints: string[] = [];
  readonly #http: Server;
  readonly #sockets = new Set<Socket>();
  readonly #talks: Talk[] = [];
  readonly #held: (() => void)[] = [];
  #waiters: (() => void)[] = [];
  #port = 0;
  protected readonly hear: Hearing;
  /** What a client must ask for. The others know none. */
  protected readonly subprotocol: string | undefined = undefined;
  /** Whether the client says where an utterance ends. */
  protected readonly isToldTheEnd: boolean = true;

  constructor(hear: Hearing) {
    this.hear = hear;
    const webSockets = new WebSocketServer({ noServer: true, handleProtocols: ([asked = '']) => this.nameSubprotocol(asked) });
    this.#http = createServer((_request, response) => response.writeHead(426).end());
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#happened();
      });
      socket.on('error', () => undefined);
      this.#happened();
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.manner === 'stalls') socket.on('end', () => socket.end()).resume();
      else if (this.manner === 'refuses') socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request));
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** How many there have been. */
  get connections(): number {
    return this.#talks.length;
  }

  /** Whether all that came has been worked on, and every utterance that is open has ended. */
  get isAtRest(): boolean {
    return this.#talks.every((talk) => talk.queued === 0 && (talk.isEnded || talk.socket.readyState === talk.socket.CLOSED));
  }

  /** One for each connection so far. */
  get arrivals(): readonly Arrival[] {
    return this.#talks.map(({ opening, samples, lengths, isEnded }) => ({ opening, samples: samples.all().slice(), lengths, isEnded }));
  }

  /** Resolves as soon as it holds; looks whenever something happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Lets the answers go that were held. */
  release(): void {
    for (const answer of this.#held.splice(0)) answer();
  }

  /** Rejects if anything was complained about. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
    if (this.complaints.length > 0) throw new Error(`Not the protocol:\n${this.complaints.join('\n')}`);
  }

  /** Which subprotocol it answers with, when it is asked for one; false: none. */
  protected nameSubprotocol(asked: string): string | false {
    return asked;
  }

  /** A message in the order of arrival. Throws what is wrong with it. */
  protected abstract take(talk: Talk, message: string | Buffer): Promise<void>;

  /** Notes the samples of a binary message. */
  protected heard(talk: Talk, samples: readonly number[]): void {
    if (samples.length === 0) throw new Error('a message has no sound');
    if (talk.isEnded && this.isToldTheEnd) throw new Error('sound came after the end');
    talk.samples.push(samples);
    talk.lengths.push(samples.length);
    this.#happened();
    if (this.manner === 'drops') talk.socket.terminate();
    if (this.manner === 'leaves') talk.socket.close(1000);
  }

  protected ended(talk: Talk): void {
    if (talk.isEnded) throw new Error('the end came twice');
    talk.isEnded = true;
    this.#happened();
    if (this.manner === 'drops-at-end') talk.socket.terminate();
  }

  /** All that is said in what has come so far. */
  protected textOf(talk: Talk): string | Promise<string> {
    return this.hear(talk.samples.all(), talk.isEnded);
  }

  protected say(talk: Talk, message: string): void {
    const { manner } = this;
    if (manner === 'silent') return;
    const send = (): void => {
      if (talk.socket.readyState === talk.socket.OPEN) talk.socket.send(typeof manner === 'object' ? manner.says : message);
    };
    if (manner === 'held' && talk.isEnded) this.#held.push(send);
    else send();
  }

  /** Closes the connection once all has been said. */
  protected leave(talk: Talk): void {
    if (this.manner === 'silent') return;
    const close = (): void => talk.socket.close(1000);
    if (this.manner === 'held') this.#held.push(close);
    else close();
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const talk: Talk = { socket, opening: undefined, isEnded: false, samples: new GrowingSound(), lengths: [], queued: 0, said: '', pauses: 0 };
    this.#talks.push(talk);
    let order = Promise.resolve();
    const complain = (error: unknown): void => {
      this.complaints.push(`connection ${this.#talks.length}: ${error instanceof Error ? error.message : String(error)}`);
      socket.close(1002);
    };
    const asked = request.headers['sec-websocket-protocol'];
    if (asked !== this.subprotocol) complain(this.subprotocol === undefined ? 'it asks for a subprotocol, and the servers know none' : `it asks for the subprotocol ${asked}`);
    socket.on('error', () => undefined);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const message = isBinary ? (data as Buffer) : (data as Buffer).toString();
      talk.queued += 1;
      order = order
        .then(() => this.take(talk, message))
        .catch(complain)
        .then(() => {
          talk.queued -= 1;
          this.#happened();
        });
    });
  }

  #happened(): void {
    for (const look of this.#waiters.splice(0)) look();
  }
}

/** Sound that is added to. */
class GrowingSound {
  #samples = new Int16Array(16_000);
  #length = 0;

  push(more: readonly number[]): void {
    if (this.#length + more.length > this.#samples.length) {
      const larger = new Int16Array(2 * (this.#length + more.length));
      larger.set(this.all());
      this.#samples = larger;
    }
    this.#samples.set(more, this.#length);
    this.#length += more.length;
  }

  /** Good until more is added. */
  all(): Int16Array {
    return this.#samples.subarray(0, this.#length);
  }
}

/** Reads signed 16-bit little-endian samples. Throws when they are not. */
export function fromS16le(bytes: Buffer): readonly number[] {
  if (bytes.length % 2 !== 0) throw new Error(`${bytes.length} bytes are no 16-bit samples`);
  return Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
}

/** Throws unless the object has just these fields, each as its check wants it. */
export function expectFields(object: unknown, checks: Readonly<Record<string, (value: unknown) => boolean>>): asserts object is Record<string, unknown> {
  if (typeof object !== 'object' || object === null) throw new Error(`${JSON.stringify(object)} is no object`);
  for (const field of Object.keys(object)) if (!(field in checks)) throw new Error(`'${field}' is unknown to the server`);
  for (const [field, isRight] of Object.entries(checks)) {
    const value = (object as Record<string, unknown>)[field];
    if (!isRight(value)) throw new Error(`'${field}' must not be ${JSON.stringify(value)}`);
  }
}
