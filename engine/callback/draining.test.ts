import { expect, it } from 'vitest';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { CallbackRig, MINUTE_MS } from '../../test/callback/callback-rig.ts';

it.each(['agentFirst', 'customerFirst'] as const)('no callback begins while no switch takes calls, %s; when one does, each is placed', async (order) => {
  const rig = await CallbackRig.start({ policy: { order } });
  const { nodeId } = rig.sim;
  rig.agent('1001').behaviour = answers(100);
  rig.customer().behaviour = answers(100, 10_000);
  const callback = await rig.request();
  await rig.admission.drain(nodeId, true);
  rig.desk.standAside();
  expect(rig.distributor.queues()[0]?.contacts).toEqual([]);
  expect(rig.desk.placedOn(nodeId)).toBe(0);
  await rig.signIn('1001');
  await rig.clock.advanceBy(5 * MINUTE_MS);
  expect([rig.state(callback), rig.outcomes(callback), rig.agent('1001').rings.length]).toEqual(['scheduled', [], 0]);
  // A restart changes nothing of it.
  await rig.killAndRestart();
  await rig.admission.drain(nodeId, true);
  await rig.clock.advanceBy(MINUTE_MS);
  expect(rig.customer().rings).toEqual([]);
  await rig.admission.drain(nodeId, false);
  await rig.clock.advanceBy(MINUTE_MS);
  expect(rig.customer().rings).toHaveLength(1);
  await rig.clock.advanceBy(MINUTE_MS);
  expect(rig.leftovers()).toEqual([]);
});

it('a callback whose customer is being called goes on', async () => {
  const rig = await CallbackRig.start();
  const { nodeId } = rig.sim;
  const callback = await rig.request();
  rig.agent('1001').behaviour = answers(100);
  rig.customer().behaviour = answers(5_000, 10_000);
  await rig.signIn('1001');
  await rig.clock.advanceBy(2_000);
  await rig.admission.drain(nodeId, true);
  rig.desk.standAside();
  expect(rig.desk.placedOn(nodeId)).toBe(1);
  await rig.clock.advanceBy(MINUTE_MS);
  expect([rig.state(callback), rig.desk.placedOn(nodeId)]).toEqual(['reached', 0]);
  expect(rig.leftovers()).toEqual([]);
});
