import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import bank from '../../flows/bank.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import type { Saying } from '../../telephony/sim/simulated-speech.ts';
import { VirtualEngine } from './virtual-engine.ts';

const language = learnHotline(bank.intents);

describe('a caller who has said all that there is to say', () => {
  let engine: VirtualEngine;
  let caller: SimulatedCaller;

  beforeEach(async () => {
    engine = await VirtualEngine.start(bank);
    engine.language = language;
    caller = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.hears('sound:zh-CN/main.ask', { toEnd: true });
  });

  afterEach(async () => {
    caller.hangUp();
    await engine.clock.settle();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });

  const says = (text: string, how?: Saying) => engine.speech.say(caller.channelId, text, how);
  const chosenMs = async (limitMs: number): Promise<number | undefined> => {
    for (let ms = 0; ms <= limitMs; ms += 100) {
      if (engine.log.of('menu.chosen').some(({ prompt }) => prompt === 'main.ask')) return ms;
      await caller.waits(100);
    }
    return undefined;
  };

  it('is not kept waiting for the end of its silence', async () => {
    says('余额查询', { durationMs: 700, partials: [{ text: '余额', afterMs: 300 }, { text: '余额查询', afterMs: 700 }] });
    expect(await chosenMs(3_000)).toBeLessThanOrEqual(800);
    expect(engine.log.of('speech.heard')).toHaveLength(1);
    expect(engine.log.last('menu.chosen')).toMatchObject({ choice: 'balance', by: 'speech' });
  });

  it('is heard to the end when what was said begins something longer, or is no phrase', async () => {
    says('查余额', { durationMs: 700, heardAs: [{ text: '我想贷款' }], partials: [{ text: '贷款', afterMs: 100 }, { text: '贷款利率', afterMs: 200 }] });
    expect(await chosenMs(3_000)).toBeGreaterThanOrEqual(1_500);
    expect(engine.log.last('menu.chosen')).toMatchObject({ choice: 'loans' });
  });

  it('is not taken twice when the question comes again', async () => {
    says('你说什么', { durationMs: 5_000, partials: [{ text: '你说什么', afterMs: 700 }] });
    await caller.waits(1_000);
    expect(engine.log.of('speech.heard')).toHaveLength(1);
    await caller.waits(6_000);
    expect(engine.log.of('speech.heard')).toHaveLength(1);
    says('我想贷款');
    expect(await chosenMs(3_000)).toBeDefined();
  });
});
