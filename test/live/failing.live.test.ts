import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { preciseNowMs } from '../../telephony/phones/rtp-endpoint.ts';
import { HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start([], { flow: { id: 'failing', dir: join(import.meta.dirname, 'failing-flows') } });
}, 300_000);
afterAll(() => rig.stop());
afterEach(() => rig.cleanUp());

describe('a flow that throws', () => {
  it('costs nobody the call: the switch looks after the caller, and nothing stays behind', async () => {
    const call = await rig.call();
    await rig.engine.prompt('failing.menu');
    await call.media.sendDigits('1');
    const ended = await rig.engine.event('call.ended');
    expect(ended).toMatchObject({ termination: { result: 'serverError', reason: 'flowFailed' } });
    expect(await rig.api('GET', '/api/v1/calls')).toMatchObject({ calls: [] });
    // Nothing of the menu is on its way any more.
    await call.media.firstAudio({ minLevelDb: -45, timeoutMs: 5_000, afterMs: preciseNowMs() + 300 });
    expect(call.isOver).toBe(false);
    // To its end, which the dialplan tells by hanging up.
    await call.ended;
  }, 60_000);
});
