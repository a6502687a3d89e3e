import { ACD_DEFAULTS } from '../../engine/acd/acd-config.ts';
import { SkillDistributor } from '../../engine/acd/skill-distributor.ts';
import type { Agent } from '../../engine/domain/agent.ts';
import type { CallbackPolicy } from '../../engine/domain/callback-policy.ts';
import { Admission, NO_LIMITS, type AdmissionLimits } from '../../engine/admission/admission.ts';
import { agentId, nodeId, queueId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import { QUEUE_DEFAULTS, type Queue } from '../../engine/domain/queue.ts';
import type { RecordingPolicy } from '../../engine/domain/recording.ts';
import type { Hotline } from '../../engine/flow/hotline.ts';
import type { HotlineLanguage } from '../../engine/navigation/hotline-language.ts';
import type { OpenState } from '../../engine/ports/business-calendar.ts';
import { silentLogger, type LogFields, type Logger } from '../../engine/ports/logger.ts';
import type { ServiceRequest } from '../../engine/ports/services.ts';
import { Recordings } from '../../engine/recording/recordings.ts';
import { HeldEvents } from '../../engine/session/held-events.ts';
import { Sessions } from '../../engine/session/sessions.ts';
import { SimulatedSpeech } from '../../telephony/sim/simulated-speech.ts';
import { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { CountedIds } from '../fakes/counted-ids.ts';
import { MemoryArchive } from '../fakes/memory-archive.ts';
import { MemoryJournal } from '../fakes/memory-journal.ts';
import { RecordedLog } from '../fakes/recorded-log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { leftoversOf } from './leftovers.ts';

const queue = (id: string): Queue => ({ ...QUEUE_DEFAULTS, id: queueId(id), name: id, wrapUpMs: 5_000, maxWaitMs: 300_000 });

/** The agents of the virtual bank: 1001 can do everything in both languages, 1002 personal banking in Chinese. */
export const AGENTS: readonly Agent[] = [
  {
    id: agentId('1001'),
    name: 'Li',
    endpoint: 'PJSIP/1001',
    skills: { 'lang.zh': 5, 'lang.en': 5, cardLoss: 5, accounts: 5, cards: 5, loans: 5, wealth: 5, business: 5, complaints: 5 },
    queues: ['cardLoss', 'personal', 'business'].map(queueId),
  },
  { id: agentId('1002'), name: 'Wang', endpoint: 'PJSIP/1002', skills: { 'lang.zh': 5, accounts: 3, cards: 3 }, queues: [queueId('personal')] },
];

/** Collects what the engine complains about: a test may demand that there was nothing. */
export class Complaints implements Logger {
  readonly errors: string[] = [];
  debug = (): void => undefined;
  info = (): void => undefined;
  warn = (): void => undefined;
  error = (fields: LogFields, message: string): void => void this.errors.push(`${message} ${JSON.stringify(fields)}`);
  child = (): Logger => this;
}

/** The whole engine in virtual time: sessions, distributor and a hotline on a simulated switch. */
export class VirtualEngine {
  readonly clock = new VirtualClock();
  readonly ids = new CountedIds();
  readonly log = new RecordedLog(this.clock);
  readonly journal = new MemoryJournal();
  readonly complaints = new Complaints();
  readonly sim: SimulatedSwitch;
  /** A second switch, where there is one. */
  readonly other: SimulatedSwitch | undefined;
  readonly speech: SimulatedSpeech;
  readonly #hotline: Hotline;
  readonly #callbacks: CallbackPolicy | undefined;
  readonly #recording: RecordingPolicy | undefined;
  readonly archive = new MemoryArchive();
  readonly #board: SimulatedSwitchboard;
  /** Of the next boot. */
  limits: AdmissionLimits = NO_LIMITS;
  /** What callers meet who are told to call later. */
  overload: Hotline | undefined;
  admission!: Admission;
  calendar: OpenState = 'open';
  /** Understands what callers say when set, before they call. */
  language: HotlineLanguage | undefined;
  services: (request: ServiceRequest) => Promise<Json> = async () => ({});
  sessions!: Sessions;
  distributor!: SkillDistributor;
  /** Where a policy for recordings was given. */
  recordings: Recordings | undefined;

  private constructor(hotline: Hotline, callbacks: CallbackPolicy | undefined, recording: RecordingPolicy | undefined, switches: 1 | 2) {
    this.#hotline = hotline;
    this.#callbacks = callbacks;
    this.#recording = recording;
    const simulated = (id: string): SimulatedSwitch =>
      new SimulatedSwitch({
        nodeId: nodeId(id),
        clock: this.clock,
        mediaDurationMs: (uri) => (uri.startsWith('sound:') ? 3_000 : undefined),
        advance: (ms) => this.clock.advanceBy(ms),
      });
    this.sim = simulated('pbx-1');
    this.other = switches === 2 ? simulated('pbx-2') : undefined;
    this.speech = new SimulatedSpeech(this.clock);
    this.#board = new SimulatedSwitchboard(this.other === undefined ? [this.sim] : [this.sim, this.other]);
  }

  /** `callbacks`: of all queues, whose callers may ask for one; who takes the requests is the test's service. `recording`: of all queues. */
  static async start(hotline: Hotline, callbacks?: CallbackPolicy, recording?: RecordingPolicy): Promise<VirtualEngine> {
    const engine = new VirtualEngine(hotline, callbacks, recording, 1);
    await engine.boot();
    return engine;
  }

  /** An engine with two switches. */
  static async startWithTwo(hotline: Hotline): Promise<VirtualEngine & { readonly other: SimulatedSwitch }> {
    const engine = new VirtualEngine(hotline, undefined, undefined, 2);
    await engine.boot();
    return engine as VirtualEngine & { readonly other: SimulatedSwitch };
  }

  async boot(held?: HeldEvents): Promise<void> {
    const { clock, ids, journal } = this;
    const { announce } = this.log;
    const { machine, id } = this.#hotline;
    const queues = ['cardLoss', 'personal', 'business'].map((id) => ({
      ...queue(id),
      ...(this.#callbacks === undefined ? {} : { callbacks: this.#callbacks }),
      ...(this.#recording === undefined ? {} : { recording: this.#recording }),
    }));
    this.distributor = new SkillDistributor({
      config: { ...ACD_DEFAULTS, agents: AGENTS, queues },
      clock,
      ids,
      announce,
      journal,
      calendar: { stateAt: () => 'open' },
      log: silentLogger,
    });
    await this.distributor.restore();
    const { overload } = this;
    this.admission = new Admission({ limits: this.limits, clock, announce, nodeIds: [this.sim.nodeId], gate: (_, forMs) => this.sim.refuseCalls(forMs) });
    if (this.#recording !== undefined) {
      this.recordings = new Recordings({
        ...{ clock, ids, journal, announce },
        log: this.complaints,
        events: this.#board,
        connected: held?.nodes ?? [],
        recorder: this.sim.recorder,
        vault: this.archive,
        index: this.archive,
        retentionMs: 30 * 86_400_000,
        pauseLimitMs: 120_000,
      });
      await this.recordings.open();
    }
    this.sessions = new Sessions({
      recordings: this.recordings,
      clock,
      ids,
      log: this.complaints,
      announce,
      journal,
      switchboard: this.#board,
      events: held ?? this.#board,
      held,
      distributor: this.distributor,
      prompts: { media: ({ key }, language) => [`sound:${language}/${key}`] },
      services: { request: (request) => this.services(request) },
      calendar: { stateAt: () => this.calendar },
      speech: { input: this.speech, languageOf: () => this.language },
      flows: {
        forNumber: (dialled) => (this.#hotline.numbers.includes(dialled) ? { flow: machine, id, version: 'v1' } : undefined),
        named: (name) => (overload !== undefined && name === overload.id ? { flow: overload.machine, id: overload.id, version: 'v1' } : undefined),
        load: async (name) => (overload !== undefined && name === overload.id ? overload.machine : machine),
      },
      admission: this.admission,
      ...(overload === undefined ? {} : { overloadFlow: overload.id }),
    });
    await this.sessions.open();
    if (held === undefined) for (const each of [this.sim, this.other]) each?.connect({ newEngine: true });
    await clock.settle();
  }

  /** A second process takes the calls over; it reads the journal `takesMs` after the switch has changed sides, and after what happens `meanwhile`. */
  async handOver(takesMs = 0, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const moment = this.sessions.quietMoment(5_000);
    let isQuiet = false;
    void moment.then(() => (isQuiet = true));
    await this.clock.settle();
    while (!isQuiet) await this.clock.advanceBy(50);
    const held = new HeldEvents(this.#board);
    const { sessions, distributor, recordings } = this;
    const stop = this.#board.subscribe((event) => {
      if (event.type !== 'node.replaced') return;
      sessions.close();
      recordings?.close();
      distributor.close();
      this.journal.flush();
    });
    this.sim.takeOver();
    await this.clock.settle();
    stop();
    await this.clock.advanceBy(takesMs);
    await meanwhile();
    await this.boot(held);
  }

  /** The process dies at once, and a fresh one starts after `outageMs`. */
  async killAndRestart(outageMs = 1_000): Promise<void> {
    for (const each of [this.sim, this.other]) each?.disconnect('the engine died');
    this.sessions.close();
    this.recordings?.close();
    this.distributor.close();
    this.journal.crash();
    await this.clock.advanceBy(outageMs);
    await this.boot();
  }

  /**
   * What is left when nobody should be there any more, and requests that made no sense; empty when all is well. A phone
   * that cannot be dialled is no mistake of ours.
   */
  leftovers(): readonly string[] {
    return [
      ...leftoversOf(this),
      ...this.sim.recorder.ids.map((id) => `recording ${id} on the switch`),
      ...this.journal.records('recording').map(({ id }) => `journal record ${id}`),
      ...this.speech.listening.map((id) => `somebody still listens to ${id}`),
      ...this.sim.protocolErrors.filter(({ late, operation }) => !late && operation !== 'originate').map((error) => `protocol error ${JSON.stringify(error)}`),
    ];
  }
}
