import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { HotlineRig } from './hotline-rig.ts';

const CALLS = 4;

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start([], { settings: { limits: { calls: CALLS, perCaller: { calls: 50 } } }, answerInDialplan: false });
}, 300_000);
afterAll(() => rig.stop());
afterEach(async () => {
  await rig.cleanUp();
  await level(0);
}, 60_000);

interface State {
  readonly level: number;
  readonly calls: number;
  readonly trunks: readonly { readonly trunk: string; readonly calls: number }[];
  readonly refused: { readonly callLimit: number };
}
const state = () => rig.api('GET', '/api/v1/admission') as Promise<State>;
/** Levels are left after 5, 10 and 15 s. */
const level = (wanted: number) => expect.poll(async () => (await state()).level, { timeout: 25_000, interval: 100 }).toBe(wanted);
const dial = (number = '95500') => rig.caller.dial({ number, callerNumber: '13800138000' });

/** As many calls as may be; the first is in the main menu. */
async function fill(): Promise<readonly OutgoingCall[]> {
  const first = await rig.call();
  await rig.toMainMenu(first);
  const others: OutgoingCall[] = [];
  while (others.length < CALLS - 1) {
    others.push(await rig.call());
    await rig.engine.prompt('language.menu');
  }
  return [first, ...others];
}

describe('an engine that is to become empty', () => {
  const drain = (body: { readonly draining: boolean; readonly switch?: string }) => rig.api('POST', '/api/v1/engine/drain', body);
  const shown = () => rig.api('GET', '/api/v1/engine/drain') as Promise<{ readonly draining: boolean; readonly calls: number; readonly switches: readonly { readonly nodeId: string }[] }>;
  const refused = async (): Promise<void> => expect(await (await dial()).ended).toMatchObject({ how: 'rejected', status: 503 });

  it('refuses new calls with 503 and says that it is not ready, while who is in goes on; and takes calls again when told so', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await drain({ draining: true });
    await refused();
    expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(503);
    expect(await shown()).toMatchObject({ draining: true, calls: 1 });
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu');
    await call.hangUp();
    await expect.poll(async () => (await shown()).calls, { timeout: 10_000 }).toBe(0);
    await drain({ draining: false });
    expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(200);
    await rig.call();
    await rig.engine.prompt('language.menu');
  }, 120_000);

  it('refuses those of a switch after a restart, too, until it is undone', async () => {
    const [one] = (await shown()).switches;
    await drain({ draining: true, switch: one?.nodeId ?? '' });
    await refused();
    await rig.engine.kill();
    await rig.engine.start();
    // The gate is told when the switch is connected, at most half a second later; until then the engine itself refuses.
    await refused();
    await drain({ draining: false, switch: one?.nodeId ?? '' });
    await rig.call();
    await rig.engine.prompt('language.menu');
  }, 120_000);
});

describe('more calls than there is room for', () => {
  it('are refused with 503, first by us and then by the switch itself, while those who are in go on', async () => {
    const [first, second] = await fill();
    const refused = await (await dial()).ended;
    expect(refused).toMatchObject({ how: 'rejected', status: 503 });
    await level(3);
    expect(await rig.pbx.cli('dialplan show globals')).toMatch(/STROWGER_REFUSE_UNTIL=[1-9]/);
    const { refused: before, trunks } = await state();
    expect(trunks.reduce((sum, { calls }) => sum + calls, 0)).toBe(CALLS);
    expect(trunks[0]?.trunk).toMatch(/^[A-Za-z][\w.-]*$/);
    expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(503);

    // A flood at the gate: the engine is not even told.
    const flood = await Promise.all(Array.from({ length: 60 }, async () => (await dial()).ended));
    expect(new Set(flood.map(({ how, status }) => `${how} ${status}`))).toEqual(new Set(['rejected 503']));
    expect((await state()).refused.callLimit).toBe(before.callLimit);
    await first?.media.sendDigits('3');
    await rig.engine.prompt('card.menu');

    await second?.hangUp();
    await level(0);
    const next = await rig.call();
    await rig.engine.prompt('language.menu');
    expect(next.isOver).toBe(false);
    expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(200);
  }, 120_000);

  it('meet the fallback, not a refusal, once the engine that refused them is dead; and the calls of before are taken up', async () => {
    const calls = await fill();
    await level(3);
    await rig.engine.kill();
    // Renewed at most half a second before its death, the gate opens five seconds after that; the switch counts whole seconds.
    await expect.poll(async () => {
      const call = await dial();
      const how = await Promise.race([call.answered.then(() => 'answered' as const), call.ended.then(({ status }) => status)]).catch(() => 'refused' as const);
      await call.hangUp();
      return how;
    }, { timeout: 10_000, interval: 500 }).toBe('answered');
    await rig.engine.start();
    for (const call of calls) expect(call.isOver).toBe(false);
    await expect.poll(async () => (await state()).calls, { timeout: 10_000 }).toBe(CALLS);
    expect((await (await dial()).ended).status).toBe(503);
  }, 120_000);
});
