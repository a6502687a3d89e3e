import type { ContactExplanation } from '../engine/acd/contact-explanation.ts';
import { PastExplanation, type ContactHistory } from '../engine/acd/past-explanation.ts';
import type { Agent } from '../engine/domain/agent.ts';
import { StrowgerError } from '../engine/domain/errors.ts';
import type { DomainEvent } from '../engine/domain/events.ts';
import { callId, contactId, type ContactId } from '../engine/domain/ids.ts';
import type { EventReader, RecordedEvent } from '../engine/ports/event-log.ts';

export interface ContactWhyOptions {
  /** Why a contact waits; undefined when it does not. */
  readonly explain: (contactId: ContactId) => ContactExplanation | undefined;
  readonly events: Pick<EventReader, 'read' | 'lastSeq'>;
  /** As of now: what agents could do in a past that the log tells nothing of. */
  readonly agents: () => readonly Agent[];
  /** So far back agents' states are looked for. Default 12 h: a shift. */
  readonly lookBackMs?: number;
  /** So many events are searched for a contact, the newest first, and read to tell its story. Default 500,000. */
  readonly mostEvents?: number;
}

/** Why a contact waits, or what happened to it. */
export type WhyAnswer = { readonly waiting: ContactExplanation } | { readonly history: ContactHistory };

type Queued = Extract<DomainEvent, { type: 'contact.queued' }>;

const PAGE = 500;
const MOST_EVENTS = 500_000;
const LOOK_BACK_MS = 12 * 3_600_000;
/** A code may be entered so long after the end. */
const AFTERMATH_MS = 600_000;

/** Answers for contacts and calls: from the distributor while the contact waits, else from the event log, one at a time. */
export class ContactWhy {
  readonly #options: ContactWhyOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ContactWhyOptions) {
    this.#options = options;
  }

  /** Rejects with `contact.unknown` and as the event log does. */
  async why(id: string): Promise<WhyAnswer> {
    const live = this.#options.explain(contactId(id));
    if (live !== undefined) return { waiting: live };
    const mine = this.#last.then(() => this.#lookUp(id));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #lookUp(id: string): Promise<WhyAnswer> {
    const queued = (await this.#ofCall(id)) ?? (await this.#ofContact(id));
    if (queued === undefined) {
      throw new StrowgerError('contact.unknown', `Neither a contact nor a call with a contact has the id ${id}.`, {
        fields: { id },
        hint: 'Contacts of long ago are found by the id of their call. `./strowger acd status` lists those that wait.',
      });
    }
    const waiting = this.#options.explain(queued.contactId);
    if (waiting !== undefined) return { waiting };
    const history = await this.#past(queued);
    if (history === undefined) throw new StrowgerError('contact.unknown', `The event log holds nothing of ${id} any more.`, { fields: { id } });
    return { history };
  }

  /** The last contact of a call; the log finds the events of a call at once. */
  async #ofCall(id: string): Promise<Queued | undefined> {
    const rows = await this.#options.events.read({ afterSeq: 0, callId: callId(id), types: ['contact.queued'], limit: PAGE });
    return rows.map(({ event }) => event).findLast((event) => event.type === 'contact.queued');
  }

  /** Most questions are about today: the newest events are looked through first. */
  async #ofContact(id: string): Promise<Queued | undefined> {
    const { events, mostEvents = MOST_EVENTS } = this.#options;
    const last = await events.lastSeq();
    for (let from = last - PAGE; from > last - mostEvents - PAGE && from > -PAGE; from -= PAGE) {
      const rows = await this.#page(Math.max(0, from));
      const found = rows.findLast(({ event }) => event.type === 'contact.queued' && event.contactId === id)?.event;
      if (found?.type === 'contact.queued') return found;
    }
    return undefined;
  }

  async #past({ contactId: id, enqueuedAt }: Queued): Promise<ContactHistory | undefined> {
    const { lookBackMs = LOOK_BACK_MS, mostEvents = MOST_EVENTS } = this.#options;
    const past = new PastExplanation(id);
    past.read({ v: 1, id: '', at: 0, type: 'acd.configured', queues: [], agents: this.#options.agents().map(({ id: agentId, skills, queues }) => ({ agentId, skills, queues })) });
    let afterSeq = await this.#seqBefore(enqueuedAt - lookBackMs);
    let lastOfIt = Infinity;
    for (let read = 0; read < mostEvents; read += PAGE) {
      const rows = await this.#page(afterSeq);
      for (const { event } of rows) {
        past.read(event);
        if ('contactId' in event && event.contactId === id) lastOfIt = event.at;
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) break;
      afterSeq = last.seq;
      if (past.history?.ended === true && last.event.at > lastOfIt + AFTERMATH_MS) break;
    }
    return past.history;
  }

  /** A place in the log before which all is older than `at`: times grow with places, but for a clock that is put right. */
  async #seqBefore(at: number): Promise<number> {
    let low = 0;
    let high = await this.#options.events.lastSeq();
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [next] = await this.#options.events.read({ afterSeq: middle, limit: 1 });
      if (next !== undefined && next.event.at < at) low = Math.max(middle + 1, next.seq);
      else high = middle;
    }
    return low;
  }

  /** All types, not the wanted ones only: the store would look through all that are not wanted in one go, and hold up the calls. */
  async #page(afterSeq: number): Promise<readonly RecordedEvent[]> {
    const rows = await this.#options.events.read({ afterSeq, limit: PAGE });
    await new Promise((resolve) => setImmediate(resolve));
    return rows;
  }
}
