import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_CUSTOMERS } from '../../flows/services/sample-bank-core.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start();
}, 300_000);
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.bank.set({ delayMs: 0, answer: 'normal' });
  await rig.readyAgent();
});
afterEach(() => rig.cleanUp());

/** As long as a caller needs to know what is asked, and the test to recognise the prompt by its sound. */
const listen = (): Promise<void> => new Promise((fulfil) => setTimeout(fulfil, 1500));

const [li] = SAMPLE_CUSTOMERS;
const account = li?.account ?? '';
const pin = li?.pin ?? '';

describe('the hotline on a real Asterisk', () => {
  it('is heard, understands digits, looks up, queues, connects both voices and ends cleanly', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await listen();
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account');
    await listen();
    await call.media.sendDigits(`${account}#`);
    await rig.engine.prompt('identify.pin');
    await listen();
    await call.media.sendDigits(pin);
    await rig.engine.prompt('balance.next', 30_000);
    await listen();
    await call.media.sendDigits('0');
    const agent = await rig.agentCall();
    await rig.engine.event('conversation.started');
    call.media.sendTone(CALLER_HZ);
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    await new Promise((fulfil) => setTimeout(fulfil, 1200)); // a conversation, not an accident
    await agent.hangUp();
    await rig.engine.event('call.ended', (line) => (line['termination'] as { reason: string }).reason === 'served');
    expect((await call.ended).by).toBe('them');
    expect(rig.heard(call, 'zh-CN')).toEqual(expect.arrayContaining(['welcome', 'main.menu', 'identify.account', 'identify.pin', 'balance.next']));
    // The log never shows the PIN, and masks account and caller.
    const log = JSON.stringify(rig.engine.lines);
    for (const secret of [pin, account, '13800138000']) expect(log).not.toContain(secret);
  }, 90_000);

  it('speaks English on the English number', async () => {
    const call = await rig.call('95501');
    await rig.engine.prompt('main.menu', 30_000);
    await rig.engine.event('menu.missed', () => true, 60_000);
    expect(rig.heard(call, 'en')).toEqual(expect.arrayContaining(['welcome', 'main.menu']));
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 120_000);

  it('ends cleanly when the caller hangs up in the menu, in the queue, while a phone rings, in conversation', async () => {
    const inMenu = await rig.call();
    await rig.engine.prompt('language.menu');
    await inMenu.hangUp();
    expect((await rig.engine.event('call.ended'))['termination']).toMatchObject({ reason: 'callerHungUp' });
    await rig.expectEmptySwitch();

    await rig.api('POST', '/api/v1/agents/1001/not-ready', { reason: 'break' });
    const queued = await rig.call();
    await rig.toMainMenu(queued);
    await queued.media.sendDigits('0');
    await rig.engine.event('contact.queued');
    await queued.hangUp();
    expect((await rig.engine.event('call.ended'))['termination']).toMatchObject({ reason: 'abandoned' });
    await rig.expectEmptySwitch();

    rig.behave({ do: 'ring' });
    await rig.api('POST', '/api/v1/agents/1001/ready');
    const ringing = await rig.call();
    await rig.toMainMenu(ringing);
    await ringing.media.sendDigits('0');
    const rung = await rig.agentCall();
    await rig.engine.event('offer.made');
    await ringing.hangUp();
    expect((await rung.ended).how).toBe('cancelled');
    await rig.engine.event('call.ended');
    await rig.expectEmptySwitch();

    rig.behave({ do: 'answer', afterMs: 100 });
    const talking = await rig.call();
    await rig.toMainMenu(talking);
    await talking.media.sendDigits('0');
    const agent = await rig.agentCall();
    await rig.engine.event('conversation.started');
    await talking.media.hearsTone(AGENT_HZ);
    await talking.hangUp();
    expect((await agent.ended).by).toBe('them');
    expect((await rig.engine.event('call.ended'))['termination']).toMatchObject({ reason: 'served', cause: 16 });
  }, 120_000);

  it.each([
    ['is busy', { do: 'busy' }, 'busy'],
    ['declines', { do: 'decline' }, 'rejected'],
    ['is not answered', { do: 'ring' }, 'noAnswer'],
  ] as const)('keeps the caller when the agent’s phone %s', async (_, behaviour, outcome) => {
    rig.behave(behaviour);
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('1');
    const ended = await rig.engine.event('offer.ended', () => true, 30_000);
    expect(ended['outcome']).toBe(outcome);
    expect(call.isOver).toBe(false);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('keeps the caller when the agent answers and hangs up at once, and connects the next time', async () => {
    rig.behave({ do: 'answer', afterMs: 100, hangUpAfterMs: 50 });
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('1');
    await rig.engine.event('conversation.ended');
    rig.behave({ do: 'answer', afterMs: 100 });
    await rig.engine.event('conversation.started', () => true, 20_000);
    await call.media.hearsTone(AGENT_HZ);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('is not lost on an unreachable phone', async () => {
    const unplugged = rig.agentPhone;
    await unplugged.unregister();
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('1');
    expect((await rig.engine.event('offer.ended'))['outcome']).toBe('unreachable');
    expect(call.isOver).toBe(false);
    await call.hangUp();
    await rig.engine.event('call.ended');
    await unplugged.register();
  }, 60_000);

  it.each([
    ['hang', 'service.timeout'],
    ['nonsense', 'service.invalid'],
    ['error', 'service.unavailable'],
  ] as const)('says so and goes on when the core system answers with %s', async (answer, code) => {
    rig.bank.set({ answer });
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account');
    await call.media.sendDigits(`${account}#`);
    await rig.engine.prompt('identify.pin');
    await call.media.sendDigits(pin);
    expect((await rig.engine.event('service.called', () => true, 30_000))['code']).toBe(code);
    await rig.engine.prompt('balance.unavailable');
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('takes odd and endless caller ids', async () => {
    for (const from of [
      { callerNumber: '+86 (10) 1234;x=y', callerName: '"; DROP TABLE <calls> \\ 小明 😀' },
      { callerNumber: '9'.repeat(300), callerName: 'n'.repeat(300) },
      { callerNumber: 'anonymous', callerName: '' },
    ]) {
      const call = await rig.call('95500', from);
      await rig.engine.prompt('language.menu');
      await call.hangUp();
      await rig.engine.event('call.ended');
    }
  }, 60_000);

  it('takes two digits pressed in one go, and wrong ones', async () => {
    const call = await rig.call();
    await rig.engine.prompt('language.menu');
    await call.media.sendDigits('19', { durationMs: 60, gapMs: 40 });
    await rig.engine.event('menu.missed', (line) => line['prompt'] === 'main.menu' && line['why'] === 'noMatch', 30_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 60_000);

  it('refuses a number that is no hotline, in the dialplan and in the engine', async () => {
    const unknown = await rig.caller.dial({ number: '99999', callerNumber: '138' });
    expect(await unknown.ended).toMatchObject({ by: 'them', how: 'rejected', status: 404 });
    // In the dialplan, but no flow is configured for it.
    const flowless = await rig.caller.dial({ number: '95502', callerNumber: '138' });
    expect((await rig.engine.event('call.rejected'))['reason']).toBe('unknownNumber');
    await flowless.ended;
  }, 60_000);

  it('tells MQTT and the API what happens, without personal data', async () => {
    const client = await connectAsync(rig.mqttUrl);
    const messages: { topic: string; text: string; retain: boolean }[] = [];
    client.on('message', (topic, payload, packet) => messages.push({ topic, text: payload.toString(), retain: packet.retain }));
    await client.subscribeAsync('strowger/#', { qos: 1 });
    const call = await rig.call();
    await rig.engine.prompt('language.menu');
    const { calls } = (await rig.api('GET', '/api/v1/calls')) as { calls: { callerNumber: string; state: string }[] };
    expect(calls).toMatchObject([{ callerNumber: '*******8000', state: 'language' }]);
    await call.hangUp();
    const ended = await rig.engine.event('call.ended');
    await expect.poll(() => messages.some(({ text }) => text.includes('"call.ended"') && text.includes(String(ended.callId))), { timeout: 5_000 }).toBe(true);
    expect(messages.some(({ topic, retain }) => retain && topic.includes('agent/1001'))).toBe(true);
    expect(messages.map(({ text }) => text).join()).not.toContain('13800138000');
    await client.endAsync();
    const ready = (await (await fetch(`${rig.apiUrl}/readyz`)).json()) as { ready: boolean };
    expect(ready.ready).toBe(true);
  }, 60_000);
});
