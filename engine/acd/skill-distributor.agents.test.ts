import { describe, expect, it } from 'vitest';
import { agentId, contactId } from '../domain/ids.ts';
import { agent, DistributorRig, queue } from '../../test/acd/distributor-rig.ts';

const li = agentId('li');
const lunch = 'lunch';

/** One agent, signed in and talking to contact x. */
async function talking(wrapUpMs = 30_000): Promise<DistributorRig> {
  const rig = new DistributorRig([agent('li'), agent('wang')], [queue('bank', { wrapUpMs })]);
  await rig.signIn('li');
  await rig.connect('x', 'li');
  return rig;
}

describe('agent commands', () => {
  it('refuse an agent that is not configured', () => {
    const rig = new DistributorRig([agent('li')]);
    expect(() => rig.distributor.signIn(agentId('nobody'))).toThrow(expect.objectContaining({ code: 'agent.unknown' }));
  });

  it('refuse what does not fit, saying what to do, and change nothing', async () => {
    const rig = new DistributorRig([agent('li')]);
    const refused = expect.objectContaining({ code: 'agent.conflict', hint: 'Sign the agent in first.' }) as Error;
    expect(() => rig.distributor.setReady(li)).toThrow(refused);
    expect(() => rig.distributor.setNotReady(li, lunch)).toThrow(refused);
    expect(() => rig.distributor.finishWrapUp(li)).toThrow(refused);
    await rig.signIn('li');
    await rig.connect('x', 'li');
    const before = rig.status('li');
    expect(() => rig.distributor.finishWrapUp(li)).toThrow(expect.objectContaining({ code: 'agent.conflict' }));
    expect(rig.status('li')).toEqual(before);
  });

  it('return the new status, and say nothing twice', async () => {
    const rig = new DistributorRig([agent('li')]);
    const now = rig.clock.now();
    expect(rig.distributor.signIn(li)).toEqual({ agentId: li, state: 'ready', since: now, idleSince: now });
    rig.distributor.signIn(li);
    rig.distributor.setReady(li);
    rig.distributor.finishWrapUp(li);
    await rig.clock.advanceBy(10);
    expect(rig.distributor.setNotReady(li, lunch)).toEqual({
      agentId: li,
      state: 'notReady',
      reason: lunch,
      since: now + 10,
      idleSince: now,
    });
    rig.distributor.setNotReady(li, lunch);
    rig.distributor.setNotReady(li, 'training');
    rig.distributor.signOut(li);
    rig.distributor.signOut(li);
    expect(rig.log.of('agent.state').map(({ state, reason }) => [state, reason])).toEqual([
      ['ready', undefined],
      ['notReady', lunch],
      ['notReady', 'training'],
      ['loggedOut', undefined],
    ]);
  });

  it('bring waiting contacts to an agent who signs in or comes back', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li');
    rig.distributor.setNotReady(li, lunch);
    const x = await rig.enqueue('x');
    const y = await rig.enqueue('y');
    expect(x.told).toEqual([]);
    rig.distributor.setReady(li);
    await rig.clock.settle();
    expect(x.told).toEqual(['offer li']);
    await rig.signIn('wang');
    expect(y.told).toEqual(['offer wang']);
  });

  it('after a break the agent is idle anew', async () => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    rig.distributor.setNotReady(li, lunch);
    await rig.clock.advanceBy(1_000);
    rig.distributor.setReady(li);
    expect((await rig.enqueue('x')).told).toEqual(['offer wang']);
  });

  it.each([
    ['not ready', (rig: DistributorRig) => rig.distributor.setNotReady(li, lunch), 'notReady(lunch)'],
    ['signed out', (rig: DistributorRig) => rig.distributor.signOut(li), 'loggedOut'],
  ])('while the phone rings: %s at once, the offer is taken back and goes to another', async (_name, command, state) => {
    const rig = new DistributorRig([agent('li'), agent('wang')]);
    await rig.signIn('li', 'wang');
    const owner = await rig.enqueue('x');
    rig.log.events.length = 0;
    command(rig);
    expect(rig.state('li')).toBe(state);
    await rig.clock.settle();
    expect(owner.told).toEqual(['offer li', 'canceled li', 'offer wang']);
    expect(rig.log.of('agent.state').filter(({ agentId: id }) => id === li)).toHaveLength(1);
    expect(rig.log.of('offer.ended')).toMatchObject([{ outcome: 'canceled' }]);
  });

  it('ready, signed in or finished while the phone rings changes nothing', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    const before = rig.status('li');
    rig.distributor.setReady(li);
    rig.distributor.signIn(li);
    rig.distributor.finishWrapUp(li);
    await rig.clock.settle();
    expect(rig.status('li')).toEqual(before);
    expect(owner.told).toEqual(['offer li']);
  });
});

describe('commands while talking', () => {
  it('take effect after the conversation and its wrap-up', async () => {
    const rig = await talking();
    expect(rig.distributor.setNotReady(li, lunch)).toMatchObject({ state: 'talking', pending: { state: 'notReady', reason: lunch } });
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    expect(rig.status('li')).toMatchObject({ state: 'wrapUp', pending: { state: 'notReady', reason: lunch } });
    await rig.clock.advanceBy(30_000);
    expect(rig.state('li')).toBe('notReady(lunch)');
    expect(rig.status('li').pending).toBeUndefined();
  });

  it('take effect when the wrap-up is finished early, or at once where there is none', async () => {
    const rig = await talking();
    rig.distributor.signOut(li);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    expect(rig.distributor.finishWrapUp(li).state).toBe('loggedOut');
    const without = await talking(0);
    without.distributor.setNotReady(li, lunch);
    without.distributor.conversationEnded(contactId('x'), 'agent');
    expect(without.state('li')).toBe('notReady(lunch)');
  });

  it('the last one counts: ready or signing in again takes it back', async () => {
    const rig = await talking();
    rig.distributor.setNotReady(li, lunch);
    rig.distributor.signOut(li);
    expect(rig.status('li').pending).toEqual({ state: 'loggedOut' });
    rig.distributor.signIn(li);
    expect(rig.status('li').pending).toBeUndefined();
    rig.distributor.setNotReady(li, lunch);
    rig.distributor.setReady(li);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    await rig.clock.advanceBy(30_000);
    expect(rig.state('li')).toBe('ready');
  });

  it('is forgotten when the wrap-up ends in another way', async () => {
    const rig = await talking();
    rig.distributor.setNotReady(li, lunch);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    expect(rig.distributor.signOut(li).pending).toBeUndefined();
    expect(rig.distributor.signIn(li)).not.toHaveProperty('pending');
  });

  it('an agent who is about to sign out still counts as signed in', async () => {
    const rig = await talking();
    rig.distributor.signOut(li);
    const owner = await rig.enqueue('y');
    expect(owner.told).toEqual([]);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    await rig.clock.advanceBy(30_000);
    expect(owner.told).toEqual(['overflowed noAgents']);
  });
});

describe('wrap-up', () => {
  it('ends at its limit; the agent is idle from then on', async () => {
    const rig = await talking();
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    const endedAt = rig.clock.now();
    const owner = await rig.enqueue('y');
    expect(rig.status('li')).toMatchObject({ state: 'wrapUp', contactId: 'x', wrapUpUntil: endedAt + 30_000 });
    await rig.clock.advanceBy(29_999);
    expect(owner.told).toEqual([]);
    await rig.clock.advanceBy(1);
    expect(owner.told).toEqual(['offer li']);
    expect(rig.status('li').idleSince).toBe(endedAt + 30_000);
  });

  it.each([
    ['finished', (rig: DistributorRig) => rig.distributor.finishWrapUp(li), 'ready'],
    ['ready', (rig: DistributorRig) => rig.distributor.setReady(li), 'ready'],
    ['not ready', (rig: DistributorRig) => rig.distributor.setNotReady(li, lunch), 'notReady(lunch)'],
    ['signed out', (rig: DistributorRig) => rig.distributor.signOut(li), 'loggedOut'],
  ])('ends early when the agent is %s, and its limit does no more', async (_name, command, state) => {
    const rig = await talking();
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    command(rig);
    expect(rig.state('li')).toBe(state);
    expect(rig.clock.pending).toBe(0);
    await rig.clock.advanceBy(60_000);
    expect(rig.state('li')).toBe(state);
  });

  it('is left out when the queue has none', async () => {
    const rig = await talking(0);
    rig.distributor.conversationEnded(contactId('x'), 'caller');
    expect(rig.state('li')).toBe('ready');
    expect(rig.status('li').idleSince).toBe(rig.clock.now());
  });
});

describe('an agent at rest after a rejection', () => {
  it('who asks for a break is not made ready by the clock', async () => {
    const rig = new DistributorRig([agent('li')]);
    await rig.signIn('li');
    const owner = await rig.enqueue('x');
    rig.distributor.offerEnded(owner.offer.offerId, 'rejected');
    rig.distributor.setNotReady(li, 'rejected');
    await rig.clock.advanceBy(60_000);
    expect(rig.state('li')).toBe('notReady(rejected)');
  });
});
