import { describe, expect, it } from 'vitest';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { bank, CallbackRig } from '../../test/callback/callback-rig.ts';

const recording = { record: 'always', share: 1, retentionMs: 86_400_000 } as const;

/** The agent and the customer of a callback talk. */
async function talk(order: 'agentFirst' | 'customerFirst'): Promise<CallbackRig> {
  const rig = await CallbackRig.start({ policy: { order }, queue: { recording } });
  await rig.request();
  rig.agent('1001').behaviour = answers(1_000);
  rig.customer().behaviour = answers(2_000);
  await rig.signIn('1001');
  await rig.clock.advanceBy(6_000);
  if (order === 'customerFirst') {
    rig.customer().press('1');
    await rig.clock.advanceBy(6_000);
  }
  expect(rig.customer().connectedTo).toEqual(['PJSIP/1001']);
  return rig;
}

const story = (rig: CallbackRig): readonly string[] =>
  rig.log.events.flatMap((event) => (event.type.startsWith('recording.') ? [`${event.type.slice(10)}${event.type === 'recording.stopped' || event.type === 'recording.paused' || event.type === 'recording.resumed' ? ` ${event.reason}` : ''}`] : []));

describe.each(['agentFirst', 'customerFirst'] as const)('the conversation of a callback (%s) whose queue records', (order) => {
  it.each([
    ['the agent', (rig: CallbackRig) => rig.agent('1001').hangUp()],
    ['the customer', (rig: CallbackRig) => rig.customer().hangUp()],
  ])('is recorded, silent on hold, until %s hangs up', async (_, hangUp) => {
    const rig = await talk(order);
    rig.agent('1001').hold();
    await rig.clock.advanceBy(1_000);
    rig.agent('1001').unhold();
    await rig.clock.advanceBy(5_000);
    hangUp(rig);
    await rig.clock.advanceBy(30_000);
    expect(story(rig)).toEqual(['started', 'paused hold', 'resumed hold', 'stopped conversationEnded', 'stored']);
    const [row, ...others] = [...rig.archive.rows.values()];
    expect(others).toEqual([]);
    expect(row?.talks).toMatchObject([{ queueId: bank, agentId: '1001', contactId: rig.log.last('contact.queued')?.contactId }]);
    expect(row?.callId).toBe(rig.log.last('contact.queued')?.callId);
    expect(rig.leftovers()).toEqual([]);
    expect(rig.complaints.errors).toEqual([]);
  });

  it('goes on after the engine was killed', async () => {
    const rig = await talk(order);
    await rig.killAndRestart(5_000);
    await rig.clock.advanceBy(5_000);
    expect(rig.customer().connectedTo).toEqual(['PJSIP/1001']);
    rig.customer().hangUp();
    await rig.clock.advanceBy(30_000);
    expect(story(rig)).toEqual(['started', 'stopped conversationEnded', 'stored']);
    expect([...rig.archive.rows.values()][0]?.durationMs).toBeGreaterThanOrEqual(10_000);
    expect(rig.leftovers()).toEqual([]);
  });
});
