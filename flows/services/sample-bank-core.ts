import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A back office to try the hotline with: a small HTTP server that holds three customers in memory. It is for
 * demonstrations and tests only. bank-core.ts is its client and says what its answers mean.
 *
 * ```
 * POST /v1/authentications {account, pin}   → {status: 'verified', customerId} | {status: 'refused'} | {status: 'locked'}
 * GET  /v1/customers/ID/balance             → {currency: 'CNY', available: '12345.67'}
 * GET  /v1/customers/ID/next-appointment    → {startsAt: '2026-09-01T10:00:00+08:00' | null}
 * ```
 */
export interface SampleCustomer {
  readonly customerId: string;
  readonly account: string;
  readonly pin: string;
  /** Yuan, as the core system writes amounts. */
  readonly available: string;
  readonly nextAppointment: string | null;
}

export const SAMPLE_CUSTOMERS: readonly SampleCustomer[] = [
  { customerId: 'c-1001', account: '6299990000010015', pin: '246810', available: '12345.67', nextAppointment: '2026-09-01T10:00:00+08:00' },
  { customerId: 'c-1002', account: '6299990000010023', pin: '135791', available: '0.05', nextAppointment: null },
  { customerId: 'c-1003', account: '6299990000010031007', pin: '112233', available: '-208.00', nextAppointment: '2027-01-15T14:30:00+08:00' },
];

/** How the sample misbehaves. */
export interface SampleKnobs {
  /** Before each answer. */
  readonly delayMs: number;
  /** `error` is a 500, `nonsense` JSON of another shape, `html` no JSON, `drop` cuts the connection, `hang` never answers. */
  readonly answer: 'normal' | 'error' | 'nonsense' | 'html' | 'drop' | 'hang';
}

export interface SampleBankCore {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Requests so far as `METHOD path`, for tests. Bodies are not kept: they hold PINs. */
  readonly requests: readonly string[];
  set(knobs: Partial<SampleKnobs>): void;
  close(): Promise<void>;
}

/** Wrong PINs after which an account is locked. */
const LOCK_AFTER = 5;

/** Starts the sample on loopback; port 0 takes a free one. */
export async function startSampleBankCore(options: { readonly port?: number } = {}): Promise<SampleBankCore> {
  let knobs: SampleKnobs = { delayMs: 0, answer: 'normal' };
  const requests: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const bank = new SampleBank();
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    readBody(request, (body) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (knobs.answer === 'hang') return;
        if (knobs.answer === 'drop') return void response.destroy();
        if (!misbehave(response, knobs.answer)) send(response, bank.answer(request, body));
      }, knobs.delayMs);
      timers.add(timer);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    set: (changed) => void (knobs = { ...knobs, ...changed }),
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

class SampleBank {
  readonly #wrongPins = new Map<string, number>();
  /** Answers by idempotency key: the same attempt is counted once. */
  readonly #given = new Map<string, Answer>();

  answer(request: IncomingMessage, body: string): Answer {
    const { method, url = '' } = request;
    if (method === 'POST' && url === '/v1/authentications') {
      const key = request.headers['idempotency-key'];
      const known = typeof key === 'string' ? this.#given.get(key) : undefined;
      const answer = known ?? this.#authenticate(body);
      if (typeof key === 'string') this.#given.set(key, answer);
      return answer;
    }
    const [, id, what] = /^\/v1\/customers\/([^/]+)\/(balance|next-appointment)$/.exec(url) ?? [];
    const customer = SAMPLE_CUSTOMERS.find(({ customerId }) => customerId === decodeURIComponent(id ?? ''));
    if (method !== 'GET' || !customer) return { status: 404, body: { error: 'not found' } };
    return what === 'balance'
      ? { status: 200, body: { currency: 'CNY', available: customer.available } }
      : { status: 200, body: { startsAt: customer.nextAppointment } };
  }

  #authenticate(body: string): Answer {
    const { account, pin } = parse(body);
    if (typeof account !== 'string' || typeof pin !== 'string') return { status: 400, body: { error: 'account and pin are wanted' } };
    const wrong = this.#wrongPins.get(account) ?? 0;
    if (wrong >= LOCK_AFTER) return { status: 200, body: { status: 'locked' } };
    const customer = SAMPLE_CUSTOMERS.find((one) => one.account === account);
    // Compared also where there is no such account: the time of the answer must not tell which of the two is wrong.
    if (!isSame(pin, customer?.pin ?? '') || !customer) {
      this.#wrongPins.set(account, wrong + 1);
      return { status: 200, body: { status: wrong + 1 >= LOCK_AFTER ? 'locked' : 'refused' } };
    }
    this.#wrongPins.delete(account);
    return { status: 200, body: { status: 'verified', customerId: customer.customerId } };
  }
}

/** In the same time, whatever was given: hashes have one length. */
function isSame(given: string, right: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(right));
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const MAX_BODY = 10_000;

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
    if (body.length > MAX_BODY) request.destroy();
  });
  request.on('end', () => done(body));
}

function misbehave(response: ServerResponse, how: SampleKnobs['answer']): boolean {
  switch (how) {
    case 'error':
      send(response, { status: 500, body: { error: 'out of order' } });
      return true;
    case 'nonsense':
      send(response, { status: 200, body: { status: 'perhaps', available: 'much', startsAt: 'soon' } });
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>');
      return true;
    default:
      return false;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
