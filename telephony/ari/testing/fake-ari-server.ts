import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

export interface FakeRequest {
  /** Application of the socket that it came on. */
  readonly app: string;
  readonly request_id: string;
  readonly method: string;
  readonly uri: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** The wire of Asterisk's ARI with knobs: for what a real Asterisk cannot be made to do. */
export class FakeAriServer {
  readonly requests: FakeRequest[] = [];
  /** Paths with query of plain HTTP requests and WebSocket upgrades, in order. */
  readonly visits: string[] = [];
  readonly user = 'engine';
  readonly password = 'sesame-4711';
  version = '22.10.1';
  startedAt = '2026-01-01T00:00:00.000+0000';
  /** What a request is answered with; undefined: not at all. */
  answer: (request: FakeRequest) => FakeAnswer | undefined = plainAnswer;
  /** True: nothing is answered any more, not even a ping. */
  stalled = false;
  readonly #http: Server;
  readonly #sockets = new Map<string, WebSocket>();
  #port = 0;

  constructor() {
    const upgrades = new WebSocketServer({ noServer: true, autoPong: false });
    this.#http = createServer((request, response) => {
      const isKnown = this.#visit(request);
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isKnown ? { system: { version: this.version, entity_id: 'fake' }, status: { startup_time: this.startedAt } } : { message: 'Authentication required' }));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (!this.#visit(request)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
        return;
      }
      upgrades.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, new URL(request.url ?? '', 'http://x').searchParams.get('app') ?? ''));
    });
  }

  /** Listens on a free port, after a stop on the same one again. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get openApps(): readonly string[] {
    return [...this.#sockets.keys()].sort();
  }

  /** Sends text or an object as JSON on the socket of an application. */
  tell(app: string, message: unknown): void {
    this.#sockets.get(app)?.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  event(app: string, type: string, fields: object = {}): void {
    this.tell(app, { type, application: app, timestamp: '2026-01-01T00:00:00.000+0000', ...fields });
  }

  respond(request: FakeRequest, { status, body }: FakeAnswer): void {
    const message_body = body === undefined ? undefined : JSON.stringify(body);
    this.tell(request.app, { type: 'RESTResponse', request_id: request.request_id, status_code: status, reason_phrase: String(status), message_body });
  }

  /** Cuts the WebSocket of an application, without a name all, as a crash would. */
  cut(app?: string): void {
    for (const [name, socket] of this.#sockets) if (app === undefined || app === name) socket.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #visit(request: IncomingMessage): boolean {
    this.visits.push(request.url ?? '');
    return request.headers.authorization === `Basic ${Buffer.from(`${this.user}:${this.password}`).toString('base64')}`;
  }

  #accept(socket: WebSocket, app: string): void {
    this.#sockets.set(app, socket);
    socket.on('close', () => this.#sockets.get(app) === socket && this.#sockets.delete(app));
    socket.on('ping', () => !this.stalled && socket.pong());
    socket.on('message', (data) => {
      if (this.stalled) return;
      const { query_strings = [], message_body, ...rest } = JSON.parse((data as Buffer).toString()) as {
        request_id: string;
        method: string;
        uri: string;
        query_strings?: { name: string; value: string }[];
        message_body?: string;
      };
      const query = Object.fromEntries(query_strings.map(({ name, value }) => [name, value]));
      const request = { ...rest, app, query, body: message_body === undefined ? undefined : (JSON.parse(message_body) as unknown) };
      this.requests.push(request);
      const answer = this.answer(request);
      if (answer !== undefined) this.respond(request, answer);
    });
  }
}

/** An Asterisk without channels that grants every wish. */
export function plainAnswer(request: FakeRequest): FakeAnswer {
  if (request.uri === 'asterisk/ping') return { status: 200, body: { asterisk_id: 'fake', ping: 'pong', timestamp: new Date().toISOString().replace('Z', '+0000') } };
  if (request.method === 'GET') return { status: 200, body: [] };
  return { status: 204 };
}
