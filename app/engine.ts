import { join, resolve } from 'node:path';
import { Admission } from '../engine/admission/admission.ts';
import type { CallbackDesk } from '../engine/callback/callback-desk.ts';
import { SkillDistributor } from '../engine/acd/skill-distributor.ts';
import { messageOf } from '../engine/domain/errors.ts';
import type { DomainEvent } from '../engine/domain/events.ts';
import { agentId } from '../engine/domain/ids.ts';
import { LANGUAGES } from '../engine/domain/language.ts';
import type { IdentificationGuard } from '../engine/identification/identification-guard.ts';
import type { Announce } from '../engine/ports/announcer.ts';
import type { Intents } from '../engine/domain/intent.ts';
import { learnHotline, type HotlineLanguage } from '../engine/navigation/hotline-language.ts';
import type { Attempts } from '../engine/ports/attempts.ts';
import type { BusinessCalendar } from '../engine/ports/business-calendar.ts';
import type { Journal } from '../engine/ports/journal.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { OpeningHours } from '../engine/ports/opening-hours.ts';
import type { PromptLibrary } from '../engine/ports/prompt-library.ts';
import type { Services } from '../engine/ports/services.ts';
import type { Recordings } from '../engine/recording/recordings.ts';
import type { HeldEvents } from '../engine/session/held-events.ts';
import { Sessions } from '../engine/session/sessions.ts';
import { randomIds } from '../integrations/runtime/random-ids.ts';
import { EventLoopLoad } from '../integrations/runtime/event-loop-load.ts';
import { systemClock } from '../integrations/runtime/system-clock.ts';
import { WatchedClock, type TimerFigures } from '../integrations/runtime/watched-clock.ts';
import { openStore, type Store } from '../integrations/store/sqlite-store.ts';
import { AriSwitchboard } from '../telephony/ari/ari-switchboard.ts';
import { TappedCallAudio } from '../telephony/media/tapped-call-audio.ts';
import type { CircuitFigures } from '../telephony/recognition/recognizer-circuit.ts';
import type { PrivateRoot } from '../telephony/pbx/private-root.ts';
import { startCallbacks } from './callbacks.ts';
import { startRecordings } from './recordings.ts';
import { Drain } from './drain.ts';
import { HandOver } from './hand-over.ts';
import { whenFree, type TakeOver } from './take-over.ts';
import { acdConfigOf } from './config/acd-config.ts';
import { admissionLimitsOf } from './config/limits-config.ts';
import { readSecret, type Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';
import { createLoadMeter } from './load-meter.ts';
import { startIdentification } from './identification.ts';
import { openSpeech } from './speech.ts';
import { FlowFolder, type LoadedHotline } from './flows/flow-folder.ts';
import { hotlineHearing } from './nlu/hearing.ts';

/** The Stasis application that the dialplan hands calls to (asterisk-config/extensions.conf). */
export const STASIS_APP = 'strowger';

const AUDIT_EVERY_MS = 15_000;

/** What the engine is made of beside its configuration; `assemble` fills it in for production. */
export interface EngineParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Logger;
  readonly hotlines: readonly LoadedHotline[];
  readonly prompts: PromptLibrary;
  /** Renders the prompts of an old version of a flow that a live call still runs on. */
  readonly preparePrompts: (prompts: LoadedHotline['hotline']['prompts']) => Promise<void>;
  readonly services: Services;
  readonly calendar: BusinessCalendar & OpeningHours;
  /** The private packages, where the recogniser of commands is. */
  readonly root?: PrivateRoot | undefined;
  /** Stands between the core and the store's journal: benches measure what it costs. */
  readonly journal?: ((own: Journal) => Journal) | undefined;
  /** Takes the calls over from the process that serves them now. */
  readonly takeOver?: TakeOver | undefined;
}

/** One engine process: calls, agents, and what they are kept in. */
export interface Engine {
  readonly sessions: Sessions;
  readonly distributor: SkillDistributor;
  readonly callbacks: CallbackDesk;
  /** Before the services that check a PIN. */
  readonly identification: IdentificationGuard;
  /** Who guesses PINs and passwords. */
  readonly attempts: Attempts;
  /** Undefined where nothing is recorded. */
  readonly recordings: Recordings | undefined;
  readonly switchboard: AriSwitchboard;
  readonly admission: Admission;
  readonly store: Store;
  readonly announce: Announce;
  /** How each recogniser has done; empty where nobody listens. */
  recognizers(): readonly CircuitFigures[];
  timers(): TimerFigures;
  /** Told of each domain event as it happens, before it is on disk. */
  onEvent(listener: (event: DomainEvent) => void): () => void;
  /** Told how long each write of the store took, in milliseconds. */
  onStoreFlushed(listener: (tookMs: number) => void): void;
  /** Gives the calls to another process (docs/restart.md). */
  readonly handOver: HandOver;
  readonly drain: Drain;
  /** Lets go of all calls, which stay on their switches, and closes the store. */
  close(): Promise<void>;
}

/** Starts the core: store, distributor, sessions, switchboard. Calls are served when this resolves and a node is connected. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { config, environment, log } = parts;
  const ids = randomIds();
  const clock = new WatchedClock(systemClock);
  let storeFlushed: (tookMs: number) => void = () => undefined;
  // What takes its time comes first: while a second process prepares itself, the first serves the calls.
  const learnt = new Map<Intents, HotlineLanguage>();
  const isFreeSpeechHeard = config.speech.recognizers.some(({ kind }) => kind !== 'commands');
  const learn = (intents: Intents): HotlineLanguage => {
    const known = learnt.get(intents) ?? learnHotline(intents, hotlineHearing(intents, isFreeSpeechHeard));
    learnt.set(intents, known);
    return known;
  };
  const listens = config.speech.recognizers.length > 0;
  if (listens) for (const { hotline } of parts.hotlines) if (Object.keys(hotline.intents).length > 1) learn(hotline.intents);
  const switchboard = new AriSwitchboard({
    nodes: config.nodes.map((node) => ({ ...node, password: readSecret(node.password, environment) })),
    app: STASIS_APP,
    clock,
    random: Math.random,
    log,
  });
  const phrasesOf = ({ hotline }: (typeof parts.hotlines)[number]): string[] =>
    Object.values(hotline.intents).flatMap((examples) => LANGUAGES.flatMap((language) => examples[language] ?? []));
  const speech = await openSpeech({
    config,
    audio: new TappedCallAudio({ lines: (id) => switchboard.node(id).taps, ids, clock, log }),
    clock,
    ids,
    log,
    phrases: parts.hotlines.flatMap(phrasesOf),
    root: parts.root,
  });
  // How words sound is looked up now, not while callers listen.
  for (const hotline of parts.hotlines) {
    const phrases = phrasesOf(hotline);
    if (phrases.length > 0) for (const language of LANGUAGES) speech?.input.knows({ languages: [language], phrases });
  }
  const open = (): Promise<Store> =>
    openStore({
      path: storePath(config),
      logger: log,
      onFlushed: (tookMs) => storeFlushed(tookMs),
      keepPersonalData: config.log.showPersonalData,
    });
  const letGo = async (): Promise<void> => {
    await speech?.close();
    switchboard.stop();
  };
  let held: HeldEvents | undefined;
  let store: Store;
  try {
    held = await parts.takeOver?.begin(switchboard);
    store = await (held === undefined ? open() : whenFree(open));
  } catch (error) {
    await letGo();
    throw error;
  }
  const listeners = new Set<(event: DomainEvent) => void>();
  const announce: Announce = (body, callId) => {
    const event: DomainEvent = { v: 1, id: ids.next('event'), at: clock.now(), ...(callId === undefined ? {} : { callId }), ...body };
    store.events.append(event);
    for (const listener of listeners) listener(event);
  };
  const journal = parts.journal?.(store.journal) ?? store.journal;
  try {
    const known = new Set((await journal.load('agent')).map(({ id }) => id));
    const distributor = new SkillDistributor({
      config: acdConfigOf(config),
      clock,
      ids,
      announce,
      journal,
      calendar: parts.calendar,
      log,
    });
    await distributor.restore();
    for (const agent of config.agents) {
      if (agent.signedIn && !known.has(agent.id)) distributor.signIn(agentId(agent.id));
    }
    const flows = await FlowFolder.open({
      loaded: parts.hotlines,
      hotlines: config.hotlines,
      store: store.flows,
      prepare: parts.preparePrompts,
      ...(listens ? { learn } : {}),
    });
    for (const id of held?.nodes ?? []) announce({ type: 'node.up', node: id, version: switchboard.node(id).status.version ?? 'unknown' });
    switchboard.subscribe((event) => {
      if (event.type === 'node.up') announce({ type: 'node.up', node: event.nodeId, version: switchboard.node(event.nodeId).status.version ?? 'unknown' });
      else if (event.type === 'node.down') announce({ type: 'node.down', node: event.nodeId, reason: event.reason });
      else if (event.type === 'node.replaced') announce({ type: 'node.down', node: event.nodeId, reason: 'another engine took the application over' });
    });
    const admission = new Admission({
      limits: admissionLimitsOf(config),
      clock,
      announce,
      nodeIds: switchboard.nodeIds,
      gate: async (id, forMs) => {
        const node = switchboard.node(id);
        // Without a connection there is nothing to tell it, and its dialplan takes calls to the fallback by itself.
        if (node.status.state !== 'up') return;
        await node.refuseCalls(forMs).catch((error: unknown) => log.warn({ nodeId: id, error: messageOf(error) }, 'the switch was not told to refuse calls'));
      },
    });
    const recordings = await startRecordings({ config, environment, clock, ids, log, announce, store, switchboard, connected: held?.nodes ?? [] });
    const callbacks = await startCallbacks({
      recordings,
      config,
      clock,
      ids,
      log,
      announce,
      journal,
      distributor,
      switchboard,
      sessions: () => sessions,
      hours: parts.calendar,
    });
    const { attempts, guard } = await startIdentification({
      config,
      clock,
      journal,
      announce,
      callerNumberOf: (callId) => sessions.session(callId)?.facts.callerNumber,
    });
    const sessions: Sessions = new Sessions({
      recordings,
      clock,
      ids,
      log,
      announce,
      journal,
      switchboard,
      events: held ?? switchboard,
      held,
      distributor,
      prompts: parts.prompts,
      services: parts.services,
      calendar: parts.calendar,
      flows,
      callbacks,
      admission,
      overloadFlow: config.limits.overloadFlow,
      switchLostMs: config.engine.switchLostSeconds * 1_000,
      ...(speech === undefined ? {} : { speech: { input: speech.input, languageOf: (id: string, version: string) => flows.languageOf(id, version) } }),
    });
    const drain = new Drain({ nodeIds: switchboard.nodeIds, admission, callbacks, journal, clock });
    await drain.restore();
    await sessions.open();
    switchboard.start();
    const handOver = new HandOver({ sessions, switchboard, clock, log, replaced: () => callbacks.close() });
    const eventLoop = new EventLoopLoad();
    admission.open(createLoadMeter(switchboard.nodeIds.map((id) => switchboard.node(id)), eventLoop));
    const audit = setInterval(() => {
      for (const id of switchboard.nodeIds) sessions.audit(id).catch((error: unknown) => log.debug({ nodeId: id, error: messageOf(error) }, 'books and switch were not compared'));
    }, AUDIT_EVERY_MS);
    audit.unref();
    return {
      sessions,
      distributor,
      callbacks,
      identification: guard,
      attempts,
      recordings,
      switchboard,
      admission,
      store,
      announce,
      handOver,
      drain,
      recognizers: () => speech?.recognizers() ?? [],
      timers: () => clock.figures,
      onEvent: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onStoreFlushed: (listener) => {
        storeFlushed = listener;
      },
      close: async () => {
        handOver.close();
        clearInterval(audit);
        admission.close();
        eventLoop.close();
        callbacks.close();
        sessions.close();
        recordings?.close();
        distributor.close();
        await letGo();
        await store.close();
      },
    };
  } catch (error) {
    await letGo();
    await store.close();
    throw error;
  }
}

export function storePath(config: Config): string {
  return resolve(config.store.file ?? join(config.engine.dataDir, 'strowger.db'));
}
