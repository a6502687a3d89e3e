import { describe, expect, it } from 'vitest';
import { agentId } from '../domain/ids.ts';
import { answers, isBusy, neverAnswers } from '../../telephony/sim/phone-behaviour.ts';
import { bank, CallbackRig, MINUTE_MS } from '../../test/callback/callback-rig.ts';

const start = (fields: Parameters<typeof CallbackRig.start>[0] = {}): Promise<CallbackRig> => CallbackRig.start({ ...fields, policy: { order: 'customerFirst', ...fields.policy } });

async function quiet(rig: CallbackRig): Promise<void> {
  await rig.clock.advanceBy(30_000);
  expect(rig.leftovers()).toEqual([]);
  expect(rig.complaints.errors).toEqual([]);
}

describe('a callback, customer first', () => {
  it('waits until an agent is free, greets, asks for the key, and connects from the head of the queue', async () => {
    const rig = await start();
    const callback = await rig.request({ language: 'en', wish: { choice: 'loans', confidence: 0.9, text: 'a loan' } });
    rig.agent('1001').behaviour = answers(1_000);
    rig.customer().behaviour = answers(3_000);
    await rig.clock.advanceBy(5 * MINUTE_MS);
    expect([rig.state(callback), rig.customer().rings]).toEqual(['scheduled', []]);
    await rig.signIn('1001');
    await rig.clock.advanceBy(6_000);
    expect(rig.state(callback)).toBe('inFlow');
    expect(rig.customer().heard.map(({ media }) => media)).toEqual(['sound:en/callback.greeting']);
    rig.customer().press('1');
    await rig.clock.advanceBy(6_000);
    expect(rig.state(callback)).toBe('reached');
    expect(rig.customer().connectedTo).toEqual(['PJSIP/1001']);
    expect(rig.log.last('contact.queued')).toMatchObject({ callbackId: callback.callbackId, position: 1, wish: { choice: 'loans', confidence: 0.9 }, pii: { text: 'a loan' } });
    rig.customer().hangUp();
    await quiet(rig);
    expect(rig.log.of('callback.ended')).toMatchObject([{ how: 'reached', attempts: 1 }]);
  });

  it('who does not press the key is taken for a machine, and called again later', async () => {
    const rig = await start();
    const callback = await rig.request();
    rig.customer().behaviour = answers(1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(60_000);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['scheduled', ['machine']]);
    expect(rig.agent('1001').rings).toEqual([]);
    rig.customer().behaviour = answers(1_000, 2_000);
    await rig.clock.advanceBy(61 * MINUTE_MS);
    expect(rig.outcomes(callback)).toEqual(['machine', 'hungUp']);
    rig.customer().behaviour = isBusy();
    await rig.clock.advanceBy(16 * MINUTE_MS);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['attemptsUsed', ['machine', 'hungUp', 'busy']]);
    await quiet(rig);
  });

  it('whose flow has a fault was interrupted: nothing is known of who was on the line', async () => {
    const rig = await start();
    rig.brokenPrompt = 'callback.greeting';
    const callback = await rig.request();
    rig.customer().behaviour = answers(1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(30_000);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['scheduled', ['interrupted']]);
    expect(rig.customer().heard.map(({ media }) => media)).toEqual(['sound:zh-CN/sorry', 'sound:zh-CN/callback.goodbye']);
    expect(rig.leftovers()).toEqual([]);
  });

  it('of many that are due in one moment twenty are begun, then others have their turn', async () => {
    const rig = await start({ agents: Array.from({ length: 50 }, (_, n) => `20${n + 10}`) });
    const [, window] = rig.desk.windows(bank);
    const wanted = window?.period ?? expect.fail('no window');
    // Ten places a window: all without one, held back until they are many.
    rig.mayDial = () => ({ notBefore: wanted.from });
    for (let n = 0; n < 45; n += 1) {
      const number = `+86138000001${n + 10}`;
      rig.customer(number).behaviour = neverAnswers();
      await rig.request({ number });
    }
    await rig.signIn(...Array.from({ length: 50 }, (_, n) => `20${n + 10}`));
    rig.mayDial = () => 'dial';
    await rig.clock.advanceTo(wanted.from - 1);
    const begun: number[] = [];
    // A timer that comes back at once, as everything else does that wants a turn in that moment.
    const look = (): void => {
      begun.push(rig.log.of('callback.due').length);
      if (begun.length < 8) rig.clock.setTimeout(look, 0);
    };
    rig.clock.setTimeout(look, 1);
    await rig.clock.advanceBy(1);
    const steps = begun.map((count, i) => count - (begun[i - 1] ?? 0));
    expect(begun.at(-1)).toBe(45);
    expect(Math.max(...steps)).toBe(20);
  });

  it('dials no more customers than there are agents for', async () => {
    const rig = await start({ agents: ['1001', '1002'] });
    for (let n = 0; n < 5; n += 1) {
      await rig.request({ number: `1380000000${n}` });
      rig.customer(`+861380000000${n}`).behaviour = neverAnswers();
    }
    await rig.signIn('1001', '1002');
    await rig.clock.advanceBy(5_000);
    const ringing = [0, 1, 2, 3, 4].filter((n) => rig.customer(`+861380000000${n}`).isRinging);
    expect(ringing).toEqual([0, 1]);
    await rig.clock.advanceBy(35_000);
    expect([2, 3].filter((n) => rig.customer(`+861380000000${n}`).isRinging)).toEqual([2, 3]);
    rig.distributor.signOut(agentId('1001'));
    rig.distributor.signOut(agentId('1002'));
    await rig.clock.advanceBy(60_000);
    await quiet(rig);
  });

  it('who hangs up while waiting for the agent is called again', async () => {
    const rig = await start();
    const callback = await rig.request();
    rig.agent('1001').behaviour = neverAnswers();
    rig.customer().behaviour = answers(1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(3_000);
    rig.customer().press('1');
    await rig.clock.advanceBy(6_000);
    rig.customer().hangUp();
    await rig.clock.advanceBy(5_000);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['scheduled', ['hungUp']]);
    await quiet(rig);
  });
});
