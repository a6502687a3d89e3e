import type { AgentStatus } from '../../engine/domain/agent.ts';
import { clockTime, shortDuration } from './moments.ts';
import { tableLines } from './table.ts';
import { wishText } from './wish-text.ts';

/** What `./strowger acd status` shows: the answers of /agents and /queues. */
export interface AcdBoard {
  readonly agents: readonly BoardAgent[];
  readonly queues: readonly BoardQueue[];
}

export interface BoardAgent {
  readonly agent: { readonly id: string; readonly name: string; readonly queues: readonly string[]; readonly skills: Readonly<Record<string, number>> };
  readonly status: Pick<AgentStatus, 'state' | 'since' | 'reason' | 'wrapUpUntil' | 'readyAgainAt' | 'beside'>;
}

export interface BoardQueue {
  readonly id: string;
  readonly name: string;
  readonly expectedWaitMs?: number;
  readonly contacts: readonly {
    readonly contactId: string;
    readonly callId?: string;
    readonly priority: number;
    readonly enqueuedAt: number;
    readonly step: number;
    readonly promoted?: boolean;
    readonly offerId?: string;
    readonly wish?: { readonly choice?: string };
  }[];
}

/** So many of those who wait are listed. */
const MOST_CONTACTS = 20;

/** How an agent's state counts for a queue; who is signed out does not. */
const GROUPS: Readonly<Record<string, readonly AgentStatus['state'][]>> = {
  READY: ['ready'],
  RINGING: ['reserved', 'ringing'],
  TALKING: ['talking', 'held'],
  'WRAP-UP': ['wrapUp'],
  'NOT READY': ['notReady', 'notResponding'],
};

/** Queues, who waits, and agents, as lines of a terminal. */
export function boardLines({ agents, queues }: AcdBoard, now: number): readonly string[] {
  const right = (title: string) => ({ title, align: 'right' as const });
  const waiting = queues.flatMap((queue) => queue.contacts.map((contact) => ({ ...contact, queueId: queue.id })));
  const oldestFirst = [...waiting].sort((a, b) => a.enqueuedAt - b.enqueuedAt);
  return [
    ...tableLines(
      [{ title: 'QUEUE' }, { title: 'NAME' }, right('WAITING'), right('LONGEST'), right('EXPECTED'), ...Object.keys(GROUPS).map(right)],
      queues.map((queue) => queueRow(queue, agents, now)),
    ),
    '',
    ...(waiting.length === 0
      ? ['nobody waits']
      : tableLines(
          [{ title: 'CONTACT' }, { title: 'CALL' }, { title: 'QUEUE' }, right('WAITS'), right('PRIORITY'), right('STEP'), { title: '' }],
          oldestFirst.slice(0, MOST_CONTACTS).map(({ contactId, callId = '', queueId, enqueuedAt, priority, step, promoted, offerId, wish }) => [
            contactId,
            callId,
            queueId,
            shortDuration(now - enqueuedAt),
            String(priority),
            String(step),
            [...(wish === undefined ? [] : [wishText({ choice: wish.choice }, 'wants ')]), ...(offerId === undefined ? [] : ['an agent rings']), ...(promoted === true ? ['promoted'] : [])].join(', '),
          ]),
        )),
    ...(waiting.length > MOST_CONTACTS ? [`… and ${waiting.length - MOST_CONTACTS} more`] : []),
    '',
    ...tableLines(
      [{ title: 'AGENT' }, { title: 'NAME' }, { title: 'STATE' }, right('SINCE'), { title: 'SKILLS' }, { title: 'QUEUES' }],
      agents.map(({ agent, status }) => [agent.id, agent.name, stateText(status), shortDuration(now - status.since), skillsText(agent.skills), agent.queues.join(' ')]),
    ),
  ];
}

function queueRow({ id, name, contacts, expectedWaitMs }: BoardQueue, agents: readonly BoardAgent[], now: number): readonly string[] {
  const members = agents.filter(({ agent }) => agent.queues.includes(id));
  const oldest = Math.min(...contacts.map(({ enqueuedAt }) => enqueuedAt));
  return [
    id,
    name,
    String(contacts.length),
    contacts.length === 0 ? '–' : shortDuration(now - oldest),
    expectedWaitMs === undefined ? '?' : shortDuration(expectedWaitMs),
    ...Object.values(GROUPS).map((states) => String(members.filter(({ status }) => states.includes(status.state)).length)),
  ];
}

function stateText({ state, reason, wrapUpUntil, readyAgainAt, beside = [] }: BoardAgent['status']): string {
  const until = state === 'wrapUp' ? wrapUpUntil : readyAgainAt;
  return `${state}${reason === undefined ? '' : ` (${reason})`}${until === undefined ? '' : ` until ${clockTime(until)}`}${beside.map((other) => ` + ${other.state}`).join('')}`;
}

function skillsText(skills: Readonly<Record<string, number>>): string {
  return Object.entries(skills)
    .map(([skill, level]) => `${skill}:${level}`)
    .join(' ');
}
