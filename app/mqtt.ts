import type { Logger } from '../engine/ports/logger.ts';
import { startEmbeddedBroker, type BrokerTls, type EmbeddedBroker } from '../integrations/mqtt/embedded-broker.ts';
import type { MqttPublisherOptions } from '../integrations/mqtt/mqtt-publisher.ts';
import { readSecret, type Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';

/** The embedded broker as the configuration has it. Rejects with `mqtt.listen` and `config.secret`. */
export function startBroker({ mqtt }: Config, environment: Environment, tls: BrokerTls | undefined, logger: Logger): Promise<EmbeddedBroker> {
  return startEmbeddedBroker({
    host: mqtt.host,
    port: mqtt.port,
    users: mqtt.users.map((user) => ({ ...user, password: readSecret(user.password, environment) })),
    ...(tls === undefined ? {} : { tls }),
    logger,
  });
}

/** What the engine shows to the broker: its own one knows it, an external one as configured. */
export function brokerCredentials({ mqtt: { username, password, caFile } }: Config, environment: Environment, broker: EmbeddedBroker | undefined): Pick<MqttPublisherOptions, 'username' | 'password' | 'ca'> {
  if (broker) return { username: broker.username, password: broker.password };
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: readSecret(password, environment) }),
    ...(caFile === undefined ? {} : { ca: readSecret({ file: caFile }, environment) }),
  };
}
