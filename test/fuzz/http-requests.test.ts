import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeDeps } from '../../integrations/http/api-deps.fixture.ts';
import { startApiServer, type ApiServer } from '../../integrations/http/api-server.ts';
import { fakeRecordings } from '../../integrations/http/recording.fixture.ts';
import { damaged, damagedText, fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const BODIES = [
  { reason: 'lunch' },
  { code: 'sold' },
  { priority: 1 },
  { queueId: 'q', number: '13812345678', window: { from: '2026-08-12T10:00+08:00', to: '2026-08-12T11:00+08:00' }, wish: { text: 'x' } },
  { soon: true },
  { by: 'supervisor', name: 'Han' },
  { name: 'A', endpoint: 'PJSIP/1', skills: { loans: 3 }, queues: ['q'], capacity: 2 },
  { name: 'Q', steps: [{ afterSeconds: 10, skills: { loans: 2 } }], callbacks: { order: 'agentFirst' } },
  { draining: true },
  { user: 'a', password: 'b' },
];
const refuse = (): never => {
  throw new StrowgerError('agent.unknown', 'There is nobody.');
};

let server: ApiServer;
let operations: readonly { readonly method: string; readonly path: string; readonly queries: readonly string[] }[];
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

beforeAll(async () => {
  const agents = { agents: () => [], signIn: refuse, signOut: refuse, setReady: refuse, setNotReady: refuse, finishWrapUp: refuse, enterCode: refuse };
  server = await startApiServer({ deps: fakeDeps({ agents, recordings: fakeRecordings(), reports: { figures: refuse, expectedWait: refuse }, engine: { handOver: refuse, drain: fakeDeps().engine.drain } }), logger: silentLogger, port: 0, requestsPerMinute: 1_000_000_000 });
  const { paths } = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({ method: method.toUpperCase(), path, queries: parameters.flatMap((one) => (one.in === 'query' ? [one.name] : [])) })),
  );
});
afterAll(async () => {
  agent.destroy();
  await server.close();
});

function ask(method: string, path: string, body: string | undefined, type: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(server.url), { method, path, agent, headers: body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const odd = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('..', '.', '%', '1001', '-1', '1e9', '__proto__', '2026-08-12T10:00+08:00', '9'.repeat(300), "'; drop table", '\r\nX: y', '\0'));
const json = fc.oneof({ weight: 5, arbitrary: damaged(BODIES).map((one) => JSON.stringify(one) ?? '') }, { weight: 1, arbitrary: damagedText(BODIES.map((one) => JSON.stringify(one))) }, fc.json(), fc.constant(`${'['.repeat(20_000)}${']'.repeat(20_000)}`));

it(
  'requests to each route, with any names, queries and bodies, are answered with a code, and never as a fault of ours',
  async () => {
    expect(operations.length).toBeGreaterThan(30);
    const input = fc.record({
      at: fc.nat(),
      names: fc.array(odd, { minLength: 3, maxLength: 3 }),
      queries: fc.array(odd, { minLength: 4, maxLength: 4 }),
      asked: fc.nat(15),
      body: fc.option(json, { nil: undefined }),
      type: fc.constantFrom('application/json', 'application/json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data', 'a/b/c'),
    });
    await fuzz(input, async ({ at, names, queries, asked, body, type }) => {
      const { method, path, queries: known } = operations[at % operations.length] ?? { method: 'GET', path: '/', queries: [] };
      const given = names.values();
      const filled = path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(given.next().value ?? ''));
      const query = known.flatMap((name, i) => (asked & (1 << i) ? [`${name}=${encodeURIComponent(queries[i % queries.length] ?? '')}`] : [])).join('&');
      const { status, text } = await ask(method, `/api/v1${filled.replace(/^\/api\/v1/, '')}${query === '' ? '' : `?${query}`}`, method === 'GET' ? undefined : body, type);
      if (status >= 500 || status < 200) throw new Error(`${method} ${filled}?${query} ${body ?? ''}: ${status} ${text}`);
      if (status >= 400) expect(JSON.parse(text)).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
    });
  },
  FUZZ_TIMEOUT_MS,
);

it(
  'bytes that are no HTTP do not end the server',
  async () => {
    const text = fc.oneof(damagedText(['GET /api/v1/agents HTTP/1.1\r\nHost: x\r\n\r\n', 'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}', 'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n']), fc.string({ unit: 'binary', maxLength: 300 }));
    await fuzz(
      text,
      (bytes) =>
        new Promise((resolve) => {
          const socket = connect(server.port, '127.0.0.1', () => socket.end(bytes));
          socket.on('error', () => undefined).on('close', () => resolve());
          socket.resume();
        }),
      async () => expect((await ask('GET', '/healthz', undefined, '')).status).toBe(200),
    );
  },
  FUZZ_TIMEOUT_MS,
);
