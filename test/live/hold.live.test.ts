import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { IncomingCall } from '../../telephony/phones/scripted-agent-phone.ts';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { tonePower } from '../../telephony/phones/tone.ts';
import { hearsHoldMusic } from '../rigs/hold-music-ear.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start();
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.readyAgent());
afterEach(() => rig.cleanUp());

/** A caller whom the agent serves; each hears the other. */
async function talk(): Promise<{ call: OutgoingCall; agent: IncomingCall }> {
  const call = await rig.call();
  await rig.toMainMenu(call);
  await call.media.sendDigits('0');
  const agent = await rig.agentCall();
  await agentIs('ringing');
  await rig.engine.event('conversation.started');
  call.media.sendTone(CALLER_HZ);
  await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
  return { call, agent };
}

/** Waits for the event that tells it. */
async function agentIs(state: string): Promise<void> {
  await rig.engine.event('agent.state', (line) => line['agentId'] === '1001' && line['state'] === state);
}

async function stateInApi(): Promise<string | undefined> {
  const { agents } = (await rig.api('GET', '/api/v1/agents')) as { agents: { agent: { id: string }; status: { state: string } }[] };
  return agents.find((each) => each.agent.id === '1001')?.status.state;
}

const agentTone = (call: OutgoingCall): number => tonePower(call.media.recording(1_000).pcm, AGENT_HZ);

describe('a caller whom the agent puts on hold', () => {
  it('hears the music and not the agent, and then the agent again; the state of the agent tells it', async () => {
    const { call, agent } = await talk();
    for (const direction of ['sendonly', 'inactive'] as const) {
      // The phone goes on sending its tone: nothing of it may reach the caller.
      await agent.hold(direction);
      await agentIs('held');
      expect(await stateInApi()).toBe('held');
      await hearsHoldMusic(call.media);
      expect(agentTone(call)).toBeLessThan(0.1);
      // A session timer's re-INVITE, which changes nothing.
      await agent.hold(direction);
      await hearsHoldMusic(call.media);
      await agent.unhold();
      await agentIs('talking');
      expect(await stateInApi()).toBe('talking');
      await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    }
    await agent.hangUp();
    const ended = await rig.engine.event('call.ended');
    expect(ended['termination']).toMatchObject({ reason: 'served' });
    await rig.expectEmptySwitch();
  }, 90_000);

  it('is served to the end when the agent hangs up without taking the caller back', async () => {
    const { call, agent } = await talk();
    await agent.hold();
    await agentIs('held');
    await hearsHoldMusic(call.media);
    await agent.hangUp();
    await agentIs('wrapUp');
    expect((await rig.engine.event('call.ended'))['termination']).toMatchObject({ reason: 'served' });
    expect((await call.ended).by).toBe('them');
    await rig.expectEmptySwitch();
  }, 90_000);

  it('and who gives up leaves an agent who wraps up', async () => {
    const { call, agent } = await talk();
    await agent.hold();
    await agentIs('held');
    await call.hangUp();
    await agentIs('wrapUp');
    expect((await agent.ended).by).toBe('them');
    await rig.expectEmptySwitch();
  }, 90_000);

  it('while the engine is killed: stays on hold, and a fresh engine sees what changed meanwhile', async () => {
    const { call, agent } = await talk();
    await agent.hold();
    await agentIs('held');
    await rig.engine.kill();
    await hearsHoldMusic(call.media);
    await rig.engine.start();
    expect(await stateInApi()).toBe('held');
    await rig.engine.kill();
    await agent.unhold();
    await rig.engine.start();
    await expect.poll(stateInApi, { timeout: 5_000 }).toBe('talking');
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    await call.hangUp();
    await agentIs('wrapUp');
    await rig.expectEmptySwitch();
  }, 120_000);
});
