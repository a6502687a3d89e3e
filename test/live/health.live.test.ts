import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
let collector: Server;
const spans: { readonly traceId: string; readonly name: string; readonly parentSpanId?: string }[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const sent = JSON.parse(body) as { readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: typeof spans }[] }[] };
      spans.push(...sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  rig = await HotlineRig.start([], { settings: { tracing: { url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces` } } });
}, 300_000);
afterAll(async () => {
  await rig.stop();
  collector.closeAllConnections();
  collector.close();
});
afterEach(() => rig.cleanUp());

interface Ready {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
const readiness = async (): Promise<Ready> => (await fetch(`${rig.apiUrl}/readyz`)).json() as Promise<Ready>;
const figure = async (pattern: RegExp): Promise<number> => Number(pattern.exec(await (await fetch(`${rig.apiUrl}/metrics`)).text())?.[1] ?? NaN);

it('a switch that stops to answer is told within two seconds, and comes back with its calls', async () => {
  const call = await rig.call();
  await rig.toMainMenu(call);
  const { pid } = rig.pbx;
  if (pid === undefined) expect.fail('the switch does not run');
  process.kill(pid, 'SIGSTOP');
  const since = performance.now();
  try {
    await expect.poll(async () => (await readiness()).ready, { timeout: 5_000, interval: 20 }).toBe(false);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect((await readiness()).reasons.join()).toMatch(/switch pbx-1: nothing was heard/);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await expect.poll(async () => (await readiness()).ready, { timeout: 15_000, interval: 50 }).toBe(true);
  expect(call.isOver).toBe(false);
  await call.hangUp();
  await rig.engine.event('call.ended');
}, 90_000);

it('figures and traces tell of a call', async () => {
  const call = await rig.call();
  await rig.toMainMenu(call);
  expect(await figure(/^strowger_calls_active{stand="flow"} (\d+)/m)).toBe(1);
  expect(await figure(/^strowger_switch_event_lag_seconds_count{node="pbx-1"} (\d+)/m)).toBeGreaterThan(3);
  // One machine, one clock: the lag is that of a socket.
  const [sum, count] = [await figure(/^strowger_switch_event_lag_seconds_sum{node="pbx-1"} ([\d.e-]+)/m), await figure(/^strowger_switch_event_lag_seconds_count{node="pbx-1"} (\d+)/m)];
  expect(sum / count).toBeLessThan(0.1);
  expect(await figure(/^strowger_timers_overdue (\d+)/m)).toBe(0);
  expect(await figure(/^strowger_orphan_channels{node="pbx-1"} (\d+)/m)).toBe(0);
  await call.hangUp();
  const ended = await rig.engine.event('call.ended');
  // Spans come every five seconds: those of the call before may come now.
  const rootOf = (id: string) => spans.find((span) => span.name === 'call bank' && JSON.stringify(span).includes(`"${id}"`));
  await expect.poll(() => rootOf(String(ended.callId))?.traceId, { timeout: 15_000 }).toMatch(/^[0-9a-f]{32}$/);
  const root = rootOf(String(ended.callId));
  const own = spans.filter(({ traceId }) => traceId === root?.traceId).map(({ name }) => name);
  expect(own).toEqual(expect.arrayContaining(['state language', 'state main', 'prompt']));
  expect(JSON.stringify(spans)).not.toContain('13800138000');
}, 90_000);
