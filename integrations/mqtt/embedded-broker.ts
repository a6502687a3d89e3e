import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client } from 'aedes';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';

export interface EmbeddedBrokerOptions {
  /** Default 1883; 0 takes a free one. */
  readonly port?: number;
  readonly logger: Logger;
  /** Only the engine publishes below it. Default `strowger`. */
  readonly topicPrefix?: string;
  /** What the engine signs in with. Default: a new random one. */
  readonly password?: string;
}

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  /** What the engine's publisher signs in with. Others need no name, and may only listen. */
  readonly username: string;
  readonly password: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const USERNAME = 'strowger-engine';
const BAD_USER_OR_PASSWORD = 4; // CONNACK return code, MQTT 3.1.1 §3.2.2.3

/**
 * An MQTT broker in this process, on loopback, for machines that have none. It keeps nothing across a restart: the
 * publisher tells all states anew. Rejects with `mqtt.listen`.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { port = 1883, logger, topicPrefix = 'strowger', password = randomUUID() } = options;
  const engines = new WeakSet<Client>();
  const retained = new Map<string, AedesPublishPacket['payload']>();
  const broker = await Aedes.createBroker({
    authenticate(client, username, given, done) {
      if (username !== USERNAME) return done(null, true);
      if (given?.toString() !== password) return done(refusal(), false);
      engines.add(client);
      done(null, true);
    },
    authorizePublish(client, packet, done) {
      const ours = packet.topic === topicPrefix || packet.topic.startsWith(`${topicPrefix}/`);
      if (ours && client !== null && !engines.has(client)) done(new Error(`only the engine publishes below ${topicPrefix}`));
      else {
        if (ours && packet.retain) retained.set(packet.topic, packet.payload);
        done();
      }
    },
    // aedes reads the retained messages for a new subscriber ahead of sending them, so a value that changed meanwhile
    // would arrive after its successor and stay (seen in half of the attempts on a busy machine). The newest goes instead.
    authorizeForward(_, packet) {
      const newest = packet.retain ? retained.get(packet.topic) : undefined;
      return newest === undefined || newest === packet.payload ? packet : { ...packet, payload: newest };
    },
  });
  broker.on('clientError', (client, error) => logger.debug({ client: client.id, reason: error.message }, 'An MQTT client failed'));
  broker.on('connectionError', (_, error) => logger.debug({ reason: error.message }, 'An MQTT connection failed'));

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
  } catch (error) {
    broker.close();
    throw new StrowgerError('mqtt.listen', `The embedded MQTT broker cannot listen on ${HOST}:${port}: ${messageOf(error)}`, {
      fields: { host: HOST, port },
      cause: error,
    });
  }
  const listening = (server.address() as AddressInfo).port;
  return {
    url: `mqtt://${HOST}:${listening}`,
    port: listening,
    username: USERNAME,
    password,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function refusal(): AuthenticateError {
  return Object.assign(new Error('bad user name or password'), { returnCode: BAD_USER_OR_PASSWORD });
}
