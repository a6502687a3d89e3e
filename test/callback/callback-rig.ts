import { ACD_DEFAULTS } from '../../engine/acd/acd-config.ts';
import { SkillDistributor } from '../../engine/acd/skill-distributor.ts';
import type { NumberGuard, PromiseTimes } from '../../engine/callback/callback-admission.ts';
import { CallbackDesk, type CallbackView, type CallbackRequest } from '../../engine/callback/callback-desk.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../../engine/domain/callback-policy.ts';
import type { Agent } from '../../engine/domain/agent.ts';
import type { CallbackRefusal, Period } from '../../engine/domain/callback.ts';
import { agentId, nodeId, queueId, type CallId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS, type Queue } from '../../engine/domain/queue.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { Recordings } from '../../engine/recording/recordings.ts';
import { Sessions } from '../../engine/session/sessions.ts';
import type { SimulatedAgentPhone } from '../../telephony/sim/simulated-agent-phone.ts';
import { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { leftoversOf } from '../engine/leftovers.ts';
import { Complaints } from '../engine/virtual-engine.ts';
import { CountedIds } from '../fakes/counted-ids.ts';
import { Admission, NO_LIMITS } from '../../engine/admission/admission.ts';
import { MemoryArchive } from '../fakes/memory-archive.ts';
import { MemoryJournal } from '../fakes/memory-journal.ts';
import { RecordedLog } from '../fakes/recorded-log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import callbackFlow from './callback-flow.ts';
import messageFlow from '../../flows/callback-message.ts';

export const bank = queueId('bank');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const CUSTOMER = '+8613800138000';

const NODE = nodeId('pbx-1');
const FLOWS = [callbackFlow, messageFlow];

export interface CallbackRigOptions {
  readonly policy?: Partial<CallbackPolicy>;
  readonly agents?: readonly string[];
  readonly queue?: Partial<Queue>;
}

/** Sessions, distributor and callbacks on a simulated switch in virtual time; rules for numbers and windows are in the test's hands. */
export class CallbackRig {
  readonly clock = new VirtualClock();
  readonly ids = new CountedIds();
  readonly log = new RecordedLog(this.clock);
  readonly journal = new MemoryJournal();
  readonly complaints = new Complaints();
  readonly sim: SimulatedSwitch;
  policy: CallbackPolicy | undefined;
  queues: readonly Queue[];
  /** Refuses a number, as typed. */
  refuse: (text: string) => CallbackRefusal | undefined = () => undefined;
  /** Whether an admitted number may be dialled now. */
  mayDial: () => 'dial' | 'impossible' | { readonly notBefore: number } = () => 'dial';
  /** A prompt whose rendering fails: a fault of ours. */
  brokenPrompt: string | undefined;
  /** Requests without a window expire after this. */
  expiresAfterMs = 8 * HOUR_MS;
  /** Calls of customers that go on, beside those of the sessions. */
  readonly onLine = new Set<CallId>();
  readonly dialled: string[] = [];
  /** How many events are on the disk. */
  #written = 0;
  readonly #agents: readonly Agent[];
  readonly #board: SimulatedSwitchboard;
  distributor!: SkillDistributor;
  sessions!: Sessions;
  admission!: Admission;
  desk!: CallbackDesk;
  /** Where the queue records. */
  recordings: Recordings | undefined;
  readonly archive = new MemoryArchive();

  private constructor({ policy = {}, agents = ['1001'], queue = {} }: CallbackRigOptions) {
    this.policy = { ...CALLBACK_DEFAULTS, ...policy };
    this.queues = [{ ...QUEUE_DEFAULTS, id: bank, name: 'Bank', wrapUpMs: 5_000, ...queue }];
    this.#agents = agents.map((id) => ({ id: agentId(id), name: id, endpoint: `PJSIP/${id}`, skills: {}, queues: [bank] }));
    this.sim = new SimulatedSwitch({ nodeId: NODE, clock: this.clock, mediaDurationMs: (uri) => (uri.startsWith('sound:') ? 3_000 : undefined), advance: (ms) => this.clock.advanceBy(ms) });
    this.#board = new SimulatedSwitchboard([this.sim]);
    this.journal.onWritten = () => (this.#written = this.log.events.length);
  }

  static async start(options: CallbackRigOptions = {}): Promise<CallbackRig> {
    const rig = new CallbackRig(options);
    await rig.boot();
    return rig;
  }

  async boot(): Promise<void> {
    const { clock, ids, journal, log } = this;
    const { announce } = log;
    const shared = { clock, ids, journal, announce, log: this.complaints };
    this.distributor = new SkillDistributor({ ...shared, config: { ...ACD_DEFAULTS, agents: this.#agents, queues: this.queues }, calendar: { stateAt: () => 'open' }, log: silentLogger });
    await this.distributor.restore();
    const calls = {
      nodes: () => this.desk.nodes(),
      reconcile: (...args: Parameters<CallbackDesk['reconcile']>) => this.desk.reconcile(...args),
      connected: (...args: Parameters<CallbackDesk['connected']>) => this.desk.connected(...args),
      flowEnded: (...args: Parameters<CallbackDesk['flowEnded']>) => this.desk.flowEnded(...args),
      standAside: (...args: Parameters<CallbackDesk['standAside']>) => this.desk.standAside(...args),
      start: () => this.desk.start(),
    };
    if (this.queues[0]?.recording !== undefined) {
      this.recordings = new Recordings({ ...shared, events: this.#board, recorder: this.sim.recorder, vault: this.archive, index: this.archive, retentionMs: 86_400_000, pauseLimitMs: 60_000 });
      await this.recordings.open();
    }
    const { recordings } = this;
    this.admission = new Admission({ limits: NO_LIMITS, clock, announce, nodeIds: [NODE], gate: () => Promise.resolve() });
    this.sessions = new Sessions({
      ...shared,
      admission: this.admission,
      recordings,
      switchboard: this.#board,
      events: this.#board,
      distributor: this.distributor,
      prompts: {
        media: ({ key }, language) => {
          if (key === this.brokenPrompt) throw new Error(`the test says that ${key} is broken`);
          return [`sound:${language}/${key}`];
        },
      },
      services: { request: async () => ({}) },
      calendar: { stateAt: () => 'open' },
      flows: {
        forNumber: () => undefined,
        named: (id) => {
          const found = FLOWS.find((flow) => flow.id === id);
          return found === undefined ? undefined : { flow: found.machine, id, version: 'v1' };
        },
        load: async (id) => (FLOWS.find((flow) => flow.id === id) ?? callbackFlow).machine,
      },
      callbacks: calls,
    });
    this.desk = new CallbackDesk({
      ...shared,
      recordings,
      distributor: this.distributor,
      switchboard: this.#board,
      legs: this.sessions.legs,
      endpointOf: (number) => `PJSIP/${number}@trunk`,
      displayedNumber: () => '95500',
      policyOf: (id) => (id === bank ? this.policy : undefined),
      guard: this.#guard(),
      times: this.#times(),
      isOnLine: (callId) => this.onLine.has(callId) || this.sessions.session(callId) !== undefined,
      startFlow: (callback, placing) => this.sessions.beginCallback(placing.nodeId, placing.customerLeg, placing.callId, callback, placing.machine ? messageFlow.id : callbackFlow.id, '95500'),
    });
    await this.desk.restore();
    await this.sessions.open();
    this.sim.connect({ newEngine: true });
    await clock.settle();
  }

  /** The process dies at once, and a fresh one starts after `outageMs`; the switch goes on. Meanwhile the clock may be set. */
  async killAndRestart(outageMs = 1_000, clockByMs = 0): Promise<void> {
    this.sim.disconnect('the engine died');
    this.desk.close();
    this.sessions.close();
    this.recordings?.close();
    this.distributor.close();
    this.journal.crash();
    this.log.loseAfter(this.#written);
    this.clock.set(clockByMs);
    await this.clock.advanceBy(outageMs);
    await this.boot();
  }

  wish(fields: Partial<CallbackRequest> = {}): CallbackRequest {
    return { queueId: bank, number: CUSTOMER, language: 'zh-CN', by: { by: 'program' }, ...fields };
  }

  async request(fields: Partial<CallbackRequest> = {}): Promise<CallbackView> {
    const view = await this.desk.request(this.wish(fields));
    await this.clock.advanceBy(0);
    return view;
  }

  async signIn(...agents: readonly string[]): Promise<void> {
    for (const agent of agents) {
      this.distributor.signIn(agentId(agent));
      await this.clock.advanceBy(1);
    }
  }

  /** The queue is taken out of the configuration. */
  removeQueue(): void {
    this.distributor.configure({ ...ACD_DEFAULTS, agents: [], queues: [] });
  }

  agent(id: string): SimulatedAgentPhone {
    return this.sim.phone(`PJSIP/${id}`);
  }

  customer(number = CUSTOMER): SimulatedAgentPhone {
    return this.sim.phone(`PJSIP/${number}@trunk`);
  }

  /** How the callback ended, or its stage. */
  state({ callbackId }: Pick<CallbackView, 'callbackId'>): string {
    const view = this.desk.get(callbackId);
    return view?.ended?.how ?? view?.stage ?? 'forgotten';
  }

  outcomes({ callbackId }: Pick<CallbackView, 'callbackId'>): readonly string[] {
    return (this.desk.get(callbackId)?.attempts ?? []).map(({ outcome }) => outcome);
  }

  /** What is left when nobody should be there any more; empty when all is well. */
  leftovers(): readonly string[] {
    return [
      ...leftoversOf(this),
      ...this.sim.recorder.ids.map((id) => `recording ${id} on the switch`),
      ...this.desk.list().flatMap(({ callbackId, stage }) => (stage === 'ended' || stage === 'scheduled' ? [] : [`callback ${callbackId} ${stage}`])),
    ];
  }

  #guard(): NumberGuard {
    return {
      normal: (text) => (text.startsWith('+') ? text : `+86${text}`),
      admit: ({ text }) => {
        const refusal = this.refuse(text);
        return refusal === undefined ? { ok: true, number: text.startsWith('+') ? text : `+86${text}` } : { ok: false, refusal };
      },
      mayDial: () => this.mayDial(),
      requested: () => undefined,
      dialled: (number) => void this.dialled.push(number),
    };
  }

  /** Windows of an hour on the hour, ten places each. */
  #times(): PromiseTimes {
    const windows: PromiseTimes['windows'] = (_queue, now, taken) => {
      const first = Math.ceil(now / HOUR_MS) * HOUR_MS;
      return [0, 1, 2, 3]
        .map((hour): Period => ({ from: first + hour * HOUR_MS, to: first + (hour + 1) * HOUR_MS }))
        .map((period) => ({ period, left: 10 - taken(period) }))
        .filter(({ left }) => left > 0);
    };
    return {
      expiry: (_queue, now) => now + this.expiresAfterMs,
      windows,
      windowOf: (queue, wanted, now, taken) => {
        const at = typeof wanted === 'number' ? wanted : wanted.from;
        if (at < now) return 'windowPast';
        const found = windows(queue, now, () => 0).find(({ period }) => at >= period.from && at < period.to);
        if (found === undefined) return 'notOffered';
        return taken(found.period) < 10 ? found.period : 'windowFull';
      },
    };
  }
}
