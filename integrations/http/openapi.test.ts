import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../engine/domain/errors.ts';
import { QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import { agentId, queueId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeAcd, fakeContacts } from './acd.fixture.ts';
import { noLoad, notDrained } from './admission.fixture.ts';
import type { ApiDeps } from './api-deps.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { fakeCallbacks } from './callback.fixture.ts';
import { fakeRecordings } from './recording.fixture.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Record<string, { readonly description: string; readonly content: Record<string, { readonly schema: object }> }>;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly security?: unknown;
}

/** What each operation that takes something is given. */
const BODIES: Readonly<Record<string, string>> = {
  'agent-not-ready': '{"reason":"lunch"}',
  'agent-wrap-up-code': '{"code":"sold"}',
  'contact-priority': '{"priority":1}',
  'callback-request': '{"queueId":"q","number":"13812345678","window":{"from":"2026-08-12T10:00+08:00"}}',
  'callback-move': '{"soon":true}',
  'callback-cancel': '{"by":"supervisor","name":"Han"}',
  ...Object.fromEntries(['start', 'stop', 'pause', 'resume'].map((command) => [`contact-recording-${command}`, '{"by":"agent","name":"1001"}'])),
  'acd-put-agent': '{"name":"A","endpoint":"PJSIP/1","queues":["q"]}',
  'acd-put-queue': '{"name":"Q"}',
  drain: '{"draining":true}',
};

const status = { agentId: agentId('1'), state: 'ready', since: 1, idleSince: 1, wrapUpUntil: 2 } as const;
const command = () => status;
const deps: ApiDeps = {
  agents: {
    agents: () => [{ agent: { id: agentId('1'), name: 'A', endpoint: 'x', skills: { a: 1 }, queues: [queueId('q')] }, status }],
    signIn: command,
    signOut: command,
    setReady: command,
    setNotReady: command,
    finishWrapUp: command,
    enterCode: () => undefined,
  },
  contacts: fakeContacts(),
  callbacks: fakeCallbacks(),
  recordings: fakeRecordings(),
  acd: fakeAcd(),
  engine: { handOver: async () => ({ calls: 2 }), drain: notDrained },
  queues: () => [
    {
      queue: { ...QUEUE_DEFAULTS, id: queueId('1'), name: 'Q' },
      contacts: [{ contactId: 'c', priority: 1, enqueuedAt: 1, position: 1, step: 0, offerId: 'o' }],
    },
  ],
  calls: () => [{ callId: 'c', nodeId: 'n', flow: 'f', flowVersion: 'v', state: 's', stand: 'flow', startedAt: 1, dialled: 'd', callerNumber: 'n' }],
  events: async () => [{ seq: 1, event: { v: 1, id: 'e', at: 1, type: 'engine.stopped' } }],
  reports: {
    figures: async ({ interval }) => ({ timeZone: 'UTC', from: 1, to: 2, asOf: 2, interval, queues: [], agents: [], totals: [] }),
    expectedWait: async () => ({ timeZone: 'UTC', from: 1, to: 2, asOf: 2, rows: [] }),
  },
  health: () => ({}),
  admission: () => noLoad,
  metrics: async () => '',
};

describe('/api/v1/openapi.json', () => {
  let server: ApiServer;
  let document: Document;
  beforeAll(async () => {
    server = await startApiServer({ deps, logger: silentLogger, port: 0 });
    document = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as Document;
  });
  afterAll(() => server.close());

  it('is a valid OpenAPI 3.1 document', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...document });
    expect(errors ?? []).toEqual([]);
    expect([valid, validator.version]).toEqual([true, '3.1']);
  });

  it('lists what there is', () => {
    const listed = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(listed.toSorted()).toEqual([
      'delete /acd/agents/{agentId}',
      'delete /acd/queues/{queueId}',
      'delete /recordings/{recordingId}',
      'get /acd/config',
      'get /admission',
      'get /agents',
      'get /callbacks',
      'get /callbacks/{callbackId}',
      'get /calls',
      'get /contacts/{contactId}/recording',
      'get /contacts/{contactId}/why',
      'get /engine/drain',
      'get /events',
      'get /queues',
      'get /queues/{queueId}/callback-windows',
      'get /recordings',
      'get /recordings/{recordingId}',
      'get /recordings/{recordingId}/sound',
      'get /reports',
      'get /reports/expected-wait',
      'post /acd/reload',
      'post /agents/{agentId}/finish-wrap-up',
      'post /agents/{agentId}/not-ready',
      'post /agents/{agentId}/ready',
      'post /agents/{agentId}/sign-in',
      'post /agents/{agentId}/sign-out',
      'post /agents/{agentId}/wrap-up-code',
      'post /callbacks',
      'post /callbacks/{callbackId}/cancel',
      'post /callbacks/{callbackId}/move',
      'post /contacts/{contactId}/priority',
      'post /contacts/{contactId}/recording/pause',
      'post /contacts/{contactId}/recording/resume',
      'post /contacts/{contactId}/recording/start',
      'post /contacts/{contactId}/recording/stop',
      'post /engine/drain',
      'post /engine/hand-over',
      'put /acd/agents/{agentId}',
      'put /acd/queues/{queueId}',
    ]);
    const events = document.paths['/events']?.['get'];
    expect([document.paths['/callbacks']?.['post'], document.paths['/callbacks/{callbackId}/cancel']?.['post']].map((each) => each?.requestBody?.required)).toEqual([true, false]);
    expect(events?.parameters?.map((p) => [p.name, p.in, p.required])).toEqual([
      ['callId', 'query', false],
      ['types', 'query', false],
      ['after', 'query', false],
      ['limit', 'query', false],
    ]);
  });

  it('describes every answer as it is, and only codes that exist', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const body = operation.requestBody === undefined ? {} : { body: BODIES[operation.operationId] ?? expect.fail(`no body for ${operation.operationId}`), headers: { 'content-type': 'application/json' } };
        const response = await fetch(`${server.url}/api/v1${path.replace(/\{\w+\}/, '1')}`, { method: method.toUpperCase(), ...body });
        expect(response.status, `${method} ${path}`).toBe(200);
        if (operation.responses['200']?.content['application/json'] === undefined) {
          expect([response.headers.get('content-type')]).toEqual(Object.keys(operation.responses['200']?.content ?? {}));
          await response.arrayBuffer();
          continue;
        }
        const schema = operation.responses['200']?.content['application/json']?.schema ?? expect.fail(`no answer of ${path}`);
        expect(ajv.validate(schema, await response.json()), `${method} ${path}: ${ajv.errorsText()}`).toBe(true);
        for (const { description } of Object.values(operation.responses)) {
          for (const [, code] of description.matchAll(/^`([a-z.-]+)`/gm)) expect(Object.keys(ERROR_CATALOGUE)).toContain(code);
        }
      }
    }
  });

  it('asks for a token when the server does', async () => {
    expect(document.security).toBeUndefined();
    const guarded = await startApiServer({ deps, logger: silentLogger, port: 0, token: 't' });
    const response = await fetch(`${guarded.url}/api/v1/openapi.json`, { headers: { authorization: 'Bearer t' } });
    expect(await response.json()).toMatchObject({ security: [{ token: [] }, { session: [] }], components: { securitySchemes: { token: { scheme: 'bearer' }, session: { in: 'cookie' } } } });
    await guarded.close();
  });
});
