import { describe, expect, it } from 'vitest';
import type { ContactExplanation } from '../engine/acd/contact-explanation.ts';
import type { DomainEventBody } from '../engine/domain/events.ts';
import { agentId, callId, contactId, queueId } from '../engine/domain/ids.ts';
import type { EventQuery, RecordedEvent } from '../engine/ports/event-log.ts';
import { ContactWhy } from './contact-why.ts';

const HOUR = 3_600_000;
const queued = (id: string, at: number): DomainEventBody => ({
  type: 'contact.queued',
  contactId: contactId(id),
  queueId: queueId('q'),
  priority: 5,
  ageBoostMs: 0,
  enqueuedAt: at,
  position: 1,
  steps: [],
  afterSteps: 'any',
});
const left = (id: string): DomainEventBody => ({ type: 'contact.left', contactId: contactId(id), queueId: queueId('q'), how: 'abandoned', waitedMs: 1 });

/** A log with gaps between its places. */
function logOf(rows: readonly (readonly [at: number, body: DomainEventBody, call?: string])[]) {
  const log: readonly RecordedEvent[] = rows.map(([at, body, call], index) => ({
    seq: 3 * index + 1,
    event: { v: 1, id: `${index}`, at, ...(call === undefined ? {} : { callId: callId(call) }), ...body },
  }));
  let reads = 0;
  return {
    reads: () => reads,
    lastSeq: async () => log.at(-1)?.seq ?? 0,
    read: async ({ afterSeq, callId: call, types, limit }: EventQuery) => {
      reads += 1;
      const fits = (row: RecordedEvent): boolean => row.seq > afterSeq && (call === undefined || row.event.callId === call) && (types === undefined || types.includes(row.event.type));
      return log.filter(fits).slice(0, limit);
    },
  };
}
const noise = (count: number, from: number, step: number): [number, DomainEventBody][] => Array.from({ length: count }, (_, index) => [from + index * step, { type: 'call.state', state: 's' }]);
const agents = () => [{ id: agentId('1'), name: 'A', endpoint: 'x', skills: {}, queues: [queueId('q')] }];

describe('ContactWhy', () => {
  it('asks the distributor first, for a contact and for the contact of a call', async () => {
    const explanation = { contactId: contactId('c') } as ContactExplanation;
    const events = logOf([[1, queued('b', 1), 'call'], [2, queued('c', 2), 'call']]);
    const why = new ContactWhy({ explain: (id) => (id === 'c' ? explanation : undefined), events, agents });
    expect(await why.why('c')).toEqual({ waiting: explanation });
    expect(events.reads()).toBe(0);
    expect(await why.why('call')).toEqual({ waiting: explanation });
    expect(await why.why('b')).toMatchObject({ history: { contactId: 'b' } });
  });

  it('finds contacts of the past, and what agents did before them', async () => {
    const events = logOf([
      ...noise(2000, 0, 60_000),
      [40 * HOUR, { type: 'agent.state', agentId: agentId('1'), state: 'notReady', reason: 'lunch' }],
      ...noise(1200, 40 * HOUR, 1000),
      [41 * HOUR, queued('c', 41 * HOUR), 'call'],
      ...noise(700, 41 * HOUR, 1000),
      [42 * HOUR, left('c'), 'call'],
      ...noise(3000, 43 * HOUR, 1000),
    ]);
    const why = new ContactWhy({ explain: () => undefined, events, agents });
    const answer = await why.why('c');
    expect(answer).toMatchObject({
      history: { ended: true, callId: 'call', entries: [{ kind: 'queued' }, { kind: 'step', agents: [{ agentId: '1', obstacles: [{ kind: 'state', state: 'notReady', reason: 'lunch' }] }] }, { kind: 'left' }] },
    });
    expect(await why.why('call')).toEqual(answer);
  });

  it('begins no earlier than it must, and ends', async () => {
    const events = logOf([...noise(50_000, 0, 10_000), [500_000_000, queued('c', 500_000_000), 'call'], [500_000_001, left('c'), 'call'], ...noise(50_000, 500_000_002, 10_000)]);
    const before = events.reads();
    await new ContactWhy({ explain: () => undefined, events, agents, lookBackMs: HOUR }).why('call');
    expect(events.reads() - before).toBeLessThan(30);
  });

  it('knows nothing of others', async () => {
    const why = new ContactWhy({ explain: () => undefined, events: logOf(noise(10, 0, 1)), agents });
    await expect(why.why('nobody')).rejects.toMatchObject({ code: 'contact.unknown' });
    await expect(new ContactWhy({ explain: () => undefined, events: logOf([]), agents }).why('nobody')).rejects.toMatchObject({ code: 'contact.unknown' });
  });

  it('searches no further than it may', async () => {
    const events = logOf([[1, queued('c', 1)], ...noise(5000, 2, 1)]);
    await expect(new ContactWhy({ explain: () => undefined, events, agents, mostEvents: 2000 }).why('c')).rejects.toMatchObject({ code: 'contact.unknown' });
  });
});
