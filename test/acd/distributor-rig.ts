import type { Agent, AgentStatus } from '../../engine/domain/agent.ts';
import type { ContactRequest, Offer, OverflowReason } from '../../engine/domain/contact.ts';
import { agentId, callId, contactId, queueId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS, type Queue } from '../../engine/domain/queue.ts';
import { silentLogger, type Logger } from '../../engine/ports/logger.ts';
import { ACD_DEFAULTS, type AcdConfig } from '../../engine/acd/acd-config.ts';
import type { ContactOwner } from '../../engine/acd/distributor.ts';
import type { OpenState } from '../../engine/ports/business-calendar.ts';
import { SkillDistributor, type SkillDistributorOptions } from '../../engine/acd/skill-distributor.ts';
import { CountedIds } from '../fakes/counted-ids.ts';
import { MemoryJournal } from '../fakes/memory-journal.ts';
import { RecordedLog } from '../fakes/recorded-log.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

/** An agent of queue `bank`, unless said otherwise. */
export function agent(name: string, fields: Partial<Agent> = {}): Agent {
  return { id: agentId(name), name, endpoint: `PJSIP/${name}`, skills: {}, queues: [queueId('bank')], ...fields };
}

export function queue(name = 'bank', fields: Partial<Queue> = {}): Queue {
  return { ...QUEUE_DEFAULTS, id: queueId(name), name, wrapUpMs: 30_000, maxWaitMs: 'untilServed', ...fields };
}

/** Remembers what it was told. */
export class RecordedOwner implements ContactOwner {
  readonly told: string[] = [];
  readonly offers: Offer[] = [];
  overflow: OverflowReason | undefined;
  onOffer: (offer: Offer) => void = () => undefined;
  onOverflow: (reason: OverflowReason) => void = () => undefined;

  get offer(): Offer {
    const last = this.offers.at(-1);
    if (last === undefined) throw new Error('no offer was made');
    return last;
  }

  offerMade(offer: Offer): void {
    this.told.push(`offer ${offer.agentId}`);
    this.offers.push(offer);
    this.onOffer(offer);
  }

  offerTakenBack(offer: Offer, why: 'noAnswer' | 'canceled'): void {
    this.told.push(`${why} ${offer.agentId}`);
  }

  contactChanged({ priority, ageBoostMs }: ContactRequest): void {
    this.told.push(`changed ${priority} ${ageBoostMs}`);
  }

  overflowed(reason: OverflowReason): void {
    this.told.push(`overflowed ${reason}`);
    this.overflow = reason;
    this.onOverflow(reason);
  }
}

/** A distributor in virtual time with everything that it touches. */
export class DistributorRig {
  readonly clock = new VirtualClock();
  readonly ids = new CountedIds();
  readonly journal = new MemoryJournal();
  readonly log = new RecordedLog(this.clock);
  readonly complaints: string[] = [];
  readonly #restMs: SkillDistributorOptions['restMs'];
  /** Hours of queues, for those who have a calendar. */
  open: OpenState = 'open';
  config: AcdConfig;
  distributor: SkillDistributor;

  constructor(agents: readonly Agent[], queues: readonly Queue[] = [queue()], restMs?: SkillDistributorOptions['restMs']) {
    this.config = { ...ACD_DEFAULTS, agents, queues };
    this.#restMs = restMs;
    this.distributor = this.#start();
  }

  #start(): SkillDistributor {
    const complain = (_fields: unknown, message: string): void => void this.complaints.push(message);
    const log: Logger = { ...silentLogger, warn: complain, error: complain };
    const { clock, ids, journal, log: events } = this;
    const calendar = { stateAt: () => this.open };
    return new SkillDistributor({ config: this.config, restMs: this.#restMs, clock, ids, journal, calendar, log, announce: events.announce });
  }

  /** A contact that enters now. */
  request(name: string, fields: Partial<ContactRequest> = {}): ContactRequest {
    return {
      contactId: contactId(name),
      callId: callId(`call-of-${name}`),
      queueId: queueId('bank'),
      priority: 5,
      enqueuedAt: this.clock.now(),
      steps: [],
      ageBoostMs: 0,
      afterSteps: 'strict',
      ...fields,
    };
  }

  /** Enqueues and lets the distributor take its turn. */
  async enqueue(name: string, fields: Partial<ContactRequest> = {}): Promise<RecordedOwner> {
    const owner = new RecordedOwner();
    this.distributor.enqueue(this.request(name, fields), owner);
    await this.clock.settle();
    return owner;
  }

  async signIn(...names: string[]): Promise<void> {
    for (const name of names) {
      this.distributor.signIn(agentId(name));
      await this.clock.advanceBy(1); // Who signs in first is idle longest.
    }
  }

  /** Enqueues a contact, has it offered to `agentName`, and answers. */
  async connect(name: string, agentName: string): Promise<RecordedOwner> {
    const owner = await this.enqueue(name, { steps: [{ require: { agent: agentId(agentName) }, forMs: 'untilServed' }] });
    this.distributor.offerEnded(owner.offer.offerId, 'accepted');
    await this.clock.settle();
    return owner;
  }

  status(name: string): AgentStatus {
    const found = this.distributor.agents().find(({ agent: { id } }) => id === name);
    if (found === undefined) throw new Error(`no agent ${name}`);
    return found.status;
  }

  state(name: string): string {
    const { state, reason } = this.status(name);
    return reason === undefined ? state : `${state}(${reason})`;
  }

  /** The process dies and another takes over: what was journaled is all it knows. */
  async restart(outageMs = 0): Promise<void> {
    await this.clock.settle();
    this.distributor.close();
    this.journal.crash();
    await this.clock.advanceBy(outageMs);
    this.distributor = this.#start();
    await this.distributor.restore();
  }
}
