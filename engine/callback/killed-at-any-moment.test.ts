import { describe, expect, it } from 'vitest';
import { answers, isBusy } from '../../telephony/sim/phone-behaviour.ts';
import { CallbackRig, MINUTE_MS } from '../../test/callback/callback-rig.ts';

/** As long as a slow disk takes: time enough to be killed in. */
const DISK_MS = 400;
const STEP_MS = 50;
/** From the request to the end of the conversation, and a little more. */
const COURSE_MS = 9_000;

/** One callback from the request to its end, with the engine killed at a moment of it. */
async function killedAt(order: 'agentFirst' | 'customerFirst', atMs: number, customer: 'answers' | 'busy'): Promise<CallbackRig> {
  const rig = await CallbackRig.start({ policy: { order, attempts: 3, previewMs: 1_000 } });
  rig.journal.writeLater = (write) => void rig.clock.setTimeout(write, DISK_MS);
  rig.journal.writeDurably = (write) => void rig.clock.setTimeout(write, DISK_MS);
  rig.agent('1001').behaviour = answers(500);
  rig.customer().behaviour = customer === 'busy' ? isBusy(1_000) : answers(1_000, 4_000);
  await rig.signIn('1001');
  const asked = rig.desk.request(rig.wish());
  await Promise.all([asked, rig.clock.advanceBy(DISK_MS)]);
  await rig.clock.advanceBy(atMs);
  await rig.killAndRestart(200);
  // The agent's sign-in may not have been on the disk.
  for (let minute = 0; minute < 150; minute += 1) {
    await rig.signIn('1001');
    await rig.clock.advanceBy(MINUTE_MS);
  }
  return rig;
}

describe.each(['agentFirst', 'customerFirst'] as const)('a callback, %s, whose engine is killed at any moment of it', (order) => {
  it.each(['answers', 'busy'] as const)('rings the customer no more often than the books say, and ends once (the customer %s)', async (customer) => {
    for (let atMs = 0; atMs <= COURSE_MS; atMs += STEP_MS) {
      const rig = await killedAt(order, atMs, customer);
      const told = rig.log.of('callback.dialled').length;
      const attempts = rig.log.of('callback.attempted').length;
      const rung = rig.customer().rings.length;
      const what = { atMs, rungTooOften: rung > told || rung > attempts, tooManyAttempts: attempts > 3, ends: rig.log.of('callback.ended').length, atOnce: rig.customer().mostAtOnce, left: rig.leftovers() };
      expect(what).toEqual({ atMs, rungTooOften: false, tooManyAttempts: false, ends: 1, atOnce: Math.min(rung, 1), left: [] });
      expect(rig.complaints.errors).toEqual([]);
    }
  }, 120_000);
});
