import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { dirname } from 'node:path';
import { connectAsync } from 'mqtt';
import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { openStore } from '../../integrations/store/sqlite-store.ts';
import { readSecret, type Environment } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { brokerCredentials } from '../mqtt.ts';
import { storePath } from '../engine.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** The store can be opened and written; one that a running engine holds is fine. */
export async function checkStore(config: Config): Promise<Finding> {
  const file = storePath(config);
  const isNew = !existsSync(file);
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
    if (isNew) return ok('store', `${file} does not exist yet and can be made`);
    await (await openStore({ path: file, logger: silentLogger })).close();
    return ok('store', `${file} opens`);
  } catch (error) {
    if (isStrowgerError(error, 'store.locked')) return ok('store', `${file} is in use by a running engine`);
    return failure('store', messageOf(error), isStrowgerError(error) ? error.hint : `Make ${dirname(file)} writable for the user of the engine.`);
  }
}

/** The external broker takes our connection, or the port of the embedded one is free. */
export async function checkBroker(config: Config, environment: Environment): Promise<Finding> {
  const { url, port, host } = config.mqtt;
  if (url === undefined) {
    return (await portIsFree(host, port))
      ? ok('broker', `the embedded broker can listen on ${host}:${port}`)
      : warning('broker', `${host}:${port} is taken`, 'Fine if a running engine has it. Else set mqtt.port, or mqtt.url to the broker that is there.');
  }
  const shown = url.replace(/\/\/[^@/]*@/, '//***@');
  try {
    await (await connectAsync(url, { connectTimeout: 4000, reconnectPeriod: 0, ...brokerCredentials(config, environment, undefined) })).endAsync();
    return ok('broker', `${shown} takes our connection`);
  } catch (error) {
    return failure('broker', `${shown}: ${messageOf(error) || 'no answer'}`, 'Start the broker or correct mqtt.url (MQTT_URL). Calls go on without it; events wait on disk.');
  }
}

export async function checkApi(config: Config, environment: Environment): Promise<readonly Finding[]> {
  const { host, port, token } = config.http;
  const findings: Finding[] = [];
  findings.push(
    (await portIsFree(host, port))
      ? ok('api', `can listen on ${host}:${port}`)
      : warning('api', `${host}:${port} is taken`, 'Fine if a running engine has it. Else set http.port.'),
  );
  if (token === undefined) findings.push(warning('api', 'no http.token is set: the API answers requests from this machine only', 'Set http.token to { env: STROWGER_API_TOKEN } for agents and tools elsewhere.'));
  else {
    try {
      readSecret(token, environment);
      findings.push(ok('api', 'the token is there'));
    } catch (error) {
      findings.push(failure('api', messageOf(error), 'Set it where the engine is started.'));
    }
  }
  return findings;
}

/** Something listens where the back offices are said to be. */
export async function checkServices(config: Config): Promise<readonly Finding[]> {
  return Promise.all(
    Object.entries(config.services).map(async ([name, { url }]) => {
      const { listens, at } = await somebodyListens(url);
      return listens
        ? ok(`service ${name}`, `something listens at ${at}`)
        : warning(`service ${name}`, `nobody listens at ${at}`, 'Flows take their error exits until it does: callers are told and led to agents.');
    }),
  );
}

function portIsFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Whether a TCP connection to where a URL leads is taken, and where that is. */
export function somebodyListens(url: string): Promise<{ readonly listens: boolean; readonly at: string }> {
  const { hostname: host, port: named, protocol } = new URL(url);
  const port = Number(named) || (/^(https|wss):$/.test(protocol) ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3000 });
    const done = (listens: boolean): void => {
      socket.destroy();
      resolve({ listens, at: `${host}:${port}` });
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
