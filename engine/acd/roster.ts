import { freeSlots, type Agent, type AgentStateName, type AgentStatus, type ContactBeside } from '../domain/agent.ts';
import { StrowgerError } from '../domain/errors.ts';
import type { AgentId, ContactId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { encodeAgent, type AgentRecord, type Work } from './agent-record.ts';
import { moveOf, type AgentEvent } from './agent-states.ts';
import type { Deadlines } from './deadlines.ts';

/** An agent and where it stands. */
export interface Member {
  /** As configured; replaced when the configuration is. */
  agent: Agent;
  status: AgentStatus;
  work: Work | undefined;
  /** No longer configured: it is gone as soon as it is logged out, which is after the conversation that it still has. */
  leaving: boolean;
}

/** What comes with a new state. `since` defaults to now. */
type Details = Partial<Pick<AgentStatus, 'reason' | 'offerId' | 'contactId' | 'wrapUpUntil' | 'readyAgainAt' | 'since' | 'beside' | 'noMore'>> & {
  readonly work?: Work;
};

export interface RosterOptions {
  readonly agents: readonly Agent[];
  readonly clock: Clock;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly deadlines: Deadlines;
  /** Called after each change of state. */
  readonly changed: (member: Member, before: AgentStatus) => void;
}

/** In these an agent has no contact at all. */
const WITHOUT_CONTACT: ReadonlySet<AgentStateName> = new Set(['loggedOut', 'ready', 'notReady', 'notResponding']);

const SKIPS_WRAP_UP: ReadonlySet<AgentEvent> = new Set(['signOut', 'notReady', 'ready']);

/** All agents: the only place where one changes its state. Each change is journaled and announced. */
export class Roster {
  readonly #members = new Map<AgentId, Member>();
  readonly #options: RosterOptions;
  /** Agents whose state this process has set: the journal knows nothing newer of them. */
  readonly #touched = new Set<AgentId>();

  constructor(options: RosterOptions) {
    this.#options = options;
    for (const agent of options.agents) this.#members.set(agent.id, this.#newMember(agent));
  }

  /** Replaces the agents. Those who stay keep their state; those who are new are logged out. Returns who must leave. */
  configure(agents: readonly Agent[]): readonly Member[] {
    const before = new Map(this.#members);
    this.#members.clear();
    for (const agent of agents) {
      const member = before.get(agent.id) ?? this.#newMember(agent);
      member.agent = agent;
      member.leaving = false;
      this.#members.set(agent.id, member);
      before.delete(agent.id);
    }
    for (const member of before.values()) {
      member.leaving = true;
      this.#members.set(member.agent.id, member);
      this.#forgetIfGone(member);
    }
    return [...before.values()].filter(({ status }) => status.state !== 'loggedOut');
  }

  /** Whoever still has a contact from before a restart, but is no longer configured. */
  addLeaving(agentId: AgentId): Member {
    const member = { ...this.#newMember({ id: agentId, name: agentId, endpoint: '', skills: {}, queues: [] }), leaving: true };
    this.#members.set(agentId, member);
    return member;
  }

  find(agentId: AgentId): Member | undefined {
    return this.#members.get(agentId);
  }

  /** The agent that a command names, and where the command leads. Throws `agent.unknown` and `agent.conflict`. */
  commanded(agentId: AgentId, command: AgentEvent): { readonly member: Member; readonly later: boolean; readonly stays: boolean } {
    const member = this.#members.get(agentId);
    if (member === undefined || (member.leaving && (command === 'signIn' || command === 'ready'))) {
      const what = member === undefined ? `There is no agent ${agentId}.` : `Agent ${agentId} is no longer configured.`;
      throw new StrowgerError('agent.unknown', what, { fields: { agentId, command } });
    }
    const { state } = member.status;
    const move = moveOf(state, command);
    if (move === '·') {
      throw new StrowgerError('agent.conflict', `Agent ${agentId} is ${state}: '${command}' is not possible now.`, {
        fields: { agentId, command, state },
        ...(state === 'loggedOut' ? { hint: 'Sign the agent in first.' } : {}),
      });
    }
    return { member, later: move === 'later', stays: move === '=' };
  }

  /** Carries out what happened to an agent, by the table of agent-states.ts. */
  move(member: Member, event: AgentEvent, details: Details = {}): void {
    const { status } = member;
    const move = moveOf(status.state, event);
    if (move === '=' || move === 'later') return;
    if (move === '·') {
      throw new StrowgerError('agent.conflict', `Agent ${member.agent.id} is ${status.state}: '${event}' cannot happen.`, {
        fields: { agentId: member.agent.id, event, state: status.state },
        hint: 'This is a defect of the distributor: please report it with the log of the last minutes.',
      });
    }
    // Who leaves, or asks for calls, does without the wrap-ups that are still to come, as without the one that goes on.
    const beside = (status.beside ?? []).filter((other) => other.state !== 'wrapUp' || !SKIPS_WRAP_UP.has(event));
    if (beside.length > 0 && WITHOUT_CONTACT.has(move)) {
      this.#comeBack(member, event, details, beside);
      return;
    }
    if (event === 'offered' && status.state !== 'ready') {
      this.#enter(member, move, { ...details, beside: [...beside, ...asBeside(member, this.#options.clock.now())] });
      return;
    }
    const workEnds = event === 'finishWrapUp' || event === 'wrapUpLimit' || event === 'overAtOnce';
    if (workEnds && status.pending !== undefined) {
      const { pending } = status;
      this.#enter(member, pending.state, pending.state === 'notReady' ? { reason: pending.reason } : {});
      return;
    }
    const talkGoesOn = event === 'over' || event === 'hold' || event === 'unhold';
    this.#enter(member, move, details, talkGoesOn ? status.pending : undefined);
  }

  /** The agent puts the caller of one of its contacts on hold, or takes the caller back. Whom it talks to again is what its state is about. */
  hold(member: Member, contactId: ContactId, held: boolean): void {
    const { status, work } = member;
    const { beside = [], state, pending } = status;
    if (status.contactId === contactId) {
      this.move(member, held ? 'hold' : 'unhold', { contactId, ...(work === undefined ? {} : { work }) });
      return;
    }
    const other = beside.find((each) => each.contactId === contactId);
    if (other === undefined || other.state !== (held ? 'talking' : 'held')) return;
    const now = this.#options.clock.now();
    const rest = beside.filter((each) => each !== other);
    if (!held && (state === 'held' || state === 'wrapUp')) {
      const { callId, queueId } = other;
      this.#enter(member, 'talking', { contactId, work: { callId, queueId }, beside: [...rest, ...asBeside(member, now)] }, pending);
      return;
    }
    this.#setBeside(member, [...rest, { ...other, state: held ? 'held' : 'talking', since: now }]);
  }

  /** A conversation is over: the wrap-up begins, or what comes after it; for a contact beside, when the agent comes back to it. */
  over(member: Member, contactId: ContactId, wrapUpMs: number): void {
    const { status, work } = member;
    const { beside = [] } = status;
    const other = beside.find((each) => each.contactId === contactId);
    if (status.contactId !== contactId && other !== undefined) {
      const rest = beside.filter((each) => each !== other);
      this.#setBeside(member, wrapUpMs > 0 ? [...rest, { ...other, state: 'wrapUp', since: this.#options.clock.now(), wrapUpMs }] : rest);
      return;
    }
    if (wrapUpMs <= 0) this.move(member, 'overAtOnce');
    else this.move(member, 'over', { contactId, wrapUpUntil: this.#options.clock.now() + wrapUpMs, ...(work === undefined ? {} : { work }) });
  }

  /** A conversation was found, beside the one that is known, with an agent who has room for it. */
  foundBeside(member: Member, contact: ContactBeside): void {
    const others = (member.status.beside ?? []).filter(({ contactId }) => contactId !== contact.contactId);
    this.#setBeside(member, [...others, contact]);
  }

  /** Notes what an agent wants after the conversation; undefined forgets it. */
  setPending(member: Member, pending: AgentStatus['pending']): void {
    const before = member.status;
    const { pending: wanted, ...rest } = before;
    if (wanted === undefined && pending === undefined) return;
    member.status = pending === undefined ? rest : { ...rest, pending };
    this.#journal(member);
    if (freeSlots(member.agent, before) === freeSlots(member.agent, member.status)) return;
    this.#announce(member);
    this.#options.changed(member, before);
  }

  /** Takes over what the previous process left. False when this process has set the agent's state already. */
  restore(member: Member, record: AgentRecord): boolean {
    if (this.#touched.has(member.agent.id)) return false;
    const before = member.status;
    member.status = member.leaving ? { ...record.status, pending: { state: 'loggedOut' } } : record.status;
    member.work = record.work;
    this.#armDeadline(member);
    this.#options.changed(member, before);
    return true;
  }

  #newMember(agent: Agent): Member {
    const now = this.#options.clock.now();
    return { agent, status: { agentId: agent.id, state: 'loggedOut', since: now, idleSince: now }, work: undefined, leaving: false };
  }

  #forgetIfGone({ agent, leaving, status }: Member): void {
    if (!leaving || status.state !== 'loggedOut') return;
    this.#members.delete(agent.id);
    this.#options.journal.remove('agent', agent.id);
  }

  /** All agents, in the order of the configuration. */
  members(): Iterable<Member> {
    return this.#members.values();
  }

  /** The agent has contacts left: it goes on with one to whom it talks, else with one on hold, else with a wrap-up. */
  #comeBack(member: Member, event: AgentEvent, details: Details, beside: readonly ContactBeside[]): void {
    const next = beside.findLast(({ state }) => state === 'talking') ?? beside.findLast(({ state }) => state === 'held') ?? beside.at(-1);
    if (next === undefined) return;
    const { contactId, callId, queueId, state, since, wrapUpMs = 0 } = next;
    const now = this.#options.clock.now();
    const cameToNothing = event === 'undeliverable' || event === 'noAnswer';
    let { pending } = member.status;
    if (event === 'signOut') pending = { state: 'loggedOut' };
    else if (event === 'notReady') pending = { state: 'notReady', reason: details.reason ?? '' };
    this.#enter(
      member,
      state,
      {
        contactId,
        work: { callId, queueId },
        beside: beside.filter((each) => each !== next),
        noMore: cameToNothing || member.status.noMore === true,
        ...(state === 'wrapUp' ? { wrapUpUntil: now + wrapUpMs } : { since }),
      },
      pending,
    );
  }

  #setBeside(member: Member, beside: readonly ContactBeside[]): void {
    const before = member.status;
    member.status = { ...before, beside };
    this.#journal(member);
    this.#announce(member);
    this.#options.changed(member, before);
  }

  #enter(member: Member, state: AgentStateName, details: Details, pending?: AgentStatus['pending']): void {
    const now = this.#options.clock.now();
    const before = member.status;
    const left = WITHOUT_CONTACT.has(state);
    const { work, since = now, beside: others = left ? [] : (before.beside ?? []), noMore = !left && before.noMore === true, ...rest } = details;
    // A contact that comes again while its last wrap-up is still to come.
    const beside = others.filter((other) => other.contactId !== rest.contactId);
    member.status = {
      agentId: member.agent.id,
      state,
      since,
      idleSince: state === 'ready' && !keepsIdleTime(before) ? now : before.idleSince,
      ...rest,
      ...(pending === undefined ? {} : { pending }),
      ...(beside.length === 0 ? {} : { beside }),
      ...(noMore ? { noMore } : {}),
    };
    member.work = work;
    this.#armDeadline(member);
    this.#journal(member);
    this.#announce(member);
    this.#options.changed(member, before);
    this.#forgetIfGone(member);
  }

  #announce({ agent, status, work }: Member): void {
    const { state, reason, contactId, beside = [] } = status;
    const free = state === 'ready' ? 0 : freeSlots(agent, status);
    this.#options.announce({
      type: 'agent.state',
      agentId: agent.id,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(contactId === undefined || work === undefined ? {} : { contactId, queueId: work.queueId }),
      ...(beside.length === 0 ? {} : { beside: beside.map((each) => each.contactId) }),
      ...(free === 0 ? {} : { freeSlots: free }),
    });
  }

  #armDeadline(member: Member): void {
    const { deadlines } = this.#options;
    const name = `agent/${member.agent.id}`;
    const { state, wrapUpUntil, readyAgainAt } = member.status;
    deadlines.clear(name);
    if (state === 'wrapUp' && wrapUpUntil !== undefined) deadlines.set(name, wrapUpUntil, () => this.move(member, 'wrapUpLimit'));
    if (state === 'notReady' && readyAgainAt !== undefined) deadlines.set(name, readyAgainAt, () => this.move(member, 'rested'));
  }

  #journal(member: Member): void {
    this.#touched.add(member.agent.id);
    this.#options.journal.changed('agent', member.agent.id, () => encodeAgent(member));
  }
}

/** An offer that came to nothing did not end the time of being idle; a break, a conversation or a missed call did. */
function keepsIdleTime(before: AgentStatus): boolean {
  return before.state === 'reserved' || before.state === 'ringing' || (before.state === 'notReady' && before.readyAgainAt !== undefined);
}

/** What the agent's state is about, as a contact beside another. */
function asBeside({ status: { state, contactId, since, wrapUpUntil = 0 }, work }: Member, now: number): readonly ContactBeside[] {
  if (contactId === undefined || work === undefined || (state !== 'talking' && state !== 'held' && state !== 'wrapUp')) return [];
  const { callId, queueId } = work;
  return [{ contactId, callId, queueId, state, since, ...(state === 'wrapUp' ? { wrapUpMs: Math.max(0, wrapUpUntil - now) } : {}) }];
}
