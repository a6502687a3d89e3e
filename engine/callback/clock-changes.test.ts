import { describe, expect, it } from 'vitest';
import { answers, isBusy, neverAnswers } from '../../telephony/sim/phone-behaviour.ts';
import { bank, CallbackRig, HOUR_MS, MINUTE_MS, type CallbackRigOptions } from '../../test/callback/callback-rig.ts';

async function ready(options: CallbackRigOptions = {}): Promise<CallbackRig> {
  const rig = await CallbackRig.start(options);
  rig.agent('1001').behaviour = answers(100);
  rig.customer().behaviour = answers(100, 1_000);
  await rig.signIn('1001');
  return rig;
}

const secondWindow = (rig: CallbackRig): { readonly from: number; readonly to: number } => rig.desk.windows(bank)[1]?.period ?? expect.fail('no window');

describe('the clock is set back', () => {
  it('and who is to be tried again after five minutes is, an hour later or not', async () => {
    const rig = await ready();
    rig.customer().behaviour = isBusy();
    const callback = await rig.request();
    await rig.clock.advanceBy(2_000);
    expect(rig.outcomes(callback)).toEqual(['busy']);
    rig.clock.set(-HOUR_MS);
    rig.customer().behaviour = answers(100, 1_000);
    // It may take the placer a minute to notice.
    await rig.clock.advanceBy(6 * MINUTE_MS + 10_000);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['reached', ['busy', 'answered']]);
  });

  it('while the engine is down, and it is all the same', async () => {
    const rig = await ready();
    rig.customer().behaviour = isBusy();
    const callback = await rig.request();
    await rig.clock.advanceBy(10_000);
    await rig.killAndRestart(1_000, -HOUR_MS);
    rig.customer().behaviour = answers(100, 1_000);
    await rig.clock.advanceBy(7 * MINUTE_MS);
    expect(rig.state(callback)).toBe('reached');
  });

  it('and a promised window stays what it is', async () => {
    const rig = await ready();
    const wanted = secondWindow(rig);
    const callback = await rig.request({ wanted });
    await rig.clock.advanceTo(wanted.from - MINUTE_MS);
    rig.clock.set(-30 * MINUTE_MS);
    await rig.clock.advanceTo(wanted.from - 1);
    expect([rig.state(callback), rig.customer().rings]).toEqual(['scheduled', []]);
    await rig.clock.advanceBy(MINUTE_MS);
    expect(rig.state(callback)).toBe('reached');
    expect(rig.customer().rings[0]?.at).toBeGreaterThanOrEqual(wanted.from);
  });

  it.each(['agentFirst', 'customerFirst'] as const)('in the moment in which the disk takes the attempt (%s): nobody is rung before the window', async (order) => {
    const rig = await ready({ policy: { order } });
    rig.journal.writeDurably = (write) => void rig.clock.setTimeout(write, 400);
    const requested = rig.request({ wanted: secondWindow(rig) });
    await rig.clock.advanceBy(500);
    const callback = await requested;
    const { from, to } = callback.period;
    await rig.clock.advanceTo(from);
    while (rig.log.of('callback.dialled').length === 0) await rig.clock.advanceBy(10);
    rig.clock.set(-10 * MINUTE_MS);
    await rig.clock.advanceTo(from - 1);
    expect([rig.customer().rings, rig.outcomes(callback)]).toEqual([[], ['interrupted']]);
    await rig.clock.advanceTo(to);
    expect(rig.customer().rings.every(({ at }) => at >= from)).toBe(true);
    expect(rig.customer().rings.length).toBeGreaterThan(0);
  });

  it('during an attempt: the next is not before the window that comes again', async () => {
    // Rings on when it is noticed that the clock was set.
    const rig = await ready({ policy: { ringMs: 3 * MINUTE_MS } });
    rig.customer().behaviour = neverAnswers();
    const wanted = secondWindow(rig);
    const callback = await rig.request({ wanted });
    await rig.clock.advanceTo(wanted.from + 3_000);
    expect(rig.customer().isRinging).toBe(true);
    rig.clock.set(-HOUR_MS);
    await rig.clock.advanceTo(wanted.from - 1);
    expect([rig.customer().rings.length, rig.outcomes(callback)]).toEqual([1, ['noAnswer']]);
    await rig.clock.advanceBy(10_000);
    expect(rig.customer().rings).toHaveLength(2);
  });

  it('and who was first in the queue stays first', async () => {
    const rig = await CallbackRig.start();
    rig.agent('1001').behaviour = answers(100);
    const [early, late] = ['+8613800000001', '+8613800000002'];
    for (const number of [early, late]) rig.customer(number).behaviour = answers(100, 1_000);
    rig.mayDial = () => ({ notBefore: rig.clock.now() + MINUTE_MS });
    const first = await rig.request({ number: early });
    await rig.clock.advanceBy(MINUTE_MS);
    rig.clock.set(-HOUR_MS);
    await rig.clock.advanceBy(MINUTE_MS);
    await rig.request({ number: late });
    rig.mayDial = () => 'dial';
    await rig.clock.advanceBy(3 * MINUTE_MS);
    await rig.signIn('1001');
    await rig.clock.advanceBy(MINUTE_MS);
    expect(rig.log.of('callback.ended').map(({ callbackId, how }) => [callbackId === first.callbackId, how])).toEqual([
      [true, 'reached'],
      [false, 'reached'],
    ]);
  });
});

describe('the clock is set forward', () => {
  it('within the window: it is placed', async () => {
    const rig = await ready();
    const wanted = secondWindow(rig);
    const callback = await rig.request({ wanted });
    rig.clock.set(wanted.from + 10 * MINUTE_MS - rig.clock.now());
    await rig.clock.advanceBy(61_000);
    expect(rig.state(callback)).toBe('reached');
  });

  it('past the window: nobody is rung, unless being late is allowed', async () => {
    for (const lateMs of [0, 30 * MINUTE_MS]) {
      const rig = await ready({ policy: { lateMs } });
      const wanted = secondWindow(rig);
      const callback = await rig.request({ wanted });
      rig.clock.set(wanted.to + MINUTE_MS - rig.clock.now());
      await rig.clock.advanceBy(61_000);
      expect([rig.state(callback), rig.customer().rings.length]).toEqual(lateMs === 0 ? ['expired', 0] : ['reached', 1]);
    }
  });

  it('while a phone rings: it rings its time', async () => {
    const rig = await ready();
    rig.customer().behaviour = neverAnswers();
    const callback = await rig.request();
    await rig.clock.advanceBy(2_000);
    rig.clock.set(2 * MINUTE_MS);
    await rig.clock.advanceBy(20_000);
    expect([rig.state(callback), rig.customer().isRinging]).toEqual(['dialling', true]);
    await rig.clock.advanceBy(11_000);
    expect(rig.outcomes(callback)).toEqual(['noAnswer']);
  });
});
