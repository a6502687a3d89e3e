import type { DomainEvent } from '../../engine/domain/events.ts';
import { RETURN_MS } from '../../engine/reporting/standing.ts';

interface PlainVisit {
  queue: string;
  offeredAt: number;
  enqueuedAt: number;
  target: number;
  short: number;
  left?: { at: number; how: string; waited: number };
}

/** The visits of callers in an orderly log (time never goes back, nothing is lost), each contact by itself. */
function visits(events: readonly DomainEvent[]): readonly PlainVisit[] {
  const all: PlainVisit[] = [];
  const latest = new Map<string, PlainVisit>();
  for (const [index, event] of events.entries()) {
    if (event.type === 'contact.queued' && event.callbackId === undefined) {
      const known = latest.get(event.contactId);
      if (known?.left !== undefined && event.at - known.left.at <= RETURN_MS) delete known.left;
      if (known !== undefined && known.left === undefined) continue;
      const configured = events.slice(0, index).findLast((before) => before.type === 'acd.configured');
      const target = configured?.type === 'acd.configured' ? configured.queues.find(({ queueId }) => queueId === event.queueId) : undefined;
      const visit = {
        queue: event.queueId,
        offeredAt: event.at,
        enqueuedAt: event.enqueuedAt,
        target: target?.serviceLevelMs ?? NaN,
        short: target?.shortAbandonMs ?? NaN,
      };
      latest.set(event.contactId, visit);
      all.push(visit);
    }
    const visit = event.type === 'contact.left' ? latest.get(event.contactId) : undefined;
    if (event.type === 'contact.left' && visit !== undefined && visit.left === undefined) {
      const short = event.how === 'abandoned' && event.waitedMs < visit.short;
      visit.left = { at: event.at, how: short ? 'shortAbandoned' : event.how, waited: event.waitedMs };
    }
  }
  return all;
}

/** Some figures of a queue in [from, to), counted from the whole log with no thought for speed. */
export function plainQueueFigures(events: readonly DomainEvent[], queue: string, from: number, to: number): Record<string, number | null> {
  const mine = visits(events).filter((visit) => visit.queue === queue);
  const inside = (at: number): boolean => at >= from && at < to;
  const gone = (how: string): PlainVisit[] => mine.filter(({ left }) => left?.how === how && inside(left.at));
  const answered = gone('answered').map(({ left }) => left?.waited ?? 0).sort((a, b) => a - b);
  const within = (how: string): number => gone(how).filter(({ left, target }) => (left?.waited ?? 0) <= target).length;
  const late = mine.filter(({ left, offeredAt, enqueuedAt, target }) => {
    const due = Math.max(offeredAt, enqueuedAt + target);
    return inside(due) && (left === undefined ? due < to : left.waited > target);
  }).length;
  const presented = within('answered') + within('abandoned') + within('overflowed') + late;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    offered: mine.filter(({ offeredAt }) => inside(offeredAt)).length,
    answered: answered.length,
    abandoned: gone('abandoned').length,
    shortAbandoned: gone('shortAbandoned').length,
    overflowed: gone('overflowed').length,
    withdrawn: gone('withdrawn').length,
    waitingAtStart: mine.filter(({ offeredAt, left }) => offeredAt < from && (left === undefined || left.at >= from)).length,
    waitingAtEnd: mine.filter(({ offeredAt, left }) => offeredAt < to && (left === undefined || left.at >= to)).length,
    averageSpeedOfAnswerMs: share(answered.reduce((sum, wait) => sum + wait, 0), answered.length),
    waitP90Ms: answered.find((wait) => answered.filter((other) => other <= wait).length >= 0.9 * answered.length) ?? null,
    averageLength: mine.reduce((sum, { offeredAt, left }) => sum + Math.max(0, Math.min(left?.at ?? to, to) - Math.max(offeredAt, from)), 0) / (to - from),
    presented,
    ciscoNegativeAbandon: share(within('answered'), presented),
    ciscoPositiveAbandon: share(within('answered') + within('abandoned'), presented),
    appQueue: share(within('answered'), answered.length),
  };
}

/** Time of an agent in each state in [from, to), and the offers made to the agent. */
export function plainAgentFigures(events: readonly DomainEvent[], agent: string, from: number, to: number): { readonly stateMs: Record<string, number>; readonly made: number } {
  const stateMs: Record<string, number> = { ready: 0, reserved: 0, ringing: 0, talking: 0, held: 0, wrapUp: 0, notReady: 0, notResponding: 0 };
  const states = events.filter((event) => event.type === 'agent.state' && event.agentId === agent);
  for (const [index, event] of states.entries()) {
    if (event.type !== 'agent.state' || event.state === 'loggedOut') continue;
    const until = states[index + 1]?.at ?? to;
    stateMs[event.state] = (stateMs[event.state] ?? 0) + Math.max(0, Math.min(until, to) - Math.max(event.at, from));
  }
  return { stateMs, made: events.filter((event) => event.type === 'offer.made' && event.agentId === agent && event.at >= from && event.at < to).length };
}
