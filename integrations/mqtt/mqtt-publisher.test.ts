import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { agentId, contactId, nodeId, offerId, queueId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { openStore } from '../store/sqlite-store.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from './embedded-broker.ts';
import { MqttPublisher, type MqttPublisherOptions } from './mqtt-publisher.ts';
import { anEvent, eventually, MemoryEventLog, Subscriber, Wire } from './mqtt.fixture.ts';

const OFFER = {
  type: 'offer.made',
  offerId: offerId('offer-1'),
  contactId: contactId('contact-1'),
  queueId: queueId('cards'),
  agentId: agentId('1001'),
} as const;
const STATUS = 'strowger/v1/state/engine/engine-1';

describe('MqttPublisher with a real broker', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let broker: EmbeddedBroker;
  let log: MemoryEventLog;
  let cursor: number | undefined;

  const later = <T extends { close(): Promise<unknown> }>(closable: T): T => {
    cleanups.push(() => closable.close());
    return closable;
  };
  const subscribe = async (topic = 'strowger/#'): Promise<Subscriber> => later(await Subscriber.open(broker.url, topic));
  async function publish(options: Partial<MqttPublisherOptions> = {}): Promise<MqttPublisher> {
    const publisher = later(
      new MqttPublisher({
        url: broker.url,
        username: broker.username,
        password: broker.password,
        engineId: 'engine-1',
        events: log,
        cursor: { get: () => cursor, set: (seq) => (cursor = seq) },
        logger: silentLogger,
        stateRestMs: 1,
        retryMs: 2,
        retryMaxMs: 10,
        keepCursorEveryMs: 1,
        ...options,
      }),
    );
    await publisher.start();
    return publisher;
  }
  const connected = (publisher: MqttPublisher): Promise<void> =>
    eventually(() => expect(publisher.health().connected).toBe(true));

  beforeEach(async () => {
    log = new MemoryEventLog();
    cursor = 0;
    broker = await startEmbeddedBroker({ port: 0, logger: silentLogger });
    cleanups.push(() => broker.close());
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  it('publishes events by QoS 1, not retained, in order, under group, name and subject', async () => {
    const subscriber = await subscribe('strowger/v1/event/#');
    await publish();
    const events = [
      anEvent({ type: 'engine.started', resumed: 0 }, ''),
      anEvent({ type: 'call.state', state: 'main' }),
      anEvent({ type: 'digit.pressed', digit: '1' }),
      anEvent(OFFER),
      anEvent({ type: 'agent.state', agentId: agentId('a/b+c'), state: 'ready' }, ''),
    ];
    for (const event of events) log.append(event);
    await eventually(() => expect(subscriber.received).toHaveLength(4));
    expect(subscriber.received.map((m) => m.topic)).toEqual([
      'strowger/v1/event/engine/started/engine-1',
      'strowger/v1/event/call/state/call-1',
      'strowger/v1/event/offer/made/call-1',
      'strowger/v1/event/agent/state/a%2Fb%2Bc',
    ]);
    expect(subscriber.received.every((m) => m.qos === 1 && !m.retain)).toBe(true);
    expect(subscriber.received[2]?.payload).toEqual({ ...events[3], engine: 'engine-1', seq: 8 });
  });

  it('publishes no personal data unless told to', async () => {
    const subscriber = await subscribe('strowger/v1/event/#');
    const pii = { callerNumber: '13812345678', callerName: '王小明' };
    const started = (): DomainEvent => anEvent({ type: 'call.started', flow: 'bank', flowVersion: 'v', dialled: '95500', pii });
    for (const personalData of [undefined, 'masked', 'shown'] as const) {
      const publisher = await publish(personalData === undefined ? {} : { personalData });
      await connected(publisher);
      log.append(started());
      await eventually(() => expect(publisher.health()).toMatchObject({ waiting: 0, moreInStore: false }));
      await publisher.close();
    }
    await eventually(() => expect(subscriber.received).toHaveLength(3));
    expect(subscriber.received.map((m) => m.payload['pii'])).toEqual([undefined, { callerNumber: '*******5678', callerName: '' }, pii]);
  });

  it('keeps the newest state of agents, queues and nodes retained for those who come late', async () => {
    const publisher = await publish({
      snapshot: () => ({
        agents: [{ agentId: '1001', state: 'ready', since: 5 }],
        queues: [{ queueId: 'cards', waiting: 0, longestWaitingSince: null }],
      }),
    });
    await connected(publisher);
    log.append(anEvent({ type: 'agent.state', agentId: agentId('1002'), state: 'talking' }, ''));
    const away = anEvent({ type: 'agent.state', agentId: agentId('1002'), state: 'notReady', reason: 'lunch' }, '');
    log.append(away);
    for (let waiting = 1; waiting <= 50; waiting++) log.append(anEvent({ type: 'queue.state', queueId: queueId('cards'), waiting, longestWaitingSince: 7 }, ''));
    log.append(anEvent({ type: 'node.up', node: nodeId('pbx-1'), version: '22.10.1' }, ''));
    const early = await subscribe('strowger/v1/state/#');
    await eventually(() => expect(early.last('strowger/v1/state/queue/cards')?.payload['waiting']).toBe(50));
    // A busy queue does not flood: values that were overtaken are left out.
    expect(early.received.filter((m) => m.topic.endsWith('/queue/cards')).length).toBeLessThan(10);

    const late = await subscribe('strowger/v1/state/#');
    await eventually(() => expect(late.received).toHaveLength(5));
    expect(late.received.every((m) => m.retain)).toBe(true);
    expect(Object.fromEntries(late.received.map((m) => [m.topic, m.payload]))).toMatchObject({
      'strowger/v1/state/agent/1001': { v: 1, agentId: '1001', state: 'ready', since: 5 },
      'strowger/v1/state/agent/1002': { v: 1, agentId: '1002', state: 'notReady', reason: 'lunch', since: away.at },
      'strowger/v1/state/queue/cards': { v: 1, queueId: 'cards', waiting: 50, longestWaitingSince: 7 },
      'strowger/v1/state/node/pbx-1': { v: 1, node: 'pbx-1', state: 'up', version: '22.10.1' },
      [STATUS]: { v: 1, engine: 'engine-1', status: 'online' },
    });
  });

  it('is told to be offline when its connection drops, and online when it is back', async () => {
    const wire = later(new Wire(broker.port));
    const publisher = await publish({ url: await wire.open() });
    await connected(publisher);
    const subscriber = await subscribe(STATUS);
    await eventually(() => expect(subscriber.last(STATUS)?.payload['status']).toBe('online'));
    wire.cut = true;
    wire.drop();
    await eventually(() => expect(subscriber.last(STATUS)?.payload['status']).toBe('offline'));
    expect(publisher.health().connected).toBe(false);
    wire.cut = false;
    await eventually(() => expect(subscriber.last(STATUS)?.payload['status']).toBe('online'));
  });

  it('corrects a last will that comes after its return', async () => {
    const publisher = await publish();
    await connected(publisher);
    const subscriber = await subscribe(STATUS);
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    cleanups.push(() => engine.endAsync(true));
    await engine.publishAsync(STATUS, JSON.stringify({ v: 1, engine: 'engine-1', status: 'offline' }), { qos: 1, retain: true });
    await eventually(() => expect(subscriber.received.slice(-2).map((m) => m.payload['status'])).toEqual(['offline', 'online']));
  });

  it('says offline itself when it ends in order, after everything else', async () => {
    const subscriber = await subscribe();
    const publisher = await publish();
    await connected(publisher);
    const last = anEvent({ type: 'engine.stopped' }, '');
    log.append(anEvent(), last);
    await publisher.close();
    await eventually(() => expect(subscriber.last(STATUS)?.payload['status']).toBe('offline'));
    expect(subscriber.received.at(-2)?.payload['id']).toBe(last.id);
    expect(cursor).toBe(log.rows.at(-1)?.seq);
  });

  it('delivers exactly the events, in order, across broken connections and a broker that is away', async () => {
    const wire = later(new Wire(broker.port));
    const publisher = await publish({ url: await wire.open(), maxInMemory: 40, window: 8 });
    await connected(publisher);
    const subscriber = await subscribe('strowger/v1/event/#');
    const sent: string[] = [];
    const tell = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const event = anEvent();
        sent.push(event.id);
        log.append(event);
        if (i % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await tell(50);
    for (let cut = 0; cut < 5; cut++) {
      wire.drop();
      await tell(30);
      await connected(publisher);
      await tell(30);
    }
    // Away for longer than the memory holds.
    wire.cut = true;
    wire.drop();
    await eventually(() => expect(publisher.health().connected).toBe(false));
    await tell(500);
    expect(publisher.health().waiting).toBeLessThanOrEqual(40);
    expect(publisher.health().moreInStore).toBe(true);
    wire.cut = false;
    await eventually(() => expect(subscriber.eventIds()).toEqual(sent));
    await eventually(() => expect(publisher.health()).toMatchObject({ waiting: 0, moreInStore: false }));
  });

  it('tells all states anew to a broker that has forgotten them', async () => {
    const wire = later(new Wire(broker.port));
    const publisher = await publish({ url: await wire.open() });
    await connected(publisher);
    log.append(anEvent({ type: 'node.up', node: nodeId('pbx-1'), version: '22' }, ''));
    await eventually(() => expect(publisher.health()).toMatchObject({ waiting: 0, moreInStore: false }));
    await broker.close();
    await eventually(() => expect(publisher.health().connected).toBe(false));
    const event = anEvent();
    log.append(event);
    broker = later(await startEmbeddedBroker({ port: 0, logger: silentLogger, password: broker.password }));
    const subscriber = await subscribe();
    wire.target = broker.port;
    await eventually(() => expect(subscriber.eventIds()).toEqual([event.id]));
    await eventually(() => expect(subscriber.last('strowger/v1/state/node/pbx-1')?.payload['state']).toBe('up'));
    expect(subscriber.last(STATUS)?.payload['status']).toBe('online');
  });

  it('keeps trying, without a word of the password, when the broker refuses it', async () => {
    const lines: string[] = [];
    const note = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
    const logger = { ...silentLogger, debug: note, warn: note };
    const url = broker.url.replace('//', `//${broker.username}:wrong-Pa55@`);
    const publisher = later(new MqttPublisher({ url, engineId: 'e', events: log, cursor: { get: () => 0, set: () => undefined }, logger, retryMs: 1, retryMaxMs: 2 }));
    await publisher.start();
    await eventually(() => expect(lines.length).toBeGreaterThan(3));
    expect(lines[0]).toContain('Connection refused');
    expect(lines.join()).not.toContain('wrong-Pa55');
    expect(publisher.health().connected).toBe(false);
  });

  it('goes on from the cursor in the store after a restart, without loss', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strowger-mqtt-'));
    cleanups.push(async () => rmSync(folder, { recursive: true, force: true }));
    const subscriber = await subscribe('strowger/v1/event/#');
    const sent: string[] = [];
    for (let run = 0; run < 3; run++) {
      const store = await openStore({ path: join(folder, 'store.db'), logger: silentLogger });
      const publisher = new MqttPublisher({
        url: run === 1 ? 'mqtt://127.0.0.1:1' : broker.url, // in the second run nobody is there
        username: broker.username,
        password: broker.password,
        engineId: 'engine-1',
        events: store.events,
        cursor: { get: () => store.cursors.get('mqtt'), set: (seq) => store.cursors.set('mqtt', seq) },
        logger: silentLogger,
      });
      await publisher.start();
      for (let i = 0; i < 300; i++) {
        const event = anEvent();
        sent.push(event.id);
        store.events.append(event);
      }
      store.flush();
      if (run !== 1) await connected(publisher);
      // The first run ends while events are under way, the last one waits for them.
      await publisher.close(run === 2 ? 5000 : 0);
      await store.close();
    }
    await eventually(() => expect(subscriber.eventIds()).toEqual(sent));
  });

  it('delays nobody while the broker is away', async () => {
    const publisher = await publish({ url: 'mqtt://127.0.0.1:1', maxInMemory: 100 });
    for (let i = 0; i < 5000; i++) log.append(anEvent());
    expect(publisher.health()).toMatchObject({ connected: false, waiting: 0, moreInStore: true });
    await publisher.close();
    expect(cursor).toBe(0);
  });
});
