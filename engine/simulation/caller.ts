import { contactId, queueId, type ContactId } from '../domain/ids.ts';
import type { ArrivingContact } from '../routing/routing-event.ts';
import { arrivalStream, type ArrivalStream } from './arrivals.ts';
import { samplerOf, type Sampler } from './distribution.ts';
import type { ContactType, SimulationModel } from './model.ts';
import { RandomStream } from './random-stream.ts';

/** One call of one caller in the simulation; a caller who calls again is another one with the same `seed`. */
export interface Caller {
  readonly number: number;
  readonly contactId: ContactId;
  readonly type: number;
  /** Everything that is random about it hangs on this alone, so it is the same under another configuration. */
  readonly seed: number;
  /** 0 for the first call. */
  readonly attempt: number;
  readonly startedAt: number;
  /** Which period it counts for; -1 for none. */
  readonly period: number;
  /** The place in the list of those who are in. */
  readonly slot: number;
  /** What it waited in earlier attempts; from its own end on, this one, too. */
  earlierWaitMs: number;
  queue: number;
  /** When it entered `queue`. */
  queuedAt: number;
  stage: 'waiting' | 'ringing' | 'talking' | 'gone';
  agent: number;
  offers: number;
}

/** What a draw is for; each contact has a stream for each. */
const FOR = { patience: 1, talk: 2, wrapUp: 3, retry: 16, offer: 4096 } as const;

/** Draws everything that is random about the callers of one type. */
export class CallerSource {
  readonly type: ContactType;
  readonly next: ArrivalStream;
  readonly #seeds: RandomStream;
  readonly #scratch = new RandomStream();
  readonly #patience: Sampler | undefined;
  readonly #talk: Sampler;
  readonly #wrapUp: Sampler | undefined;
  readonly #retryAfter: Sampler | undefined;

  constructor(type: ContactType, factor: number, seed: number, replication: number) {
    this.type = type;
    // By the name and not by the place: a scenario that lists its types in another order meets the same callers.
    this.next = arrivalStream(type.arrivals, factor, new RandomStream(seed, replication, 'arrivals', type.id));
    this.#seeds = new RandomStream(seed, replication, 'callers', type.id);
    this.#patience = type.patience && samplerOf(type.patience);
    this.#talk = samplerOf(type.talk);
    this.#wrapUp = type.wrapUp && samplerOf(type.wrapUp);
    this.#retryAfter = type.retry && samplerOf(type.retry.afterMs);
  }

  newSeed(): number {
    return this.#seeds.bits();
  }

  patienceMs({ seed, startedAt }: Caller): number {
    return this.#patience === undefined ? Infinity : this.#patience(this.#for(seed, FOR.patience), startedAt);
  }

  talkMs({ seed, startedAt }: Caller): number {
    return this.#talk(this.#for(seed, FOR.talk), startedAt);
  }

  wrapUpMs({ seed, startedAt }: Caller): number {
    return this.#wrapUp === undefined ? 0 : this.#wrapUp(this.#for(seed, FOR.wrapUp), startedAt);
  }

  /** After how long one who gave up calls again; undefined: not at all. */
  retryMs({ seed, attempt }: Caller, now: number): number | undefined {
    const { retry } = this.type;
    if (retry === undefined || this.#retryAfter === undefined) return undefined;
    const random = this.#for(seed, FOR.retry + attempt);
    return random.uniform() < retry.share ? this.#retryAfter(random, now) : undefined;
  }

  /** For what is random about an offer of it. */
  offerStream({ seed, offers }: Caller): RandomStream {
    return this.#for(seed, FOR.offer + offers);
  }

  #for(seed: number, purpose: number): RandomStream {
    this.#scratch.reset(seed, purpose);
    return this.#scratch;
  }
}

const CALLBACK_LIMITS = { maxWaitMs: 'untilServed', noAgentsGraceMs: Infinity } as const;

/** The contact as the router gets it. */
export function arrivingContact(caller: Caller, type: ContactType, queue: SimulationModel['queues'][number]): ArrivingContact {
  const { maxWaitMs, noAgentsGraceMs } = type.isCallback ? CALLBACK_LIMITS : queue;
  return {
    contactId: caller.contactId,
    queueId: queueId(queue.id),
    priority: type.priority,
    enqueuedAt: caller.queuedAt,
    ageBoostMs: type.ageBoostMs,
    steps: type.steps,
    afterSteps: type.afterSteps,
    leaveAt: maxWaitMs === 'untilServed' ? Infinity : caller.queuedAt + maxWaitMs,
    noAgentsGraceMs,
  };
}

export function newContactId(number: number): ContactId {
  return contactId(`c${number}`);
}
