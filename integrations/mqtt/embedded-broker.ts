import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client } from 'aedes';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { covers, isPasswordOf, type BrokerUser } from './broker-users.ts';

/** Key and certificates as PEM texts, and whoever renews them. */
export interface BrokerTls {
  readonly current: { readonly key: string; readonly cert: string };
  onRenewed(listener: (material: { readonly key: string; readonly cert: string }) => void): () => void;
}

export interface EmbeddedBrokerOptions {
  /** Default 127.0.0.1. Any other address needs users. */
  readonly host?: string;
  /** Who may use it. Without any, everybody on this machine may listen. */
  readonly users?: readonly BrokerUser[];
  /** With it, `host` and `port` are served over TLS only. */
  readonly tls?: BrokerTls;
  /** Default 1883; 0 takes a free one. */
  readonly port?: number;
  readonly logger: Logger;
  /** Only the engine publishes below it. Default `strowger`. */
  readonly topicPrefix?: string;
  /** What the engine signs in with. Default: a new random one. */
  readonly password?: string;
}

export interface EmbeddedBroker {
  /** For the engine itself: of loopback, without TLS. */
  readonly url: string;
  /** For all others. */
  readonly port: number;
  /** What the engine's publisher signs in with. Without users, others need no name, and may only listen. */
  readonly username: string;
  readonly password: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const USERNAME = 'strowger-engine';
const BAD_USER_OR_PASSWORD = 4; // CONNACK return code, MQTT 3.1.1 §3.2.2.3

/**
 * An MQTT broker in this process, on loopback unless there are users, for machines that have none. It keeps nothing across a restart: the
 * publisher tells all states anew. Rejects with `mqtt.listen`.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { host = LOOPBACK, port = 1883, logger, topicPrefix = 'strowger', password = randomUUID(), users = [], tls } = options;
  if (users.length === 0 && !isLoopback(host)) {
    throw new StrowgerError('mqtt.listen', `The embedded MQTT broker is not opened on ${host} without users: anyone in the network could listen.`, {
      fields: { host },
      hint: 'Set `mqtt.users`, or leave `mqtt.host` at 127.0.0.1.',
    });
  }
  const engine: BrokerUser = { name: USERNAME, password, subscribe: ['#'], publish: ['#'] };
  const byName = new Map([...users, engine].map((user) => [user.name, user]));
  const known = new WeakMap<Client, BrokerUser>();
  const isOurs = (topic: string): boolean => topic === topicPrefix || topic.startsWith(`${topicPrefix}/`);
  const mayHear = (client: Client, topic: string): boolean => {
    const user = known.get(client);
    return user === undefined ? users.length === 0 : user.subscribe.some((filter) => covers(filter, topic));
  };
  const maySay = (client: Client, topic: string): boolean => {
    const user = known.get(client);
    if (user === engine) return true;
    if (isOurs(topic)) return false;
    return user === undefined ? users.length === 0 : user.publish.some((filter) => covers(filter, topic));
  };
  const retained = new Map<string, AedesPublishPacket['payload']>();
  const broker = await Aedes.createBroker({
    authenticate(client, username, given, done) {
      const user = username === undefined ? undefined : byName.get(username);
      // Without users, who does not claim to be the engine needs no name.
      if ((users.length > 0 || user !== undefined) && !isPasswordOf(user, given?.toString() ?? '')) {
        logger.warn({ user: user?.name, client: client.id }, 'Somebody with a wrong name or password was refused by the MQTT broker');
        return done(refusal(), false);
      }
      // What the broker keeps by it (the connection, messages that wait) is of one user: else another could take it over with the same id.
      client.id = `${user?.name ?? ''}/${client.id}`;
      if (user !== undefined) known.set(client, user);
      done(null, true);
    },
    authorizePublish(client, packet, done) {
      if (client !== null && !maySay(client, packet.topic)) return done(new Error(isOurs(packet.topic) ? `only the engine publishes below ${topicPrefix}` : 'this user does not publish there'));
      if (isOurs(packet.topic) && packet.retain) retained.set(packet.topic, packet.payload);
      done();
    },
    // Refused in the answer to the subscription (SUBACK 0x80); the connection goes on.
    authorizeSubscribe(client, subscription, done) {
      done(null, mayHear(client, subscription.topic) ? subscription : null);
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
  const handle = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  };
  const open = tls === undefined ? createServer(handle) : createTlsServer({ ...tls.current, minVersion: 'TLSv1.2' }, handle);
  const forgetTls = tls?.onRenewed((material) => {
    if ('setSecureContext' in open) open.setSecureContext({ ...material, minVersion: 'TLSv1.2' });
  });
  // The engine's own way in: a certificate does not name loopback, and what stays on this machine needs no TLS.
  const own = tls === undefined && isLoopback(host) ? open : createServer(handle);
  const servers = own === open ? [open] : [open, own];
  try {
    await listen(open, host, port);
    if (own !== open) await listen(own, LOOPBACK, 0);
  } catch (error) {
    for (const server of servers) server.close();
    broker.close();
    throw new StrowgerError('mqtt.listen', `The embedded MQTT broker cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      fields: { host, port },
      cause: error,
    });
  }
  return {
    url: `mqtt://${own === open ? urlHost(host) : LOOPBACK}:${portOf(own)}`,
    port: portOf(open),
    username: USERNAME,
    password,
    async close() {
      forgetTls?.();
      const closed = Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function refusal(): AuthenticateError {
  return Object.assign(new Error('bad user name or password'), { returnCode: BAD_USER_OR_PASSWORD });
}
