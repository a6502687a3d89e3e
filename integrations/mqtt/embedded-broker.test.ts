import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from './embedded-broker.ts';
import { eventually, Subscriber } from './mqtt.fixture.ts';

describe('startEmbeddedBroker', () => {
  let broker: EmbeddedBroker;
  beforeEach(async () => {
    broker = await startEmbeddedBroker({ port: 0, logger: silentLogger });
  });
  afterEach(() => broker.close());

  it('says so when its port is taken', async () => {
    await expect(startEmbeddedBroker({ port: broker.port, logger: silentLogger })).rejects.toMatchObject({
      code: 'mqtt.listen',
      fields: { port: broker.port },
    });
  });

  it('lets anyone listen and use other topics, but only the engine speak below its own', async () => {
    const subscriber = await Subscriber.open(broker.url, '#');
    const stranger = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await stranger.publishAsync('house/lamp', '1', { qos: 1 });
    await eventually(() => expect(subscriber.received).toHaveLength(1));
    const closed = new Promise((resolve) => stranger.once('close', () => resolve(undefined)));
    stranger.publish('strowger/v1/state/agent/1001', '{}', { qos: 1, retain: true });
    await closed;

    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    await engine.publishAsync('strowger/v1/state/agent/1001', '{"state":"ready"}', { qos: 1 });
    await eventually(() => expect(subscriber.received.map((m) => m.topic)).toEqual(['house/lamp', 'strowger/v1/state/agent/1001']));
    await engine.endAsync(true);
    await subscriber.close();
  });

  it('refuses who claims to be the engine', async () => {
    await expect(connectAsync(broker.url, { username: broker.username, password: 'guess', reconnectPeriod: 0 })).rejects.toThrow(/Connection refused/);
  });

  it('lets nobody take over the connection of the engine by its client id', async () => {
    const id = { clientId: 'strowger-engine-1', reconnectPeriod: 0 };
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password, ...id });
    const closed = new Promise((_, reject) => engine.once('close', () => reject(new Error('taken over'))));
    const stranger = await connectAsync(broker.url, id);
    await Promise.race([engine.publishAsync('strowger/v1/state/agent/1001', '{}', { qos: 1 }), closed]);
    closed.catch(() => undefined);
    await Promise.all([stranger.endAsync(true), engine.endAsync(true)]);
  });

  it('never gives a subscriber an old state after a newer one', async () => {
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    const states = Array.from({ length: 40 }, (_, i) => `strowger/v1/state/queue/q${i}`);
    let value = 0;
    const publishAll = (): Promise<unknown> => {
      value += 1;
      return Promise.all(states.map((topic) => engine.publishAsync(topic, JSON.stringify({ value }), { qos: 1, retain: true })));
    };
    await publishAll();
    for (let attempt = 0; attempt < 15; attempt++) {
      const opening = Subscriber.open(broker.url, 'strowger/v1/state/#');
      for (let i = 0; i < 4; i++) await publishAll();
      const subscriber = await opening;
      for (const topic of states) await eventually(() => expect(subscriber.last(topic)?.payload['value']).toBe(value));
      for (const topic of states) {
        const values = subscriber.received.filter((m) => m.topic === topic).map((m) => m.payload['value'] as number);
        expect(values).toEqual(values.toSorted((a, b) => a - b));
      }
      await subscriber.close();
    }
    await engine.endAsync(true);
  });

  it('takes no last will of a stranger for the engine', async () => {
    const subscriber = await Subscriber.open(broker.url, 'strowger/#');
    const will = { topic: 'strowger/v1/state/engine/engine-1', payload: Buffer.from('{"status":"offline"}'), qos: 1 as const, retain: true };
    const stranger = await connectAsync(broker.url, { will, reconnectPeriod: 0 });
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    stranger.stream.destroy();
    await new Promise((resolve) => stranger.once('close', () => resolve(undefined)));
    await engine.publishAsync('strowger/after', '{}', { qos: 1 });
    await eventually(() => expect(subscriber.received.map((m) => m.topic)).toEqual(['strowger/after']));
    await engine.endAsync(true);
    await subscriber.close();
  });
});
