import { describe, expect, it } from 'vitest';
import { agentId, contactId } from '../domain/ids.ts';
import { agent, DistributorRig, queue } from '../../test/acd/distributor-rig.ts';

const x = contactId('x');
const y = contactId('y');
const li = agentId('li');

/** Li, who may have two contacts at a time, talks to x. */
async function talking(capacity = 2): Promise<DistributorRig> {
  const rig = new DistributorRig([agent('li', { capacity }), agent('wang')]);
  await rig.signIn('li');
  await rig.connect('x', 'li');
  return rig;
}
const beside = (rig: DistributorRig): readonly string[] => (rig.status('li').beside ?? []).map(({ contactId: id, state }) => `${id} ${state}`);
const end = async (rig: DistributorRig, id: typeof x): Promise<void> => {
  rig.distributor.conversationEnded(id, 'caller');
  await rig.clock.settle();
};

describe('an agent with room for one more', () => {
  it('is offered a second contact while it talks, and comes back to the first', async () => {
    const rig = await talking();
    const second = await rig.enqueue('y');
    expect(second.told).toEqual(['offer li']);
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['reserved', y, ['x talking']]);
    rig.distributor.conversationHeld(x, true);
    rig.distributor.offerEnded(second.offer.offerId, 'accepted');
    await rig.clock.settle();
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['talking', y, ['x held']]);
    // The two are all that it takes.
    expect((await rig.enqueue('z')).told).toEqual([]);
    expect(rig.distributor.explain(contactId('z'))?.agents.find(({ agentId: id }) => id === li)?.obstacles).toMatchObject([{ kind: 'state', state: 'talking' }]);
    await end(rig, y);
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['wrapUp', y, ['x held']]);
    await rig.clock.advanceBy(30_000);
    // Back with the first, there is room for z.
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['reserved', contactId('z'), ['x held']]);
    rig.distributor.withdraw(contactId('z'), 'abandoned');
    await rig.clock.settle();
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['held', x, []]);
    rig.distributor.conversationHeld(x, false);
    expect(rig.state('li')).toBe('talking');
    await end(rig, x);
    await rig.clock.advanceBy(30_000);
    expect([rig.state('li'), beside(rig)]).toEqual(['ready', []]);
    expect(rig.clock.pending).toBe(0);
    expect(rig.complaints).toEqual([]);
  });

  it('comes after all who have no contact, however long it has been idle', async () => {
    const rig = await talking();
    await rig.clock.advanceBy(60_000);
    await rig.signIn('wang');
    expect((await rig.enqueue('y')).told).toEqual(['offer wang']);
    expect((await rig.enqueue('z')).told).toEqual(['offer li']);
  });

  it('talks to whom it takes back from hold; the other stands beside', async () => {
    const rig = await talking();
    const second = await rig.enqueue('y');
    rig.distributor.conversationHeld(x, true);
    rig.distributor.offerEnded(second.offer.offerId, 'accepted');
    rig.distributor.conversationHeld(y, true);
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['held', y, ['x held']]);
    rig.distributor.conversationHeld(x, false);
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['talking', x, ['y held']]);
    await end(rig, y);
    // Its wrap-up waits until the agent has time for it, and nobody else is offered meanwhile: two are still under way.
    expect([rig.state('li'), beside(rig)]).toEqual(['talking', ['y wrapUp']]);
    expect((await rig.enqueue('z')).told).toEqual([]);
    await end(rig, x);
    expect(rig.status('li')).toMatchObject({ state: 'wrapUp', contactId: x });
    rig.distributor.finishWrapUp(li);
    expect(rig.status('li')).toMatchObject({ state: 'wrapUp', contactId: y, wrapUpUntil: rig.clock.now() + 30_000 });
    rig.distributor.finishWrapUp(li);
    await rig.clock.settle();
    expect(rig.state('li')).toBe('reserved');
  });

  it.each(['noAnswer', 'rejected', 'busy'] as const)('goes on with the first after an offer that ended as %s, and is not asked again before all is over', async (outcome) => {
    const rig = await talking();
    const second = await rig.enqueue('y');
    if (outcome === 'noAnswer') await rig.clock.advanceBy(20_000);
    else rig.distributor.offerEnded(second.offer.offerId, outcome);
    await rig.clock.settle();
    expect([rig.state('li'), rig.status('li').contactId, rig.status('li').noMore]).toEqual(['talking', x, true]);
    await rig.clock.advanceBy(60_000);
    expect(second.offers).toHaveLength(1);
    await end(rig, x);
    await rig.clock.advanceBy(30_000);
    expect(second.offers).toHaveLength(2);
    expect(rig.status('li').noMore).toBeUndefined();
  });

  it('leaves after what it has when it asks to while a second phone call rings', async () => {
    const rig = await talking();
    const second = await rig.enqueue('y');
    rig.distributor.signOut(li);
    await rig.clock.settle();
    expect(second.told).toEqual(['offer li', 'canceled li']);
    expect(rig.status('li')).toMatchObject({ state: 'talking', contactId: x, pending: { state: 'loggedOut' } });
    await end(rig, x);
    await rig.clock.advanceBy(30_000);
    expect(rig.state('li')).toBe('loggedOut');
    expect(second.offers).toHaveLength(1);
  });

  it('keeps both over a restart', async () => {
    const rig = await talking();
    const second = await rig.enqueue('y');
    rig.distributor.conversationHeld(x, true);
    rig.distributor.offerEnded(second.offer.offerId, 'accepted');
    const since = rig.clock.now();
    await rig.restart(1_000);
    for (const name of ['x', 'y']) rig.distributor.adoptConversation(rig.request(name), { agentId: li, since });
    rig.distributor.settle();
    await rig.clock.settle();
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['talking', y, ['x held']]);
    await end(rig, y);
    await end(rig, x);
    await rig.clock.advanceBy(60_000);
    expect(rig.state('li')).toBe('ready');
  });

  it('is believed when two conversations are found of which nobody knew', async () => {
    const rig = new DistributorRig([agent('li', { capacity: 2 })], [queue('bank', { wrapUpMs: 0 })]);
    await rig.restart();
    for (const name of ['x', 'y']) rig.distributor.adoptConversation(rig.request(name), { agentId: li, since: 0 });
    rig.distributor.settle();
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['talking', x, ['y talking']]);
    await end(rig, x);
    expect([rig.state('li'), rig.status('li').contactId, beside(rig)]).toEqual(['talking', y, []]);
    await end(rig, y);
    expect(rig.state('li')).toBe('ready');
  });

  it('has room no more when the configuration takes it', async () => {
    const rig = await talking();
    rig.distributor.configure({ ...rig.config, agents: [agent('li'), agent('wang')] });
    expect((await rig.enqueue('y')).told).toEqual([]);
    rig.distributor.configure(rig.config);
    await rig.clock.settle();
    expect(rig.state('li')).toBe('reserved');
  });

  it('is told of in the events', async () => {
    const rig = await talking(3);
    const told = (): unknown => {
      const event = rig.log.last('agent.state');
      return [event?.state, event?.contactId, event?.beside, event?.freeSlots];
    };
    expect(told()).toEqual(['talking', 'x', undefined, 2]);
    const second = await rig.enqueue('y');
    expect(told()).toEqual(['reserved', 'y', ['x'], undefined]);
    rig.distributor.offerEnded(second.offer.offerId, 'accepted');
    await rig.clock.settle();
    expect(told()).toEqual(['talking', 'y', ['x'], 1]);
    rig.distributor.setNotReady(li, 'lunch');
    expect(told()).toEqual(['talking', 'y', ['x'], undefined]);
    rig.distributor.setReady(li);
    expect(told()).toEqual(['talking', 'y', ['x'], 1]);
  });
});
