import type { ContactId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Work } from './agent-record.ts';
import type { Member } from './roster.ts';

/** An agent and a contact who talk. */
export interface Conversation {
  readonly contactId: ContactId;
  readonly member: Member;
  readonly work: Work;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** False after a restart, until the owner of the contact says that it goes on. */
  claimed: boolean;
}

/** The conversations that go on; each ends once. */
export class Conversations {
  readonly #byContact = new Map<ContactId, Conversation>();
  readonly #clock: Clock;
  readonly #announce: Announce;

  constructor(clock: Clock, announce: Announce) {
    this.#clock = clock;
    this.#announce = announce;
  }

  get(contactId: ContactId): Conversation | undefined {
    return this.#byContact.get(contactId);
  }

  unclaimed(): readonly Conversation[] {
    return [...this.#byContact.values()].filter((conversation) => !conversation.claimed);
  }

  start(conversation: Conversation): void {
    this.keep(conversation);
    const { contactId, member, work } = conversation;
    this.#announce({ type: 'conversation.started', contactId, agentId: member.agent.id }, work.callId);
  }

  /** Keeps one that began before a restart. */
  keep(conversation: Conversation): void {
    this.#byContact.set(conversation.contactId, conversation);
  }

  end(conversation: Conversation, endedBy: 'caller' | 'agent' | 'system'): void {
    const { contactId, member, work, since } = conversation;
    if (!this.#byContact.delete(contactId)) return;
    const talkMs = Math.max(0, this.#clock.now() - since);
    this.#announce({ type: 'conversation.ended', contactId, agentId: member.agent.id, endedBy, talkMs }, work.callId);
  }
}
