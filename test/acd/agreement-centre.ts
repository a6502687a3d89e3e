import { acdConfigOf } from '../../app/config/acd-config.ts';
import { configSchema } from '../../app/config/schema.ts';
import { SkillDistributor } from '../../engine/acd/skill-distributor.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { agentId, nodeId, type CallId } from '../../engine/domain/ids.ts';
import type { Announce } from '../../engine/ports/announcer.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { Sessions } from '../../engine/session/sessions.ts';
import { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import type { SimulatedAgentPhone } from '../../telephony/sim/simulated-agent-phone.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { CountedIds } from '../fakes/counted-ids.ts';
import { MemoryJournal } from '../fakes/memory-journal.ts';
import { RecordedLog } from '../fakes/recorded-log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import hotline from '../live/flows/acd-agreement.ts';
import { AGENTS, QUEUES } from './agreement-scenario.ts';

/** The numbers of callers end in four digits that tell who they are. */
export const callerNumber = (n: number): string => `1390000${String(n).padStart(4, '0')}`;
export const callerOf = (number: string): number => Number(number.slice(-4));

/** The scenario's contact centre on a simulated switch, in virtual time: the same sessions and the same distributor as in production. */
export class SimulatedCentre {
  readonly clock = new VirtualClock();
  readonly log = new RecordedLog(this.clock);
  /** Told of each event as it happens, with the caller whom it is about. */
  onEvent: (event: DomainEvent, n: number) => void = () => undefined;
  readonly #sim: SimulatedSwitch;
  readonly #callers = new Map<number, SimulatedCaller>();
  readonly #ofCall = new Map<CallId, number>();
  readonly #sessions: Sessions;
  readonly #distributor: SkillDistributor;

  private constructor() {
    const { clock } = this;
    const ids = new CountedIds();
    const journal = new MemoryJournal();
    this.#sim = new SimulatedSwitch({ nodeId: nodeId('pbx-1'), clock, mediaDurationMs: () => 3_000, advance: (ms) => clock.advanceBy(ms) });
    const board = new SimulatedSwitchboard([this.#sim]);
    const announce: Announce = (body, callId) => {
      this.log.announce(body, callId);
      const event = this.log.events.at(-1);
      if (event === undefined || callId === undefined) return;
      if (event.type === 'call.started') this.#ofCall.set(callId, callerOf(event.pii.callerNumber));
      this.onEvent(event, this.#ofCall.get(callId) ?? NaN);
    };
    const shared = { clock, ids, journal, announce, log: silentLogger, calendar: { stateAt: () => 'open' as const } };
    const config = configSchema.parse({
      nodes: [{ id: 'pbx-1', url: 'http://127.0.0.1', user: 'x', password: 'x' }],
      hotlines: [{ number: '7201', flow: hotline.id }],
      queues: QUEUES,
      agents: AGENTS,
    });
    this.#distributor = new SkillDistributor({ ...shared, config: acdConfigOf(config) });
    this.#sessions = new Sessions({
      ...shared,
      switchboard: board,
      events: board,
      distributor: this.#distributor,
      prompts: { media: ({ key }) => [`sound:${key}`] },
      services: { request: async () => ({}) },
      flows: {
        forNumber: (dialled) => (hotline.numbers.includes(dialled) ? { flow: hotline.machine, id: hotline.id, version: 'v1' } : undefined),
        named: () => undefined,
        load: async () => hotline.machine,
      },
    });
  }

  /** With all agents signed in, in the order of the configuration. */
  static async open(): Promise<SimulatedCentre> {
    const centre = new SimulatedCentre();
    await centre.#distributor.restore();
    await centre.#sessions.open();
    centre.#sim.connect({ newEngine: true });
    await centre.clock.settle();
    for (const { id } of AGENTS) {
      centre.#distributor.signIn(agentId(id));
      await centre.clock.advanceBy(1);
    }
    return centre;
  }

  phone(agent: string): SimulatedAgentPhone {
    return this.#sim.phone(`PJSIP/${agent}`);
  }

  call(n: number, number: string): void {
    this.#callers.set(n, this.#sim.call({ number, callerNumber: callerNumber(n), answeredByDialplan: true }));
  }

  hangUp(n: number): void {
    this.#callers.get(n)?.hangUp();
  }

  /** Everything that is not over; empty when all is well. */
  leftovers(): readonly string[] {
    const { channels, bridges, playbacks } = this.#sim.leaks();
    return [...channels, ...bridges, ...playbacks, ...this.#sessions.calls().map(({ callId }) => callId)];
  }

  close(): void {
    this.#sessions.close();
    this.#distributor.close();
  }
}
