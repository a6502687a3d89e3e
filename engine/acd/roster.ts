import type { Agent, AgentStateName, AgentStatus } from '../domain/agent.ts';
import { StrowgerError } from '../domain/errors.ts';
import type { AgentId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { IdleAgent } from '../routing/selection.ts';
import { encodeAgent, type AgentRecord, type Work } from './agent-record.ts';
import { moveOf, type AgentEvent } from './agent-states.ts';
import type { Deadlines } from './deadlines.ts';

/** An agent and where it stands. */
export interface Member {
  readonly agent: Agent;
  /** Place in the configuration. */
  readonly order: number;
  status: AgentStatus;
  work: Work | undefined;
}

/** What comes with a new state. `since` defaults to now. */
type Details = Partial<Pick<AgentStatus, 'reason' | 'offerId' | 'contactId' | 'wrapUpUntil' | 'readyAgainAt' | 'since'>> & {
  readonly work?: Work;
};

export interface RosterOptions {
  readonly agents: readonly Agent[];
  readonly clock: Clock;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly deadlines: Deadlines;
  /** Called after each change that may concern routing. */
  readonly changed: () => void;
}

/** All agents: the only place where one changes its state. Each change is journaled and announced. */
export class Roster {
  readonly #members = new Map<AgentId, Member>();
  readonly #options: RosterOptions;
  /** Agents whose state this process has set: the journal knows nothing newer of them. */
  readonly #touched = new Set<AgentId>();

  constructor(options: RosterOptions) {
    this.#options = options;
    const now = options.clock.now();
    for (const [order, agent] of options.agents.entries()) {
      const status: AgentStatus = { agentId: agent.id, state: 'loggedOut', since: now, idleSince: now };
      this.#members.set(agent.id, { agent, order, status, work: undefined });
    }
  }

  find(agentId: AgentId): Member | undefined {
    return this.#members.get(agentId);
  }

  /** The agent that a command names, and where the command leads. Throws `agent.unknown` and `agent.conflict`. */
  commanded(agentId: AgentId, command: AgentEvent): { readonly member: Member; readonly later: boolean; readonly stays: boolean } {
    const member = this.#members.get(agentId);
    if (member === undefined) {
      throw new StrowgerError('agent.unknown', `There is no agent ${agentId}.`, { fields: { agentId, command } });
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
    const workEnds = event === 'finishWrapUp' || event === 'wrapUpLimit' || event === 'overAtOnce';
    if (workEnds && status.pending !== undefined) {
      const { pending } = status;
      this.#enter(member, pending.state, pending.state === 'notReady' ? { reason: pending.reason } : {});
      return;
    }
    this.#enter(member, move, details, event === 'over' ? status.pending : undefined);
  }

  /** Notes what an agent wants after the conversation; undefined forgets it. */
  setPending(member: Member, pending: AgentStatus['pending']): void {
    const { pending: before, ...rest } = member.status;
    if (before === undefined && pending === undefined) return;
    member.status = pending === undefined ? rest : { ...rest, pending };
    this.#journal(member);
  }

  /** Takes over what the previous process left. False when this process has set the agent's state already. */
  restore(member: Member, record: AgentRecord): boolean {
    if (this.#touched.has(member.agent.id)) return false;
    member.status = record.status;
    member.work = record.work;
    this.#armDeadline(member);
    return true;
  }

  /** All agents, in the order of the configuration. */
  members(): Iterable<Member> {
    return this.#members.values();
  }

  signedIn(): ReadonlySet<AgentId> {
    const signedIn = new Set<AgentId>();
    for (const { agent, status } of this.#members.values()) if (status.state !== 'loggedOut') signedIn.add(agent.id);
    return signedIn;
  }

  idle(): readonly IdleAgent[] {
    const idle: IdleAgent[] = [];
    for (const { agent, order, status } of this.#members.values()) {
      if (status.state === 'ready') idle.push({ agentId: agent.id, idleSince: status.idleSince, order });
    }
    return idle;
  }

  #enter(member: Member, state: AgentStateName, details: Details, pending?: AgentStatus['pending']): void {
    const now = this.#options.clock.now();
    const { work, since = now, ...rest } = details;
    const before = member.status;
    member.status = {
      agentId: member.agent.id,
      state,
      since,
      idleSince: state === 'ready' && !keepsIdleTime(before) ? now : before.idleSince,
      ...rest,
      ...(pending === undefined ? {} : { pending }),
    };
    member.work = work;
    this.#armDeadline(member);
    this.#journal(member);
    const { reason, contactId } = member.status;
    this.#options.announce({
      type: 'agent.state',
      agentId: member.agent.id,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(contactId === undefined || work === undefined ? {} : { contactId, queueId: work.queueId }),
    });
    this.#options.changed();
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
  return before.state === 'reserved' || (before.state === 'notReady' && before.readyAgainAt !== undefined);
}
