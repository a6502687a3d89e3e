import { resolve } from 'node:path';
import { pinoLogger } from '../../integrations/log/pino-logger.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { assemble, type Assembly } from '../assemble.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs the engine until it is told to stop. Standard output is the log, one JSON line an event. SIGHUP reads agents, queues, skills and certificates again. On SIGTERM or SIGINT it
 * lets go of its calls: they stay on the switch, and the next process takes them up.
 */
export async function serve(terminal: Terminal, options: { readonly config: string }): Promise<void> {
  const file = resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', options.config);
  const config = loadConfig(file, process.env);
  const log = pinoLogger({ level: config.log.level, showPersonalData: config.log.showPersonalData });
  // Voices of the private packages are used where they are already; production installs its own or records its prompts.
  const root = findPrivateRoot();
  const startedAt = Date.now();
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
  });
  running = assembly;
  log.info(
    { event: 'engine.ready', api: assembly.api.url, prompts: assembly.prompts.fragments, rendered: assembly.prompts.rendered, tookMs: Date.now() - startedAt },
    'The engine serves calls',
  );
  const signal = await new Promise<NodeJS.Signals>((stop) => {
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
  log.info({ event: 'engine.stopping', signal }, 'Stopping; calls stay on their switches');
  await assembly.close();
}
