import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_CUSTOMERS } from '../../flows/services/sample-bank-core.ts';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start();
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.readyAgent());
afterEach(() => rig.cleanUp());

const account = SAMPLE_CUSTOMERS[0]?.account ?? '';

/** kill -9, and a fresh process. The caller must be on the line all the time. */
async function killAndRestart(call: OutgoingCall): Promise<void> {
  await rig.engine.kill();
  expect(await rig.pbx.channelCount()).toBeGreaterThan(0);
  await rig.engine.start();
  expect(call.isOver).toBe(false);
}

async function hangUpAndEnd(call: OutgoingCall): Promise<void> {
  await call.hangUp();
  await rig.engine.event('call.ended');
}

describe('kill -9 of the engine and a restart', () => {
  it('in a prompt: the prompt starts again and the menu works', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await new Promise((fulfil) => setTimeout(fulfil, 800));
    await killAndRestart(call);
    await rig.engine.prompt('main.menu');
    await new Promise((fulfil) => setTimeout(fulfil, 1500));
    // From its beginning, and heard: twice in what the caller received.
    expect(rig.heard(call, 'zh-CN').filter((key) => key === 'main.menu')).toHaveLength(2);
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu');
    await hangUpAndEnd(call);
  }, 90_000);

  it('while digits are typed: goes on after those that were typed', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account');
    await call.media.sendDigits(account.slice(0, 9));
    await new Promise((fulfil) => setTimeout(fulfil, 200));
    await killAndRestart(call);
    await call.media.sendDigits(`${account.slice(9)}#`);
    const collected = await rig.engine.event('digits.collected');
    expect(collected).toMatchObject({ prompt: 'identify.account', count: account.length });
    await rig.engine.prompt('identify.pin');
    await hangUpAndEnd(call);
  }, 90_000);

  it('while a PIN is typed: asks for it again, and has it nowhere on disk', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account');
    await call.media.sendDigits(`${account}#`);
    await rig.engine.prompt('identify.pin');
    await call.media.sendDigits('97531');
    await new Promise((fulfil) => setTimeout(fulfil, 200));
    await killAndRestart(call);
    await rig.engine.prompt('identify.pin');
    await hangUpAndEnd(call);
    const { readdir, readFile } = await import('node:fs/promises');
    for (const name of await readdir(rig.dir, { recursive: true })) {
      const content = await readFile(`${rig.dir}/${name}`).catch(() => Buffer.alloc(0)); // a folder
      expect(content.includes('97531'), name).toBe(false);
    }
  }, 90_000);

  it('in the queue: keeps the place, and an agent gets the caller', async () => {
    await rig.api('POST', '/api/v1/agents/1001/not-ready', { reason: 'break' });
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    await rig.engine.event('contact.queued');
    const { queues: before } = (await rig.api('GET', '/api/v1/queues')) as { queues: { contacts: { contactId: string; enqueuedAt: number }[] }[] };
    const place = before.flatMap(({ contacts }) => contacts)[0];
    await killAndRestart(call);
    const { queues: after } = (await rig.api('GET', '/api/v1/queues')) as { queues: { contacts: { contactId: string; enqueuedAt: number }[] }[] };
    expect(after.flatMap(({ contacts }) => contacts)[0]).toMatchObject({ contactId: place?.contactId, enqueuedAt: place?.enqueuedAt });
    await rig.api('POST', '/api/v1/agents/1001/ready');
    await rig.engine.event('conversation.started');
    await call.media.hearsTone(AGENT_HZ);
    await hangUpAndEnd(call);
  }, 90_000);

  it('while an agent’s phone rings: it goes on ringing, and its answer connects the two', async () => {
    rig.behave({ do: 'ring' });
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    const agent = await rig.agentCall();
    await rig.engine.event('offer.made');
    await killAndRestart(call);
    expect(agent.isOver).toBe(false);
    // Only now: what is answered while no engine is there is hung up by the dialplan.
    await agent.answer();
    await rig.engine.event('conversation.started');
    call.media.sendTone(CALLER_HZ);
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    expect(rig.engine.lines.filter((line) => line.event === 'offer.made' && line.callId === rig.engine.lines.findLast(({ callId }) => callId)?.callId)).toHaveLength(1);
    await hangUpAndEnd(call);
    await agent.ended;
  }, 90_000);

  it('in conversation: both go on talking, and its end is booked', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    const agent = await rig.agentCall();
    await rig.engine.event('conversation.started');
    call.media.sendTone(CALLER_HZ);
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    await rig.engine.kill();
    // Nobody notices while there is no engine.
    call.media.forget();
    await new Promise((fulfil) => setTimeout(fulfil, 1_000));
    await call.media.hearsTone(AGENT_HZ);
    await rig.engine.start();
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    await agent.hangUp();
    expect(await rig.engine.event('conversation.ended')).toMatchObject({ endedBy: 'agent' });
    await rig.engine.event('call.ended');
    await call.ended;
  }, 90_000);

  it('takes new calls in the dialplan while no engine runs, and never in silence', async () => {
    await rig.engine.kill();
    const call = await rig.caller.dial({ number: '95500', callerNumber: '13800138000' });
    await call.answered;
    await call.media.firstAudio({ minLevelDb: -45, timeoutMs: 5_000 });
    await call.hangUp();
    await rig.expectEmptySwitch();
    await rig.engine.start();
  }, 60_000);

  it('releases calls when it is stopped in order, and the next process takes them up', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await rig.engine.stop();
    expect(call.isOver).toBe(false);
    await rig.engine.start();
    await rig.engine.prompt('main.menu');
    await hangUpAndEnd(call);
  }, 60_000);
});

describe('the switch', () => {
  it('that dies is noticed at once, its calls are booked, and it is taken up again when it returns', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await rig.pbx.kill();
    await rig.engine.event('node.down', () => true, 5_000);
    expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(503);
    await rig.pbx.restart();
    await rig.engine.event('node.up', () => true, 30_000);
    const ended = await rig.engine.event('call.ended', () => true, 20_000);
    expect(ended['termination']).toMatchObject({ result: 'upstreamError', reason: 'switchLost' });
    await call.hangUp();
    await rig.agentPhone.register();
    const next = await rig.call();
    await rig.engine.prompt('language.menu');
    await hangUpAndEnd(next);
  }, 120_000);
});
