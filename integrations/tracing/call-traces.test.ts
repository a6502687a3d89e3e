import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEventBody } from '../../engine/domain/events.ts';
import { agentId, callbackId, callId, contactId, offerId, queueId } from '../../engine/domain/ids.ts';
import { silentLogger, type Logger } from '../../engine/ports/logger.ts';
import { termination } from '../../engine/domain/termination.ts';
import { EVENT_SAMPLES } from '../mqtt/event-samples.fixture.ts';
import { CallTraces } from './call-traces.ts';
import { openTelemetry, type OpenTelemetry } from './open-telemetry.ts';
import { traceIdsOf, traceparentOf } from './trace-ids.ts';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly Value[] };
}
type Attributes = readonly { readonly key: string; readonly value: Value }[];
interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly status: { readonly code: number };
}
interface Sent {
  readonly resourceSpans: readonly { readonly resource: { readonly attributes: Attributes }; readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[] }[];
}

/** A collector that takes OTLP over HTTP. */
let collector: Server;
let url: string;
let bodies: string[];
let headers: IncomingHttpHeaders[];
let status: number;
let telemetry: OpenTelemetry | undefined;

beforeEach(async () => {
  bodies = [];
  headers = [];
  status = 200;
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      headers.push(request.headers);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`;
});
afterEach(async () => {
  await telemetry?.close();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const CALL = callId('call-7');
const START = Date.UTC(2026, 0, 5, 9);

async function open(more: { readonly ratio?: number; readonly log?: Logger } = {}): Promise<OpenTelemetry> {
  telemetry = await openTelemetry({ url, headers: { authorization: 'Bearer x' }, ratio: 1, engineId: 'engine-1', version: '0.1.0', log: silentLogger, ...more });
  return telemetry;
}

/** Gives events, a second apart, to fresh traces; what the collector then has. */
async function traced(events: readonly (DomainEventBody & { readonly at?: number })[], options: { readonly startedAt?: () => number } = {}) {
  const traces = new CallTraces({ sink: await open(), ...options });
  events.forEach((body, index) => traces.observe({ v: 1, id: `e${index}`, at: START + index * 1000, callId: CALL, ...body }));
  const left = traces.open;
  await telemetry?.close();
  const spans = bodies.flatMap((body) => (JSON.parse(body) as Sent).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
  return { spans, left };
}

/** The spans as a tree of names, in the order of their beginnings. */
function tree(spans: readonly SentSpan[], parent?: string): unknown[] {
  return spans
    .filter(({ parentSpanId }) => (parentSpanId || undefined) === parent)
    .toSorted((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)))
    .map(({ name, spanId }) => {
      const children = tree(spans, spanId);
      return children.length === 0 ? name : [name, ...children];
    });
}

const text = (attributes: Attributes): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? value.arrayValue?.values.map((one) => one.stringValue)]));
const seconds = ({ startTimeUnixNano: from, endTimeUnixNano: to }: SentSpan): [number, number] => [Number(BigInt(from) / 1_000_000n) - START, Number(BigInt(to) / 1_000_000n) - START];

const started: DomainEventBody = { type: 'call.started', flow: 'bank', flowVersion: 'v1', dialled: '95500', pii: { callerNumber: '13812345678', callerName: '李娜' } };
const contact = { contactId: contactId('contact-1'), queueId: queueId('cards') };
const offer = { offerId: offerId('offer-1'), contactId: contact.contactId, agentId: agentId('1001') };
const queued: DomainEventBody = { type: 'contact.queued', ...contact, priority: 1, ageBoostMs: 0, enqueuedAt: START, position: 2, steps: [], afterSteps: 'strict' };
const SERVED: readonly DomainEventBody[] = [
  started, // 0
  { type: 'call.state', state: 'main' },
  { type: 'prompt.started', prompts: ['main.menu'], language: 'zh-CN' },
  { type: 'prompt.finished', prompts: ['main.menu'], interrupted: true, playedMs: 900 },
  { type: 'menu.chosen', prompt: 'main.menu', choice: 'agent', by: 'dtmf' }, // 4
  { type: 'call.state', state: 'agent' },
  { type: 'service.called', service: 'getBalance', outcome: 'failed', code: 'service.timeout', durationMs: 500 },
  queued, // 7
  { type: 'offer.made', ...offer, queueId: contact.queueId },
  { type: 'offer.ended', ...offer, outcome: 'accepted', rangMs: 1000 },
  { type: 'contact.left', ...contact, how: 'answered', waitedMs: 3000 }, // 10
  { type: 'conversation.started', contactId: contact.contactId, agentId: offer.agentId },
  { type: 'conversation.ended', contactId: contact.contactId, agentId: offer.agentId, endedBy: 'caller', talkMs: 1000 },
  { type: 'call.ended', termination: termination('served'), durationMs: 13_000 }, // 13
];

describe('the trace of a call', () => {
  it('goes from the call over its states to prompts, services, the queue, offers and the conversation', async () => {
    const { spans, left } = await traced(SERVED);
    expect(tree(spans)).toEqual([
      ['call bank', ['state main', 'prompt'], ['state agent', 'service getBalance', ['queue cards', 'offer']], 'conversation'],
    ]);
    expect(left).toBe(0);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdsOf(CALL).traceId]));
    const of = (name: string): SentSpan => spans.find((span) => span.name === name) ?? expect.fail(name);
    const root = of('call bank');
    expect([root.spanId, root.kind, seconds(root)]).toEqual([traceIdsOf(CALL).spanId, 2, [0, 13_000]]);
    expect(text(root.attributes)).toEqual({
      'session.id': 'call-7',
      'strowger.flow.id': 'bank',
      'strowger.flow.version': 'v1',
      'strowger.dialled': '95500',
      'strowger.call.result': 'success',
      'strowger.call.reason': 'served',
    });
    expect(seconds(of('state main'))).toEqual([1_000, 5_000]);
    expect(of('state main').events.map(({ name, attributes }) => [name, text(attributes)])).toEqual([['chosen', { 'strowger.prompt': 'main.menu', 'strowger.choice': 'agent', 'strowger.by': 'dtmf' }]]);
    expect(text(of('prompt').attributes)).toEqual({ 'strowger.prompts': ['main.menu'], 'strowger.language': 'zh-CN', 'strowger.prompt.interrupted': true });
    const service = of('service getBalance');
    expect([service.kind, service.status.code, seconds(service), text(service.attributes)]).toEqual([3, 2, [5_500, 6_000], { 'peer.service': 'getBalance', 'error.type': 'service.timeout' }]);
    expect([seconds(of('queue cards')), seconds(of('offer')), seconds(of('conversation'))]).toEqual([[7_000, 10_000], [8_000, 9_000], [11_000, 12_000]]);
    expect(headers[0]).toMatchObject({ authorization: 'Bearer x', 'content-type': 'application/json' });
    const [resource] = (JSON.parse(bodies[0] ?? '') as Sent).resourceSpans;
    expect(text(resource?.resource.attributes ?? [])).toMatchObject({ 'service.name': 'strowger', 'service.instance.id': 'engine-1', 'service.version': '0.1.0' });
  });

  it('ends what is open with the call, and shows whose fault it was', async () => {
    const { spans, left } = await traced([...SERVED.slice(0, 9), { type: 'call.ended', termination: termination('switchLost'), durationMs: 9_000 }]);
    expect(left).toBe(0);
    expect(tree(spans)).toEqual([['call bank', ['state main', 'prompt'], ['state agent', 'service getBalance', ['queue cards', 'offer']]]]);
    const root = spans.find(({ name }) => name === 'call bank');
    expect([root?.status.code, text(root?.attributes ?? [])['error.type']]).toEqual([2, 'switchLost']);
  });

  it('goes on in the process that takes the call up, as the same trace', async () => {
    const { spans } = await traced(
      [
        { type: 'call.resumed', state: 'agent', outageMs: 700 },
        { ...queued },
        { type: 'contact.left', ...contact, how: 'abandoned', waitedMs: 9_000 },
        { type: 'call.ended', termination: termination('abandoned'), durationMs: 99 },
      ],
      { startedAt: () => START - 3_600_000 },
    );
    expect(tree(spans)).toEqual([['call', ['state agent', 'queue cards']]]);
    const root = spans.find(({ name }) => name === 'call');
    expect([root?.traceId, root?.spanId]).toEqual(Object.values(traceIdsOf(CALL)));
    expect(root && seconds(root)).toEqual([-3_600_000, 3_000]);
    expect(root?.events.map(({ name }) => name)).toEqual(['resumed']);
  });

  it('has one for an agent who is connected with a customer who is called back', async () => {
    const callback = { callbackId: callbackId('cb-1'), queueId: contact.queueId };
    const { spans, left } = await traced([
      { ...queued, callbackId: callback.callbackId },
      { type: 'offer.made', ...offer, queueId: contact.queueId },
      { type: 'offer.ended', ...offer, outcome: 'accepted', rangMs: 1000 },
      { type: 'contact.left', ...contact, how: 'answered', waitedMs: 2_000, callbackId: callback.callbackId },
      { type: 'callback.dialled', ...callback, attempt: 1 },
      { type: 'conversation.started', contactId: contact.contactId, agentId: offer.agentId },
      { type: 'conversation.ended', contactId: contact.contactId, agentId: offer.agentId, endedBy: 'caller', talkMs: 1000 },
      { type: 'callback.attempted', ...callback, attempt: 1, outcome: 'answered' },
    ]);
    expect(tree(spans)).toEqual([['callback', ['queue cards', 'offer'], 'conversation']]);
    expect(left).toBe(0);
  });

  it('tells of no event who called, what was said or typed, and which agent it was', async () => {
    const all = Object.values(EVENT_SAMPLES).filter(({ type }) => !type.startsWith('call.'));
    await traced([started, { type: 'call.state', state: 'main' }, ...all, { type: 'call.ended', termination: termination('served'), durationMs: 1 }]);
    const sent = bodies.join('\n');
    expect(sent).toContain('state main');
    const personal = [started, ...all].flatMap((event) => ('pii' in event && event.pii !== undefined ? Object.values(event.pii) : [])).filter((value) => value !== '');
    expect(personal.length).toBeGreaterThan(3);
    for (const value of personal) expect(sent).not.toContain(value);
    expect(sent).not.toContain('"1001"');
  });

  it('is sent for a share of the calls, and the services that are asked know whether it is', async () => {
    const own = await open({ ratio: 0.25 });
    const ids = Array.from({ length: 400 }, (_, index) => callId(`call-${index}`));
    const sampled = ids.filter((id) => own.traceparent(id).endsWith('-01'));
    expect(sampled.length).toBeGreaterThan(60);
    expect(sampled.length).toBeLessThan(140);
    for (const id of ids) own.root(id, { name: 'call', kind: 'server', at: START }).end(START + 1);
    await own.close();
    const sent = bodies.flatMap((body) => (JSON.parse(body) as Sent).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    expect(sent.map(({ traceId }) => traceId).toSorted()).toEqual(sampled.map((id) => traceIdsOf(id).traceId).toSorted());
  });

  it('costs nothing but a line in the log when the collector does not take it', async () => {
    status = 400;
    const lines: string[] = [];
    const log: Logger = { ...silentLogger, warn: (_, message) => void lines.push(message), child: () => log };
    const own = await open({ log });
    for (let i = 0; i < 3; i += 1) own.root(callId(`call-${i}`), { name: 'call', kind: 'server', at: START }).end(START + 1);
    await own.close();
    expect(bodies).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });
});

describe('traceparent', () => {
  it('is as W3C Trace Context wants it, and the same for the same call', () => {
    expect(traceparentOf(traceIdsOf(CALL), true)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceIdsOf(CALL)).toEqual(traceIdsOf(callId('call-7')));
    expect(traceIdsOf(CALL)).not.toEqual(traceIdsOf(callId('call-8')));
  });
});
