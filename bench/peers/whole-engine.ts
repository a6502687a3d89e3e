import { join } from 'node:path';
import { parseConfig } from '../../app/config/load-config.ts';
import { startEngine } from '../../app/engine.ts';
import { readFlowFolder } from '../../app/flows/flow-folder.ts';
import type { Journal } from '../../engine/ports/journal.ts';
import { pinoLogger } from '../../integrations/log/pino-logger.ts';
import { startEmbeddedBroker } from '../../integrations/mqtt/embedded-broker.ts';
import { MqttPublisher } from '../../integrations/mqtt/mqtt-publisher.ts';
import { ready } from './program.ts';

/** A journal that keeps nothing. */
const forgetful = (own: Journal): Journal => ({ changed: () => undefined, remove: () => undefined, durable: () => own.durable(), load: (kind) => own.load(kind) });

/**
 * Runs the engine as production has it (app/assemble.ts): store on disk, embedded broker, event outbox and log. Only the prompts are
 * `media` (by key) instead of rendered speech, and there is no API, which no call uses. Ends with the bench. `keepsJournal: false`: nothing of a
 * call is journaled, to see what that costs.
 */
export async function runWholeEngine(settings: object, media: Readonly<Record<string, readonly string[]>> = {}, { keepsJournal = true }: { readonly keepsJournal?: boolean } = {}): Promise<void> {
  // JSON is YAML.
  const config = parseConfig(JSON.stringify(settings), 'the bench', {});
  const log = pinoLogger({ level: config.log.level });
  const broker = await startEmbeddedBroker({ port: 0, logger: log });
  const engine = await startEngine({
    config,
    environment: {},
    log,
    hotlines: await readFlowFolder(join(import.meta.dirname, '../flows')),
    prompts: { media: ({ key }) => media[key] ?? [] },
    preparePrompts: async () => undefined,
    services: { request: () => Promise.reject(new Error('the hotlines of the bench ask no service')) },
    ...(keepsJournal ? {} : { journal: forgetful }),
    calendar: { stateAt: () => 'open', openPeriods: (_calendar, from, to) => [{ from, to }], timeZone: () => 'UTC' },
  });
  engine.onEvent(({ v: _v, id: _id, type, ...fields }) => log.info({ event: type, ...fields }, type));
  const { store } = engine;
  const publisher = new MqttPublisher({
    url: broker.url,
    username: broker.username,
    password: broker.password,
    engineId: config.engine.id,
    events: store.events,
    cursor: { get: () => store.cursors.get('mqtt'), set: (seq) => store.cursors.set('mqtt', seq) },
    logger: log,
  });
  await publisher.start();

  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (engine.switchboard.ready && publisher.health().connected) resolve();
      else setTimeout(look, 20);
    };
    look();
  });
  ready(async () => {
    await publisher.close();
    await engine.close();
    await broker.close();
  });
}
