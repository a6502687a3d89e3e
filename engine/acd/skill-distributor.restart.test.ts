import { describe, expect, it } from 'vitest';
import { agentId, contactId, offerId, queueId } from '../domain/ids.ts';
import { agent, DistributorRig, queue, RecordedOwner } from '../../test/acd/distributor-rig.ts';

const li = agentId('li');
const x = contactId('x');

describe('a restart', () => {
  it('leaves agents as they were, with their reasons and idle times', async () => {
    const rig = new DistributorRig(['li', 'wang', 'zhao', 'sun'].map((name) => agent(name)));
    await rig.signIn('li', 'wang', 'zhao');
    rig.distributor.setNotReady(agentId('wang'), 'lunch');
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(20_000);
    rig.distributor.withdraw(x, 'abandoned');
    const before = rig.distributor.agents().map(({ status }) => status);
    expect(owner.told).toEqual(['offer li', 'noAnswer li', 'offer zhao']);
    await rig.restart(60_000);
    // The first process knew since its start that sun is logged out; only that is not worth a record.
    expect(rig.distributor.agents().map(({ status }) => status).slice(0, 3)).toEqual(before.slice(0, 3));
    expect(rig.state('sun')).toBe('loggedOut');
    rig.distributor.settle();
    await rig.clock.settle();
    expect(rig.state('li')).toBe('notResponding');
  });

  it('lets a phone ring on: the offer is taken up with its time limit', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const request = rig.request('x');
    const before = new RecordedOwner();
    rig.distributor.enqueue(request, before);
    await rig.clock.advanceBy(5_000);
    await rig.restart(10_000);
    const owner = new RecordedOwner();
    expect(rig.distributor.adoptOffer(request, before.offer, owner)).toBe(true);
    expect(rig.distributor.adoptOffer(request, before.offer, owner)).toBe(false);
    rig.distributor.settle();
    await rig.clock.advanceBy(4_999);
    expect(rig.state('li')).toBe('reserved');
    expect(rig.distributor.queues()[0]?.contacts).toMatchObject([{ contactId: 'x', offerId: 'offer-1', position: 1 }]);
    await rig.clock.advanceBy(1);
    expect(owner.told).toEqual(['noAnswer li']);
    expect(before.told).toEqual(['offer li']);
    expect(rig.log.of('offer.ended')).toMatchObject([{ offerId: 'offer-1', outcome: 'noAnswer', rangMs: 20_000 }]);
  });

  it('lets an offer that was taken up be answered', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const request = rig.request('x');
    const before = new RecordedOwner();
    rig.distributor.enqueue(request, before);
    await rig.restart(3_000);
    rig.distributor.adoptOffer(request, before.offer, new RecordedOwner());
    expect(rig.distributor.offerEnded(before.offer.offerId, 'accepted')).toBe(true);
    expect(rig.state('li')).toBe('talking');
    expect(rig.log.of('contact.left')).toMatchObject([{ how: 'answered', waitedMs: 3_000 }]);
  });

  it('counts a phone that rang out meanwhile as not answered', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const request = rig.request('x');
    const before = new RecordedOwner();
    rig.distributor.enqueue(request, before);
    await rig.restart(30_000);
    const owner = new RecordedOwner();
    expect(rig.distributor.adoptOffer(request, before.offer, owner)).toBe(true);
    await rig.clock.advanceBy(0);
    expect(owner.told).toEqual(['noAnswer li']);
    expect(rig.state('li')).toBe('notResponding');
  });

  it('refuses an offer that has had its end', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li');
    const request = rig.request('x');
    const before = new RecordedOwner();
    rig.distributor.enqueue(request, before);
    await rig.clock.settle();
    rig.distributor.setNotReady(li, 'lunch');
    rig.distributor.setReady(li);
    await rig.clock.settle();
    const [first, second] = before.offers;
    if (first === undefined || second === undefined) throw new Error('two offers expected');
    await rig.restart();
    expect(rig.distributor.adoptOffer(request, first, new RecordedOwner())).toBe(false);
    expect(rig.distributor.adoptOffer(rig.request('y'), second, new RecordedOwner())).toBe(false);
    expect(rig.distributor.adoptOffer({ ...request, queueId: queueId('gone') }, second, new RecordedOwner())).toBe(false);
    rig.distributor.settle();
    expect(rig.distributor.adoptOffer(request, second, new RecordedOwner())).toBe(false);
    expect(rig.log.of('offer.ended').map(({ offerId: id, outcome }) => `${id} ${outcome}`)).toEqual([
      'offer-1 canceled',
      'offer-2 canceled',
    ]);
  });

  it('lets a conversation go on, and an order that waits for its end', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.connect('x', 'li');
    rig.distributor.setNotReady(li, 'lunch');
    const { since } = rig.status('li');
    await rig.restart(10_000);
    rig.distributor.adoptConversation(rig.request('x'), { agentId: li, since });
    rig.distributor.settle();
    expect(rig.status('li')).toMatchObject({ state: 'talking', since, contactId: 'x' });
    rig.distributor.conversationEnded(x, 'agent');
    expect(rig.log.of('conversation.started')).toHaveLength(1);
    expect(rig.log.of('conversation.ended')).toMatchObject([{ talkMs: 10_000 }]);
    rig.distributor.finishWrapUp(li);
    expect(rig.state('li')).toBe('notReady(lunch)');
  });

  it('frees, when all is settled, agents whose contact did not come back', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const { idleSince } = rig.status('wang');
    await rig.connect('x', 'li');
    await rig.enqueue('y');
    await rig.restart(5_000);
    const waiting = await rig.enqueue('z');
    expect([rig.state('li'), rig.state('wang')]).toEqual(['talking', 'reserved']);
    rig.distributor.settle();
    await rig.clock.settle();
    expect(rig.state('li')).toBe('wrapUp');
    expect(rig.status('li').wrapUpUntil).toBe(rig.clock.now() + 30_000);
    expect(rig.status('wang')).toMatchObject({ state: 'reserved', contactId: 'z', idleSince });
    expect(waiting.told).toEqual(['offer wang']);
    expect(rig.log.of('offer.ended').at(-1)).toMatchObject({ contactId: 'y', outcome: 'canceled' });
    expect(rig.log.of('conversation.ended')).toMatchObject([{ contactId: 'x', endedBy: 'system', talkMs: 5_000 }]);
  });

  it('arms what was running again, with the same end', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang'), agent('zhao')]);
    await rig.signIn('li', 'wang', 'zhao');
    await rig.connect('x', 'li');
    rig.distributor.conversationEnded(x, 'caller');
    const owner = await rig.enqueue('y', { steps: [{ require: { agent: agentId('wang') }, forMs: 'untilServed' }] });
    rig.distributor.offerEnded(owner.offer.offerId, 'unreachable');
    await rig.connect('z', 'zhao');
    await rig.clock.advanceBy(2_000);
    await rig.restart(4_000);
    rig.distributor.adoptConversation(rig.request('z'), { agentId: agentId('zhao'), since: 0 });
    rig.distributor.settle();
    await rig.clock.advanceBy(3_999);
    expect([rig.state('li'), rig.state('wang')]).toEqual(['wrapUp', 'notReady(unreachable)']);
    await rig.clock.advanceBy(1);
    expect(rig.state('wang')).toBe('ready');
    await rig.clock.advanceBy(19_999);
    expect(rig.state('li')).toBe('wrapUp');
    await rig.clock.advanceBy(1);
    expect(rig.state('li')).toBe('ready');
  });

  it('ends at once what should have ended meanwhile', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.connect('x', 'li');
    rig.distributor.conversationEnded(x, 'caller');
    await rig.restart(60_000);
    await rig.clock.advanceBy(0);
    expect(rig.state('li')).toBe('ready');
  });

  it('lets contacts return in any order: nobody is offered before all are back', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const young = rig.request('young');
    const old = rig.request('old', { enqueuedAt: rig.clock.now() - 60_000 });
    await rig.restart();
    const owners = [new RecordedOwner(), new RecordedOwner()] as const;
    rig.distributor.enqueue(young, owners[0]);
    await rig.clock.advanceBy(100);
    rig.distributor.enqueue(old, owners[1]);
    await rig.clock.advanceBy(100);
    expect(owners.map(({ told }) => told)).toEqual([[], []]);
    rig.distributor.settle();
    await rig.clock.settle();
    expect(owners.map(({ told }) => told)).toEqual([[], ['offer li']]);
  });

  it('does not make callers wait for long when a switch stays away and nothing can be settled', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.restart();
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(3_000);
    expect(owner.told).toEqual(['offer li']);
  });

  it('opens the step that the age of a contact has reached', async () => {
    const rig = new DistributorRig([agent('li', { skills: { loans: 3 } }), agent('wang')]);
    await rig.signIn('li', 'wang');
    await rig.connect('busy', 'li');
    await rig.restart();
    rig.distributor.adoptConversation(rig.request('busy'), { agentId: li, since: 0 });
    const owner = new RecordedOwner();
    const steps = [{ require: { skill: 'loans' }, forMs: 30_000 }];
    rig.distributor.enqueue(rig.request('x', { enqueuedAt: rig.clock.now() - 30_001, steps, afterSteps: 'any' }), owner);
    rig.distributor.settle();
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer wang']);
  });

  it('announces empty queues, for the process before may have announced waiting contacts', async () => {
    const rig = new DistributorRig([agent('li')], [queue('bank'), queue('loans')]);
    await rig.restart();
    rig.distributor.settle();
    await rig.clock.settle();
    expect(rig.log.of('queue.state').map(({ queueId: id, waiting }) => [id, waiting])).toEqual([['bank', 0], ['loans', 0]]);
  });
});

describe('a journal that is not what was hoped for', () => {
  it('starts agents as loggedOut whose record cannot be read, and forgets unknown ones', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    rig.journal.changed('agent', 'left the bank', () => null);
    rig.journal.changed('agent', 'li', () => ({ v: 1, nonsense: true }));
    await rig.signIn('wang');
    await rig.restart();
    expect([rig.state('li'), rig.state('wang')]).toEqual(['loggedOut', 'ready']);
    await rig.clock.settle();
    expect(rig.journal.records('agent').map(({ id }) => id)).toEqual(['li', 'wang']);
    expect(rig.complaints).toEqual([expect.stringMatching(/cannot be read/)]);
  });

  it('does not undo what happened while it was read', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    rig.distributor.setNotReady(li, 'lunch');
    await rig.clock.settle();
    const loading = rig.restart();
    await rig.clock.settle();
    await loading;
    // A second read, as it were: the agent has signed out meanwhile.
    rig.distributor.signOut(li);
    await rig.distributor.restore();
    expect(rig.state('li')).toBe('loggedOut');
  });

  it('does not hold back offers for ever when it cannot be read', async () => {
    const rig = new DistributorRig([agent('li')]);
    rig.journal.load = () => Promise.reject(new Error('disk is gone'));
    await expect(rig.distributor.restore()).rejects.toThrow('disk is gone');
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(3_000);
    expect(owner.told).toEqual(['offer li']);
  });
});

describe('what the switch shows against what the journal says', () => {
  it('talks although reserved: the answer was lost, the offer ends as accepted', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.enqueue('x');
    await rig.restart();
    rig.distributor.adoptConversation(rig.request('x'), { agentId: li, since: rig.clock.now() });
    expect(rig.state('li')).toBe('talking');
    expect(rig.log.of('offer.ended')).toMatchObject([{ outcome: 'accepted' }]);
    expect(rig.log.of('contact.left')).toMatchObject([{ how: 'answered' }]);
    rig.distributor.settle();
    expect(rig.state('li')).toBe('talking');
    rig.distributor.conversationEnded(x, 'caller');
    expect(rig.state('li')).toBe('wrapUp');
  });

  it.each(['ready', 'notReady', 'loggedOut', 'notResponding', 'wrapUp'])('talks although %s', async (state) => {
    const rig = new DistributorRig([agent('li')]);
    if (state !== 'loggedOut') await rig.signIn('li');
    if (state === 'notReady') rig.distributor.setNotReady(li, 'lunch');
    if (state === 'wrapUp') {
      await rig.connect('before', 'li');
      rig.distributor.conversationEnded(contactId('before'), 'caller');
    }
    if (state === 'notResponding') {
      await rig.enqueue('before');
      await rig.clock.advanceBy(20_000);
      rig.distributor.withdraw(contactId('before'), 'abandoned');
    }
    await rig.restart();
    expect(rig.status('li').state).toBe(state);
    rig.distributor.adoptConversation(rig.request('x'), { agentId: li, since: 5 });
    expect(rig.status('li')).toMatchObject({ state: 'talking', contactId: 'x', since: 5 });
    rig.distributor.conversationEnded(x, 'caller');
    expect(rig.state('li')).toBe('wrapUp');
  });

  it('talks although another offer was made meanwhile: that one is canceled', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = await rig.enqueue('y');
    rig.distributor.adoptConversation(rig.request('x'), { agentId: li, since: 5 });
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer li', 'canceled li']);
    expect(rig.status('li')).toMatchObject({ state: 'talking', contactId: 'x' });
    expect(rig.distributor.position(contactId('y'))).toBe(1);
  });

  it('talks to another than the journal says: the other conversation has ended', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.connect('stale', 'li');
    await rig.restart();
    rig.distributor.adoptConversation(rig.request('x'), { agentId: li, since: 5 });
    expect(rig.status('li')).toMatchObject({ state: 'talking', contactId: 'x' });
    expect(rig.log.of('conversation.ended')).toMatchObject([{ contactId: 'stale', endedBy: 'system' }]);
    rig.distributor.adoptConversation(rig.request('third'), { agentId: li, since: 6 });
    expect(rig.status('li')).toMatchObject({ state: 'talking', contactId: 'x' });
    expect(rig.complaints).toHaveLength(1);
  });

  it('talks to an agent who is not configured any more', async () => {
    const rig = new DistributorRig([agent('li')]);
    rig.distributor.adoptConversation(rig.request('x'), { agentId: agentId('nobody'), since: 5 });
    rig.distributor.conversationEnded(x, 'caller');
    expect(rig.complaints).toHaveLength(1);
  });

  it('talks, though the contact also waits: it leaves the queue', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const owner = await rig.enqueue('x');
    rig.distributor.adoptConversation(rig.request('x'), { agentId: agentId('wang'), since: 5 });
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer li', 'canceled li']);
    expect(rig.distributor.position(x)).toBeUndefined();
    expect([rig.state('li'), rig.state('wang')]).toEqual(['ready', 'talking']);
  });

  it('waits although an agent is reserved for it: that offer is canceled', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.enqueue('x');
    await rig.restart();
    const owner = await rig.enqueue('x');
    rig.distributor.settle();
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer li']);
    expect(rig.log.of('offer.ended')).toMatchObject([{ offerId: 'offer-1', outcome: 'canceled' }]);
    expect(rig.distributor.offerEnded(offerId('offer-1'), 'accepted')).toBe(false);
  });

  it('an offer that nobody has taken up cannot be answered', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.enqueue('x');
    await rig.restart();
    expect(rig.distributor.offerEnded(offerId('offer-1'), 'accepted')).toBe(false);
    expect(rig.state('li')).toBe('reserved');
  });

  it('hung up meanwhile: the reserved agent is free at once', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.enqueue('x');
    await rig.restart();
    rig.distributor.withdraw(x, 'abandoned');
    expect(rig.state('li')).toBe('ready');
    expect(rig.log.of('offer.ended')).toMatchObject([{ outcome: 'rescinded' }]);
  });
});
