import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { AudioTap } from '../../engine/ports/call-audio.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { randomIds } from '../../integrations/runtime/random-ids.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { AsteriskRig } from '../../test/contract/asterisk-rig.ts';
import { EventRecorder } from '../../test/contract/event-recorder.ts';
import { CallEar } from '../../test/rigs/call-ear.ts';
import { until } from '../ari/testing/until.ts';
import { tonePower } from '../phones/tone.ts';
import { TappedCallAudio } from './tapped-call-audio.ts';


const TAPS = 20;
const WINDOW_MS = 8_000;

describe(`${TAPS} calls heard at once`, () => {
  let rig: AsteriskRig;
  beforeAll(async () => {
    rig = await AsteriskRig.start('ws');
    await rig.connect();
  }, 240_000);
  afterAll(() => rig.close());

  /** CPU of the switch and of this process (in which the callers run too), as a share of one core. */
  const cpuShares = async () => {
    const [startedAt, pbx, own] = [performance.now(), rig.pbx.cpuMs(), process.cpuUsage()];
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
    const tookMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(own);
    return { asterisk: (rig.pbx.cpuMs() - pbx) / tookMs, node: (user + system) / 1_000 / tookMs };
  };

  it('are all heard whole, and leave nothing behind', { timeout: 240_000 }, async () => {
    const events = new EventRecorder(rig.events, (probe, what) => until(probe, what, 60_000));
    const audio = new TappedCallAudio({ lines: () => rig.node.taps, ids: randomIds(), clock: systemClock, log: silentLogger });
    const ids = await Promise.all(
      Array.from({ length: TAPS }, async (_, i) => {
        const callerNumber = `137${String(i).padStart(8, '0')}`;
        await rig.inboundCall({ callerNumber, callerName: 'Wang', dialled: '95588' });
        const { channel } = await events.entered(callerNumber);
        await rig.node.answer(channel.id);
        return channel.id;
      }),
    );
    const alone: number[] = [];
    for (let again = 0; again < 5; again += 1) {
      const startedAt = performance.now();
      const tap = await audio.open(rig.node.nodeId, ids[0] as ChannelId, new CallEar());
      alone.push(performance.now() - startedAt);
      await tap.close();
    }
    const before = await cpuShares();
    const ears = ids.map(() => new CallEar());
    const openingMs: number[] = [];
    const taps: AudioTap[] = await Promise.all(
      ids.map(async (id, i) => {
        const startedAt = performance.now();
        const tap = await audio.open(rig.node.nodeId, id, ears[i] as CallEar);
        openingMs.push(performance.now() - startedAt);
        return tap;
      }),
    );
    await Promise.all(ears.map((ear) => ear.hears(500, 60_000)));
    for (const ear of ears) ear.forget();
    const during = await cpuShares();
    const heardMs = ears.map((ear) => ear.heardMs);
    openingMs.sort((a, b) => a - b);
    const percent = (share: number) => `${((100 * share) / TAPS).toFixed(2)} %`;
    console.log(
      `one tap opened in ${alone.map((ms) => ms.toFixed(0)).join(', ')} ms; ${TAPS} taps opened at once in ${openingMs[0]?.toFixed(0)} to ${openingMs.at(-1)?.toFixed(0)} ms; heard ${Math.min(...heardMs)} to ${Math.max(...heardMs)} ms of ${WINDOW_MS};\n` +
        `CPU of one core a tap: Asterisk ${percent(during.asterisk - before.asterisk)} (a call without one ${percent(before.asterisk)}), node ${percent(during.node - before.node)}`,
    );
    for (const ear of ears) expect(tonePower(ear.all(), 700)).toBeGreaterThan(0.9);
    const closing = performance.now();
    await Promise.all(taps.map((tap) => tap.close()));
    console.log(`closed in ${(performance.now() - closing).toFixed(0)} ms`);
    expect(await rig.pbx.channelCount()).toBe(TAPS);
    await until(() => (rig.node.taps.size === 0 ? true : undefined), 'no lines');
    await Promise.all(ids.map((id) => rig.node.hangup(id)));
    await Promise.all(ids.map((id) => events.next('channel.gone', id)));
    expect(await rig.pbx.channelCount()).toBe(0);
  });
});
