import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CALLBACK_REFUSALS } from '../../engine/domain/callback.ts';
import { queueId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { CallbackRig, CUSTOMER } from '../../test/callback/callback-rig.ts';
import { fakeDeps } from './api-deps.fixture.ts';
import { startApiServer, type ApiServer, type ApiServerOptions } from './api-server.ts';
import { askApi } from './ask-api.fixture.ts';
import { refused } from './callback-refusals.ts';
import { fakeCallbacks, PERIOD } from './callback.fixture.ts';

const told: string[] = [];
const deps = fakeDeps({
  callbacks: fakeCallbacks((what) => void told.push(what)),
  queues: () => ['loans', 'bank'].map((id) => ({ queue: { ...QUEUE_DEFAULTS, id: queueId(id), name: id }, contacts: [] })),
});
let server: ApiServer;

async function start(options: Partial<ApiServerOptions> = {}): Promise<void> {
  server = await startApiServer({ deps, logger: silentLogger, port: 0, ...options });
}
const ask = (method: string, path: string, body?: unknown) => askApi(server.url, method, path, body);

beforeEach(async () => {
  told.length = 0;
  await start();
});
afterEach(() => server.close());

describe('the list of callbacks', () => {
  it.each([
    ['', ['callback-1', 'callback-2'], 2],
    ['?state=ended', ['callback-3', 'callback-0'], 2],
    ['?state=all', ['callback-1', 'callback-2', 'callback-3', 'callback-0'], 4],
    ['?state=all&queue=cards', ['callback-2'], 1],
    ['?state=all&limit=3', ['callback-1', 'callback-2', 'callback-3'], 4],
    ['?queue=none', [], 0],
  ])('of %s', async (query, ids, total) => {
    const { body } = await ask('GET', `/callbacks${query}`);
    expect([(body['callbacks'] as { callbackId: string }[]).map((row) => row.callbackId), body['total']]).toEqual([ids, total]);
  });

  it('shows a callback without its whole number, and nothing that is not described', async () => {
    expect(await ask('GET', '/callbacks/callback-1')).toEqual({
      status: 200,
      body: {
        callbackId: 'callback-1',
        queueId: 'loans',
        number: '**********5678',
        language: 'zh-CN',
        kind: 'at',
        period: PERIOD,
        stage: 'scheduled',
        requestedAt: 1,
        requestedBy: { by: 'customer', callId: 'call-1' },
        virtualSince: 1,
        priority: 5,
        topic: 'mortgage',
        wish: { choice: 'loans', confidence: 0.9 },
        attempts: [{ at: 2, outcome: 'busy', agentId: '1001' }],
        notBefore: 5_000_000,
      },
    });
    expect(await ask('GET', '/callbacks/nobody')).toMatchObject({ status: 404, body: { code: 'callback.unknown' } });
    expect(JSON.stringify(await ask('GET', '/callbacks?state=all'))).not.toContain('1381234');
  });

  it('shows numbers when it is told to', async () => {
    await server.close();
    await start({ showPersonalData: true });
    expect(await ask('POST', '/callbacks/callback-1/cancel')).toMatchObject({ body: { number: '+8613812345678', wish: { text: 'a loan' } } });
  });
});

describe('windows', () => {
  it('are told as milliseconds and as text', async () => {
    expect(await ask('GET', '/queues/loans/callback-windows')).toEqual({
      status: 200,
      body: { windows: [{ ...PERIOD, fromText: '1970-01-01T01:00:00.000Z', toText: '1970-01-01T02:00:00.000Z', left: 3 }] },
    });
    expect(await ask('GET', '/queues/nobody/callback-windows')).toMatchObject({ status: 422, body: { code: 'callback.refused', refusal: 'queueUnknown' } });
  });
});

describe('a callback', () => {
  it('is asked for', async () => {
    expect(await ask('POST', '/callbacks', { queueId: 'loans', number: ' 13812345678 ' })).toMatchObject({ status: 200, body: { callbackId: 'callback-1', number: '**********5678' } });
    const all = { queueId: 'loans', number: '1', language: 'en', window: { from: '2026-08-12T10:00+08:00' }, topic: 'mortgage', name: 'crm' };
    await ask('POST', '/callbacks', all);
    await ask('POST', '/callbacks', { ...all, window: { from: Date.parse('2026-08-12T02:00:00Z') } });
    const whole = { queueId: 'loans', number: '1', language: 'en', by: { by: 'program', name: 'crm' }, wanted: Date.parse('2026-08-12T02:00:00Z'), topic: 'mortgage' };
    expect(told.map((what) => JSON.parse(what.replace('request ', '')) as unknown)).toEqual([{ queueId: 'loans', number: '13812345678', language: 'zh-CN', by: { by: 'program' } }, whole, whole]);
  });

  it('is refused with a reason for programs and a sentence for people', async () => {
    expect(await ask('POST', '/callbacks', { queueId: 'loans', number: '0015551234' })).toEqual({
      status: 422,
      body: { code: 'callback.refused', message: 'Numbers abroad are not called back.', hint: expect.stringContaining('callbacks') as string, refusal: 'numberForeign' },
    });
    expect(await ask('POST', '/callbacks/full/move', { soon: true })).toMatchObject({ status: 422, body: { refusal: 'windowFull', hint: expect.stringContaining('callback-windows') as string } });
    const sentences = CALLBACK_REFUSALS.map((refusal) => refused(refusal).message);
    expect(new Set(sentences).size).toBe(CALLBACK_REFUSALS.length);
  });

  it('is moved and cancelled', async () => {
    await ask('POST', '/callbacks/callback-1/move', { window: { from: 7 }, by: 'agent', name: '1001' });
    await ask('POST', '/callbacks/callback-1/move', { soon: true });
    await ask('POST', '/callbacks/callback-1/cancel');
    await ask('POST', '/callbacks/callback-1/cancel', { by: 'supervisor' });
    expect(told).toEqual([
      'move 7 callback-1 {"by":"agent","name":"1001"}',
      'move soon callback-1 {"by":"program"}',
      'cancel callback-1 {"by":"program"}',
      'cancel callback-1 {"by":"supervisor"}',
    ]);
  });

  it.each([
    ['none', '/callbacks/nobody/cancel', {}, 404, 'callback.unknown'],
    ['one that has ended', '/callbacks/over/move', { soon: true }, 409, 'callback.conflict'],
    ['no time', '/callbacks/callback-1/move', {}, 400, 'api.invalid'],
    ['two times', '/callbacks/callback-1/move', { soon: true, window: { from: 1 } }, 400, 'api.invalid'],
    ['a moment of nowhere', '/callbacks/callback-1/move', { window: { from: '2026-08-12T10:00' } }, 400, 'api.invalid'],
    ['a day that is none', '/callbacks/callback-1/move', { window: { from: '2026-02-30T10:00Z' } }, 400, 'api.invalid'],
    ['an actor that is none', '/callbacks/callback-1/cancel', { by: 'customer' }, 400, 'api.invalid'],
    ['no number', '/callbacks', { queueId: 'loans', number: ' ' }, 400, 'api.invalid'],
    ['a language that is none', '/callbacks', { queueId: 'loans', number: '1', language: 'fr' }, 400, 'api.invalid'],
  ])('says what was wrong: %s', async (_, path, body, status, code) => {
    expect(await ask('POST', path, body)).toMatchObject({ status, body: { code } });
  });
});

it('is the desk, as the API sees it', async () => {
  const rig = await CallbackRig.start();
  await server.close();
  await start({ deps: { ...deps, callbacks: rig.desk } });
  const { body } = await ask('POST', '/callbacks', { queueId: 'bank', number: CUSTOMER, name: 'crm' });
  expect(body).toMatchObject({ kind: 'soon', requestedBy: { by: 'program', name: 'crm' } });
  expect(await ask('POST', '/callbacks', { queueId: 'bank', number: CUSTOMER })).toMatchObject({ status: 422, body: { refusal: 'alreadyPending' } });
  expect(await ask('POST', '/callbacks', { queueId: 'cards', number: CUSTOMER })).toMatchObject({ status: 422, body: { refusal: 'queueUnknown' } });
  const { body: listed } = await ask('GET', '/queues/bank/callback-windows');
  const [window] = listed['windows'] as { from: number; fromText: string }[];
  const one = `/callbacks/${body['callbackId'] as string}`;
  expect(await ask('POST', `${one}/move`, { window: { from: window?.fromText } })).toMatchObject({ status: 200, body: { kind: 'at', period: { from: window?.from } } });
  expect(await ask('POST', `${one}/cancel`, { by: 'supervisor' })).toMatchObject({ body: { stage: 'ended', ended: { how: 'canceled', by: { by: 'supervisor' } } } });
  expect(await ask('POST', `${one}/cancel`)).toMatchObject({ status: 409, body: { code: 'callback.conflict' } });
  rig.desk.close();
});
