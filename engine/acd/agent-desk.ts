import type { AgentStatus } from '../domain/agent.ts';
import { StrowgerError } from '../domain/errors.ts';
import type { AgentId, QueueId } from '../domain/ids.ts';
import type { Queue } from '../domain/queue.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Pairings } from './pairings.ts';
import type { Roster } from './roster.ts';

export interface AgentDeskOptions {
  readonly roster: Roster;
  readonly pairings: Pairings;
  readonly announce: Announce;
  readonly queueOf: (queueId: QueueId) => Queue | undefined;
  /** Reason codes that an agent may give for not being ready; empty: any. */
  readonly notReadyReasons: () => readonly string[];
}

/** What agents ask for. Throws `agent.unknown`, `agent.conflict`, `agent.reason-unknown` and `agent.code-unknown`. */
export class AgentDesk {
  readonly #o: AgentDeskOptions;

  constructor(options: AgentDeskOptions) {
    this.#o = options;
  }

  signIn(agentId: AgentId): AgentStatus {
    const { roster } = this.#o;
    const { member } = roster.commanded(agentId, 'signIn');
    if (member.status.pending?.state === 'loggedOut') roster.setPending(member, undefined);
    roster.move(member, 'signIn');
    return member.status;
  }

  signOut(agentId: AgentId): AgentStatus {
    const { roster, pairings } = this.#o;
    const { member, later } = roster.commanded(agentId, 'signOut');
    if (later) roster.setPending(member, { state: 'loggedOut' });
    else pairings.moveAway(member, 'signOut');
    return member.status;
  }

  setReady(agentId: AgentId): AgentStatus {
    const { roster } = this.#o;
    const { member } = roster.commanded(agentId, 'ready');
    roster.setPending(member, undefined);
    roster.move(member, 'ready');
    return member.status;
  }

  setNotReady(agentId: AgentId, reason: string): AgentStatus {
    const { roster, pairings, notReadyReasons } = this.#o;
    const { member, later } = roster.commanded(agentId, 'notReady');
    const known = notReadyReasons();
    if (known.length > 0 && !known.includes(reason)) {
      throw new StrowgerError('agent.reason-unknown', `There is no reason '${reason}' for being not ready.`, {
        fields: { agentId, reason },
        hint: `There are: ${known.join(', ')}.`,
      });
    }
    const { status } = member;
    if (later) roster.setPending(member, { state: 'notReady', reason });
    else if (status.state !== 'notReady' || status.reason !== reason || status.readyAgainAt !== undefined) {
      pairings.moveAway(member, 'notReady', reason);
    }
    return member.status;
  }

  finishWrapUp(agentId: AgentId): AgentStatus {
    const { roster } = this.#o;
    const { member } = roster.commanded(agentId, 'finishWrapUp');
    roster.move(member, 'finishWrapUp');
    return member.status;
  }

  enterCode(agentId: AgentId, code: string): void {
    const { roster, announce, queueOf } = this.#o;
    const member = roster.find(agentId);
    if (member === undefined) throw new StrowgerError('agent.unknown', `There is no agent ${agentId}.`, { fields: { agentId } });
    const { status, work } = member;
    const { contactId, state } = status;
    if (work === undefined || contactId === undefined || (state !== 'talking' && state !== 'held' && state !== 'wrapUp')) {
      throw new StrowgerError('agent.conflict', `Agent ${agentId} is ${state}: there is no conversation to enter a code for.`, {
        fields: { agentId, state, code },
        hint: 'Codes are entered while talking or in the wrap-up.',
      });
    }
    const { queueId, callId } = work;
    const known = queueOf(queueId)?.wrapUpCodes ?? [];
    if (!known.includes(code)) {
      throw new StrowgerError('agent.code-unknown', `Queue ${queueId} has no wrap-up code '${code}'.`, {
        fields: { agentId, code, queueId },
        hint: known.length === 0 ? 'The queue has no wrap-up codes: see queues[].wrapUpCodes.' : `There are: ${known.join(', ')}.`,
      });
    }
    announce({ type: 'contact.coded', contactId, agentId, queueId, code }, callId);
  }
}
