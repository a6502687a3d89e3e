import { connect as connectPlain, connectAsync, type IClientOptions } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { certificate } from '../../test/fakes/certificates.ts';
import { startEmbeddedBroker, type BrokerTls, type EmbeddedBroker, type EmbeddedBrokerOptions } from './embedded-broker.ts';

let broker: EmbeddedBroker;
afterEach(() => broker.close());

const USERS = [
  { name: 'wallboard', password: 'w-secret', subscribe: ['strowger/v1/state/#'], publish: [] },
  { name: 'crm', password: 'c-secret', subscribe: ['strowger/v1/event/call/+/+', 'crm/#'], publish: ['crm/out/#', 'strowger/#'] },
];
const open = async (options: Partial<EmbeddedBrokerOptions> = {}): Promise<void> => {
  broker = await startEmbeddedBroker({ port: 0, logger: silentLogger, users: USERS, ...options });
};
const connect = (options: IClientOptions = {}) => connectAsync({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0, connectTimeout: 3_000, ...options });
const as = (name: string) => connect({ username: name, password: USERS.find((user) => user.name === name)?.password ?? '' });

describe('an embedded broker with users', () => {
  it('lets nobody in but them, with their password', async () => {
    await open();
    await expect(connect()).rejects.toThrow(/refused/i);
    await expect(connect({ username: 'nobody', password: '' })).rejects.toThrow(/refused/i);
    await expect(connect({ username: 'wallboard', password: 'c-secret' })).rejects.toThrow(/refused/i);
    await expect(connect({ username: 'wallboard' })).rejects.toThrow(/refused/i);
    await (await as('wallboard')).endAsync(true);
  });

  it('lets each hear what is named for it and nothing wider, and tells so', async () => {
    await open();
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    const client = await as('wallboard');
    const heard: string[] = [];
    client.on('message', (topic) => void heard.push(topic));
    for (const [filter, granted] of [
      ['strowger/v1/state/#', true],
      ['strowger/v1/state/agent/+', true],
      ['strowger/v1/#', false],
      ['#', false],
      ['strowger/+/state/#', false],
      ['strowger/v1/event/call/started/c1', false],
      ['$SYS/#', false],
    ] as const) {
      const subscribed = client.subscribeAsync(filter, { qos: 1 });
      if (granted) expect((await subscribed)[0]?.qos, filter).toBe(1);
      else await expect(subscribed, filter).rejects.toThrow(/unspecified|128|Subscribe/i);
    }
    await engine.publishAsync('strowger/v1/event/call/started/c1', '{}', { qos: 1 });
    await engine.publishAsync('strowger/v1/state/agent/1001', '{}', { qos: 1 });
    await expect.poll(() => heard).toContain('strowger/v1/state/agent/1001');
    expect(heard.filter((topic) => topic.includes('event'))).toEqual([]);
    await Promise.all([client.endAsync(true), engine.endAsync(true)]);
  });

  it('lets each say what is named for it, and nobody but the engine anything below its topics', async () => {
    await open();
    const client = await as('crm');
    await client.publishAsync('crm/out/1', 'x', { qos: 1 });
    for (const topic of ['crm/in/1', 'strowger/v1/state/agent/1001']) {
      const one = await as('crm');
      const closed = new Promise((resolve) => one.once('close', () => resolve(undefined)));
      one.publish(topic, 'x', { qos: 1 });
      await closed;
    }
    expect(client.connected).toBe(true);
    await client.endAsync(true);
  });

  it('gives nobody the connection or the waiting messages of another user who has the same client id', async () => {
    await open();
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password });
    const own = { username: 'crm', password: 'c-secret', clientId: 'one', clean: false };
    const first = await connect(own);
    await first.subscribeAsync('strowger/v1/event/call/+/+', { qos: 1 });
    const closed = new Promise((_, reject) => first.once('close', () => reject(new Error('taken over'))));
    const other = await connect({ username: 'wallboard', password: 'w-secret', clientId: 'one', clean: false });
    await Promise.race([first.publishAsync('crm/out/1', 'x', { qos: 1 }), closed]);
    closed.catch(() => undefined);
    await Promise.all([first.endAsync(), other.endAsync()]);
    await engine.publishAsync('strowger/v1/event/call/started/c1', '{}', { qos: 1 });

    const heard = async (options: IClientOptions, topic: string): Promise<readonly string[]> => {
      const client = connectPlain({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0, ...options });
      const topics: string[] = [];
      client.on('message', (each) => void topics.push(each));
      await new Promise((resolve) => client.once('connect', resolve));
      await client.subscribeAsync(topic, { qos: 1 });
      await engine.publishAsync(topic, '{}', { qos: 1 });
      await expect.poll(() => topics).toContain(topic);
      await client.endAsync(true);
      return topics;
    };
    expect(await heard({ username: 'wallboard', password: 'w-secret', clientId: 'one', clean: false }, 'strowger/v1/state/agent/1')).toEqual(['strowger/v1/state/agent/1']);
    expect(await heard(own, 'strowger/v1/event/call/ended/c1')).toEqual(['strowger/v1/event/call/started/c1', 'strowger/v1/event/call/ended/c1']);
    await engine.endAsync(true);
  });

  it('does not take a name for the engine’s', async () => {
    await open({ users: [{ name: 'strowger-engine', password: 'mine', subscribe: ['#'], publish: ['#'] }] });
    await expect(connect({ username: 'strowger-engine', password: 'mine' })).rejects.toThrow(/refused/i);
  });
});

describe('an embedded broker', () => {
  it('is not opened to the network without users', async () => {
    await open();
    await expect(startEmbeddedBroker({ host: '0.0.0.0', port: 0, logger: silentLogger })).rejects.toMatchObject({ code: 'mqtt.listen' });
  });

  it('speaks TLS only where it has a certificate, takes a renewed one, and keeps a way for the engine', async () => {
    const [first, second] = [await certificate('first'), await certificate('second')];
    let renew: Parameters<BrokerTls['onRenewed']>[0] = () => undefined;
    await open({ tls: { current: first, onRenewed: (listener) => ((renew = listener), () => undefined) } });
    const secure = (ca: string) => connect({ protocol: 'mqtts', ca, username: 'crm', password: 'c-secret' });
    await (await secure(first.cert)).endAsync(true);
    await expect(secure(second.cert)).rejects.toThrow();
    const plain = connectPlain({ host: '127.0.0.1', port: broker.port, reconnectPeriod: 0, username: 'crm', password: 'c-secret' });
    plain.on('error', () => undefined);
    await new Promise((resolve) => plain.once('close', () => resolve(undefined)));
    expect(plain.connected).toBe(false);
    await plain.endAsync(true);
    renew(second);
    await (await secure(second.cert)).endAsync(true);
    expect(broker.url).toMatch(/^mqtt:\/\/127\.0\.0\.1:/);
    const engine = await connectAsync(broker.url, { username: broker.username, password: broker.password, reconnectPeriod: 0 });
    await engine.publishAsync('strowger/v1/state/agent/1001', '{}', { qos: 1 });
    await engine.endAsync(true);
  });
});
