import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { AgentStatus } from '../../engine/domain/agent.ts';
import { agentId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { ApiDeps } from './api-deps.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { openApiDocument } from './openapi.ts';

const TOKEN = 'a-long-token';
const calls: string[] = [];
let ready = true;
let server: ApiServer;

const did = (what: string, state: AgentStatus['state']): AgentStatus => {
  calls.push(what);
  if (what.includes('nobody')) throw new StrowgerError('agent.unknown', 'There is no agent nobody.');
  if (what.includes('busy')) throw new StrowgerError('agent.conflict', 'The agent is talking.');
  return { agentId: agentId('1001'), state, since: 1, idleSince: 1 };
};
const deps: ApiDeps = {
  agents: {
    agents: () => [],
    signIn: (id) => did(`signIn ${id}`, 'ready'),
    signOut: (id) => did(`signOut ${id}`, 'loggedOut'),
    setReady: (id) => did(`ready ${id}`, 'ready'),
    setNotReady: (id, reason) => did(`notReady ${id} ${reason}`, 'notReady'),
    finishWrapUp: (id) => did(`finish ${id}`, 'ready'),
  },
  queues: () => [],
  calls: () => [],
  events: async (query) => {
    calls.push(JSON.stringify(query));
    return [];
  },
  health: () => ({ store: { ready: true }, 'switch pbx-1': { ready, detail: 'socket closed' } }),
  metrics: async () => 'strowger_up 1\n',
};

async function ask(path: string, init: RequestInit = {}, token: string | undefined = TOKEN): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers };
  const response = await fetch(server.url + path, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const post = (path: string, body?: unknown) =>
  ask(path, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });

beforeEach(async () => {
  calls.length = 0;
  ready = true;
  server = await startApiServer({ deps, logger: silentLogger, port: 0, token: TOKEN });
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
    expect((await post(`/api/v1/agents/1001/${name}`, body)).status).toBe(200);
    expect(calls).toEqual([expected]);
  });

  it('says what was wrong: unknown agent, conflict, bad body, unknown path', async () => {
    expect(await post('/api/v1/agents/nobody/ready')).toMatchObject({ status: 404, body: { code: 'agent.unknown' } });
    expect(await post('/api/v1/agents/busy/ready')).toMatchObject({ status: 409, body: { code: 'agent.conflict' } });
    expect(await post('/api/v1/agents/1001/not-ready', {})).toMatchObject({ status: 400, body: { code: 'api.invalid' } });
    expect(await post('/api/v1/agents/1001/ready', { odd: 1 })).toMatchObject({ status: 400 });
    expect(await post('/api/v1/agents/1001/dance')).toMatchObject({ status: 404, body: { code: 'api.not-found' } });
    expect(await ask('/api/v1/agents/1001/ready', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 400 });
    expect(await ask('/api/v1/events?limit=0')).toMatchObject({ status: 400 });
  });

  it('reads events of a call from a place on', async () => {
    await ask('/api/v1/events?callId=call-1&after=7&limit=3');
    expect(JSON.parse(calls[0] ?? '{}')).toEqual({ afterSeq: 7, limit: 3, callId: 'call-1' });
  });

  it('asks for the token, and tells nothing without it', async () => {
    expect(await ask('/api/v1/agents', {}, 'wrong')).toMatchObject({ status: 401, body: { code: 'api.unauthorized' } });
    expect((await fetch(`${server.url}/api/v1/agents`)).status).toBe(401);
    expect((await ask('/api/v1/agents')).status).toBe(200);
  });

  it('is alive, ready only when every part is, and shows metrics, all without a token', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    ready = false;
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, parts: { 'switch pbx-1': { ready: false, detail: 'socket closed' } } });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('strowger_up 1');
  });

  it('documents every route, and has every route that it documents', async () => {
    for (const [path, methods] of Object.entries(openApiDocument.paths)) {
      for (const method of Object.keys(methods)) {
        const body = path.endsWith('not-ready') ? { reason: 'x' } : undefined;
        const url = path.replace('{id}', '1001');
        const status = method === 'post' ? (await post(url, body)).status : (await fetch(server.url + url, { headers: { authorization: `Bearer ${TOKEN}` } })).status;
        expect(status, `${method} ${path}`).toBe(200);
      }
    }
  });

  it('refuses a port that is taken, by name', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startApiServer({ deps, logger: silentLogger, port })).rejects.toMatchObject({ code: 'api.listen' });
  });
});
