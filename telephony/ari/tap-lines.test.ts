import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgeId, channelId, nodeId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import type { AriNode } from './ari-node.ts';
import { AriSwitchboard } from './ari-switchboard.ts';
import { FakeAriServer, plainAnswer } from './testing/fake-ari-server.ts';
import type { FakeRequest } from './testing/fake-ari-server.ts';
import { until } from './testing/until.ts';

const APP = 'hotline';
const CALLER = channelId('1700000000.1');
const channel = (id: string, application = `Stasis ${APP}`) => {
  const [app_name = '', app_data = ''] = application.split(' ');
  return {
    id,
    name: `PJSIP/${id}`,
    state: 'Up',
    caller: { number: '', name: '' },
    connected: { number: '', name: '' },
    dialplan: { context: 'default', exten: 's', priority: 1, app_name, app_data },
    creationtime: '2026-01-01T08:00:00.000+0800',
    language: 'zh',
    channelvars: { MEDIA_WEBSOCKET_CONNECTION_ID: 'c0ffee' },
  };
};
const bridge = (id: string, name: string, channels: readonly string[] = []) => ({ id, name, channels, technology: 'simple_bridge', bridge_type: 'mixing' });

let server: FakeAriServer;
let board: AriSwitchboard;
let node: AriNode;
let events: SwitchEvent[];
let world: { channels: ReturnType<typeof channel>[]; bridges: ReturnType<typeof bridge>[] };

const made = (request: FakeRequest) => request.method === 'POST' && request.uri === 'channels/externalMedia';
const asked = () => server.requests.filter(({ method, uri }) => method !== 'GET' && !uri.startsWith('applications')).map(({ method, uri }) => `${method} ${uri}`);
const leave = (id: string) => {
  server.event(APP, 'StasisEnd', { channel: channel(id) });
  server.event(APP, 'ChannelDestroyed', { channel: channel(id), cause: 16, cause_txt: '' });
};

beforeEach(async () => {
  server = new FakeAriServer();
  await server.start();
  world = { channels: [], bridges: [] };
  server.answer = (request) => {
    if (request.method === 'GET' && request.uri === 'channels') return { status: 200, body: world.channels };
    if (request.method === 'GET' && request.uri === 'bridges') return { status: 200, body: world.bridges };
    if (request.method === 'GET' && request.uri.endsWith('/variable')) return { status: 200, body: { value: request.uri.includes('other') ? 'other' : APP } };
    if (made(request)) return { status: 200, body: channel(request.query['channelId'] ?? '') };
    // What is hung up, ends.
    const hungUp = request.method === 'DELETE' ? /^channels\/([^/]+)$/.exec(request.uri)?.[1] : undefined;
    if (hungUp !== undefined) queueMicrotask(() => leave(hungUp));
    return plainAnswer(request);
  };
});
afterEach(async () => {
  board.stop();
  await server.stop();
});

async function connect(requestTimeoutMs = 2_000): Promise<void> {
  board = new AriSwitchboard({
    nodes: [{ id: 'n1', url: server.url, user: server.user, password: server.password, transport: 'ws', requestSockets: 2 }],
    app: APP,
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
    requestTimeoutMs,
    backoffBaseMs: 2,
    backoffCapMs: 10,
  });
  node = board.node(nodeId('n1'));
  events = [];
  board.subscribe((event) => events.push(event));
  board.start();
  await until(() => node.status.ready || undefined, 'a connection');
}
const enter = (...ids: readonly string[]) => ids.forEach((id) => server.event(APP, 'StasisStart', { channel: channel(id), args: [] }));

describe('the lines of taps on a node', () => {
  it('are laid, joined and cleared with requests in this order', async () => {
    await connect();
    const line = await node.taps.lay('tap-1', CALLER, () => undefined);
    expect(line.address.url).toBe(`${server.url.replace('http', 'ws')}/media/c0ffee`);
    const joined = line.join();
    enter('tap-1-snoop', 'tap-1-media');
    await joined;
    await line.clear();
    expect(asked()).toEqual([
      'POST channels/externalMedia',
      `POST channels/${CALLER}/snoop/tap-1-snoop`,
      'POST bridges/tap-1',
      'POST bridges/tap-1/addChannel',
      'DELETE channels/tap-1-snoop',
      'DELETE channels/tap-1-media',
      'DELETE bridges/tap-1',
    ]);
    expect(server.requests.find(made)).toMatchObject({ query: { app: APP, transport: 'websocket', encapsulation: 'none', connection_type: 'server', format: 'slin' }, body: { variables: { STROWGER_APP: APP } } });
    expect(node.taps.size).toBe(0);
    expect(events.map(({ type }) => type), 'the engine learns nothing of them').toEqual(['node.up']);
  });

  it('are in no snapshot', async () => {
    await connect();
    world = { channels: [channel(CALLER), channel('tap-1-snoop'), channel('tap-1-media')], bridges: [bridge('tap-1', `${APP}:tap-1-snoop`), bridge('talk-1', `${APP}:${CALLER}`, [CALLER])] };
    expect(await node.snapshot()).toMatchObject({ channels: [{ id: CALLER }], bridges: [{ id: 'talk-1' }] });
  });

  it('that another process left are taken away, those of other applications are not', async () => {
    world = {
      channels: [channel(CALLER), channel('tap-1-snoop'), channel('tap-2-media', 'AppDial2 (Outgoing'), channel('tap-other-snoop', 'Stasis other'), channel('tap-other-media', 'AppDial2 (Outgoing')],
      bridges: [bridge('tap-1', `${APP}:tap-1-snoop`), bridge('tap-other', 'other:tap-other-snoop'), bridge('talk-1', `${APP}:${CALLER}`)],
    };
    await connect();
    await until(() => asked().length >= 3 || undefined, 'the strays to be taken away');
    expect(asked()).toEqual(['DELETE channels/tap-1-snoop', 'DELETE channels/tap-2-media', 'DELETE bridges/tap-1']);
  });

  it('that a late request of the connection before has made are taken away, those that are in use are not', async () => {
    await connect();
    await node.taps.lay('tap-3', CALLER, () => undefined);
    world = { channels: [channel(CALLER), channel('tap-3-snoop')], bridges: [bridge('tap-3', `${APP}:tap-3-snoop`), bridge('tap-4', `${APP}:tap-4-snoop`)] };
    const before = asked().length;
    await node.taps.sweep();
    expect(asked().slice(before)).toEqual(['DELETE bridges/tap-4']);
  });

  it('that nobody asked for any more are taken away when they enter', async () => {
    await connect();
    enter('tap-9-media');
    await until(() => asked().includes('DELETE channels/tap-9-media') || undefined, 'the late one to be hung up');
    expect(events.map(({ type }) => type)).toEqual(['node.up']);
  });

  it('tell once that the call has ended, and go when they are cleared', async () => {
    await connect();
    const lost: string[] = [];
    const line = await node.taps.lay('tap-1', CALLER, (reason) => lost.push(reason));
    enter('tap-1-snoop', 'tap-1-media');
    await line.join();
    leave('tap-1-snoop');
    await until(() => lost[0], 'the end');
    await line.clear();
    expect(lost).toEqual(['its call has ended']);
    expect(asked().slice(-2)).toEqual(['DELETE channels/tap-1-media', 'DELETE bridges/tap-1']);
  });

  it('are refused for a call that has gone, with nothing left behind', async () => {
    await connect();
    const answer = server.answer;
    server.answer = (request) => (request.uri.includes('/snoop/') ? { status: 404, body: { message: 'Channel not found' } } : request.uri === 'channels/tap-1-snoop' ? { status: 404 } : answer(request));
    await expect(node.taps.lay('tap-1', CALLER, () => undefined)).rejects.toMatchObject({ code: 'switch.gone' });
    expect(asked().slice(-2)).toEqual(['DELETE channels/tap-1-media', 'DELETE bridges/tap-1']);
    expect(node.taps.size).toBe(0);
  });

  it.each([
    ['switch.gone', 404],
    ['switch.refused', 200],
  ])('are rejected with %s when the switch refuses, and says %d to the question for the call', async (code, status) => {
    await connect();
    const answer = server.answer;
    server.answer = (request) => {
      if (request.uri.includes('/snoop/')) return { status: 500, body: { message: 'Snoop channel could not be created' } };
      return request.method === 'GET' && request.uri === `channels/${CALLER}` ? { status, body: channel(CALLER) } : answer(request);
    };
    await expect(node.taps.lay('tap-1', CALLER, () => undefined)).rejects.toMatchObject({ code });
    expect(node.taps.size).toBe(0);
  });

  it('are rejected with switch.gone when the end of the call is told after the refusal', async () => {
    await connect();
    const answer = server.answer;
    server.answer = (request) => {
      if (request.uri.includes('/snoop/')) {
        setTimeout(() => leave('tap-1-snoop'), 20);
        return { status: 500, body: { message: 'Snoop channel could not be created' } };
      }
      // By now the switch has another of that name, or has not noticed yet: what it says does not count.
      return request.method === 'GET' && request.uri === `channels/${CALLER}` ? { status: 200, body: channel(CALLER) } : answer(request);
    };
    await expect(node.taps.lay('tap-1', CALLER, () => undefined)).rejects.toMatchObject({ code: 'switch.gone' });
  });

  it('look for no media channel while another is being made or ended: Asterisk would stop for good', async () => {
    await connect();
    const order: string[] = [];
    const first = await node.taps.lay('tap-1', CALLER, () => undefined);
    let opened: () => void = () => undefined;
    const connecting = first.connect(() => (order.push('open'), new Promise<void>((resolve) => (opened = resolve)))).then(() => order.push('opened'));
    const second = node.taps.lay('tap-2', CALLER, () => undefined).then((line) => (order.push('laid'), line));
    const third = first.clear().then(() => order.push('cleared'));
    await until(() => asked().includes('DELETE channels/tap-1-snoop') || undefined, 'the end of the snoop');
    expect(asked().filter((request) => /tap-2|tap-1-media/.test(request)), 'both wait').toEqual([]);
    opened();
    await Promise.all([connecting, third]);
    // And the other way about: what is opened waits until a channel that ends has been destroyed.
    const line = await second;
    const answer = server.answer;
    let end: () => void = () => undefined;
    server.answer = (request) => (request.uri === 'channels/tap-2-media' ? ((end = () => leave('tap-2-media')), plainAnswer(request)) : answer(request));
    const clearing = line.clear();
    await until(() => asked().includes('DELETE channels/tap-2-media') || undefined, 'the hang-up');
    const fourth = await Promise.race([line.connect(() => Promise.resolve('opened')), new Promise((resolve) => setTimeout(() => resolve('waits'), 50))]);
    expect(fourth).toBe('waits');
    end();
    await clearing;
    expect(await line.connect(() => Promise.resolve('opened'))).toBe('opened');
    expect(order.slice(0, 2)).toEqual(['open', 'opened']);
  });

  it('are connected to five at a time: Asterisk lets ten wait, and the next would be tried again after a second', async () => {
    await connect();
    const lines = await Promise.all(Array.from({ length: 12 }, (_, n) => node.taps.lay(`tap-${n}`, CALLER, () => undefined)));
    let [inside, most] = [0, 0];
    await Promise.all(
      lines.map((line) =>
        line.connect(async () => {
          most = Math.max(most, (inside += 1));
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );
    expect([inside, most]).toEqual([0, 5]);
    await Promise.all(lines.map((line) => line.clear()));
  });

  it('that are being laid outlive a lost connection: what has not entered yet cannot be missing', async () => {
    await connect();
    const lost: string[] = [];
    const line = await node.taps.lay('tap-1', CALLER, (reason) => lost.push(reason));
    server.cut();
    await until(() => events.filter(({ type }) => type === 'node.up').length === 2 || undefined, 'the next connection');
    const joined = line.join();
    enter('tap-1-snoop', 'tap-1-media');
    await joined;
    expect(lost).toEqual([]);
    await line.clear();
  });

  it('are refused on an Asterisk that has no media over WebSocket, before anything is asked of it', async () => {
    server.version = '22.5.2';
    await connect();
    await expect(node.taps.lay('tap-1', CALLER, () => undefined)).rejects.toMatchObject({ code: 'switch.refused', fields: { version: '22.5.2' } });
    expect(asked()).toEqual([]);
  });

  it('end with switch.timeout when their channels do not enter', async () => {
    await connect(50);
    const line = await node.taps.lay('tap-1', CALLER, () => undefined);
    await expect(line.join()).rejects.toMatchObject({ code: 'switch.timeout' });
    await line.clear();
  });

  it('outlive a lost connection when they are still there, and end when they are not', async () => {
    await connect();
    const lost: string[] = [];
    for (const id of ['tap-1', 'tap-2']) {
      const line = await node.taps.lay(id, CALLER, () => lost.push(id));
      enter(`${id}-snoop`, `${id}-media`);
      await line.join();
    }
    world.channels = [channel('tap-1-snoop'), channel('tap-1-media'), channel('tap-2-media')];
    world.bridges = [bridge('tap-1', `${APP}:tap-1-snoop`), bridge('tap-2', `${APP}:tap-2-snoop`)];
    const soFar = asked().length;
    server.cut();
    await until(() => lost[0], 'the end of one of them');
    await until(() => node.status.ready || undefined, 'the connection');
    expect(lost).toEqual(['tap-2']);
    expect(asked().slice(soFar)).toEqual([]);
  });

  it('all end when another engine takes the application over', async () => {
    await connect();
    const lost: string[] = [];
    const line = await node.taps.lay('tap-1', CALLER, (reason) => lost.push(reason));
    server.event(APP, 'ApplicationReplaced');
    await until(() => lost[0], 'the end');
    await line.clear();
    expect(lost).toEqual(['another engine has taken the application over']);
    expect(node.taps.size).toBe(0);
  });

  it('whisper over silence that makes way for music and bridges', async () => {
    await connect();
    const line = await node.taps.lay('tap-1', CALLER, () => undefined);
    const soFar = asked().length;
    line.carry();
    line.carry();
    await node.startMusic(CALLER);
    await node.stopMusic(CALLER);
    await node.addToBridge(bridgeId('talk-1'), CALLER);
    await node.removeFromBridge(bridgeId('talk-1'), CALLER);
    await line.clear();
    const silence = `channels/${CALLER}/silence`;
    expect(asked().slice(soFar).filter((request) => request.includes(CALLER) || request.includes('talk'))).toEqual([
      `POST ${silence}`,
      `DELETE ${silence}`,
      `POST channels/${CALLER}/moh`,
      `DELETE channels/${CALLER}/moh`,
      `POST ${silence}`,
      `DELETE ${silence}`,
      'POST bridges/talk-1/addChannel',
      'POST bridges/talk-1/removeChannel',
      `POST ${silence}`,
      `DELETE ${silence}`,
    ]);
  });

  it('whisper over silence again when music or a bridge was refused', async () => {
    await connect();
    const line = await node.taps.lay('tap-1', CALLER, () => undefined);
    const soFar = asked().length;
    line.carry();
    const answer = server.answer;
    server.answer = (request) => (/addChannel$|moh$/.test(request.uri) ? { status: 409, body: { message: 'no' } } : answer(request));
    await expect(node.startMusic(CALLER)).rejects.toMatchObject({ code: 'switch.refused' });
    await expect(node.addToBridge(bridgeId('talk-1'), CALLER)).rejects.toMatchObject({ code: 'switch.refused' });
    const silence = `channels/${CALLER}/silence`;
    await until(() => asked().slice(soFar).filter((request) => request === `POST ${silence}`).length === 3 || undefined, 'the silence again');
    await line.clear();
    expect(asked().slice(soFar).filter((request) => request.includes(silence))).toEqual([`POST ${silence}`, `DELETE ${silence}`, `POST ${silence}`, `DELETE ${silence}`, `POST ${silence}`, `DELETE ${silence}`]);
  });
});
