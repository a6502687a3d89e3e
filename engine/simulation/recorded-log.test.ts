import { describe, expect, it } from 'vitest';
import type { DomainEvent, DomainEventBody } from '../domain/events.ts';
import { agentId, callbackId, contactId, offerId, queueId } from '../domain/ids.ts';
import { modelOfLog } from './model-of-log.ts';
import { readRecordedLog } from './recorded-log.ts';
import { simulate } from './simulation.ts';
import { figure, rowOf, study } from './study.ts';
import { totalOf } from './tally.ts';

const START = 1_700_000_000_000;
const queue = queueId('cards');
const anna = agentId('anna');

function log(...bodies: readonly (readonly [seconds: number, body: DomainEventBody])[]): readonly DomainEvent[] {
  return bodies.map(([seconds, body], i) => ({ v: 1, id: `e${i}`, at: START + seconds * 1000, ...body }));
}

function queued(id: string, seconds: number): readonly [number, DomainEventBody] {
  const steps = [{ require: { skill: 'cards' }, forMs: 'untilServed' }] as const;
  return [seconds, { type: 'contact.queued', contactId: contactId(id), queueId: queue, priority: 5, ageBoostMs: 0, enqueuedAt: START + seconds * 1000, position: 1, steps, afterSteps: 'strict' }];
}

function left(id: string, seconds: number, how: 'answered' | 'abandoned', waited: number): readonly [number, DomainEventBody] {
  return [seconds, { type: 'contact.left', contactId: contactId(id), queueId: queue, how, waitedMs: waited * 1000 }];
}

function state(seconds: number, name: 'ready' | 'talking' | 'wrapUp' | 'notReady' | 'loggedOut', id?: string): readonly [number, DomainEventBody] {
  return [seconds, { type: 'agent.state', agentId: anna, state: name, ...(id === undefined ? {} : { contactId: contactId(id) }) }];
}

const EVENTS = log(
  [0, { type: 'acd.configured', agents: [{ agentId: anna, skills: { cards: 4 }, queues: [queue] }], queues: [{ queueId: queue, serviceLevelMs: 15_000, shortAbandonMs: 5_000, selection: 'longestIdle' }] }],
  state(10, 'ready'),
  queued('a', 20),
  [23, { type: 'offer.ended', offerId: offerId('o'), contactId: contactId('a'), agentId: anna, outcome: 'accepted', rangMs: 3000 }],
  left('a', 23, 'answered', 3),
  state(23, 'talking', 'a'),
  queued('b', 30),
  left('b', 70, 'abandoned', 40),
  [83, { type: 'conversation.ended', contactId: contactId('a'), agentId: anna, endedBy: 'caller', talkMs: 60_000 }],
  state(83, 'wrapUp', 'a'),
  // Comes back to its place: still one contact.
  queued('b', 75),
  state(95, 'ready'),
  state(100, 'notReady'),
  state(160, 'ready'),
  queued('c', 170),
  state(200, 'loggedOut'),
  [210, { type: 'engine.stopped' }],
);

describe('readRecordedLog', () => {
  it('finds contacts, their fate and handling, and when agents were there', () => {
    const { contacts, agents, queues, rangMs, fromMs, toMs } = readRecordedLog(EVENTS);
    expect(contacts).toMatchObject([
      { at: START + 20_000, how: 'answered', waitedMs: 3000, talkMs: 60_000, wrapUpMs: 12_000 },
      { at: START + 30_000, how: 'abandoned', waitedMs: 40_000 },
      { at: START + 170_000, how: 'waiting', waitedMs: 40_000 },
    ]);
    expect(agents).toEqual([
      { agentId: anna, skills: { cards: 4 }, queues: [queue], signedIn: [{ fromMs: START + 10_000, toMs: START + 200_000 }], away: [{ fromMs: START + 100_000, toMs: START + 160_000 }] },
    ]);
    expect(queues).toHaveLength(1);
    expect(rangMs).toEqual([3000]);
    expect([fromMs, toMs]).toEqual([START, START + 210_000]);
  });

  it('is empty for an empty log', () => {
    expect(readRecordedLog([])).toMatchObject({ contacts: [], agents: [] });
  });
});

describe('modelOfLog', () => {
  it('runs the recorded centre again', () => {
    const model = modelOfLog(readRecordedLog(EVENTS));
    expect(model.contactTypes).toMatchObject([{ id: 'cards-1', queue: 'cards', arrivals: { kind: 'recorded', atMs: [20_000, 30_000, 170_000] } }]);
    const { types, groups } = totalOf(simulate(model, { seed: 1, keepWaits: true }).periods);
    expect(types[0]?.offered).toBe(3);
    // The first call: ringing 3 s as recorded.
    expect(types[0]?.waitsMs[0]).toBe(3000);
    expect(groups[0]?.breakMs).toBe(60_000);
  });

  it('takes callbacks for what they are: agents have work with them, callers’ figures do not', () => {
    const [, body] = queued('back', 25);
    const callback = log([25, { ...body, ageBoostMs: 600_000, callbackId: callbackId('callback-1') } as DomainEventBody], left('back', 97, 'answered', 72), [
      160,
      { type: 'conversation.ended', contactId: contactId('back'), agentId: anna, endedBy: 'caller', talkMs: 62_000 },
    ]);
    const model = modelOfLog(readRecordedLog([...EVENTS, ...callback].sort((a, b) => a.at - b.at)));
    expect(model.contactTypes).toMatchObject([{ id: 'cards-1' }, { id: 'cards-callbacks-2', isCallback: true, ageBoostMs: 600_000, arrivals: { atMs: [25_000] } }]);
    expect(model.contactTypes.map(({ patience }) => patience === undefined)).toEqual([false, true]);
    const result = study({ ...model, trunks: 2 }, { seed: 1, replications: 2, periodMs: Infinity });
    const offered = (kind: 'all' | 'queue' | 'type', id: string) => figure(rowOf(result, kind, id), 'offered')?.value;
    expect([offered('all', 'all'), offered('queue', 'cards'), offered('type', 'cards-1'), offered('type', 'cards-callbacks-2')]).toEqual([3, 3, 3, 1]);
  });
});
