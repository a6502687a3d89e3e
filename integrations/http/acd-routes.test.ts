import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeAcd, fakeContacts, REPORT } from './acd.fixture.ts';
import { fakeDeps } from './api-deps.fixture.ts';
import type { AgentCommands } from './api-deps.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { askApi } from './ask-api.fixture.ts';

const told: string[] = [];
const tell = (what: string): void => void told.push(what);
const absent = (): never => expect.fail('not asked for here');
const agents: AgentCommands = {
  agents: () => [],
  signIn: absent,
  signOut: absent,
  setReady: absent,
  setNotReady: absent,
  finishWrapUp: absent,
  enterCode: (id, code) => {
    tell(`code ${id} ${code}`);
    if (code === 'wrong') throw new StrowgerError('agent.code-unknown', 'There is no such code.');
  },
};
const deps = fakeDeps({ agents, contacts: fakeContacts(tell), acd: fakeAcd(tell) });
let server: ApiServer;

beforeEach(async () => {
  told.length = 0;
  server = await startApiServer({ deps, logger: silentLogger, port: 0 });
});
afterEach(() => server.close());

const ask = (method: string, path: string, body?: unknown) => askApi(server.url, method, path, body);

describe('the configuration of the ACD', () => {
  it('is shown without passwords', async () => {
    const { status, body } = await ask('GET', '/acd/config');
    expect(status).toBe(200);
    expect(body).toMatchObject({ queues: [{ id: 'q', ringSeconds: 20 }], agents: [{ id: '1', endpoint: 'PJSIP/1' }], stickyDays: 7 });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it.each([
    ['POST', '/acd/reload', undefined, 'reload'],
    ['PUT', '/acd/agents/1', { name: 'A', endpoint: 'PJSIP/1', queues: ['q'] }, 'put agents 1 {"name":"A","endpoint":"PJSIP/1","queues":["q"]}'],
    ['PUT', '/acd/queues/q', { name: 'Q', ringSeconds: 5 }, 'put queues q {"name":"Q","ringSeconds":5}'],
    ['DELETE', '/acd/agents/1', undefined, 'remove agents 1'],
    ['DELETE', '/acd/queues/q', undefined, 'remove queues q'],
  ])('is changed: %s %s', async (method, path, body, expected) => {
    expect(await ask(method, path, body)).toEqual({ status: 200, body: REPORT });
    expect(told).toEqual([expected]);
  });

  it.each([
    ['PUT', '/acd/agents/1', { name: 'A' }, 400, 'api.invalid'],
    ['PUT', '/acd/agents/1', { name: 'A', endpoint: 'x', queues: [], phonePassword: 'x' }, 400, 'api.invalid'],
    ['PUT', '/acd/agents/a%20b', { name: 'A', endpoint: 'x', queues: [] }, 400, 'api.invalid'],
    ['PUT', '/acd/queues/invalid', { name: 'Q' }, 422, 'acd.refused'],
    ['DELETE', '/acd/agents/nobody', undefined, 404, 'acd.unknown'],
  ])('is refused what is wrong: %s %s %j', async (method, path, body, status, code) => {
    expect(await ask(method, path, body)).toMatchObject({ status, body: { code } });
  });

  it('names every mistake', async () => {
    const { body } = await ask('PUT', '/acd/queues/invalid', { name: 'Q' });
    expect(body['message']).toContain('agents[0]: found 1; allowed: 2\n  agents[1]: found 3');
  });
});

describe('contacts', () => {
  it('get another place', async () => {
    expect(await ask('POST', '/contacts/c/priority', { priority: 1, ageBoostSeconds: 60 })).toMatchObject({ status: 200, body: { contactId: 'c' } });
    expect(await ask('POST', '/contacts/c/priority', { ageBoostSeconds: 0 })).toMatchObject({ status: 200 });
    expect(told).toEqual(['change c {"priority":1,"ageBoostMs":60000}', 'change c {"ageBoostMs":0}']);
    expect(await ask('POST', '/contacts/nobody/priority', { priority: 1 })).toMatchObject({ status: 404, body: { code: 'contact.unknown' } });
    for (const body of [{}, { priority: 0 }, { priority: 1.5 }, { ageBoostSeconds: -1 }]) expect(await ask('POST', '/contacts/c/priority', body)).toMatchObject({ status: 400 });
  });

  it('are explained', async () => {
    expect((await ask('GET', '/contacts/c/why')).body).toMatchObject({ waiting: { contactId: 'c', agents: [{ obstacles: [{ state: 'wrapUp', until: 5 }] }, { obstacles: [{ missing: [{ has: 1, atLeast: 3 }] }] }] } });
    expect((await ask('GET', '/contacts/past/why')).body).toMatchObject({ history: { ended: true, entries: [{ kind: 'queued' }, { kind: 'step' }, { kind: 'left', reason: 'timeout' }] } });
    expect(await ask('GET', '/contacts/nobody/why')).toMatchObject({ status: 404, body: { code: 'contact.unknown' } });
  });
});

describe('codes', () => {
  it('are entered', async () => {
    expect(await ask('POST', '/agents/1/wrap-up-code', { code: 'sold' })).toEqual({ status: 200, body: { agentId: '1', code: 'sold' } });
    expect(await ask('POST', '/agents/1/wrap-up-code', { code: 'wrong' })).toMatchObject({ status: 422, body: { code: 'agent.code-unknown' } });
    expect(told).toEqual(['code 1 sold', 'code 1 wrong']);
  });
});
