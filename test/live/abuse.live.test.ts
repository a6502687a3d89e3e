import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_CUSTOMERS } from '../../flows/services/sample-bank-core.ts';
import { AGENT_HZ, HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start();
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.readyAgent());
afterEach(() => rig.cleanUp());

const [li] = SAMPLE_CUSTOMERS;

describe('callers who mean harm, on a real Asterisk', () => {
  it.each([
    ['another direction of writing', '\u202eknaB'],
    ['no end', 'x'.repeat(900)],
    ['dialplan in it', '${SHELL(id)}&PJSIP/1001^,'],
    ['escapes in it', '%0d%0aX-Evil: y\\'],
    ['Han characters', '王小明'],
    ['a null that is written out', 'a\\u0000b'],
  ])('are served like others when their name has %s; the switch is not lost', async (_, callerName) => {
    const call = await rig.call('95500', { callerName });
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    await rig.engine.event('conversation.started');
    await call.media.hearsTone(AGENT_HZ);
    await call.hangUp();
    await rig.engine.event('call.ended');
    expect(rig.engine.lines.filter(({ event }) => event === 'node.down')).toEqual([]);
  }, 60_000);

  it('get an answer after a minute of keys without pause, and so does everybody else', async () => {
    const flooding = await rig.call();
    await rig.engine.prompt('language.menu');
    const flood = flooding.media.sendDigits('*#'.repeat(150));
    const other = await rig.call('95500', { callerNumber: '13900139000' });
    await rig.toMainMenu(other);
    await other.hangUp();
    await flood;
    await flooding.hangUp();
    await rig.engine.event('call.ended', (line) => line.callId !== undefined);
  }, 180_000);

  it('guess a PIN three times, over two calls and a kill -9, and are then locked out and led to an agent', async () => {
    const toPin = async (callerNumber: string) => {
      const call = await rig.call('95500', { callerNumber });
      await rig.toMainMenu(call);
      await call.media.sendDigits('2');
      await rig.engine.prompt('identify.account');
      await call.media.sendDigits(`${li?.account ?? ''}#`);
      return call;
    };
    const first = await toPin('13800138001');
    for (const pin of ['000001', '000002']) {
      await rig.engine.prompt('identify.pin');
      await first.media.sendDigits(pin);
      await rig.engine.event('identification.refused', (line) => line['by'] === 'backOffice');
    }
    await first.hangUp();
    await rig.engine.event('call.ended');
    const second = await toPin('13800138002');
    await rig.engine.prompt('identify.pin');
    await second.media.sendDigits('000003');
    expect(await rig.engine.event('identification.locked')).toMatchObject({ scope: 'account', failures: 3 });
    await second.hangUp();
    await rig.engine.event('call.ended');
    await rig.engine.kill();
    await rig.engine.start();
    await rig.readyAgent();
    const third = await toPin('13800138003');
    await rig.engine.prompt('identify.locked');
    await rig.engine.event('conversation.started', () => true, 30_000);
    await third.media.hearsTone(AGENT_HZ);
    await third.hangUp();
    await rig.engine.event('call.ended');
    expect(JSON.stringify(rig.engine.lines)).not.toContain(li?.account);
  }, 180_000);
});
