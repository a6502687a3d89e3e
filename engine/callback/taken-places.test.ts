import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../domain/errors.ts';
import { bank, CallbackRig, HOUR_MS } from '../../test/callback/callback-rig.ts';

const PLACES = 10;

/** As many as a pass over all counts. */
function check(rig: CallbackRig): void {
  const open = rig.desk.list().filter(({ kind, ended }) => kind === 'at' && ended === undefined);
  for (const { period, left } of rig.desk.windows(bank)) {
    expect(left).toBe(PLACES - open.filter(({ period: { from } }) => from === period.from).length);
  }
}

describe('the places of a window', () => {
  it('are taken by what is open, whatever becomes of it', async () => {
    const step = fc.record({ what: fc.constantFrom('request', 'request', 'request', 'move', 'cancel', 'pass', 'kill'), a: fc.nat(100), b: fc.nat(100) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const rig = await CallbackRig.start();
        for (const [index, { what, a, b }] of steps.entries()) {
          const windows = rig.desk.windows(bank);
          const wanted = windows[a % Math.max(1, windows.length)]?.period;
          const open = rig.desk.list().filter(({ ended }) => ended === undefined);
          const one = open[b % Math.max(1, open.length)];
          try {
            if (what === 'request') await rig.request({ number: `+86138${10_000_000 + index}`, ...(wanted === undefined ? {} : { wanted }) });
            else if (what === 'move' && one !== undefined) await rig.desk.move(one.callbackId, b % 4 === 0 ? 'soon' : (wanted ?? 'soon'), { by: 'program' });
            else if (what === 'cancel' && one !== undefined) await rig.desk.cancel(one.callbackId, { by: 'program' });
            else if (what === 'pass') await rig.clock.advanceBy((a + 1) * (HOUR_MS / 20));
            else if (what === 'kill') await rig.killAndRestart();
          } catch (error) {
            if (!isStrowgerError(error)) throw error;
          }
          check(rig);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('are given back when a request or a move cannot be kept', async () => {
    const rig = await CallbackRig.start();
    const [first, second] = rig.desk.windows(bank).map(({ period }) => period);
    const kept = await rig.request(first === undefined ? {} : { wanted: first });
    const durable = rig.journal.durable.bind(rig.journal);
    rig.journal.durable = () => Promise.reject(new Error('disk full'));
    await expect(rig.desk.request(rig.wish({ number: '+8613800138001', ...(first === undefined ? {} : { wanted: first }) }))).rejects.toThrow('disk full');
    await expect(rig.desk.move(kept.callbackId, second ?? 'soon', { by: 'program' })).rejects.toThrow('disk full');
    rig.journal.durable = durable;
    check(rig);
    expect(rig.desk.windows(bank)[0]?.left).toBe(PLACES - 1);
  });
});
