import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller, type OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { expectEmptySwitch } from './empty-switch.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig, PHONE_PASSWORD } from './hotline-rig.ts';

let rig: HotlineRig;
/** The agent has a telephone at each. */
let other: PrivateAsterisk;
let atOther: ScriptedCaller;
let otherPhone: ScriptedAgentPhone;
const calls: OutgoingCall[] = [];

beforeAll(async () => {
  const root = await ensurePrivateRoot();
  other = await PrivateAsterisk.start({ root, config: { hotlines: [{ number: '95500', flow: 'bank' }], agents: [{ id: '1001', password: PHONE_PASSWORD }] } });
  rig = await HotlineRig.start([], { moreNodes: [{ id: 'pbx-2', ...other.ari }] });
  const command = root.command('sipp', []);
  atOther = await ScriptedCaller.start({ command, server: other.sip });
  otherPhone = await ScriptedAgentPhone.start({ command, server: other.sip, user: '1001', password: PHONE_PASSWORD, source: { kind: 'tone', hz: AGENT_HZ } });
}, 300_000);
afterAll(async () => {
  await Promise.all([atOther.stop(), otherPhone.stop()]);
  await rig.stop();
  await other.stop();
});
afterEach(async () => {
  await Promise.all([...calls.splice(0), ...otherPhone.calls.filter(({ isOver }) => !isOver)].map((call) => call.hangUp()));
  await rig.cleanUp();
  await expectEmptySwitch(other, 5_000);
});

/** A caller of one of the two, who asks for an agent. Returns when it is queued, and with what the log says of that. */
async function waits(caller: ScriptedCaller, callerNumber: string): Promise<{ readonly call: OutgoingCall; readonly queued: Readonly<Record<string, unknown>> }> {
  const call = await caller.dial({ number: '95500', callerNumber });
  calls.push(call);
  await call.answered;
  await rig.toMainMenu(call);
  await call.media.sendDigits('0');
  return { call, queued: await rig.engine.event('contact.queued') };
}

interface Ready {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, { readonly ready: boolean }>>;
}
const readiness = async (): Promise<Ready> => (await fetch(`${rig.apiUrl}/readyz`)).json() as Promise<Ready>;

it('when one of two switches dies the other goes on: its menus, its queue, before those who waited at the dead one; who calls again has its place', async () => {
  rig.behave({ do: 'answer', afterMs: 200 });
  const talking = await waits(atOther, '13800000001');
  await otherPhone.nextCall();
  await rig.engine.event('conversation.started');
  const lost = await waits(rig.caller, '13800000002');
  const kept = await waits(atOther, '13800000003');
  const inMenu = await atOther.dial({ number: '95500', callerNumber: '13800000004' });
  calls.push(inMenu);
  await inMenu.answered;
  await rig.engine.prompt('language.menu');

  await rig.pbx.kill();
  await rig.engine.event('node.down', () => true, 5_000);
  // The other takes calls: the engine is ready, and says what is not.
  expect(await readiness()).toMatchObject({ ready: true, parts: { 'switch pbx-1': { ready: false }, 'switch pbx-2': { ready: true } } });
  await inMenu.media.sendDigits('1');
  await rig.engine.prompt('main.menu', 30_000);
  await talking.call.hangUp();
  const ringing = await otherPhone.nextCall();
  await rig.engine.event('conversation.started', ({ callId }) => callId === kept.queued['callId']);
  kept.call.media.sendTone(CALLER_HZ);
  await Promise.all([kept.call.media.hearsTone(AGENT_HZ), ringing.media.hearsTone(CALLER_HZ)]);
  await lost.call.hangUp();
  const again = await waits(atOther, '13800000002');
  expect(again.queued['ageBoostMs']).toBeGreaterThan(0);

  await rig.pbx.restart();
  // What the switch has lost is known when it is back.
  const ended = await rig.engine.event('call.ended', ({ callId }) => callId === lost.queued['callId'], 30_000);
  expect(ended['termination']).toMatchObject({ reason: 'switchLost' });
  expect((await readiness()).parts).toMatchObject({ 'switch pbx-1': { ready: true } });
  await rig.agentPhone.register();
}, 120_000);
