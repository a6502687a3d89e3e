import { messageOf, StrowgerError } from '../engine/domain/errors.ts';
import type { DomainEvent } from '../engine/domain/events.ts';
import type { Hotline } from '../engine/flow/hotline.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { createBusinessCalendar } from '../integrations/calendar/business-calendar.ts';
import { startApiServer, type ApiServer } from '../integrations/http/api-server.ts';
import type { EmbeddedBroker } from '../integrations/mqtt/embedded-broker.ts';
import { MqttPublisher } from '../integrations/mqtt/mqtt-publisher.ts';
import { systemClock } from '../integrations/runtime/system-clock.ts';
import { CallTraces } from '../integrations/tracing/call-traces.ts';
import type { RenderProgress } from '../telephony/speech/prompt-renderer.ts';
import type { PrivateRoot } from '../telephony/pbx/private-root.ts';
import { acdApi } from './acd-api.ts';
import { apiAccess } from './api-access.ts';
import { callbackServices } from './callback-services.ts';
import { AcdReload } from './acd-reload.ts';
import { checkAcd } from './config/check-acd.ts';
import { checkLimits } from './config/check-limits.ts';
import { checkRoutes } from './config/check-routes.ts';
import { problemLines } from './config/config-problem.ts';
import type { Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';
import { ContactWhy } from './contact-why.ts';
import { startEngine, type Engine } from './engine.ts';
import { identificationServices } from './identification.ts';
import { readFlowFolder } from './flows/flow-folder.ts';
import { healthOf } from './health.ts';
import { metricsOf } from './metrics.ts';
import { brokerCredentials, startBroker } from './mqtt.ts';
import { loadPrompts, prepareOlder, promptLibrary } from './prompts.ts';
import { centreTimeZone, reportsOf } from './reports.ts';
import { flowServices } from './services.ts';
import type { TakeOver } from './take-over.ts';
import { openTracing } from './tracing.ts';
import { certificateFiles } from './tls-files.ts';

const DAY_MS = 86_400_000;

export interface AssembleOptions {
  readonly config: Config;
  /** Where it came from, to be read again while the engine runs. */
  readonly file?: string;
  readonly environment: Environment;
  readonly log: Logger;
  readonly root?: PrivateRoot;
  readonly onPrompt?: (progress: RenderProgress) => void;
  /** Takes the calls over from the process that serves them now. */
  readonly takeOver?: TakeOver;
}

/** A whole engine process: the core with its broker, API, prompts and services. */
export interface Assembly {
  readonly engine: Engine;
  readonly api: ApiServer;
  /** Agents, queues and skills, to be read again. */
  readonly acd: AcdReload;
  /** Where events are published. */
  readonly mqttUrl: string;
  readonly prompts: { readonly fragments: number; readonly rendered: number };
  /** Certificates are read again, if they have changed; each minute this happens by itself. */
  lookAtCertificates(): void;
  close(): Promise<void>;
}

/** Builds everything that the configuration names and starts to serve calls. What was started is ended again when a later part fails. */
export async function assemble(options: AssembleOptions): Promise<Assembly> {
  const { config, environment, log } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const hotlines = await readFlowFolder(config.flows.dir);
    const used = hotlines.filter(({ hotline }) => isUsed(config, hotline));
    const missingFlows = (checked: Config): readonly string[] =>
      checked.queues.flatMap(({ id, callbacks }) =>
        callbackFlowsOf(callbacks)
          .filter((flow) => !used.some(({ hotline }) => hotline.id === flow))
          .map((flow) => `Queue ${id} calls customers back with the flow '${flow}', which is not among those of ${config.flows.dir} that this engine has loaded.`),
      );
    const [missing] = missingFlows(config);
    if (missing !== undefined) throw new StrowgerError('flow.unknown', missing);
    const library = promptLibrary({
      config,
      environment,
      ...(options.root ? { root: options.root } : {}),
      ...(options.onPrompt ? { onProgress: options.onPrompt } : {}),
    });
    const prompts = await loadPrompts(library, used);
    const identification = (): Engine['identification'] => engine.identification;
    const own = {
      ...callbackServices(
        () => engine.callbacks,
        (callId) => engine.sessions.session(callId),
      ),
      ...identificationServices(identification),
    };
    const tracing = await openTracing(config, environment, log);
    if (tracing) closers.push(() => tracing.close());
    const back = flowServices({ config, own, guard: identification, ...(tracing ? { traceparent: (callId) => tracing.traceparent(callId) } : {}) });
    const engine: Engine = await startEngine({
      config,
      environment,
      log,
      hotlines,
      prompts: library,
      preparePrompts: prepareOlder(library, used),
      services: back.services,
      calendar: createBusinessCalendar(config.calendars, log),
      root: options.root,
      takeOver: options.takeOver,
    });
    closers.push(() => engine.close());
    engine.onEvent((event) => logEvent(log, event));
    if (tracing) {
      const traces = new CallTraces({ sink: tracing, startedAt: (callId) => engine.sessions.session(callId)?.facts.startedAt });
      engine.onEvent((event) => traces.observe(event));
    }
    const certificates = certificateFiles(log);
    closers.push(async () => certificates.close());
    const broker = config.mqtt.url === undefined ? await startBroker(config, environment, certificates.of(config.mqtt.tls), log) : undefined;
    if (broker) closers.push(() => broker.close());
    const publisher = await startPublisher(config, environment, engine, broker, log);
    closers.push(() => publisher.close());
    closers.push(pruneDaily(engine, config.store.keepEventsDays, log));
    const metrics = metricsOf({ engine, mqtt: () => publisher.health(), services: back.circuits });
    const checkFlows = (checked: Config): readonly string[] => [
      ...missingFlows(checked),
      ...used.flatMap(({ hotline }) => checkRoutes(hotline, checked).map(({ part, text }) => `${part} ${text}`)),
    ];
    const acd = new AcdReload({ config, ...(options.file === undefined ? {} : { file: options.file }), environment, distributor: engine.distributor, log, checkFlows });
    for (const { text, mend } of checkLimits(config, hotlines.map(({ hotline }) => hotline.id))) log.warn({ event: 'limits.questionable', warning: text, mend }, 'The limits work, but look like a mistake');
    for (const warning of [...checkAcd(config).warnings.map((problem) => problemLines([problem]).trim()), ...checkFlows(config)]) {
      log.warn({ event: 'acd.questionable', warning }, 'The configuration works, but looks like a mistake');
    }
    const why = new ContactWhy({
      explain: (contactId) => engine.distributor.explain(contactId),
      events: engine.store.events,
      agents: () => engine.distributor.agents().map(({ agent }) => agent),
    });
    const tls = certificates.of(config.http.tls);
    const api = await startApiServer({
      deps: {
        agents: engine.distributor,
        contacts: { change: (contactId, change) => engine.distributor.change(contactId, change), why: (id) => why.why(id) },
        acd: acdApi(acd),
        callbacks: engine.callbacks,
        recordings: engine.recordings,
        engine: { handOver: () => engine.handOver.agree(), drain: engine.drain },
        queues: () =>
          engine.distributor.queues().map((row) => {
            const expected = engine.distributor.expectedWait(row.queue.id);
            return { ...row, ...(expected === undefined ? {} : { expectedWaitMs: expected.expectedMs }) };
          }),
        calls: () => engine.sessions.calls(),
        admission: () => engine.admission.state,
        events: (query) => engine.store.events.read(query),
        reports: reportsOf({
          events: engine.store.events,
          timeZone: centreTimeZone(config.calendars),
          now: () => systemClock.now(),
          queues: () => engine.distributor.queues().map(({ queue }) => queue),
          agentCount: () => engine.distributor.agents().length,
        }),
        health: () =>
          healthOf({
            nodes: engine.switchboard.nodeIds.map((id) => ({ status: engine.switchboard.node(id).status, phase: engine.sessions.phaseOf(id) })),
            store: { ...engine.store.health(), waitingEvents: engine.store.events.waiting },
            mqtt: publisher.health(),
            recognizers: engine.recognizers(),
            services: back.circuits(),
            admission: engine.admission.state,
            drain: engine.drain.state,
          }),
        metrics: () => metrics.text(),
      },
      logger: log,
      host: config.http.host,
      port: config.http.port,
      showPersonalData: config.log.showPersonalData,
      ...apiAccess(config, environment, engine.attempts),
      ...(tls === undefined ? {} : { tls }),
      announce: (event) => engine.announce(event),
    });
    closers.push(() => api.close());
    // First of all, while there is still somebody who can be told.
    closers.push(async () => engine.announce({ type: 'engine.stopped' }));
    return { engine, api, acd, mqttUrl: broker?.url ?? config.mqtt.url ?? '', prompts, lookAtCertificates: () => certificates.look(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A hotline's number leads to it, or a queue calls customers back with it, or may after a reload: a flow without numbers is for calls that we begin. */
function isUsed({ hotlines, queues, limits }: Config, { id, numbers }: Hotline): boolean {
  return numbers.length === 0 || id === limits.overloadFlow || hotlines.some(({ flow }) => flow === id) || queues.some(({ callbacks }) => callbackFlowsOf(callbacks).includes(id));
}

function callbackFlowsOf(callbacks: Config['queues'][number]['callbacks']): readonly string[] {
  return [callbacks?.flow, callbacks?.messageFlow].flatMap((flow) => flow ?? []);
}

/** Deletes what is older than it need be kept, at the start and once a day. Returns how to end that. */
function pruneDaily({ store }: Engine, keepDays: number, log: Logger): () => Promise<void> {
  const prune = (): void => {
    store.events.prune(systemClock.now() - keepDays * DAY_MS).then(
      (pruned) => log.debug({ pruned, keepDays }, 'Old events were deleted.'),
      (error: unknown) => log.error({ error: messageOf(error) }, 'Old events could not be deleted; tried again tomorrow.'),
    );
  };
  prune();
  const timer = setInterval(prune, DAY_MS);
  timer.unref();
  return async () => clearInterval(timer);
}

async function startPublisher(config: Config, environment: Environment, engine: Engine, broker: EmbeddedBroker | undefined, logger: Logger): Promise<MqttPublisher> {
  const { cursors, events } = engine.store;
  const publisher = new MqttPublisher({
    url: broker?.url ?? config.mqtt.url ?? '',
    ...brokerCredentials(config, environment, broker),
    engineId: config.engine.id,
    events,
    cursor: { get: () => cursors.get('mqtt') ?? events.seqAtOpen, set: (seq) => cursors.set('mqtt', seq) },
    logger,
    snapshot: () => ({
      agents: engine.distributor.agents().map(({ status: { agentId, state, since, reason } }) => ({
        agentId,
        state,
        since,
        ...(reason === undefined ? {} : { reason }),
      })),
      queues: engine.distributor.queues().map(({ queue, contacts }) => ({
        queueId: queue.id,
        waiting: contacts.length,
        longestWaitingSince: contacts.length === 0 ? null : Math.min(...contacts.map(({ enqueuedAt }) => enqueuedAt)),
      })),
    }),
  });
  await publisher.start();
  return publisher;
}

/** One line an event, with the call's id; who called is masked by the logger. */
function logEvent(log: Logger, { v: _v, id: _id, type, ...fields }: DomainEvent): void {
  const quiet = type === 'queue.state';
  log[quiet ? 'debug' : 'info']({ event: type, ...fields }, type);
}
