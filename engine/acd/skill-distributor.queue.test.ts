import { describe, expect, it } from 'vitest';
import { agentId, callId, contactId, queueId } from '../domain/ids.ts';
import { QUEUE_DEFAULTS } from '../domain/queue.ts';
import { agent, DistributorRig, queue, RecordedOwner } from '../../test/acd/distributor-rig.ts';

const bank = queueId('bank');
const limits = (fields: object) => queue('bank', { limits: { ...QUEUE_DEFAULTS.limits, ...fields } });

/** A queue whose only agent talks, so that whoever comes must wait. */
async function busy(fields = queue()): Promise<DistributorRig> {
  const rig = new DistributorRig([agent('li')], [fields]);
  await rig.signIn('li');
  await rig.connect('first', 'li');
  return rig;
}

describe('the entrance of a queue', () => {
  it('lets in as many as may wait; those who come back keep their place whatever the limit', async () => {
    const rig = await busy(limits({ maxWaiting: 2 }));
    await rig.enqueue('a');
    await rig.enqueue('b');
    expect((await rig.enqueue('c')).overflow).toBe('queueFull');
    const returning = new RecordedOwner();
    rig.distributor.enqueue(rig.request('d'), returning, true);
    await rig.clock.settle();
    expect(returning.overflow).toBeUndefined();
    expect(rig.log.last('contact.queued')).toMatchObject({ contactId: 'd', position: 3 });
  });

  it('turns away whom it would make wait too long, but never from an empty queue', async () => {
    const rig = await busy(limits({ maxExpectedWaitMs: 60_000 }));
    await rig.clock.advanceBy(300_000);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    // Five minutes a conversation have been learned; two who wait make more than a minute each.
    await rig.connect('second', 'li');
    expect((await rig.enqueue('a')).overflow).toBeUndefined();
    expect(rig.distributor.expectedWait(bank)?.expectedMs).toBeGreaterThan(60_000);
    expect((await rig.enqueue('b')).overflow).toBe('waitTooLong');
    expect(rig.log.last('contact.left')).toMatchObject({ contactId: 'b', how: 'overflowed', reason: 'waitTooLong', waitedMs: 0 });
  });

  it('turns away while the service level is too low, for a quarter of an hour', async () => {
    const rig = await busy(limits({ leastServiceLevel: 0.5 }));
    const late = await rig.enqueue('late');
    await rig.enqueue('waits');
    await rig.clock.advanceBy(30_000);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.clock.settle();
    rig.distributor.offerEnded(late.offer.offerId, 'accepted');
    await rig.clock.settle();
    // One of two was answered in time: not less than half.
    expect((await rig.enqueue('a')).overflow).toBeUndefined();
    rig.distributor.withdraw(contactId('waits'), 'abandoned');
    expect((await rig.enqueue('b')).overflow).toBe('serviceLevel');
    await rig.clock.advanceBy(900_001);
    expect((await rig.enqueue('c')).overflow).toBeUndefined();
  });

  it('waits a while for somebody to sign in, if it is told so', async () => {
    const rig = new DistributorRig([agent('li')], [limits({ noAgentsGraceMs: 10_000 })]);
    const [patient, hopeless] = [await rig.enqueue('a'), await rig.enqueue('b')];
    await rig.clock.advanceBy(9_000);
    await rig.signIn('li');
    expect(patient.offers).toHaveLength(1);
    rig.distributor.signOut(agentId('li'));
    await rig.clock.advanceBy(10_001);
    expect([patient.overflow, hopeless.overflow]).toEqual(['noAgents', 'noAgents']);
  });
});

describe('closing time', () => {
  it('sends away those who still wait when the queue says so, but not whom a phone rings for', async () => {
    const rig = await busy(queue('bank', { calendar: 'hours', atClosing: 'overflow' }));
    await rig.signIn();
    const owner = await rig.enqueue('a');
    await rig.clock.advanceBy(60_000);
    expect(owner.overflow).toBeUndefined();
    rig.open = 'closed';
    await rig.clock.advanceBy(60_000);
    expect(owner.overflow).toBe('closed');
    expect((await rig.enqueue('b')).overflow).toBe('closed');
  });

  it('serves them to the end otherwise, and lets nobody in', async () => {
    const rig = await busy(queue('bank', { calendar: 'hours', atClosing: 'serve' }));
    const owner = await rig.enqueue('a');
    rig.open = 'holiday';
    await rig.clock.advanceBy(600_000);
    expect(owner.overflow).toBeUndefined();
    expect((await rig.enqueue('b')).overflow).toBe('closed');
    rig.distributor.conversationEnded(contactId('first'), 'agent');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.clock.settle();
    expect(owner.offers).toHaveLength(1);
  });
});

describe('a caller', () => {
  it('who hung up while waiting takes up the place within a minute, once', async () => {
    const rig = await busy();
    await rig.enqueue('a', { customer: '13800138000' });
    await rig.clock.advanceBy(40_000);
    rig.distributor.withdraw(contactId('a'), 'abandoned');
    await rig.clock.advanceBy(20_000);
    expect(rig.distributor.takePlace('13800138000', queueId('loans'))).toBe(0);
    expect(rig.distributor.takePlace('13800138000', bank)).toBe(60_000);
    expect(rig.distributor.takePlace('13800138000', bank)).toBe(0);
  });

  it('who comes too late stands at the end', async () => {
    const rig = await busy();
    await rig.enqueue('a', { customer: '13800138000' });
    rig.distributor.withdraw(contactId('a'), 'abandoned');
    await rig.clock.advanceBy(60_001);
    expect(rig.distributor.takePlace('13800138000', bank)).toBe(0);
  });

  it('is known to whoever served it last, also after a restart, for a week', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('wang');
    const owner = await rig.enqueue('a', { customer: '13800138000' });
    expect(rig.distributor.lastAgent('13800138000')).toBeUndefined();
    rig.distributor.offerEnded(owner.offer.offerId, 'accepted');
    expect(rig.distributor.lastAgent('13800138000')).toBe('wang');
    await rig.restart();
    expect(rig.distributor.lastAgent('13800138000')).toBe('wang');
    await rig.clock.advanceBy(7 * 86_400_000 + 1);
    expect(rig.distributor.lastAgent('13800138000')).toBeUndefined();
    await rig.clock.settle();
    expect(rig.journal.records('caller')).toEqual([]);
  });
});

describe('priority and virtual age', () => {
  it('act on the next decision', async () => {
    const rig = await busy();
    const [a, b, c] = [await rig.enqueue('a'), await rig.enqueue('b'), await rig.enqueue('c')];
    expect(rig.distributor.change(contactId('b'), { ageBoostMs: 60_000 })).toBe(true);
    expect(rig.distributor.position(contactId('b'))).toBe(1);
    expect(rig.distributor.change(contactId('c'), { priority: 1 })).toBe(true);
    expect(rig.distributor.position(contactId('c'))).toBe(1);
    expect(rig.distributor.change(contactId('nobody'), { priority: 1 })).toBe(false);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.clock.settle();
    expect([a.offers.length, b.offers.length, c.offers.length]).toEqual([0, 0, 1]);
    // Their owners keep it for the next process.
    expect([b.told, c.told]).toEqual([['changed 5 60000'], ['changed 1 0', 'offer li']]);
    // The boost is no wait.
    rig.distributor.withdraw(contactId('b'), 'abandoned');
    expect(rig.log.last('contact.left')).toMatchObject({ contactId: 'b', waitedMs: 0 });
  });

  it('do not let anybody starve: who has waited long enough goes first', async () => {
    const rig = new DistributorRig([agent('li')]);
    rig.config = { ...rig.config, fairAfterMs: 120_000 };
    rig.distributor.configure(rig.config);
    await rig.signIn('li');
    await rig.connect('first', 'li');
    const low = await rig.enqueue('low', { priority: 9 });
    await rig.clock.advanceBy(120_000);
    const high = await rig.enqueue('high', { priority: 1 });
    expect(rig.log.of('contact.promoted')).toMatchObject([{ contactId: 'low', callId: callId('call-of-low') }]);
    expect(rig.distributor.position(contactId('low'))).toBe(1);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.clock.settle();
    expect([low.offers.length, high.offers.length]).toEqual([1, 0]);
  });
});

describe('what a contact has to expect', () => {
  it('is noted when it begins to wait, and not when an agent is free at once', async () => {
    const rig = await busy();
    await rig.clock.advanceBy(100_000);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.connect('second', 'li');
    expect(rig.log.of('contact.estimated')).toEqual([]);
    await rig.enqueue('a');
    await rig.enqueue('b');
    const [first, second] = rig.log.of('contact.estimated');
    expect(first).toMatchObject({ contactId: 'a', ahead: 0, told: false, queueId: 'bank' });
    expect(second?.expectedMs).toBeGreaterThan(first?.expectedMs ?? Infinity);
    expect(rig.distributor.prospect(contactId('b'))).toMatchObject({ position: 2, offered: false });
    expect(rig.distributor.prospect(contactId('nobody'))).toBeUndefined();
  });

  it('is known again after a restart', async () => {
    const rig = await busy();
    await rig.clock.advanceBy(100_000);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    const second = await rig.connect('second', 'li');
    await rig.enqueue('a');
    const before = rig.distributor.expectedWait(bank)?.expectedMs;
    expect(before).toBeGreaterThan(0);
    await rig.clock.advanceBy(10_000);
    rig.distributor.withdraw(contactId('a'), 'abandoned');
    await rig.restart();
    rig.distributor.adoptConversation(rig.request('second'), { agentId: second.offer.agentId, since: rig.clock.now() });
    rig.distributor.settle();
    await rig.clock.settle();
    expect(rig.distributor.expectedWait(bank)?.expectedMs).toBeGreaterThan(0);
  });
});

describe('an agent', () => {
  it('rings, talks, holds the caller and enters what it was about', async () => {
    const rig = new DistributorRig([agent('li')], [queue('bank', { wrapUpCodes: ['solved', 'complaint'] })]);
    await rig.signIn('li');
    expect(() => rig.distributor.enterCode(agentId('li'), 'solved')).toThrow(/no conversation/);
    const owner = await rig.enqueue('a');
    expect(rig.state('li')).toBe('reserved');
    rig.distributor.offerRinging(owner.offer.offerId);
    expect(rig.state('li')).toBe('ringing');
    rig.distributor.offerEnded(owner.offer.offerId, 'accepted');
    rig.distributor.setNotReady(agentId('li'), 'lunch');
    rig.distributor.conversationHeld(contactId('a'), true);
    expect(rig.state('li')).toBe('held');
    rig.distributor.conversationHeld(contactId('a'), true);
    rig.distributor.conversationHeld(contactId('a'), false);
    expect(rig.state('li')).toBe('talking');
    expect(() => rig.distributor.enterCode(agentId('li'), 'sloved')).toThrow(expect.objectContaining({ code: 'agent.code-unknown' }));
    rig.distributor.conversationEnded(contactId('a'), 'caller');
    rig.distributor.enterCode(agentId('li'), 'solved');
    expect(rig.log.of('contact.coded')).toMatchObject([{ contactId: 'a', agentId: 'li', queueId: 'bank', code: 'solved', callId: 'call-of-a' }]);
    await rig.clock.advanceBy(30_000);
    // What was asked for while talking has survived the hold.
    expect(rig.state('li')).toBe('notReady(lunch)');
  });

  it('gives one of the reasons that there are', async () => {
    const rig = new DistributorRig([agent('li')]);
    rig.distributor.configure({ ...rig.config, notReadyReasons: ['lunch', 'training'] });
    await rig.signIn('li');
    expect(() => rig.distributor.setNotReady(agentId('li'), 'bored')).toThrow(expect.objectContaining({ code: 'agent.reason-unknown' }));
    expect(rig.state('li')).toBe('ready');
    rig.distributor.setNotReady(agentId('li'), 'lunch');
    expect(rig.state('li')).toBe('notReady(lunch)');
  });

  it('is free for the next when an agent who may serve nobody else was held back as a reserve', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const reserve = { steps: [{ require: { all: [] }, forMs: 'untilServed' as const, keepIdle: 1 }] };
    const [a, b] = [await rig.enqueue('a', reserve), await rig.enqueue('b', reserve)];
    expect([a.offers.length, b.offers.length]).toEqual([1, 0]);
    const urgent = await rig.enqueue('urgent', { priority: 1 });
    expect(urgent.offers).toHaveLength(1);
  });
});

describe('a new configuration', () => {
  it('keeps contacts, places and agents; who must leave does so after the conversation', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    await rig.connect('first', 'li');
    await rig.connect('second', 'wang');
    const waiting = await rig.enqueue('a', { steps: [{ require: { skill: 'loans' }, forMs: 1_000 }], afterSteps: 'any' });
    const sun = agent('sun', { skills: { loans: 3 } });
    rig.distributor.configure({ ...rig.config, agents: [agent('wang', { skills: { loans: 1 } }), sun] });
    await rig.clock.settle();
    expect(rig.log.last('acd.configured')).toMatchObject({ agents: [{ agentId: 'wang', skills: { loans: 1 } }, { agentId: 'sun' }] });
    expect(rig.state('li')).toBe('talking');
    expect(rig.distributor.queues()[0]?.contacts).toMatchObject([{ contactId: 'a', position: 1, step: 2 }]);
    rig.distributor.conversationEnded(contactId('first'), 'caller');
    rig.distributor.finishWrapUp(agentId('li'));
    await rig.clock.settle();
    expect(rig.distributor.agents().map(({ agent: { id } }) => id)).toEqual(['wang', 'sun']);
    expect(waiting.told).toEqual([]);
    await rig.signIn('sun');
    expect(waiting.told).toEqual(['offer sun']);
  });

  it('without the queue of those who wait sends them on', async () => {
    const rig = await busy();
    const owner = await rig.enqueue('a');
    rig.distributor.configure({ ...rig.config, queues: [queue('loans')] });
    await rig.clock.settle();
    expect(owner.overflow).toBe('queueUnknown');
    expect(rig.state('li')).toBe('talking');
  });
});
