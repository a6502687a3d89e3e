import { request as httpRequest } from 'node:http';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AttemptLedger } from '../../engine/identification/attempt-ledger.ts';
import type { AttemptLimit } from '../../engine/domain/attempts.ts';
import type { CallbackActor } from '../../engine/domain/callback.ts';
import { agentId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { MemoryJournal } from '../../test/fakes/memory-journal.ts';
import { fakeAcd, fakeContacts } from './acd.fixture.ts';
import type { ApiDeps } from './api-deps.ts';
import type { ApiEvent } from './api-event.ts';
import { startApiServer, type ApiServer, type ApiServerOptions } from './api-server.ts';
import { fakeCallbacks } from './callback.fixture.ts';
import { hashPassword } from './password.ts';
import { fakeRecordings } from './recording.fixture.ts';
import { noLoad, notDrained } from './admission.fixture.ts';
import { ROLES, type Role } from './principal.ts';
import { systemClock } from '../runtime/system-clock.ts';

const PASSWORD = 'correct horse battery';
const LIMIT: AttemptLimit = { free: 3, firstLockMs: 60_000, longestLockMs: 60_000, forgetMs: 60_000, clearedBySuccess: true };
const status = { agentId: agentId('1001'), state: 'ready', since: 1, idleSince: 1 } as const;
const deps: ApiDeps = {
  agents: { agents: () => [], signIn: () => status, signOut: () => status, setReady: () => status, setNotReady: () => status, finishWrapUp: () => status, enterCode: () => undefined },
  contacts: fakeContacts(),
  callbacks: fakeCallbacks(),
  recordings: fakeRecordings(),
  acd: fakeAcd(),
  engine: { handOver: async () => ({ calls: 2 }), drain: notDrained },
  admission: () => noLoad,
  queues: () => [],
  calls: () => [],
  events: async () => [],
  reports: {
    figures: async ({ interval }) => ({ timeZone: 'UTC', from: 1, to: 2, asOf: 2, interval, queues: [], agents: [], totals: [] }),
    expectedWait: async () => ({ timeZone: 'UTC', from: 1, to: 2, asOf: 2, rows: [] }),
  },
  health: () => ({}),
  metrics: async () => '',
};
const tokenOf = (role: Role): string => `token-of-${role}`;
const TOKENS = ROLES.map((role) => ({ name: `${role}-program`, role, token: tokenOf(role), ...(role === 'agent' ? { agentId: '1001' } : {}) }));
const BODIES: Readonly<Record<string, object>> = {
  'not-ready': { reason: 'lunch' },
  'wrap-up-code': { code: 'sold' },
  priority: { priority: 1 },
  callbacks: { queueId: 'q', number: '13812345678' },
  move: { soon: true },
};

let passwordHash: string;
let server: ApiServer;
let events: ApiEvent[];
beforeAll(async () => {
  passwordHash = await hashPassword(PASSWORD);
});

async function start(options: Partial<ApiServerOptions> = {}): Promise<void> {
  events = [];
  const attempts = new AttemptLedger({ clock: systemClock, journal: new MemoryJournal(), limits: { userAt: LIMIT, user: { ...LIMIT, free: 100 }, address: { ...LIMIT, free: 100 } } });
  server = await startApiServer({
    deps,
    logger: silentLogger,
    port: 0,
    tokens: TOKENS,
    users: [
      { name: 'han', role: 'supervisor', passwordHash },
      { name: 'li', role: 'agent', agentId: '1001', passwordHash },
    ],
    attempts,
    announce: (event) => void events.push(event),
    ...options,
  });
}
afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}
async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const sent = await response.arrayBuffer();
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(Buffer.from(sent).toString()) as Record<string, unknown>) : {} };
}
const bearer = (role: Role): Record<string, string> => ({ authorization: `Bearer ${tokenOf(role)}` });
const signIn = (name = 'han', password = PASSWORD, headers = {}) => ask('POST', '/session', headers, { name, password });
/** The cookie and the token of a fresh session. */
async function session(name = 'han') {
  const { headers, body } = await signIn(name);
  return { cookie: (headers.get('set-cookie') ?? '').split(';')[0] ?? '', csrf: String(body['csrfToken']) };
}

interface Operation {
  readonly 'x-roles': readonly Role[];
  readonly description: string;
}

describe('roles', () => {
  /** What each role may do, as somebody who answers for it would write it down: a route that is added has to be added here. */
  const MAY: Readonly<Record<string, readonly Role[]>> = {
    'POST /session': [],
    'GET /session': ROLES,
    'DELETE /session': ROLES,
    'GET /agents': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/sign-in': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/sign-out': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/ready': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/not-ready': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/finish-wrap-up': ['agent', 'supervisor', 'engineer'],
    'POST /agents/{agentId}/wrap-up-code': ['agent', 'supervisor', 'engineer'],
    'GET /contacts/{contactId}/why': ['supervisor', 'engineer', 'designer'],
    'POST /contacts/{contactId}/priority': ['supervisor', 'engineer'],
    'GET /callbacks': ['supervisor', 'engineer'],
    'GET /callbacks/{callbackId}': ['agent', 'supervisor', 'engineer'],
    'GET /queues/{queueId}/callback-windows': ['agent', 'supervisor', 'engineer'],
    'POST /callbacks': ['agent', 'supervisor', 'engineer'],
    'POST /callbacks/{callbackId}/move': ['agent', 'supervisor', 'engineer'],
    'POST /callbacks/{callbackId}/cancel': ['agent', 'supervisor', 'engineer'],
    'GET /recordings': ['supervisor', 'engineer'],
    'GET /recordings/{recordingId}': ['supervisor', 'engineer'],
    'GET /recordings/{recordingId}/sound': ['supervisor', 'engineer'],
    'DELETE /recordings/{recordingId}': ['supervisor', 'engineer'],
    'GET /contacts/{contactId}/recording': ['agent', 'supervisor', 'engineer'],
    'POST /contacts/{contactId}/recording/start': ['agent', 'supervisor', 'engineer'],
    'POST /contacts/{contactId}/recording/stop': ['supervisor', 'engineer'],
    'POST /contacts/{contactId}/recording/pause': ['agent', 'supervisor', 'engineer'],
    'POST /contacts/{contactId}/recording/resume': ['agent', 'supervisor', 'engineer'],
    'GET /acd/config': ['supervisor', 'engineer', 'designer'],
    'POST /acd/reload': ['engineer'],
    'PUT /acd/agents/{agentId}': ['engineer'],
    'DELETE /acd/agents/{agentId}': ['engineer'],
    'PUT /acd/queues/{queueId}': ['engineer'],
    'DELETE /acd/queues/{queueId}': ['engineer'],
    'GET /admission': ['supervisor', 'engineer'],
    'POST /engine/hand-over': ['engineer'],
    'GET /engine/drain': ['supervisor', 'engineer'],
    'POST /engine/drain': ['engineer'],
    'GET /queues': ROLES,
    'GET /calls': ['supervisor', 'engineer'],
    'GET /events': ['supervisor', 'engineer', 'designer'],
    'GET /reports': ['supervisor', 'engineer'],
    'GET /reports/expected-wait': ['supervisor', 'engineer', 'designer'],
  };

  it('are declared at every route, told by OpenAPI, and held: each route is asked by each role', async () => {
    await start();
    const { paths } = (await ask('GET', '/openapi.json', bearer('designer'))).body as unknown as { paths: Record<string, Record<string, Operation>> };
    const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation })));
    expect(Object.fromEntries(operations.map(({ name, operation }) => [name, operation['x-roles']]))).toEqual(MAY);
    for (const { name, method, path, operation } of operations) {
      if (path === '/session') continue;
      expect(operation.description).toContain(operation['x-roles'].join(', '));
      const where = path.replace('{agentId}', '1001').replace(/\{\w+\}/, 'q');
      const body = method === 'GET' || method === 'DELETE' ? undefined : BODIES[path.split('/').at(-1) ?? ''];
      for (const role of ROLES) {
        const answer = await ask(method, where, bearer(role), body);
        expect(answer.status === 403, `${role} ${name}: ${answer.status}`).toBe(!operation['x-roles'].includes(role));
        if (answer.status === 403) expect(answer.body['code']).toBe('api.forbidden');
      }
      expect((await ask(method, where, {}, body)).status, `nobody ${name}`).toBe(401);
    }
  }, 60_000);

  it('let an agent have its own conversation recorded, paused and resumed, in its own name, and no other one', async () => {
    const told: string[] = [];
    const recordings = fakeRecordings((what) => told.push(what));
    await start({ deps: { ...deps, recordings: { ...recordings, view: (id) => ({ ...recordings.view(id), agentId: id === 'mine' ? '1001' : '1002' }) } } });
    for (const command of ['start', 'pause', 'resume']) {
      expect((await ask('POST', `/contacts/mine/recording/${command}`, bearer('agent'), { by: 'supervisor', name: 'Chen' })).status).toBe(200);
      expect((await ask('POST', `/contacts/other/recording/${command}`, bearer('agent'), {})).body['code']).toBe('api.forbidden');
    }
    expect((await ask('GET', '/contacts/other/recording', bearer('agent'))).status).toBe(403);
    expect(told).toEqual(['start', 'pause', 'resume'].map((command) => `${command} mine {"by":"agent","name":"1001"}`));
  });

  it('let an agent act for itself only', async () => {
    await start();
    expect((await ask('POST', '/agents/1001/ready', bearer('agent'))).status).toBe(200);
    for (const other of ['1002', '01001', '1001%20', '1001%2F..%2F1002']) expect((await ask('POST', `/agents/${other}/ready`, bearer('agent'))).status, other).toBe(403);
    expect((await ask('POST', '/agents/1002/ready', bearer('supervisor'))).status).toBe(200);
  });

  it('tell who asked for a callback: a person cannot say that it is somebody else, a program may', async () => {
    const actors: CallbackActor[] = [];
    const callbacks = fakeCallbacks();
    await start({ deps: { ...deps, callbacks: { ...callbacks, cancel: (id, by) => (actors.push(by), callbacks.cancel(id, by)) } } });
    const cancel = (headers: Record<string, string>) => ask('POST', '/callbacks/q/cancel', headers, { by: 'supervisor', name: 'Wang' });
    await cancel(bearer('agent'));
    await cancel(bearer('engineer'));
    for (const name of ['li', 'han']) {
      const { cookie, csrf } = await session(name);
      await cancel({ cookie, origin: server.url, 'x-csrf-token': csrf });
    }
    expect(actors).toEqual([{ by: 'agent', name: '1001' }, { by: 'supervisor', name: 'Wang' }, { by: 'agent', name: '1001' }, { by: 'supervisor', name: 'han' }]);
  });

  it('tell who had a recording, or had one paused: a person is itself, a program says for whom, or is named itself', async () => {
    const told: string[] = [];
    await start({ deps: { ...deps, recordings: fakeRecordings((what) => told.push(what)) } });
    const { cookie, csrf } = await session('han');
    const han = { cookie, origin: server.url, 'x-csrf-token': csrf };
    const wang = { by: 'agent', name: 'Wang' };
    await ask('GET', '/recordings/rec-1/sound?by=agent&name=Wang', { cookie });
    await ask('GET', '/recordings/rec-1/sound', bearer('engineer'));
    await ask('POST', '/contacts/c/recording/pause', han, wang);
    await ask('POST', '/contacts/c/recording/pause', bearer('supervisor'), wang);
    expect(told).toEqual([
      'fetch rec-1 {"by":"supervisor","name":"han"}',
      'fetch rec-1 {"by":"program","name":"engineer-program"}',
      'pause c {"by":"supervisor","name":"han"}',
      'pause c {"by":"agent","name":"Wang"}',
    ]);
    expect((await ask('GET', '/recordings/rec-1/sound', bearer('agent'))).status).toBe(403);
    expect(told).toHaveLength(4);
  });
});

describe('a session', () => {
  it('begins with a password, in a cookie that scripts, other pages and other sites do not get', async () => {
    await start();
    const answer = await signIn();
    expect(answer).toMatchObject({ status: 200, body: { name: 'han', role: 'supervisor' } });
    expect(answer.headers.get('set-cookie')).toMatch(/^strowger=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const { cookie, csrf } = await session();
    expect((await ask('GET', '/session', { cookie })).body).toMatchObject({ name: 'han', csrfToken: csrf });
    expect((await ask('GET', '/calls', { cookie })).status).toBe(200);
    expect(events.filter(({ type }) => type === 'api.signedIn')).toMatchObject([{ user: 'han', outcome: 'done', from: '127.0.0.1' }, { outcome: 'done' }]);
  });

  it('is Secure and of this host only where browsers come over TLS', async () => {
    await start({ publicUrl: 'https://console.example' });
    expect((await signIn('han', PASSWORD, { origin: 'https://console.example' })).headers.get('set-cookie')).toMatch(/^__Host-strowger=.*; Secure/);
  });

  it('changes something only for our own page: with its token and from its origin', async () => {
    await start();
    const { cookie, csrf } = await session();
    const change = async (headers: Record<string, string>) => (await ask('POST', '/agents/1001/ready', { cookie, ...headers })).status;
    const origin = server.url;
    expect(await change({ origin, 'x-csrf-token': csrf })).toBe(200);
    expect(await change({ origin })).toBe(403);
    expect(await change({ 'x-csrf-token': csrf })).toBe(403);
    expect(await change({ origin, 'x-csrf-token': `${csrf}x` })).toBe(403);
    for (const other of ['https://evil.example', 'null', `${origin}.evil.example`, `http://127.0.0.1:${server.port + 1}`]) expect(await change({ origin: other, 'x-csrf-token': csrf }), other).toBe(403);
    const another = await session('li');
    expect(await change({ origin, 'x-csrf-token': another.csrf })).toBe(403);
  });

  it('is begun by no other page, and by no form', async () => {
    await start();
    expect((await signIn('han', PASSWORD, { origin: 'https://evil.example' })).status).toBe(403);
    const form = await fetch(`${server.url}/api/v1/session`, { method: 'POST', body: new URLSearchParams({ name: 'han', password: PASSWORD }) });
    expect(form.status).toBe(415);
  });

  it('ends when its owner says so', async () => {
    await start();
    const { cookie, csrf } = await session();
    const headers = { cookie, origin: server.url, 'x-csrf-token': csrf };
    const bye = await ask('DELETE', '/session', headers);
    expect([bye.status, bye.headers.get('set-cookie')?.startsWith('strowger=;')]).toEqual([200, true]);
    expect((await ask('GET', '/session', { cookie })).status).toBe(401);
    expect(events.at(-1)).toMatchObject({ type: 'api.signedOut', user: 'han' });
  });

  it('ends when somebody else signs in with the same browser, and takes no id that was put there', async () => {
    await start();
    const { cookie } = await session();
    const put = `strowger=${'A'.repeat(43)}`;
    expect((await signIn('li', PASSWORD, { cookie })).headers.get('set-cookie')).not.toContain(cookie);
    expect((await ask('GET', '/session', { cookie })).status).toBe(401);
    expect((await signIn('li', PASSWORD, { cookie: put })).headers.get('set-cookie')).not.toContain(put);
    expect((await ask('GET', '/session', { cookie: put })).status).toBe(401);
  });

  it('has the role of its user, and an agent is nobody else', async () => {
    await start();
    const { cookie, csrf } = await session('li');
    const headers = { cookie, origin: server.url, 'x-csrf-token': csrf };
    expect((await ask('POST', '/agents/1001/ready', headers)).status).toBe(200);
    expect((await ask('POST', '/agents/1002/ready', headers)).status).toBe(403);
    expect((await ask('GET', '/events', { cookie })).status).toBe(403);
  });

  it('does not count beside a token that is wrong', async () => {
    await start();
    const { cookie } = await session();
    expect((await ask('GET', '/session', { cookie, authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('is not begun with a wrong name or password, and after a few of them not at all for a while', async () => {
    await start();
    const [wrongName, wrongPassword] = [await signIn('wang', PASSWORD), await signIn('han', 'wrong')];
    expect([wrongName.status, wrongPassword.status]).toEqual([401, 401]);
    expect(wrongName.body).toEqual(wrongPassword.body);
    await signIn('han', 'wrong');
    await signIn('han', 'wrong');
    const locked = await signIn();
    expect(locked).toMatchObject({ status: 429, body: { code: 'api.too-many' } });
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await signIn('li')).status).toBe(200);
    expect(events.map((event) => (event.type === 'api.signedIn' ? [event.user, event.outcome] : []))).toEqual([['', 'refused'], ['han', 'refused'], ['han', 'refused'], ['han', 'refused'], ['han', 'locked'], ['li', 'done']]);
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });
});

describe('the API', () => {
  it('tells the event log of every change who, what, from where and how it ended, and nothing of what was sent', async () => {
    await start();
    await ask('POST', '/agents/1001/not-ready', bearer('supervisor'), { reason: 'lunch with 13812345678' });
    await ask('PUT', '/acd/queues/q', bearer('agent'), { name: 'Q' });
    await ask('POST', '/callbacks', bearer('agent'), { number: '13812345678' });
    await ask('GET', '/agents', bearer('agent'));
    expect(events).toEqual([
      { type: 'api.changed', user: 'supervisor-program', role: 'supervisor', via: 'token', operation: 'agent-not-ready', target: { agentId: '1001' }, fields: ['reason'], from: '127.0.0.1', outcome: 'done' },
      { type: 'api.changed', user: 'agent-program', role: 'agent', via: 'token', operation: 'acd-put-queue', target: { queueId: 'q' }, fields: ['name'], from: '127.0.0.1', outcome: 'refused', code: 'api.forbidden' },
      { type: 'api.changed', user: 'agent-program', role: 'agent', via: 'token', operation: 'callback-request', target: {}, fields: ['number'], from: '127.0.0.1', outcome: 'refused', code: 'api.invalid' },
    ]);
  });

  it('takes so many requests from one address, and says when it takes more; health is always told', async () => {
    await start({ requestsPerMinute: 5 });
    const answers = [];
    for (let i = 0; i < 7; i += 1) answers.push(await ask('GET', '/session', bearer('agent')));
    expect(answers.map(({ status: each }) => each)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(answers.at(-1)?.body).toMatchObject({ code: 'api.too-many' });
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    for (let i = 0; i < 10; i += 1) expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('counts requests of nobody, too: who guesses tokens is stopped', async () => {
    await start({ requestsPerMinute: 5 });
    const guesses = [];
    for (let i = 0; i < 7; i += 1) guesses.push((await ask('GET', '/session', { authorization: `Bearer guess-${i}` })).status);
    expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await ask('GET', '/openapi.json')).status).toBe(429);
  });

  it('believes X-Forwarded-For of trusted proxies only', async () => {
    const from = async (): Promise<unknown> => {
      await ask('POST', '/agents/1001/ready', { ...bearer('supervisor'), 'x-forwarded-for': '203.0.113.9' });
      return events.map((event) => event.from).at(-1);
    };
    await start();
    expect(await from()).toBe('127.0.0.1');
    await server.close();
    await start({ trustedProxies: ['127.0.0.1'] });
    expect(await from()).toBe('203.0.113.9');
  });

  it('tells browsers to keep nothing and to trust nobody', async () => {
    await start();
    const { headers } = await ask('GET', '/session', bearer('agent'));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it('asks everybody who it is as soon as there are users, on loopback too', async () => {
    await start({ tokens: [] });
    expect((await ask('GET', '/agents')).status).toBe(401);
  });

  it('takes no request that smuggles another one', async () => {
    await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(`${server.url}/api/v1/agents/1001/ready`, { method: 'POST', headers: { ...bearer('agent'), 'content-length': '5', 'transfer-encoding': 'chunked' } }, (response) => resolve(response.resume().statusCode));
      request.on('error', reject);
      request.end();
    }).catch(() => 400);
    expect(status).toBe(400);
  });
});
