import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../engine/domain/agent.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import { agentId, callId, queueId } from '../../engine/domain/ids.ts';
import { silentLogger, type LogFields } from '../../engine/ports/logger.ts';
import { fakeAcd, fakeContacts } from './acd.fixture.ts';
import { notDrained } from './admission.fixture.ts';
import type { ApiDeps } from './api-deps.ts';
import { startApiServer, type ApiServer, type ApiServerOptions } from './api-server.ts';
import { fakeCallbacks } from './callback.fixture.ts';

const TOKEN = 'a-long-token';
const calls: string[] = [];
let ready = true;
let brokerReady = true;
let server: ApiServer;

const did = (what: string, state: AgentStatus['state']): AgentStatus => {
  calls.push(what);
  if (what.includes('nobody')) throw new StrowgerError('agent.unknown', 'There is no agent nobody.');
  if (what.includes('busy')) throw new StrowgerError('agent.conflict', 'The agent is talking.');
  if (what.includes('broken')) throw new Error('secret inside');
  return { agentId: agentId('1001'), state, since: 1, idleSince: 1 };
};
const agent = { id: agentId('1001'), name: '李雷', endpoint: 'PJSIP/1001', skills: { loans: 3 }, queues: [queueId('loans')] };
const deps: ApiDeps = {
  agents: {
    agents: () => [{ agent, status: { agentId: agent.id, state: 'notReady', since: 1, idleSince: 1, reason: 'lunch' } }],
    signIn: (id) => did(`signIn ${id}`, 'ready'),
    signOut: (id) => did(`signOut ${id}`, 'loggedOut'),
    setReady: (id) => did(`ready ${id}`, 'ready'),
    setNotReady: (id, reason) => did(`notReady ${id} ${reason}`, 'notReady'),
    finishWrapUp: (id) => did(`finish ${id}`, 'ready'),
    enterCode: (id) => void did(`code ${id}`, 'wrapUp'),
  },
  contacts: fakeContacts(),
  callbacks: fakeCallbacks(),
  recordings: undefined,
  acd: fakeAcd(),
  engine: { handOver: async () => ({ calls: 2 }), drain: notDrained },
  queues: () => [
    {
      queue: { ...QUEUE_DEFAULTS, id: queueId('loans'), name: 'Loans' },
      contacts: [{ contactId: 'contact-1', priority: 1, enqueuedAt: 5, position: 1, step: 0, wish: { choice: 'loans', confidence: 0.9, text: 'a loan' } }],
    },
  ],
  calls: () => [
    { callId: 'call-1', nodeId: 'pbx', flow: 'bank', flowVersion: 'v', state: 'main', stand: 'flow', startedAt: 1, dialled: '95500', callerNumber: '13812345678' },
  ],
  admission: () => ({
    level: 1,
    since: 5,
    reasons: [{ measure: 'busy', value: 0.93, limit: 0.9 }],
    nodes: [{ nodeId: 'pbx-1', draining: false, calls: 3, level: 0, since: 1, reasons: [] }],
    calls: 3,
    trunks: [{ trunk: 'carrier', calls: 3, limit: { calls: 30 } }],
    refused: { overload: 0, callLimit: 0, trunkCalls: 2, trunkRate: 0, callerCalls: 0, callerRate: 0, draining: 0 },
    diverted: 4,
  }),
  events: async (query) => {
    calls.push(JSON.stringify(query));
    if (query.afterSeq === 500) throw new StrowgerError('store.failed', 'The disk is gone.');
    return [{ seq: 9, event: { v: 1, id: 'event-1', at: 1, callId: callId('call-1'), type: 'call.state', state: 'main' } }];
  },
  reports: {
    figures: async ({ by, interval }) => {
      calls.push(`report ${by} ${interval}`);
      return { timeZone: 'Asia/Shanghai', from: 1, to: 2, asOf: 2, interval, queues: [], agents: [], totals: [] };
    },
    expectedWait: async () => ({ timeZone: 'Asia/Shanghai', from: 1, to: 2, asOf: 2, rows: [] }),
  },
  health: () => ({ store: { ready: true, needed: true }, 'switch pbx-1': { ready, needed: true, ...(ready ? {} : { detail: 'socket closed' }) }, broker: { ready: brokerReady, needed: false } }),
  metrics: async () => 'strowger_up 1\n',
};

async function start(options: Partial<ApiServerOptions> = {}): Promise<void> {
  server = await startApiServer({ deps, logger: silentLogger, port: 0, ...options });
}
async function ask(path: string, init: RequestInit = {}, token: string | undefined = TOKEN): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(server.url + path, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const post = (path: string, body?: unknown): ReturnType<typeof ask> =>
  ask(path, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });

/** A GET with headers that `fetch` does not let through. */
function raw(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(server.url + path, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

beforeEach(async () => {
  calls.length = 0;
  ready = true;
  brokerReady = true;
  await start({ token: TOKEN });
});
afterEach(() => server.close());

describe('the API', () => {
  it.each([
    ['sign-in', undefined, 'signIn 1001'],
    ['sign-out', {}, 'signOut 1001'],
    ['ready', {}, 'ready 1001'],
    ['not-ready', { reason: 'lunch' }, 'notReady 1001 lunch'],
    ['finish-wrap-up', undefined, 'finish 1001'],
  ])('commands agents: %s', async (name, body, expected) => {
    expect(await post(`/api/v1/agents/1001/${name}`, body)).toMatchObject({ status: 200, body: { agentId: '1001', since: 1 } });
    expect(calls).toEqual([expected]);
  });

  it('takes a content type without content, and ids of every kind', async () => {
    const url = `/api/v1/agents/${encodeURIComponent('a/b 李')}/ready`;
    expect((await ask(url, { method: 'POST', headers: { 'content-type': 'application/json' } })).status).toBe(200);
    expect(calls).toEqual(['ready a/b 李']);
  });

  it('shows agents, queues, calls and events, and nothing that is not described', async () => {
    expect((await ask('/api/v1/agents')).body).toEqual({
      agents: [
        {
          agent: { id: '1001', name: '李雷', skills: { loans: 3 }, queues: ['loans'] },
          status: { agentId: '1001', state: 'notReady', since: 1, idleSince: 1, reason: 'lunch' },
        },
      ],
    });
    expect((await ask('/api/v1/queues')).body).toEqual({
      queues: [{ id: 'loans', name: 'Loans', serviceLevelMs: 20_000, contacts: [{ contactId: 'contact-1', priority: 1, enqueuedAt: 5, position: 1, step: 0, wish: { choice: 'loans', confidence: 0.9 } }] }],
    });
    expect((await ask('/api/v1/calls')).body).toMatchObject({ calls: [{ callId: 'call-1', state: 'main', callerNumber: '*******5678' }] });
    expect((await ask('/api/v1/events')).body).toEqual({
      events: [{ seq: 9, event: { v: 1, id: 'event-1', at: 1, callId: 'call-1', type: 'call.state', state: 'main' } }],
      next: 9,
    });
  });

  it('shows numbers and what was said when it is told to', async () => {
    await server.close();
    await start({ token: TOKEN, showPersonalData: true });
    expect((await ask('/api/v1/calls')).body).toMatchObject({ calls: [{ callerNumber: '13812345678' }] });
    expect((await ask('/api/v1/queues')).body).toMatchObject({ queues: [{ contacts: [{ wish: { choice: 'loans', confidence: 0.9, text: 'a loan' } }] }] });
  });

  it('reads events of a call, of types, from a place on', async () => {
    await ask('/api/v1/events?callId=call-1&after=7&limit=3&types=call.started,call.ended');
    expect(JSON.parse(calls[0] ?? '{}')).toEqual({ afterSeq: 7, limit: 3, callId: 'call-1', types: ['call.started', 'call.ended'] });
  });

  it.each([
    ['an unknown agent', 'POST', '/agents/nobody/ready', undefined, 404, 'agent.unknown'],
    ['a state that does not fit', 'POST', '/agents/busy/ready', undefined, 409, 'agent.conflict'],
    ['a missing reason', 'POST', '/agents/1001/not-ready', '{}', 400, 'api.invalid'],
    ['an empty reason', 'POST', '/agents/1001/not-ready', '{"reason":" "}', 400, 'api.invalid'],
    ['a field that is not known', 'POST', '/agents/1001/ready', '{"odd":1}', 400, 'api.invalid'],
    ['a broken body', 'POST', '/agents/1001/ready', '{', 400, 'api.invalid'],
    ['a body that is too large', 'POST', '/agents/1001/ready', JSON.stringify({ odd: 'x'.repeat(70_000) }), 413, 'api.invalid'],
    ['an agent id that is too long', 'POST', `/agents/${'9'.repeat(65)}/ready`, undefined, 400, 'api.invalid'],
    ['an unknown command', 'POST', '/agents/1001/dance', undefined, 404, 'api.not-found'],
    ['a wrong method', 'GET', '/agents/1001/ready', undefined, 404, 'api.not-found'],
    ['a limit of none', 'GET', '/events?limit=0', undefined, 400, 'api.invalid'],
    ['a place that is no number', 'GET', '/events?after=x', undefined, 400, 'api.invalid'],
    ['types that are none', 'GET', '/events?types=a', undefined, 400, 'api.invalid'],
    ['a query that is not known', 'GET', '/events?calId=1', undefined, 400, 'api.invalid'],
    ['an interval that is none', 'GET', '/reports?interval=45', undefined, 400, 'api.invalid'],
    ['a moment that is none', 'GET', '/reports?from=yesterday', undefined, 400, 'api.invalid'],
    ['a store that fails', 'GET', '/events?after=500', undefined, 503, 'store.failed'],
    ['a failure of ours', 'POST', '/agents/broken/ready', undefined, 500, 'api.internal'],
  ])('says what was wrong: %s', async (_, method, path, body, status, code) => {
    const answer = await ask(`/api/v1${path}`, { method, ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }) });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(Object.keys(answer.body).toSorted()).toEqual(['code', 'hint', 'message']);
    expect(JSON.stringify(answer.body)).not.toContain('secret inside');
  });

  it('takes no body but JSON', async () => {
    const answer = await ask('/api/v1/agents/1001/not-ready', { method: 'POST', body: 'reason=lunch', headers: { 'content-type': 'text/plain' } });
    expect(answer).toMatchObject({ status: 415, body: { code: 'api.invalid' } });
    expect(calls).toEqual([]);
  });

  it('logs its own failures, with the request', async () => {
    await server.close();
    const lines: LogFields[] = [];
    await start({ logger: { ...silentLogger, error: (fields) => void lines.push(fields) }, token: TOKEN });
    const { body } = await post('/api/v1/agents/broken/ready');
    expect(lines).toMatchObject([{ method: 'POST', path: '/api/v1/agents/:agentId/ready', error: { code: 'api.internal', cause: { message: 'secret inside' } } }]);
    expect(body['message']).toContain(lines[0]?.['requestId']);
  });

  it('asks for the token, and tells nothing without it', async () => {
    for (const path of ['/api/v1/agents', '/api/v1/openapi.json', '/api/v1/nothing']) {
      expect(await ask(path, {}, 'wrong'), path).toMatchObject({ status: path.endsWith('nothing') ? 404 : 401 });
    }
    expect(await ask('/api/v1/agents', {}, `${TOKEN}x`)).toMatchObject({ status: 401, body: { code: 'api.unauthorized' } });
    const none = await fetch(`${server.url}/api/v1/agents`);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await ask('/api/v1/agents')).status).toBe(200);
  });

  it('without a token serves this machine, but no web page of another origin or under another name', async () => {
    await server.close();
    await start();
    const port = server.port;
    expect(await raw('/api/v1/agents', {})).toBe(200);
    expect(await raw('/api/v1/agents', { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(200);
    expect(await raw('/api/v1/agents', { host: `evil.example:${port}` })).toBe(401);
    expect(await raw('/api/v1/agents', { origin: 'https://evil.example' })).toBe(401);
    expect(await raw('/api/v1/agents', { origin: 'null' })).toBe(401);
  });

  it('does not open itself to the network without a token', async () => {
    await expect(startApiServer({ deps, logger: silentLogger, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'api.listen' });
  });

  it('is alive, ready only when every part that is needed is, and shows metrics, all without a token', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const well = await fetch(`${server.url}/readyz`);
    expect([well.status, await well.json()]).toMatchObject([200, { ready: true, degraded: false, reasons: [] }]);
    brokerReady = false;
    const degraded = await fetch(`${server.url}/readyz`);
    expect([degraded.status, await degraded.json()]).toMatchObject([200, { ready: true, degraded: true, reasons: ['broker'] }]);
    ready = false;
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, reasons: ['switch pbx-1: socket closed', 'broker'], parts: { 'switch pbx-1': { ready: false, detail: 'socket closed' } } });
    const metrics = await fetch(`${server.url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await metrics.text()).toContain('strowger_up 1');
  });

  it('tells what is done about load, and why', async () => {
    const { status, body } = await ask('/api/v1/admission');
    expect(status).toBe(200);
    expect(body).toMatchObject({ level: 1, reasons: [{ measure: 'busy', value: 0.93, limit: 0.9 }], nodes: [{ nodeId: 'pbx-1', level: 0 }], refused: { trunkCalls: 2 }, trunks: [{ trunk: 'carrier', limit: { calls: 30 } }] });
    expect(body).not.toHaveProperty('callLimit');
  });

  it('refuses a port that is taken, by name', async () => {
    await expect(startApiServer({ deps, logger: silentLogger, port: server.port })).rejects.toMatchObject({ code: 'api.listen', fields: { port: server.port } });
  });
});
