import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import type { AriNode } from './ari-node.ts';
import { AriSwitchboard } from './ari-switchboard.ts';
import type { AriNodeConfig, AriSwitchboardOptions } from './ari-switchboard.ts';
import { FakeAriServer, plainAnswer } from './testing/fake-ari-server.ts';
import { toldChannel } from './testing/told-channel.ts';
import { until } from './testing/until.ts';

let server: FakeAriServer;
let board: AriSwitchboard;
let node: AriNode;
let events: SwitchEvent['type'][];

beforeEach(async () => {
  server = new FakeAriServer();
  await server.start();
});
afterEach(async () => {
  board.stop();
  await server.stop();
});

function engine(config: Partial<AriNodeConfig> = {}, options: Partial<AriSwitchboardOptions> = {}): void {
  board = new AriSwitchboard({
    nodes: [{ id: 'n1', url: server.url, user: server.user, password: server.password, transport: 'ws', requestSockets: 1, ...config }],
    app: 'hotline',
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
    requestTimeoutMs: 1_000,
    heartbeatMs: 20,
    heartbeatLimitMs: 60,
    backoffBaseMs: 1,
    backoffCapMs: 4,
    ...options,
  });
  node = board.node(nodeId('n1'));
  events = [];
  board.subscribe((event) => events.push(event.type));
  board.start();
}
const ready = () => until(() => node.status.ready || undefined, 'a connection');

describe('a connection', () => {
  it('is not ready any more after three silent heartbeats, long before it counts as dead', async () => {
    engine({}, { heartbeatMs: 25, heartbeatLimitMs: 60_000 });
    await ready();
    server.stalled = true;
    const since = performance.now();
    await until(() => (node.status.ready ? undefined : true), 'the silence');
    expect(performance.now() - since).toBeGreaterThan(40);
    expect(node.status).toMatchObject({ state: 'up', ready: false });
    expect(node.status.pulse?.silentMs).toBeGreaterThanOrEqual(75);
    expect(events).toEqual(['node.up']);
    server.stalled = false;
    await ready();
    expect(events).toEqual(['node.up']);
  });

  it('tells how long the oldest request has been waiting', async () => {
    engine();
    await ready();
    expect(node.status.pulse).toEqual({ silentMs: expect.any(Number) as number, oldestRequestMs: 0 });
    server.answer = () => undefined;
    const asked = node.snapshot().catch(() => undefined);
    await until(() => ((node.status.pulse?.oldestRequestMs ?? 0) > 30 ? true : undefined), 'an old request');
    board.stop();
    await asked;
    expect(node.status.pulse).toBeUndefined();
  });

  it('never gives up: it comes up when the switch does, after any number of attempts', async () => {
    await server.stop();
    engine();
    await until(() => (node.stats.failedConnects >= 60 ? true : undefined), 'sixty attempts');
    expect(node.status).toMatchObject({ ready: false, state: 'down', lastError: { code: 'switch.unreachable' } });
    expect(board.ready).toBe(false);
    expect(events).toEqual([]);
    await server.start();
    await ready();
    expect(events).toEqual(['node.up']);
    expect(node.status.lastError).toBeUndefined();
  });

  it('is down at once when a socket goes, whichever, and comes back', async () => {
    engine({ requestSockets: 2 });
    await ready();
    for (const app of ['hotline', 'hotline-r2']) {
      const ups = events.filter((type) => type === 'node.up').length;
      server.cut(app);
      await until(() => events.filter((type) => type === 'node.up')[ups], `the connection after ${app}`);
    }
    expect(events).toEqual(['node.up', 'node.down', 'node.up', 'node.down', 'node.up']);
    expect(server.openApps).toEqual(['hotline', 'hotline-r1', 'hotline-r2']);
    expect(node.stats).toMatchObject({ connects: 3, lostConnections: 2 });
  });

  it('notices that a switch has stalled, and stays as long as it answers pings', async () => {
    engine();
    await ready();
    await new Promise((resolve) => setTimeout(resolve, 200)); // Ten heartbeats without any other traffic.
    expect(events).toEqual(['node.up']);
    server.stalled = true;
    await until(() => events.find((type) => type === 'node.down'), 'node.down');
    server.stalled = false;
    await ready();
  });

  it('that is taken over ends without a fight', async () => {
    engine();
    await ready();
    server.event('hotline', 'ApplicationReplaced');
    await until(() => events.find((type) => type === 'node.replaced'), 'node.replaced');
    await until(() => (server.openApps.length === 0 ? true : undefined), 'the sockets to close');
    const visits = server.visits.length;
    await new Promise((resolve) => setTimeout(resolve, 50)); // Ten times the longest wait between attempts.
    expect(server.visits).toHaveLength(visits);
    expect(node.status).toMatchObject({ state: 'replaced', ready: false });
    await expect(node.snapshot()).rejects.toMatchObject({ code: 'switch.unreachable' });
    // Told to, it takes the application back.
    node.start();
    await ready();
  });

  it('whose preparation fails is not announced but tried again', async () => {
    server.answer = (request) => (request.method === 'PUT' ? { status: 503 } : plainAnswer(request));
    engine();
    await until(() => (node.stats.failedConnects >= 3 ? true : undefined), 'three attempts');
    expect(events).toEqual([]);
    expect(node.status.lastError).toMatchObject({ code: 'switch.refused', fields: { operation: 'applications.filter' } });
    server.answer = plainAnswer;
    await ready();
    expect(server.openApps).toEqual(['hotline', 'hotline-r1']);
  });

  it('tells what came while it was being prepared after node.up, in order', async () => {
    server.answer = (request) => {
      if (request.method === 'PUT') {
        server.event('hotline', 'StasisStart', { channel: toldChannel('c'), args: [] });
        server.event('hotline', 'StasisEnd', { channel: toldChannel('c') });
      }
      return plainAnswer(request);
    };
    engine();
    await until(() => events.find((type) => type === 'channel.left'), 'channel.left');
    expect(events).toEqual(['node.up', 'channel.entered', 'channel.left']);
  });

  it('goes on trying with a password that is refused, and says which user', async () => {
    engine({ password: 'wrong' });
    await until(() => (node.stats.failedConnects >= 5 ? true : undefined), 'five attempts');
    expect(node.status.lastError).toMatchObject({ code: 'switch.unauthorized', fields: { user: server.user, status: 401 } });
    expect(server.requests).toEqual([]);
  });

  it('ends when it is stopped, with what was pending', async () => {
    engine();
    await ready();
    server.answer = () => undefined;
    const pending = node.snapshot();
    board.stop();
    await expect(pending).rejects.toMatchObject({ code: 'switch.unreachable' });
    await until(() => (server.openApps.length === 0 ? true : undefined), 'the sockets to close');
    expect(node.status.state).toBe('stopped');
  });
});

describe('several nodes', () => {
  it('live and die apart', async () => {
    const second = new FakeAriServer();
    await second.start();
    board = new AriSwitchboard({
      nodes: [server, second].map(({ url, user, password }, i) => ({ id: `n${i + 1}`, url, user, password, transport: 'ws' as const })),
      app: 'hotline',
      clock: systemClock,
      random: () => 0.5,
      log: silentLogger,
      backoffBaseMs: 1,
      backoffCapMs: 4,
    });
    const heard: string[] = [];
    board.subscribe((event) => heard.push(`${event.nodeId} ${event.type}`));
    board.start();
    await until(() => board.ready || undefined, 'both nodes');
    expect(board.nodeIds).toEqual(['n1', 'n2']);
    await second.stop();
    await until(() => heard.find((line) => line === 'n2 node.down'), 'the end of the second');
    expect([board.node(nodeId('n1')).status.ready, board.node(nodeId('n2')).status.ready, board.ready]).toEqual([true, false, false]);
    await board.node(nodeId('n1')).snapshot();
    expect(heard).not.toContain('n1 node.down');
  });

  it('that are not configured are named in the error', () => {
    engine();
    expect(() => board.node(nodeId('n7'))).toThrow(expect.objectContaining({ code: 'switch.unreachable', message: expect.stringContaining('n1') as string }));
  });
});
