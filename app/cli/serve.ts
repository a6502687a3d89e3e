import { resolve } from 'node:path';
import { pinoLogger } from '../../integrations/log/pino-logger.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { assemble, type Assembly } from '../assemble.ts';
import { loadConfig, readSecret } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { takeOverFrom } from '../take-over.ts';
import type { EngineAddress } from './engine-api.ts';
import { liveUnderSupervisor, myTurn, tellSupervisor } from './supervised.ts';
import type { Terminal } from './terminal.ts';

export interface ServeOptions {
  readonly config: string;
  /** Takes the calls over from the engine that serves them now (docs/restart.md). */
  readonly takeOver?: boolean;
  /** Waits, with everything loaded, until its supervisor says that it is its turn. */
  readonly standBy?: boolean;
}

/**
 * Runs the engine until it is told to stop, or another process has taken its calls over. Standard output is the log, one JSON line an event. SIGHUP reads agents, queues,
 * skills and certificates again. On SIGTERM or SIGINT it lets go of its calls: they stay on the switch, and the next process takes them up.
 */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<void> {
  if (options.standBy === true) await myTurn();
  const file = resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', options.config);
  const config = loadConfig(file, process.env);
  const log = pinoLogger({ level: config.log.level, showPersonalData: config.log.showPersonalData });
  // Voices of the private packages are used where they are already; production installs its own or records its prompts.
  const root = findPrivateRoot();
  const startedAt = Date.now();
  liveUnderSupervisor();
  let running: Assembly | undefined = undefined;
  // What is refused is logged by it, with every mistake. While the engine starts there is nothing to be read again.
  process.on('SIGHUP', () => {
    running?.lookAtCertificates();
    void running?.acd.reload().catch(() => undefined);
  });
  const assembly = await assemble({
    config,
    file,
    environment: process.env,
    log,
    ...(root ? { root } : {}),
    onPrompt: ({ done, total }) => terminal.progress(`rendering prompts ${done}/${total}`),
    ...(options.takeOver === true ? { takeOver: takeOverFrom(addressOf(config), log) } : {}),
  });
  running = assembly;
  log.info(
    { event: 'engine.ready', pid: process.pid, api: assembly.api.url, prompts: assembly.prompts.fragments, rendered: assembly.prompts.rendered, tookMs: Date.now() - startedAt },
    'The engine serves calls',
  );
  tellSupervisor('serving');
  const why = await Promise.race([
    assembly.engine.handOver.done.then(() => 'another process has taken the calls over'),
    new Promise<NodeJS.Signals>((stop) => {
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    }),
  ]);
  log.info({ event: 'engine.stopping', why }, 'Stopping; calls stay on their switches');
  await assembly.close();
}

/** Where the engine that the same configuration describes is reached. */
function addressOf({ http }: Config): EngineAddress {
  const token = http.token ?? http.tokens.find(({ role }) => role === 'engineer')?.token;
  return { url: `${http.tls === undefined ? 'http' : 'https'}://${http.host}:${http.port}`, ...(token === undefined ? {} : { token: readSecret(token, process.env) }) };
}
