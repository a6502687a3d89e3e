import { beforeEach, describe, expect, it } from 'vitest';
import bank from '../../flows/bank.ts';
import { SpeakingCaller } from './speaking-caller.ts';

describe('a caller who has said all that there is to say', () => {
  const rig = new SpeakingCaller(bank);
  const { says } = rig;
  const chosenMs = async (limitMs: number): Promise<number | undefined> => {
    for (let ms = 0; ms <= limitMs; ms += 100) {
      if (rig.engine.log.of('menu.chosen').some(({ prompt }) => prompt === 'main.ask')) return ms;
      await rig.caller.waits(100);
    }
    return undefined;
  };

  beforeEach(() => rig.isAskedByTheBank());

  it('is not kept waiting for the end of its silence', async () => {
    says('余额查询', { durationMs: 700, partials: [{ text: '余额', afterMs: 300 }, { text: '余额查询', afterMs: 700 }] });
    expect(await chosenMs(3_000)).toBeLessThanOrEqual(800);
    expect(rig.engine.log.of('speech.heard')).toHaveLength(1);
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'balance', by: 'speech' });
  });

  it('is heard to the end when what was said begins something longer, or is no phrase', async () => {
    says('查余额', { durationMs: 700, heardAs: [{ text: '我想贷款' }], partials: [{ text: '贷款', afterMs: 100 }, { text: '贷款利率', afterMs: 200 }] });
    expect(await chosenMs(3_000)).toBeGreaterThanOrEqual(1_500);
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'loans' });
  });

  it('is not taken twice when the question comes again', async () => {
    says('你说什么', { durationMs: 5_000, partials: [{ text: '你说什么', afterMs: 700 }] });
    await rig.caller.waits(1_000);
    expect(rig.engine.log.of('speech.heard')).toHaveLength(1);
    await rig.caller.waits(6_000);
    expect(rig.engine.log.of('speech.heard')).toHaveLength(1);
    says('我想贷款');
    expect(await chosenMs(3_000)).toBeDefined();
  });
});
