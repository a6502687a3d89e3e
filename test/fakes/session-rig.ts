import { assign, setup } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { ACD_DEFAULTS } from '../../engine/acd/acd-config.ts';
import { SkillDistributor } from '../../engine/acd/skill-distributor.ts';
import type { Agent } from '../../engine/domain/agent.ts';
import { agentId, channelId, queueId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import type { Language } from '../../engine/domain/language.ts';
import { QUEUE_DEFAULTS, type Queue } from '../../engine/domain/queue.ts';
import { verbActors } from '../../engine/flow/verb-logic.ts';
import type { CollectInput, MenuInput, RouteInput } from '../../engine/flow/verb.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { ServiceRequest } from '../../engine/ports/services.ts';
import type { HeldEvents } from '../../engine/session/held-events.ts';
import { Sessions } from '../../engine/session/sessions.ts';
import { CountedIds } from './counted-ids.ts';
import { ManualSwitch } from './manual-switch.ts';
import { MemoryJournal } from './memory-journal.ts';
import { RecordedLog } from './recorded-log.ts';
import { VirtualClock } from './virtual-clock.ts';

const LANGUAGES: readonly Language[] = ['en'];
const MENU: MenuInput = {
  prompt: { key: 'main' },
  languages: LANGUAGES,
  choices: { pin: '1', agent: '2', account: '3', long: '12', ask: '4' },
  globals: { operator: '0', repeat: '*', back: '9' },
  bargeIn: true,
  firstDigitTimeoutMs: 5000,
  interDigitTimeoutMs: 2000,
  tries: { noInput: 3, noMatch: 2 },
  noInputPrompt: { key: 'sorry.silence' },
  noMatchPrompt: { key: 'sorry.wrong' },
};
const collect = (key: string, sensitivity: CollectInput['sensitivity'], maxDigits: number): CollectInput => ({
  prompt: { key },
  languages: LANGUAGES,
  bargeIn: true,
  minDigits: 4,
  maxDigits,
  terminator: '#',
  cancelKey: '*',
  firstDigitTimeoutMs: 5000,
  interDigitTimeoutMs: 3000,
  tries: { noInput: 2, noMatch: 2 },
  sensitivity,
});
export const ROUTE: RouteInput = {
  queue: 'service',
  priority: 5,
  steps: [{ require: { all: [] }, forMs: 'untilServed' }],
  afterSteps: 'strict',
};

interface Context {
  language: Language;
  account: string;
  pin: string;
}

const outcome = (is: string) => ({ type: 'outcome' as const, params: { is } });

/** A small hotline in raw XState: one state for each verb that a session must carry. */
export const smallFlow = setup({
  types: { context: {} as Context, input: {} as { language: Language } },
  actors: verbActors,
  guards: {
    outcome: ({ event }, params: { is: string }) => {
      const { output } = event as unknown as { output: { outcome: string; choice?: string } };
      return (output.choice ?? output.outcome) === params.is;
    },
  },
}).createMachine({
  id: 'small',
  context: { language: 'en', account: '', pin: '' },
  initial: 'main',
  on: { 'key.operator': '.agent', 'key.back': '.main' },
  states: {
    main: {
      invoke: {
        src: 'menu',
        input: MENU,
        onDone: [
          { guard: outcome('pin'), target: 'pin' },
          { guard: outcome('agent'), target: 'agent' },
          { guard: outcome('account'), target: 'account' },
          { guard: outcome('long'), target: 'bye' },
          { guard: outcome('ask'), target: 'ask' },
          { target: 'bye' },
        ],
        onError: 'bye',
      },
    },
    account: {
      invoke: {
        src: 'collect',
        input: collect('account', 'personal', 8),
        onDone: [
          { guard: outcome('collected'), target: 'bye', actions: assign({ account: ({ event }) => (event.output as { digits: string }).digits }) },
          { target: 'main' },
        ],
      },
    },
    pin: {
      invoke: {
        src: 'collect',
        input: collect('pin', 'secret', 6),
        onDone: [
          { guard: outcome('collected'), target: 'ask', actions: assign({ pin: ({ event }) => (event.output as { digits: string }).digits }) },
          { target: 'main' },
        ],
      },
    },
    ask: {
      invoke: {
        src: 'call',
        input: ({ context }) => ({ service: 'authenticate', input: { pin: context.pin }, timeoutMs: 4000 }),
        onDone: [{ guard: outcome('ok'), target: 'bye' }, { guard: outcome('secretLost'), target: 'pin' }, { target: 'agent' }],
      },
    },
    agent: { invoke: { src: 'route', input: ROUTE, onDone: [{ guard: outcome('served'), target: 'bye' }, { target: 'bye' }] } },
    bye: { invoke: { src: 'end', input: { prompts: [{ key: 'bye' }], languages: LANGUAGES }, onDone: 'over', onError: 'over' } },
    over: { type: 'final' },
  },
});

export const QUEUE: Queue = { ...QUEUE_DEFAULTS, id: queueId('service'), name: 'Service', wrapUpMs: 5000, maxWaitMs: 60_000 };

export const AGENT: Agent = {
  id: agentId('1001'),
  name: 'Li',
  endpoint: 'PJSIP/1001',
  skills: {},
  queues: [queueId('service')],
};

/** An engine around a manual switch. `restart()` is a kill -9: what was not journaled is gone. */
export class SessionRig {
  readonly clock = new VirtualClock();
  readonly ids = new CountedIds();
  readonly log = new RecordedLog(this.clock);
  readonly journal = new MemoryJournal();
  readonly pbx = new ManualSwitch(this.clock);
  readonly flow: AnyStateMachine;
  /** What back-office requests came, and how they are answered. */
  readonly requests: ServiceRequest[] = [];
  answerService: (request: ServiceRequest) => Promise<Json> = async () => ({ ok: true });
  /** How the flow of the hotline is found. */
  find: () => AnyStateMachine = () => this.flow;
  /** How a flow of an earlier process is loaded. */
  load: () => Promise<AnyStateMachine> = async () => this.flow;
  sessions!: Sessions;
  distributor!: SkillDistributor;

  constructor(flow: AnyStateMachine = smallFlow) {
    this.flow = flow;
  }

  static async started(flow?: AnyStateMachine): Promise<SessionRig> {
    const rig = new SessionRig(flow);
    await rig.boot();
    return rig;
  }

  /** `held`: another process gave its calls to this one. */
  async boot(held?: HeldEvents): Promise<void> {
    const { clock, ids, journal, pbx } = this;
    const announce = this.log.announce;
    this.distributor = new SkillDistributor({
      config: { ...ACD_DEFAULTS, agents: [AGENT], queues: [QUEUE] },
      clock,
      ids,
      announce,
      journal,
      calendar: { stateAt: () => 'open' },
      log: silentLogger,
    });
    await this.distributor.restore();
    this.sessions = new Sessions({
      clock,
      ids,
      log: silentLogger,
      announce,
      journal,
      switchboard: pbx,
      events: held ?? pbx,
      held,
      distributor: this.distributor,
      prompts: { media: ({ key }, language) => [`sound:${key}.${language}`] },
      services: {
        request: (request) => {
          this.requests.push(request);
          return this.answerService(request);
        },
      },
      calendar: { stateAt: () => 'open' },
      flows: {
        forNumber: (dialled) => (dialled === '95500' ? { flow: this.find(), id: 'small', version: 'v1' } : undefined),
        named: () => undefined,
        load: () => this.load(),
      },
    });
    await this.sessions.open();
    this.pbx.tell({ type: 'node.up' });
    await this.settle();
  }

  /** The process dies and a fresh one starts; the switch goes on. */
  async restart(): Promise<void> {
    await this.settle();
    this.journal.crash();
    this.sessions.close();
    this.distributor.close();
    this.pbx.requests.length = 0;
    await this.boot();
  }

  async call(id = 'caller-1'): Promise<void> {
    const channel = this.pbx.info(id);
    this.pbx.held = { ...this.pbx.held, channels: [...this.pbx.held.channels, { ...channel, inApplication: true }] };
    this.pbx.tell({ type: 'channel.entered', channel, args: [] });
    await this.settle();
  }

  /** The running playback comes to its end. */
  async promptEnds(ok = true, id = 'caller-1'): Promise<void> {
    const { id: playback = '' } = this.pbx.last('play');
    this.pbx.tell({ type: 'playback.finished', channelId: channelId(id), playbackId: playback as never, ok });
    await this.settle();
  }

  async press(digits: string, id = 'caller-1'): Promise<void> {
    for (const digit of digits) {
      this.pbx.tell({ type: 'digit', channelId: channelId(id), digit: digit as '1', durationMs: 100 });
      await this.settle();
    }
  }

  async hangUp(id = 'caller-1', cause = 16): Promise<void> {
    this.pbx.held = { ...this.pbx.held, channels: this.pbx.held.channels.filter((channel) => channel.id !== id) };
    this.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause });
    await this.settle();
  }

  /** The prompt that was asked for last, without its language. */
  get prompt(): string {
    return (this.pbx.last('play').media?.[0] ?? '').replace(/^sound:|\.[a-zA-Z-]+$/g, '');
  }

  get state(): string | undefined {
    return this.log.last('call.state')?.state;
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advanceBy(ms);
  }

  async settle(): Promise<void> {
    await this.clock.advanceBy(0);
  }
}
