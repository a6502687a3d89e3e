import { describe, expect, it } from 'vitest';
import type { DomainEvent, DomainEventBody } from '../domain/events.ts';
import { agentId, callId, contactId, offerId, queueId } from '../domain/ids.ts';
import { historyOf, PAST_TYPES, type HistoryEntry } from './past-explanation.ts';

const c = contactId('c');
const bank = queueId('bank');
const [li, wang, zhao] = [agentId('li'), agentId('wang'), agentId('zhao')];

function events(...bodies: readonly (readonly [at: number, body: DomainEventBody])[]): readonly DomainEvent[] {
  return bodies.map(([at, body], index) => ({ v: 1, id: `e${index}`, at, callId: callId('call'), ...body }));
}
const configured: DomainEventBody = {
  type: 'acd.configured',
  agents: [
    { agentId: li, skills: { loans: 4 }, queues: [bank] },
    { agentId: wang, skills: { loans: 2 }, queues: [bank] },
    { agentId: zhao, skills: { loans: 5 }, queues: [queueId('other')] },
  ],
  queues: [],
};
const state = (id: typeof li, name: Extract<DomainEventBody, { type: 'agent.state' }>['state'], rest = {}): DomainEventBody => ({ type: 'agent.state', agentId: id, state: name, ...rest });
const queued: Extract<DomainEventBody, { type: 'contact.queued' }> = {
  type: 'contact.queued',
  contactId: c,
  queueId: bank,
  priority: 5,
  ageBoostMs: 0,
  enqueuedAt: 100,
  position: 2,
  steps: [
    { require: { skill: 'loans', atLeast: 3 }, forMs: 10 },
    { require: { skill: 'nobody' }, forMs: 10 },
    { require: { skill: 'loans' }, forMs: 10 },
  ],
  afterSteps: 'any',
};
const step = (number: number): DomainEventBody => ({ type: 'contact.step', contactId: c, step: number });

function brief(entries: readonly HistoryEntry[]): readonly string[] {
  return entries.map((entry) => {
    if (entry.kind !== 'step') return `${entry.at} ${entry.kind}`;
    const agents = entry.agents.map(({ agentId: id, obstacles }) => `${id} ${obstacles.map((one) => (one.kind === 'state' ? one.state : one.kind)).join('+') || 'free'}`);
    return `${entry.at} step ${entry.step}${entry.skipped ? ' skipped' : ''}: ${agents.join(', ')}`;
  });
}

describe('historyOf', () => {
  it.each([
    ['what its caller wanted and said', { wish: { choice: 'loans', confidence: 0.9 }, pii: { text: 'a loan' } }, { choice: 'loans', confidence: 0.9, text: 'a loan' }],
    ['what its caller wanted, where what was said is not kept', { wish: { choice: 'loans' }, pii: { text: '' } }, { choice: 'loans' }],
    ['nothing of a wish that there was not', {}, undefined],
  ])('tells %s', (_what, carried, wish) => {
    expect(historyOf(c, events([100, { ...queued, ...carried }]))?.wish).toEqual(wish);
  });

  it('tells a contact from its place to its end, with who was passed over at each step', () => {
    const history = historyOf(
      c,
      events(
        [1, configured],
        [2, state(li, 'talking', { contactId: contactId('other') })],
        [3, state(wang, 'ready')],
        [100, queued],
        [100, { type: 'contact.estimated', contactId: c, queueId: bank, ahead: 1, expectedMs: 60, lowMs: 50, highMs: 90, told: false }],
        [105, { type: 'contact.changed', contactId: c, priority: 2, ageBoostMs: 0 }],
        [106, { ...queued, contactId: contactId('somebody else') }],
        [110, step(3)],
        [110, { type: 'offer.made', offerId: offerId('o'), contactId: c, queueId: bank, agentId: wang }],
        [110, state(wang, 'reserved', { contactId: c })],
        [120, { type: 'offer.ended', offerId: offerId('o'), contactId: c, agentId: wang, outcome: 'noAnswer', rangMs: 10 }],
        [120, state(wang, 'notResponding')],
        [130, step(4)],
        [131, { type: 'contact.promoted', contactId: c }],
        [140, state(li, 'ready')],
        [140, { type: 'offer.made', offerId: offerId('p'), contactId: c, queueId: bank, agentId: li }],
        [150, { type: 'offer.ended', offerId: offerId('p'), contactId: c, agentId: li, outcome: 'accepted', rangMs: 10 }],
        [150, { type: 'contact.left', contactId: c, queueId: bank, how: 'answered', waitedMs: 50 }],
        [150, { type: 'conversation.started', contactId: c, agentId: li }],
        [190, { type: 'conversation.ended', contactId: c, agentId: li, endedBy: 'caller', talkMs: 40 }],
        [195, { type: 'contact.coded', contactId: c, agentId: li, queueId: bank, code: 'sold' }],
      ),
    );
    expect(history).toMatchObject({ contactId: 'c', callId: 'call', queueId: 'bank', enqueuedAt: 100, ended: true });
    expect(brief(history?.entries ?? [])).toEqual([
      '100 queued',
      '100 step 1: li talking, wang lacks, zhao notInQueue+stateUnknown',
      '100 estimated',
      '105 changed',
      '110 step 2 skipped: wang lacks, li lacks+talking, zhao notInQueue+lacks+stateUnknown',
      '110 step 3: wang free, li talking, zhao notInQueue+stateUnknown',
      '110 offered',
      '120 offerEnded',
      '130 step 4: li talking, wang notResponding, zhao notInQueue+stateUnknown',
      '131 promoted',
      '140 offered',
      '150 offerEnded',
      '150 left',
      '150 talking',
      '190 talked',
      '195 coded',
    ]);
  });

  it('knows a first step that nobody could serve, and one that is announced, too', () => {
    const start = [[1, configured], [2, state(wang, 'ready')]] as const;
    expect(brief(historyOf(c, events(...start, [100, queued], [100, step(3)]))?.entries ?? [])).toEqual([
      '100 queued',
      '100 step 1 skipped: li stateUnknown, wang lacks, zhao notInQueue+stateUnknown',
      '100 step 2 skipped: wang lacks, li lacks+stateUnknown, zhao notInQueue+lacks+stateUnknown',
      '100 step 3: wang free, li stateUnknown, zhao notInQueue+stateUnknown',
    ]);
    expect(brief(historyOf(c, events(...start, [100, queued], [100, step(1)]))?.entries ?? [])).toHaveLength(2);
  });

  it('goes on where it came back to its place, and judges by the configuration of the time', () => {
    const better: DomainEventBody = { ...configured, agents: [{ agentId: wang, skills: { loans: 3 }, queues: [bank] }] };
    const history = historyOf(c, events([1, configured], [2, state(wang, 'ready')], [50, better], [100, queued], [110, step(3)], [200, { ...queued, position: 1 }], [200, step(3)]));
    expect(brief(history?.entries ?? [])).toEqual([
      '100 queued',
      '100 step 1: wang free',
      '110 step 2 skipped: wang lacks',
      '110 step 3: wang free',
      '200 queued',
      '200 step 3: wang free',
    ]);
    expect(history?.ended).toBe(false);
  });

  it('knows nothing of a contact that never came', () => {
    expect(historyOf(contactId('nobody'), events([1, configured], [100, queued]))).toBeUndefined();
  });

  it('reads only types that it names', () => {
    const read = new Set<string>(PAST_TYPES);
    for (const type of ['call.started', 'queue.state', 'prompt.started']) expect(read.has(type)).toBe(false);
  });
});
