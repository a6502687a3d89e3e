import { describe, expect, it } from 'vitest';
import { agentId, contactId, offerId, queueId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';
import { agent, DistributorRig, queue, RecordedOwner } from '../../test/acd/distributor-rig.ts';

const forever = (require: Requirement) => [{ require, forMs: 'untilServed' as const }];

describe('a contact', () => {
  it('is offered to the agent who is idle longest, and answered', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('wang', 'li');
    const owner = await rig.enqueue('x');
    expect(owner.offer).toEqual({
      offerId: 'offer-1',
      contactId: 'x',
      agentId: 'wang',
      endpoint: 'PJSIP/wang',
      offeredAt: rig.clock.now(),
      ringUntil: rig.clock.now() + 20_000,
    });
    expect(rig.state('wang')).toBe('reserved');
    await rig.clock.advanceBy(4_000);
    expect(rig.distributor.offerEnded(owner.offer.offerId, 'accepted')).toBe(true);
    expect(rig.state('wang')).toBe('talking');
    expect(rig.distributor.position(contactId('x'))).toBeUndefined();
    await rig.clock.advanceBy(60_000);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    rig.distributor.conversationEnded(contactId('x'), 'agent');
    await rig.clock.settle();
    expect(rig.state('wang')).toBe('wrapUp');

    const story = rig.log.events.filter(({ type }) => type !== 'queue.state' && type !== 'acd.configured').slice(2);
    expect(story.map(({ id: _id, at: _at, v: _v, ...body }) => body)).toEqual([
      {
        type: 'contact.queued',
        contactId: 'x',
        queueId: 'bank',
        priority: 5,
        ageBoostMs: 0,
        enqueuedAt: owner.offer.offeredAt,
        position: 1,
        steps: [],
        afterSteps: 'strict',
        callId: 'call-of-x',
      },
      { type: 'offer.made', offerId: 'offer-1', contactId: 'x', queueId: 'bank', agentId: 'wang', callId: 'call-of-x' },
      { type: 'agent.state', agentId: 'wang', state: 'reserved', contactId: 'x', queueId: 'bank' },
      { type: 'offer.ended', offerId: 'offer-1', contactId: 'x', agentId: 'wang', outcome: 'accepted', rangMs: 4000, callId: 'call-of-x' },
      { type: 'contact.left', contactId: 'x', queueId: 'bank', how: 'answered', waitedMs: 4000, callId: 'call-of-x' },
      { type: 'agent.state', agentId: 'wang', state: 'talking', contactId: 'x', queueId: 'bank' },
      { type: 'conversation.started', contactId: 'x', agentId: 'wang', callId: 'call-of-x' },
      { type: 'conversation.ended', contactId: 'x', agentId: 'wang', endedBy: 'caller', talkMs: 60000, callId: 'call-of-x' },
      { type: 'agent.state', agentId: 'wang', state: 'wrapUp', contactId: 'x', queueId: 'bank' },
    ]);
    expect(owner.told).toEqual(['offer wang']);
  });

  it('is told of nothing from inside a call', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = new RecordedOwner();
    rig.distributor.enqueue(rig.request('x'), owner);
    expect(owner.told).toEqual([]);
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer li']);
  });

  it('goes by priority, then by age, and has a place', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.connect('busy', 'li');
    const old = await rig.enqueue('old');
    await rig.clock.advanceBy(1_000);
    const young = await rig.enqueue('young');
    const returned = await rig.enqueue('returned', { enqueuedAt: rig.clock.now() - 500 });
    const urgent = await rig.enqueue('urgent', { priority: 1 });
    expect(['urgent', 'old', 'returned', 'young'].map((name) => rig.distributor.position(contactId(name)))).toEqual([1, 2, 3, 4]);
    expect(rig.distributor.queues()[0]?.contacts.map(({ contactId: id, position }) => [id, position])).toEqual([
      ['urgent', 1],
      ['old', 2],
      ['returned', 3],
      ['young', 4],
    ]);
    expect(rig.log.of('contact.queued').map(({ contactId: id, position }) => [id, position]).slice(1)).toEqual([
      ['old', 1],
      ['young', 2],
      ['returned', 2],
      ['urgent', 1],
    ]);
    rig.distributor.conversationEnded(contactId('busy'), 'agent');
    rig.distributor.finishWrapUp(agentId('li'));
    for (const owner of [urgent, old, returned, young]) {
      await rig.clock.settle();
      expect(owner.told).toEqual(['offer li']);
      rig.distributor.withdraw(owner.offer.contactId, 'abandoned');
    }
  });

  it('keeps its place in its own queue only', async () => {
    const rig = new DistributorRig([agent('li', { queues: [queueId('bank'), queueId('loans')] })], [queue(), queue('loans')]);
    await rig.signIn('li');
    await rig.connect('busy', 'li');
    await rig.enqueue('a');
    await rig.enqueue('b', { queueId: queueId('loans') });
    await rig.enqueue('c');
    expect(['a', 'b', 'c'].map((name) => rig.distributor.position(contactId(name)))).toEqual([1, 1, 2]);
  });

  it('is served by agents of its queue with the skills it needs, and holds up nobody behind it', async () => {
    const rig = new DistributorRig(
      [agent('li', { skills: { loans: 2 } }), agent('wang', { skills: { loans: 4 } }), agent('zhao', { skills: { loans: 5 }, queues: [] })],
    );
    await rig.signIn('zhao', 'li', 'wang');
    await rig.connect('busy', 'wang');
    const choosy = await rig.enqueue('choosy', { steps: forever({ skill: 'loans', atLeast: 3 }) });
    const easy = await rig.enqueue('easy');
    expect(choosy.told).toEqual([]);
    expect(easy.told).toEqual(['offer li']);
    rig.distributor.conversationEnded(contactId('busy'), 'caller');
    await rig.clock.advanceBy(30_000);
    expect(choosy.told).toEqual(['offer wang']);
  });

  it('waits for each step in turn, also while a phone rings', async () => {
    const rig = new DistributorRig([agent('li', { skills: { loans: 5 } }), agent('wang', { skills: { loans: 1 } }), agent('zhao')]);
    await rig.signIn('li');
    const owner = await rig.enqueue('x', {
      steps: [
        { require: { skill: 'loans', atLeast: 4 }, forMs: 10_000 },
        { require: { skill: 'loans' }, forMs: 15_000 },
      ],
      afterSteps: 'any',
    });
    await rig.signIn('wang', 'zhao');
    expect(owner.told).toEqual(['offer li']);
    await rig.clock.advanceBy(15_000);
    expect(rig.distributor.queues()[0]?.contacts[0]).toMatchObject({ step: 2, offerId: 'offer-1' });
    expect(owner.told).toEqual(['offer li']);
    await rig.clock.advanceBy(5_000);
    expect(owner.told).toEqual(['offer li', 'noAnswer li', 'offer wang']);
    await rig.clock.advanceBy(20_000);
    expect(owner.told.slice(3)).toEqual(['noAnswer wang', 'offer zhao']);
    const [first] = owner.offers;
    expect(rig.log.of('contact.step').map(({ step, at }) => [step, at - (first?.offeredAt ?? 0)])).toEqual([
      [2, 10_000],
      [3, 25_000],
    ]);
  });

  it('skips a step that nobody signed in can serve', async () => {
    const rig = new DistributorRig([agent('li', { skills: { loans: 5 } }), agent('wang')]);
    await rig.signIn('wang');
    await rig.connect('busy', 'wang');
    await rig.enqueue('x', { steps: [{ require: { skill: 'loans' }, forMs: 60_000 }], afterSteps: 'any' });
    expect(rig.log.of('contact.step').map(({ step }) => step)).toEqual([2]);
  });

  it('stays on its last step when that is strict', async () => {
    const rig = new DistributorRig([agent('li', { skills: { loans: 5 } }), agent('wang')]);
    await rig.signIn('li', 'wang');
    await rig.connect('busy', 'li');
    const owner = await rig.enqueue('x', { steps: [{ require: { skill: 'loans' }, forMs: 1_000 }], afterSteps: 'strict' });
    await rig.clock.advanceBy(3_600_000);
    expect(owner.told).toEqual([]);
    expect(rig.state('wang')).toBe('ready');
  });

  it('that leaves takes its offer along: the agent is free at once and idle as long as before', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const { idleSince } = rig.status('li');
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(3_000);
    rig.distributor.withdraw(contactId('x'), 'abandoned');
    rig.distributor.withdraw(contactId('x'), 'abandoned');
    expect(rig.status('li')).toMatchObject({ state: 'ready', idleSince });
    expect(rig.distributor.offerEnded(owner.offer.offerId, 'accepted')).toBe(false);
    expect(owner.told).toEqual(['offer li']);
    expect(rig.log.last('offer.ended')).toMatchObject({ outcome: 'rescinded', rangMs: 3000 });
    expect(rig.log.of('contact.left')).toMatchObject([{ how: 'abandoned', waitedMs: 3000 }]);
    await rig.clock.settle();
    expect(rig.clock.pending).toBe(0);
  });

  it('that leaves before the turn is told of nothing', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = new RecordedOwner();
    rig.distributor.enqueue(rig.request('x'), owner);
    rig.distributor.withdraw(contactId('x'), 'withdrawn');
    rig.distributor.enqueue(rig.request('y', { queueId: queueId('no such queue') }), owner);
    rig.distributor.withdraw(contactId('y'), 'withdrawn');
    await rig.clock.settle();
    expect(owner.told).toEqual([]);
    expect(rig.log.of('offer.made')).toEqual([]);
  });

  it('cannot be in two places: the same id again ends what was under it', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const former = await rig.enqueue('x');
    const owner = new RecordedOwner();
    rig.distributor.enqueue(rig.request('x'), owner);
    rig.distributor.withdraw(contactId('x'), 'withdrawn');
    await rig.clock.settle();
    expect(former.told).toEqual(['offer li', 'canceled li']);
    expect(owner.told).toEqual([]);
    await rig.connect('x', 'wang');
    await rig.enqueue('x');
    expect(rig.state('wang')).toBe('wrapUp');
    expect(rig.log.of('conversation.ended')).toMatchObject([{ endedBy: 'system' }]);
    expect(rig.distributor.position(contactId('x'))).toBe(1);
  });
});

describe('a contact that is taken up anew, as after the switch was away', () => {
  it('gets one offer, and the others are free', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang'), agent('sun')]);
    await rig.signIn('li', 'wang', 'sun');
    const former = await rig.enqueue('x');
    const owner = await rig.enqueue('x');
    expect(former.told).toEqual(['offer li', 'canceled li']);
    expect(owner.told).toHaveLength(1);
    expect(['li', 'wang', 'sun'].map((name) => rig.state(name)).sort()).toEqual(['ready', 'ready', 'reserved']);
    expect([...(await rig.enqueue('y')).told, ...(await rig.enqueue('z')).told]).toHaveLength(2);
  });

  it('is not taken for the one before it, however often that happens within one turn', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang', { skills: { loans: 1 } })]);
    await rig.signIn('li', 'wang');
    await rig.enqueue('x');
    const loans = { steps: [{ require: { skill: 'loans' }, forMs: 'untilServed' as const }] };
    rig.distributor.enqueue(rig.request('x'), new RecordedOwner());
    rig.distributor.enqueue(rig.request('x', { steps: [{ require: { agent: agentId('li') }, forMs: 'untilServed' }] }), new RecordedOwner());
    const owner = await rig.enqueue('x', loans);
    expect(owner.told).toEqual(['offer wang']);
    expect(rig.log.of('offer.made')).toHaveLength(2);
    expect(rig.state('li')).toBe('ready');
  });
});

describe('overflow', () => {
  it('comes when the queue does not exist', async () => {
    const rig = new DistributorRig([agent('li')]);
    const owner = await rig.enqueue('x', { queueId: queueId('typo') });
    expect(owner.told).toEqual(['overflowed queueUnknown']);
    expect(rig.log.of('contact.left')).toMatchObject([{ how: 'overflowed', reason: 'queueUnknown' }]);
    expect(rig.complaints).toHaveLength(1);
  });

  it('comes at once when nobody is signed in who could ever serve, whatever else they do', async () => {
    const rig = new DistributorRig([agent('li', { skills: { loans: 1 } }), agent('wang')]);
    const nobody = await rig.enqueue('a');
    expect(nobody.told).toEqual(['overflowed noAgents']);
    await rig.signIn('wang');
    const unskilled = await rig.enqueue('b', { steps: forever({ skill: 'loans' }) });
    expect(unskilled.told).toEqual(['overflowed noAgents']);
    await rig.signIn('li');
    rig.distributor.setNotReady(agentId('li'), 'lunch');
    const patient = await rig.enqueue('c', { steps: forever({ skill: 'loans' }) });
    expect(patient.told).toEqual([]);
    rig.distributor.signOut(agentId('li'));
    await rig.clock.settle();
    expect(patient.told).toEqual(['overflowed noAgents']);
    expect(rig.log.of('contact.left').map(({ how, reason }) => `${how} ${reason}`)).toEqual(Array(3).fill('overflowed noAgents'));
    expect(rig.distributor.queues()[0]?.contacts).toEqual([]);
    expect(rig.clock.pending).toBe(0);
  });

  it('comes when the wait is over, counted from enqueuedAt', async () => {
    const rig = new DistributorRig([agent('li')], [queue('bank', { maxWaitMs: 60_000 })]);
    await rig.signIn('li');
    await rig.connect('busy', 'li');
    const owner = await rig.enqueue('x', { enqueuedAt: rig.clock.now() - 20_000 });
    await rig.clock.advanceBy(39_999);
    expect(owner.told).toEqual([]);
    await rig.clock.advanceBy(1);
    expect(owner.told).toEqual(['overflowed timeout']);
    expect(rig.log.last('contact.left')).toMatchObject({ how: 'overflowed', reason: 'timeout', waitedMs: 60_000 });
    expect(rig.clock.pending).toBe(0);
  });

  it('does not cut off a ringing phone, but follows when nobody answers', async () => {
    const rig = new DistributorRig([agent('li')], [queue('bank', { maxWaitMs: 5_000 })]);
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(10_000);
    expect(owner.told).toEqual(['offer li']);
    await rig.clock.advanceBy(10_000);
    expect(owner.told).toEqual(['offer li', 'noAnswer li', 'overflowed timeout']);
  });
});

describe('an offer', () => {
  it('that is not answered in time is taken back; the agent is not responding and the contact goes on at its place', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const owner = await rig.enqueue('x');
    await rig.clock.advanceBy(10_000);
    const second = await rig.enqueue('urgent for li', { steps: forever({ agent: agentId('li') }), priority: 1 });
    await rig.clock.advanceBy(10_000);
    expect(owner.told).toEqual(['offer li', 'noAnswer li', 'offer wang']);
    expect(second.told).toEqual([]);
    expect(rig.state('li')).toBe('notResponding');
    expect(rig.log.of('offer.ended')).toMatchObject([{ outcome: 'noAnswer', rangMs: 20_000 }]);
    expect(rig.distributor.offerEnded(offerId('offer-1'), 'accepted')).toBe(false);
    expect(rig.distributor.position(contactId('x'))).toBe(2);
    await rig.clock.advanceBy(5_000);
    rig.distributor.setReady(agentId('li'));
    await rig.clock.settle();
    expect(second.told).toEqual(['offer li']);
  });

  it.each([
    ['rejected', 5_000],
    ['busy', 10_000],
    ['unreachable', 10_000],
    ['failed', 10_000],
  ] as const)('that ends as %s gives the agent a rest and the contact to another', async (outcome, restMs) => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li');
    const { idleSince } = rig.status('li');
    const owner = await rig.enqueue('x');
    expect(rig.distributor.offerEnded(owner.offer.offerId, outcome)).toBe(true);
    expect(rig.distributor.offerEnded(owner.offer.offerId, outcome)).toBe(false);
    expect(rig.state('li')).toBe(`notReady(${outcome})`);
    expect(rig.status('li').readyAgainAt).toBe(rig.clock.now() + restMs);
    await rig.clock.advanceBy(restMs - 1);
    expect(owner.told).toEqual(['offer li']);
    await rig.clock.advanceBy(1);
    // Nobody else is there: the same agent again, but not before the rest is over.
    expect(owner.told).toEqual(['offer li', 'offer li']);
    expect(rig.status('li').idleSince).toBe(idleSince);
    rig.distributor.offerEnded(owner.offer.offerId, outcome);
    await rig.signIn('wang');
    expect(owner.told.at(-1)).toBe('offer wang');
    expect(rig.log.of('offer.ended').map((event) => event.outcome)).toEqual([outcome, outcome]);
  });

  it('does not return to an agent who cuts the rest short, though others do', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    rig.distributor.offerEnded(owner.offer.offerId, 'rejected');
    rig.distributor.setReady(agentId('li'));
    await rig.clock.advanceBy(1_000);
    expect(owner.told).toEqual(['offer li']);
    const other = await rig.enqueue('y');
    expect(other.told).toEqual(['offer li']);
    rig.distributor.withdraw(contactId('y'), 'abandoned');
    await rig.clock.advanceBy(4_000);
    expect(owner.told).toEqual(['offer li', 'offer li']);
  });

  it('never comes back without a pause, however short the rest is configured', async () => {
    const rig = new DistributorRig([agent('li')], [queue()], { busy: 0 });
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    owner.onOffer = (offer) => rig.distributor.offerEnded(offer.offerId, 'busy');
    rig.distributor.offerEnded(owner.offer.offerId, 'busy');
    await rig.clock.advanceBy(10_000);
    expect(owner.offers).toHaveLength(11);
  });

  it('is not told when it ended before its turn', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const first = new RecordedOwner();
    const second = new RecordedOwner();
    first.onOffer = () => rig.distributor.setNotReady(agentId('wang'), 'break');
    rig.distributor.enqueue(rig.request('x'), first);
    rig.distributor.enqueue(rig.request('y'), second);
    await rig.clock.settle();
    expect(first.told).toEqual(['offer li']);
    expect(second.told).toEqual([]);
    expect(rig.log.of('offer.ended')).toMatchObject([{ contactId: 'y', outcome: 'canceled' }]);
  });

  it('fails, and others are still told, when its owner throws', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const broken = new RecordedOwner();
    broken.onOffer = () => {
      throw new Error('defect');
    };
    const sound = new RecordedOwner();
    rig.distributor.enqueue(rig.request('x'), broken);
    rig.distributor.enqueue(rig.request('y'), sound);
    await rig.clock.settle();
    expect(sound.told).toEqual(['offer wang']);
    expect(rig.state('li')).toBe('notReady(failed)');
    expect(rig.complaints).toHaveLength(1);
    await rig.clock.advanceBy(10_000);
    expect(broken.offers).toHaveLength(2);
  });

  it('may be answered, and the conversation end, from within the owner', async () => {
    const rig = new DistributorRig([agent('li')], [queue('bank', { wrapUpMs: 0 })]);
    await rig.signIn('li');
    const owners = ['a', 'b', 'c'].map((name) => {
      const owner = new RecordedOwner();
      owner.onOffer = (offer) => {
        rig.distributor.offerEnded(offer.offerId, 'accepted');
        rig.distributor.conversationEnded(offer.contactId, 'caller');
      };
      rig.distributor.enqueue(rig.request(name), owner);
      return owner;
    });
    await rig.clock.settle();
    expect(owners.map(({ told }) => told)).toEqual(Array(3).fill(['offer li']));
    expect(rig.state('li')).toBe('ready');
    expect(rig.log.of('conversation.ended')).toHaveLength(3);
  });
});

describe('queue.state', () => {
  it('is announced once a turn, when it changed', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    await rig.connect('busy', 'li');
    rig.log.events.length = 0;
    const since = rig.clock.now();
    for (const name of ['a', 'b', 'c']) rig.distributor.enqueue(rig.request(name), new RecordedOwner());
    await rig.clock.settle();
    expect(rig.log.of('queue.state')).toMatchObject([{ queueId: 'bank', waiting: 3, longestWaitingSince: since }]);
    await rig.clock.advanceBy(10);
    const passing = new RecordedOwner();
    rig.distributor.enqueue(rig.request('d'), passing);
    rig.distributor.withdraw(contactId('d'), 'abandoned');
    await rig.clock.settle();
    expect(rig.log.of('queue.state')).toHaveLength(1);
    for (const name of ['a', 'b', 'c']) rig.distributor.withdraw(contactId(name), 'abandoned');
    await rig.clock.settle();
    expect(rig.log.last('queue.state')).toMatchObject({ waiting: 0, longestWaitingSince: null });
  });
});

describe('close', () => {
  it('leaves no timer and tells nobody anything', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang'), agent('zhao')], [queue('bank', { maxWaitMs: 60_000 })]);
    await rig.signIn('li', 'wang', 'zhao');
    await rig.connect('y', 'wang');
    const owner = await rig.enqueue('x');
    const late = new RecordedOwner();
    rig.distributor.enqueue(rig.request('z'), late);
    rig.distributor.close();
    rig.distributor.conversationEnded(contactId('y'), 'caller');
    expect(rig.clock.pending).toBe(0);
    await rig.clock.advanceBy(120_000);
    expect(owner.told).toEqual(['offer li']);
    expect(late.told).toEqual([]);
    rig.distributor.close();
  });

  it('from within an owner leaves the others untold', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const first = new RecordedOwner();
    first.onOffer = () => rig.distributor.close();
    const second = new RecordedOwner();
    rig.distributor.enqueue(rig.request('x'), first);
    rig.distributor.enqueue(rig.request('y'), second);
    await rig.clock.settle();
    expect(second.told).toEqual([]);
  });
});
