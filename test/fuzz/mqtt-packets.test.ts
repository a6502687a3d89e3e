import { connect } from 'node:net';
import fc from 'fast-check';
import { connectAsync } from 'mqtt';
import { generate, type Packet } from 'mqtt-packet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from '../../integrations/mqtt/embedded-broker.ts';
import { eventually, Subscriber } from '../../integrations/mqtt/mqtt.fixture.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const PACKETS: readonly Packet[] = [
  { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'strowger/#', qos: 1 }] },
  { cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['strowger/#'] },
  { cmd: 'publish', topic: 'house/lamp', payload: '1', qos: 2, messageId: 3, retain: true, dup: false },
  { cmd: 'publish', topic: 'strowger/v1/state/agent/1001', payload: '{}', qos: 0, retain: true, dup: false },
  { cmd: 'puback', messageId: 9 },
  { cmd: 'pubrel', messageId: 3 },
  { cmd: 'pingreq' },
  { cmd: 'disconnect' },
];

let broker: EmbeddedBroker;
let count = 0;

beforeAll(async () => {
  broker = await startEmbeddedBroker({ port: 0, logger: silentLogger, users: [{ name: 'listener', password: 'sesame', subscribe: ['strowger/#'], publish: [] }] });
});
afterAll(() => broker.close());

const signIn = (password: string): Packet => ({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: `c${(count += 1)}`, keepalive: 30, username: 'listener', password: Buffer.from(password) });
/** The embedded broker's own user hears everything. */
const urlOfEngine = (): string => broker.url.replace('//', `//${broker.username}:${broker.password}@`);
const wound = fc.record({ at: fc.nat(), byte: fc.nat(255), drop: fc.nat(6) });

it(
  'packets, whole and broken, before and after signing in, do not end the broker, and tell nobody what is not for them',
  async () => {
    const input = fc.record({ login: fc.constantFrom('sesame', 'guess', undefined), packets: fc.array(fc.constantFrom(...PACKETS), { maxLength: 5 }), wounds: fc.array(wound, { maxLength: 4 }), tail: fc.uint8Array({ maxLength: 40 }) });
    await fuzz(
      input,
      ({ login, packets, wounds, tail }) =>
        new Promise((resolve) => {
          const whole = [...(login === undefined ? [] : [signIn(login)]), ...packets].map((packet) => generate(packet));
          const bytes = wounds.reduce<Buffer>((all, { at, byte, drop }) => {
            const from = at % (all.length + 1);
            return Buffer.concat([all.subarray(0, from), Buffer.of(byte), all.subarray(from + drop)]);
          }, Buffer.concat([...whole, tail]));
          const socket = connect(broker.port, '127.0.0.1', () => socket.end(bytes));
          socket.on('error', () => undefined).on('close', () => resolve());
          socket.resume();
        }),
      async () => {
        const subscriber = await Subscriber.open(urlOfEngine(), '#');
        const engine = await connectAsync(urlOfEngine());
        await engine.publishAsync('strowger/v1/last', '1', { qos: 1 });
        await eventually(() => expect(subscriber.received.map(({ topic }) => topic)).toContain('strowger/v1/last'));
        // Whoever may only listen has said nothing.
        expect(subscriber.received.map(({ topic }) => topic)).toEqual(['strowger/v1/last']);
        await Promise.all([engine.endAsync(true), subscriber.close()]);
      },
    );
  },
  FUZZ_TIMEOUT_MS,
);
