import { QUEUE_DEFAULTS } from '../domain/queue.ts';
import type { Distribution } from './distribution.ts';
import { patienceCurve } from './kaplan-meier.ts';
import type { AgentGroup, ContactType, SimulatedQueue, SimulationModel } from './model.ts';
import type { RecordedContact, RecordedLog } from './recorded-log.ts';

/** So many conversations at least make a distribution of their own; below, all of the queue are taken. */
const ENOUGH = 30;

/** The contact centre of a recorded log as it was: its callers, its agents when they were there, its queues. */
export function modelOfLog(log: RecordedLog): SimulationModel {
  return { lengthMs: log.toMs - log.fromMs, contactTypes: contactTypesOfLog(log), groups: groupsOfLog(log), queues: queuesOfLog(log) };
}

/**
 * One type for all contacts that asked for the same in the same way. They come when they came; how long they are patient is
 * Kaplan and Meier's estimate from their waits, how long they talk is drawn from recorded conversations. Time 0 is `log.fromMs`. Callbacks are
 * types of their own: they load the agents and wait for ever.
 */
export function contactTypesOfLog(log: RecordedLog): readonly ContactType[] {
  const alike = grouped(log.contacts, (contact) => {
    const { queueId, priority, ageBoostMs, steps, afterSteps, isCallback } = contact;
    // Each callback has the age of a place of its own; they are alike all the same.
    return JSON.stringify([queueId, priority, isCallback ? 'callback' : ageBoostMs, steps, afterSteps]);
  });
  const perQueue = new Map<string, number>();
  return [...alike.values()].map((contacts) => {
    const { queueId, priority, steps, afterSteps, isCallback } = contacts[0]!;
    const number = (perQueue.get(queueId) ?? 0) + 1;
    perQueue.set(queueId, number);
    const ofQueue = log.contacts.filter((contact) => contact.queueId === queueId && contact.isCallback === isCallback);
    return {
      id: isCallback ? `${queueId}-callbacks-${number}` : `${queueId}-${number}`,
      ...(isCallback ? { isCallback } : {}),
      queue: queueId,
      priority,
      ageBoostMs: Math.round(mean(contacts.map(({ ageBoostMs }) => ageBoostMs))),
      steps,
      afterSteps,
      arrivals: { kind: 'recorded', atMs: contacts.map(({ at }) => Math.max(0, at - log.fromMs)).sort((a, b) => a - b), resample: false },
      ...optional('patience', isCallback ? undefined : patienceOf(contacts.length < ENOUGH ? ofQueue : contacts)),
      talk: resampledFrom(contacts, ofQueue, log.contacts, ({ talkMs }) => talkMs) ?? { kind: 'constant', value: 0 },
      ...optional('wrapUp', resampledFrom(contacts, ofQueue, log.contacts, ({ wrapUpMs }) => wrapUpMs)),
    };
  });
}

function patienceOf(contacts: readonly RecordedContact[]): Distribution {
  return { kind: 'patience', curve: patienceCurve(contacts.map(({ waitedMs, how }) => ({ waitedMs, abandoned: how === 'abandoned' }))) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Each agent by itself: there when it was there, away when it was away. */
function groupsOfLog(log: RecordedLog): readonly AgentGroup[] {
  const shifted = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }) => ({ fromMs: fromMs - log.fromMs, toMs: toMs - log.fromMs });
  return log.agents
    .filter(({ signedIn }) => signedIn.length > 0)
    .map(({ agentId, skills, queues, signedIn, away }) => ({
      id: agentId,
      skills,
      queues,
      presence: { kind: 'shifts', shifts: [{ agents: 1, spans: signedIn.map(shifted), breaks: away.map(shifted) }] },
      ...optional('answerAfter', log.rangMs.length === 0 ? undefined : { kind: 'resampled' as const, values: log.rangMs }),
    }));
}

/** The log tells targets, not limits: those are the defaults of a queue, and nobody overflows by time. */
function queuesOfLog({ queues, contacts }: RecordedLog): readonly SimulatedQueue[] {
  const known = new Map(queues.map((queue) => [queue.queueId as string, queue]));
  const ids = new Set([...known.keys(), ...contacts.map(({ queueId }) => queueId as string)]);
  return [...ids].map((id) => {
    const { serviceLevelMs, shortAbandonMs, selection } = known.get(id) ?? QUEUE_DEFAULTS;
    return { id, serviceLevelMs, shortAbandonMs, selection, ringTimeoutMs: QUEUE_DEFAULTS.ringTimeoutMs, maxWaitMs: 'untilServed', noAgentsGraceMs: 0 };
  });
}

function resampledFrom(
  own: readonly RecordedContact[],
  ofQueue: readonly RecordedContact[],
  all: readonly RecordedContact[],
  value: (contact: RecordedContact) => number | undefined,
): Distribution | undefined {
  for (const [contacts, least] of [[own, ENOUGH], [ofQueue, 1], [all, 1]] as const) {
    const values = contacts.flatMap((contact) => value(contact) ?? []);
    if (values.length >= least) return { kind: 'resampled', values };
  }
  return undefined;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
