import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgeId, channelId, nodeId, playbackId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import type { AriNode } from './ari-node.ts';
import { AriSwitchboard } from './ari-switchboard.ts';
import type { AriNodeConfig, AriSwitchboardOptions } from './ari-switchboard.ts';
import { FakeAriServer, plainAnswer } from './testing/fake-ari-server.ts';
import type { FakeAnswer, FakeRequest } from './testing/fake-ari-server.ts';
import { toldChannel } from './testing/told-channel.ts';
import { until } from './testing/until.ts';

const APP = 'hotline';
const CALLER = channelId('1700000000.1');

let server: FakeAriServer;
let board: AriSwitchboard;
let node: AriNode;
let events: SwitchEvent[];

/** An engine with short times on the fake server. */
function engine(config: Partial<AriNodeConfig> = {}, options: Partial<AriSwitchboardOptions> = {}): void {
  board = new AriSwitchboard({
    nodes: [{ id: 'n1', url: server.url, user: server.user, password: server.password, transport: 'ws', requestSockets: 2, ...config }],
    app: APP,
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
    requestTimeoutMs: 2_000,
    backoffBaseMs: 2,
    backoffCapMs: 10,
    ...options,
  });
  node = board.node(nodeId('n1'));
  events = [];
  board.subscribe((event) => events.push(event));
  board.start();
}
const ready = () => until(() => node.status.ready || undefined, `a connection (${node.status.lastError?.message})`);
const types = () => events.map((event) => event.type);
const told = (type: SwitchEvent['type'], count = 1) => until(() => events.filter((event) => event.type === type)[count - 1], type);
const isOf = (request: FakeRequest, method: string, uri: RegExp) => request.method === method && uri.test(request.uri);

beforeEach(async () => {
  server = new FakeAriServer();
  await server.start();
});
afterEach(async () => {
  board.stop();
  await server.stop();
});

describe('a node', () => {
  it('opens one event socket for all channels and a pool for requests, and filters events before it is up', async () => {
    engine();
    await ready();
    expect(server.openApps).toEqual([APP, `${APP}-r1`, `${APP}-r2`]);
    expect(server.visits.filter((path) => path.startsWith('/ari/events')).sort()).toEqual([
      `/ari/events?app=${APP}`,
      `/ari/events?app=${APP}-r1`,
      `/ari/events?app=${APP}-r2`,
    ]);
    expect(server.visits.join(' ')).not.toContain(server.password);
    const filter = server.requests.find((request) => isOf(request, 'PUT', /eventFilter$/));
    expect(filter?.uri).toBe(`applications/${APP}/eventFilter`);
    // Without it no answer would come back.
    expect((filter?.body as { allowed: { type: string }[] }).allowed).toContainEqual({ type: 'RESTResponse' });
    // To channels and nothing else: with device states too, Asterisk may lock up when an engine dies (README.md).
    expect(server.requests.filter((request) => /subscription/.test(request.uri)).map(({ uri, query }) => ({ uri, query }))).toEqual([
      { uri: `applications/${APP}/subscription`, query: { eventSource: 'channel:' } },
    ]);
    expect(node.status).toMatchObject({ version: '22.10.1', transport: 'ws', lastError: undefined });
  });

  it('sends each request as ARI wants it', async () => {
    engine();
    await ready();
    server.requests.length = 0;
    await node.answer(CALLER);
    await node.hangup(CALLER, 17);
    await node.play(CALLER, playbackId('p'), ['sound:/a b/一', 'sound:c']);
    await node.stopPlayback(CALLER, playbackId('p'));
    await node.startMusic(CALLER, 'hold');
    await node.stopMusic(CALLER);
    await node.originate({ channelId: channelId('leg'), endpoint: 'PJSIP/1001', callerNumber: '95588', callerName: 'Bank "A" \\ <x>\n', timeoutMs: 1_200, args: ['a,b', 'c"[d'], language: 'zh-CN', variables: { X: 'y' } });
    await node.createBridge(bridgeId('b'), CALLER);
    await node.addToBridge(bridgeId('b'), CALLER);
    await node.removeFromBridge(bridgeId('b'), CALLER);
    await node.destroyBridge(bridgeId('b'), CALLER);
    expect(server.requests.map(({ method, uri, query, body }) => [method, uri, query, body])).toEqual([
      ['POST', 'channels/1700000000.1/answer', {}, undefined],
      ['DELETE', 'channels/1700000000.1', { reason_code: '17' }, undefined],
      ['POST', 'channels/1700000000.1/play/p', { media: 'sound:/a b/一,sound:c' }, undefined],
      ['DELETE', 'playbacks/p', {}, undefined],
      ['POST', 'channels/1700000000.1/moh', { mohClass: 'hold' }, undefined],
      ['DELETE', 'channels/1700000000.1/moh', {}, undefined],
      [
        'POST',
        'channels/leg',
        // Seconds, rounded up.
        { endpoint: 'PJSIP/1001', app: APP, appArgs: 'a\\,b,c\\"\\[d', callerId: '"Bank \\"A\\" \\\\ <x>" <95588>', timeout: '2' },
        { variables: { 'CHANNEL(language)': 'zh-CN', X: 'y', STROWGER_APP: APP } },
      ],
      ['POST', 'bridges/b', { type: 'mixing', name: `${APP}:1700000000.1` }, undefined],
      ['POST', 'bridges/b/addChannel', { channel: '1700000000.1' }, undefined],
      ['POST', 'bridges/b/removeChannel', { channel: '1700000000.1' }, undefined],
      // Before the bridge ends, its owner is out of it.
      ['POST', 'bridges/b/removeChannel', { channel: '1700000000.1' }, undefined],
      ['DELETE', 'bridges/b', {}, undefined],
    ]);
    expect(new Set(server.requests.filter(({ uri }) => uri.includes(CALLER)).map(({ app }) => app)).size, 'one channel, one socket').toBe(1);
  });

  it('spreads channels over the pool and keeps each on its socket', async () => {
    engine({ requestSockets: 3 });
    await ready();
    server.requests.length = 0;
    const ids = Array.from({ length: 60 }, (_, i) => channelId(`170.${i}`));
    await Promise.all(ids.flatMap((id) => [node.answer(id), node.startMusic(id)]));
    const socketsOf = (id: string) => new Set(server.requests.filter(({ uri }) => uri.startsWith(`channels/${id}/`)).map(({ app }) => app));
    expect(ids.every((id) => socketsOf(id).size === 1)).toBe(true);
    const load = [1, 2, 3].map((n) => server.requests.filter(({ app }) => app === `${APP}-r${n}`).length);
    expect(Math.min(...load)).toBeGreaterThan(20);
  });

  it('tells how late events come, whatever the clock of the switch says', async () => {
    const aheadMs = 3_600_000;
    const there = (agoMs = 0) => new Date(Date.now() + aheadMs - agoMs).toISOString().replace('Z', '+0000');
    server.answer = (request) => (request.uri === 'asterisk/ping' ? { status: 200, body: { timestamp: there() } } : plainAnswer(request));
    engine();
    await ready();
    expect(node.clockAheadMs).toBeGreaterThan(aheadMs - 500);
    for (const agoMs of [0, 8_000]) server.tell(APP, { type: 'ChannelDtmfReceived', application: APP, timestamp: there(agoMs), channel: toldChannel(CALLER), digit: '1', duration_ms: 80 });
    await told('digit', 2);
    const { count, counts, sumMs } = node.stats.eventLag;
    expect([count, counts.at(-1)]).toEqual([2, 1]);
    expect(sumMs).toBeGreaterThan(7_900);
    expect(sumMs).toBeLessThan(12_000);
  });

  it('refuses calls until a moment of the switch, in whole seconds of its clock, and no longer when told so', async () => {
    const aheadMs = 3_600_000;
    const there = () => new Date(Date.now() + aheadMs).toISOString().replace('Z', '+0000');
    server.answer = (request) => (request.uri === 'asterisk/ping' ? { status: 200, body: { timestamp: there() } } : plainAnswer(request));
    engine();
    await ready();
    server.requests.length = 0;
    const from = Date.now() + aheadMs;
    await node.refuseCalls(20_000);
    await node.refuseCalls(0);
    const [until, never] = server.requests.map(({ uri, query }) => [uri, query['variable'], Number(query['value'])]);
    expect(until?.slice(0, 2)).toEqual(['asterisk/variable', 'STROWGER_REFUSE_UNTIL']);
    expect(Math.abs(Number(until?.[2]) - (from + 20_000) / 1_000)).toBeLessThan(5);
    expect(Number.isInteger(until?.[2])).toBe(true);
    expect(never?.[2]).toBe(0);
  });

  it('translates events, and ignores and counts what it does not know', async () => {
    engine();
    await ready();
    server.event(APP, 'StasisStart', { channel: toldChannel(CALLER, 'Ring'), args: ['inbound'] });
    server.tell(APP, '{"type":');
    server.tell(APP, '[1,2]');
    server.tell(APP, 'null');
    server.event(APP, 'QuantumFluctuation', { channel: toldChannel(CALLER) });
    server.event(APP, 'BridgeCreated', {});
    server.event(APP, 'ChannelStateChange', { channel: toldChannel(CALLER) });
    server.event(APP, 'ChannelStateChange', { channel: toldChannel('a-stranger') });
    server.event(APP, 'ChannelHold', { channel: toldChannel(CALLER), musicclass: 'default' });
    server.event(APP, 'ChannelHold', { channel: toldChannel('a-stranger') });
    server.event(APP, 'ChannelUnhold', { channel: toldChannel('a-stranger') });
    server.event(APP, 'ChannelUnhold', { channel: toldChannel(CALLER) });
    server.event(APP, 'ChannelDtmfReceived', { channel: toldChannel(CALLER), digit: '5', duration_ms: 120 });
    server.event(APP, 'ChannelDtmfReceived', { channel: toldChannel(CALLER), digit: 'E', duration_ms: 120 });
    const playback = { id: 'p', media_uri: 'sound:a', target_uri: `channel:${CALLER}`, language: 'zh', state: 'playing' };
    server.event(APP, 'PlaybackStarted', { playback });
    server.event(APP, 'PlaybackStarted', { playback: { ...playback, target_uri: 'bridge:b' } });
    server.event(APP, 'PlaybackStarted', { playback });
    server.event(APP, 'PlaybackFinished', { playback: { ...playback, target_uri: 'channel:' } });
    server.event(APP, 'PlaybackFinished', { playback: { ...playback, state: 'failed' } });
    server.event(APP, 'PlaybackStarted', { playback: { ...playback, id: 'q' } });
    server.event(APP, 'ChannelHangupRequest', { channel: toldChannel(CALLER) });
    server.event(APP, 'PlaybackFinished', { playback: { ...playback, id: 'q', state: 'failed' } });
    server.event(APP, 'StasisEnd', { channel: toldChannel(CALLER) });
    server.event(APP, 'ChannelDestroyed', { channel: toldChannel('a-stranger'), cause: 16, cause_txt: '' });
    server.event(APP, 'ChannelDestroyed', { channel: toldChannel(CALLER), cause: 19, cause_txt: '' });
    await told('channel.gone');
    const [channelInfo, id] = [{ id: CALLER, state: 'ringing', callerNumber: '13800138000', callerName: 'Zhang', dialled: '95588', createdAt: Date.UTC(2026, 0, 1) }, { channelId: CALLER }];
    expect(events.map(({ nodeId: of, at, ...event }) => (of === node.nodeId && at > 0 ? event : undefined))).toEqual([
      { type: 'node.up' },
      { type: 'channel.entered', channel: channelInfo, args: ['inbound'] },
      { type: 'channel.state', ...id, state: 'up' },
      { type: 'channel.hold', ...id, held: true },
      { type: 'channel.hold', ...id, held: false },
      { type: 'digit', ...id, digit: '5', durationMs: 120 },
      { type: 'playback.started', ...id, playbackId: 'p' },
      { type: 'playback.finished', ...id, playbackId: 'p', ok: false },
      { type: 'playback.started', ...id, playbackId: 'q' },
      // Cut off by the hang-up: no fault of the media.
      { type: 'playback.finished', ...id, playbackId: 'q', ok: true },
      { type: 'channel.left', ...id },
      { type: 'channel.gone', ...id, cause: 19 },
    ]);
    expect(node.stats).toMatchObject({ unknownEvents: 1, malformedMessages: 4, invalidDigits: 1, events: { BridgeCreated: 1, StasisStart: 1 } });
    expect(node.stats.requestLatency.count).toBeGreaterThan(0);
  });

  it('tells whether the switch was started again, or the connection alone was lost', async () => {
    engine();
    await ready();
    server.cut();
    await told('node.up', 2);
    server.startedAt = '2026-01-01T00:10:00.000+0000';
    server.cut();
    await told('node.up', 3);
    expect(events.flatMap((event) => (event.type === 'node.up' ? [event.restarted] : []))).toEqual([undefined, undefined, true]);
  });

  it('shows who holds the other side, of those in a bridge and as far as the switch tells', async () => {
    engine();
    await ready();
    const holds: Record<string, FakeAnswer> = {
      holder: { status: 200, body: { value: '1' } },
      talker: { status: 200, body: { value: '0' } },
      local: { status: 200, body: { value: '' } },
      gone: { status: 404 },
      odd: { status: 500 },
    };
    server.answer = (request) => {
      if (request.uri === 'bridges') return { status: 200, body: [{ id: 'talk', name: `${APP}:x`, channels: Object.keys(holds) }] };
      if (request.uri === 'channels') return { status: 200, body: [...Object.keys(holds), 'alone'].map((id) => toldChannel(id)) };
      const id = /^channels\/(.*)\/variable$/.exec(request.uri)?.[1] ?? '';
      return request.query['variable'] === 'CHANNEL(rtp,hold)' ? holds[id] : undefined;
    };
    const { channels } = await node.snapshot();
    expect(channels.map(({ id, held }) => [id, held])).toEqual([['holder', true], ['talker', false], ['local', undefined], ['gone', undefined], ['odd', undefined], ['alone', undefined]]);
  });

  it('reads the dial status where the cause says nothing (asterisk#963)', async () => {
    engine();
    await ready();
    for (const [leg, status] of [['busy', 'BUSY'], ['slow', 'NOANSWER'], ['odd', 'ELSE']] as const) {
      await node.originate({ channelId: channelId(leg), endpoint: 'PJSIP/1', timeoutMs: 1_000, args: [] });
      server.event(APP, 'Dial', { peer: toldChannel(leg, 'Down'), dialstatus: '' });
      server.event(APP, 'Dial', { peer: toldChannel(leg, 'Down'), dialstatus: status });
      server.event(APP, 'ChannelDestroyed', { channel: toldChannel(leg, 'Down'), cause: 0, cause_txt: '' });
    }
    await told('channel.gone', 3);
    expect(events.flatMap((event) => (event.type === 'channel.gone' ? [event.cause] : []))).toEqual([17, 19, 0]);
  });

  it('keeps a listener that throws from harming the others', async () => {
    engine();
    board.subscribe(() => {
      throw new Error('a listener with a fault');
    });
    const after: string[] = [];
    board.subscribe((event) => after.push(event.type));
    await ready();
    server.event(APP, 'StasisStart', { channel: toldChannel(CALLER), args: [] });
    await told('channel.entered');
    expect(after).toEqual(['node.up', 'channel.entered']);
    expect(node.stats.listenerErrors).toBe(2);
  });
});

describe('a request', () => {
  it('that is refused tells operation, status and reason; an end of what is gone is a success', async () => {
    engine();
    await ready();
    server.answer = ({ uri }) => ({ status: uri.includes('busy') ? 409 : 404, body: { message: 'Channel not found' } });
    await expect(node.answer(CALLER)).rejects.toMatchObject({ code: 'switch.gone', fields: { operation: 'channels.answer', status: 404, detail: 'Channel not found' } });
    await expect(node.answer(channelId('busy'))).rejects.toMatchObject({ code: 'switch.refused', fields: { status: 409 } });
    await node.hangup(CALLER);
    await node.stopPlayback(CALLER, playbackId('p'));
    await node.stopMusic(CALLER);
    await node.removeFromBridge(bridgeId('b'), CALLER);
    await node.destroyBridge(bridgeId('b'), CALLER);
    server.answer = () => ({ status: 500, body: { error: 'Allocation failed' } });
    await expect(node.hangup(CALLER)).rejects.toMatchObject({ code: 'switch.refused', fields: { status: 500, detail: 'Allocation failed' } });
  });

  it('with media that Asterisk would never finish is refused before it is sent', async () => {
    engine();
    await ready();
    server.requests.length = 0;
    for (const media of [[], ['foo:bar'], ['/tmp/x'], ['sound:a,b'], ['sound:ok', 'http://x']]) {
      await expect(node.play(CALLER, playbackId('p'), media)).rejects.toMatchObject({ code: 'switch.refused' });
    }
    expect(server.requests).toEqual([]);
  });

  it('that would be too long for the socket is refused, and the socket lives on', async () => {
    engine();
    await ready();
    const args = ['长'.repeat(30_000)];
    await expect(node.originate({ channelId: channelId('leg'), endpoint: 'PJSIP/1', timeoutMs: 1_000, args })).rejects.toMatchObject({ code: 'switch.refused' });
    await node.answer(CALLER);
    expect(node.stats.lostConnections).toBe(0);
  });

  it('that is not answered in time fails alone; its late answer changes nothing', async () => {
    engine({}, { requestTimeoutMs: 60 });
    await ready();
    const held: FakeRequest[] = [];
    server.answer = (request) => (isOf(request, 'POST', /answer$/) ? void held.push(request) : plainAnswer(request));
    await expect(node.answer(CALLER)).rejects.toMatchObject({ code: 'switch.timeout', fields: { operation: 'channels.answer' } });
    for (const request of held) server.respond(request, { status: 204 });
    await node.startMusic(CALLER);
    expect(node.stats).toMatchObject({ timedOutRequests: 1, lostConnections: 0 });
  });

  it('to destroy a bridge is made also when its channel could not be taken out in time', async () => {
    engine({}, { requestTimeoutMs: 60 });
    await ready();
    server.requests.length = 0;
    const held: FakeRequest[] = [];
    server.answer = (request) => (request.uri.endsWith('removeChannel') ? void held.push(request) : plainAnswer(request));
    const destroyed = node.destroyBridge(bridgeId('b'), CALLER);
    // The switch takes the next request of this socket when it has answered the one before.
    const late = await until(() => held[0], 'removeChannel');
    await until(() => node.stats.timedOutRequests === 1 || undefined, 'the end of patience');
    server.respond(late, { status: 204 });
    await destroyed;
    expect(server.requests.map(({ method, uri }) => `${method} ${uri}`)).toEqual(['POST bridges/b/removeChannel', 'DELETE bridges/b']);
  });

  it('waits its turn when too many are under way, and keeps its order', async () => {
    engine({ requestSockets: 1 }, { maxInFlight: 2 });
    await ready();
    server.requests.length = 0;
    const held: FakeRequest[] = [];
    server.answer = (request) => void held.push(request);
    const all = Promise.all(Array.from({ length: 5 }, (_, i) => node.play(CALLER, playbackId(`p${i}`), ['sound:a'])));
    for (let done = 0; done < 5; done += 1) {
      const next = await until(() => held.shift(), `request ${done}`);
      expect(server.requests.length).toBeLessThanOrEqual(done + 2);
      server.respond(next, { status: 201, body: {} });
    }
    await all;
    expect(server.requests.map(({ uri }) => uri.at(-1))).toEqual(['0', '1', '2', '3', '4']);
  });

  it('that was given up while it waited is never sent, and a switch that answers nothing is left', async () => {
    engine({ requestSockets: 1 }, { maxInFlight: 2, requestTimeoutMs: 60 });
    await ready();
    server.requests.length = 0;
    const held: FakeRequest[] = [];
    server.answer = (request) => (request.uri.includes('/play/') ? void held.push(request) : plainAnswer(request));
    const made = await Promise.allSettled(['1', '2', '3'].map((name) => node.play(CALLER, playbackId(name), ['sound:a'])));
    expect(made.map((result) => (result.status === 'rejected' ? (result.reason as { code: string }).code : 'ok'))).toContain('switch.timeout');
    await told('node.down');
    await told('node.up', 2);
    expect(held.map(({ uri }) => uri.at(-1))).toEqual(['1', '2']);
  });

  it('that was given up holds its place until the switch has answered it', async () => {
    engine({ requestSockets: 1 }, { maxInFlight: 2, requestTimeoutMs: 80 });
    await ready();
    server.requests.length = 0;
    const held: FakeRequest[] = [];
    server.answer = (request) => (request.uri.endsWith('slow') ? void held.push(request) : plainAnswer(request));
    await expect(node.play(CALLER, playbackId('slow'), ['sound:a'])).rejects.toMatchObject({ code: 'switch.timeout' });
    // One place is left: the rest goes one after another.
    await Promise.all(['1', '2', '3'].map((name) => node.play(CALLER, playbackId(name), ['sound:a'])));
    for (const request of held) server.respond(request, { status: 201, body: {} });
    await node.answer(CALLER);
    expect(node.stats).toMatchObject({ timedOutRequests: 1, lostConnections: 0 });
  });

  it('that is pending when the socket goes is rejected as unreachable', async () => {
    engine();
    await ready();
    server.answer = (request) => (request.method === 'GET' ? plainAnswer(request) : undefined);
    const requests = Promise.allSettled([node.answer(CALLER), node.startMusic(channelId('another'))]);
    await until(() => server.requests.find((request) => isOf(request, 'POST', /answer$/)), 'the request');
    server.cut();
    for (const result of await requests) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'switch.unreachable' } });
    expect(node.status.ready).toBe(false);
  });
});

describe('a leg whose dialling failed', () => {
  const leg = channelId('leg');
  const dial = () => node.originate({ channelId: leg, endpoint: 'PJSIP/1', timeoutMs: 1_000, args: [] });
  const farewells = () => events.filter((event) => event.type === 'channel.gone');

  it('is gone at once when there is no connection', async () => {
    engine({ url: 'http://127.0.0.1:1' });
    await expect(dial()).rejects.toMatchObject({ code: 'switch.unreachable' });
    await told('channel.gone');
  });

  it('is gone as unreachable when the switch could not make it', async () => {
    engine();
    await ready();
    server.answer = ({ method }) => (method === 'POST' ? { status: 500, body: { error: 'Allocation failed' } } : { status: 404 });
    await expect(dial()).rejects.toMatchObject({ code: 'switch.refused' });
    expect(await told('channel.gone')).toMatchObject({ channelId: leg, cause: 20 });
  });

  it('is hung up when it lives in spite of the refusal, and gone when the switch says so', async () => {
    engine();
    await ready();
    server.answer = ({ method }) => (method === 'POST' ? { status: 500 } : { status: 204 });
    await expect(dial()).rejects.toMatchObject({ code: 'switch.refused' });
    await until(() => server.requests.find((request) => isOf(request, 'DELETE', /^channels\/leg$/)), 'the hang-up');
    expect(farewells()).toEqual([]);
    server.event(APP, 'ChannelDestroyed', { channel: toldChannel(leg, 'Down'), cause: 16, cause_txt: '' });
    expect(await told('channel.gone')).toMatchObject({ cause: 16 });
  });

  it('is looked for again and again after a time-out', async () => {
    engine({}, { requestTimeoutMs: 40 });
    await ready();
    const looks: number[] = [];
    server.answer = (request) => {
      if (isOf(request, 'POST', /^channels\/leg$/)) return undefined;
      // The switch was slow: the leg appears at the second look.
      if (isOf(request, 'DELETE', /^channels\/leg$/)) return { status: looks.push(performance.now()) === 1 ? 404 : 204 };
      return plainAnswer(request);
    };
    await expect(dial()).rejects.toMatchObject({ code: 'switch.timeout' });
    await until(() => (looks.length === 2 ? true : undefined), 'the second look');
    expect((looks[1] ?? 0) - (looks[0] ?? 0), 'time for the switch to act').toBeGreaterThan(30);
    expect(farewells()).toEqual([]);
    server.event(APP, 'ChannelDestroyed', { channel: toldChannel(leg, 'Down'), cause: 16, cause_txt: '' });
    await told('channel.gone');
    expect(farewells()).toHaveLength(1);
  });

  it('is gone once after a time-out when nobody ever saw it', async () => {
    engine({}, { requestTimeoutMs: 30 });
    await ready();
    server.answer = (request) => {
      if (isOf(request, 'POST', /^channels\/leg$/)) return undefined;
      return isOf(request, 'DELETE', /./) ? { status: 404 } : plainAnswer(request);
    };
    await expect(dial()).rejects.toMatchObject({ code: 'switch.timeout' });
    await told('channel.gone');
    expect(farewells()).toHaveLength(1);
  });

  it('is looked for on the next connection when the first was lost', async () => {
    engine();
    await ready();
    server.answer = (request) => (isOf(request, 'POST', /^channels\/leg$/) ? undefined : plainAnswer(request));
    const dialling = dial();
    await until(() => server.requests.find((request) => isOf(request, 'POST', /^channels\/leg$/)), 'the request');
    server.cut();
    await expect(dialling).rejects.toMatchObject({ code: 'switch.unreachable' });
    await told('channel.gone');
    expect(types()).toEqual(['node.up', 'node.down', 'node.up', 'channel.gone']);
  });
});
