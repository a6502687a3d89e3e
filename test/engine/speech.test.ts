import { beforeEach, describe, expect, it } from 'vitest';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import bank from '../../flows/bank.ts';
import { SpeakingCaller } from './speaking-caller.ts';
import { VirtualEngine } from './virtual-engine.ts';

describe('a caller who speaks', () => {
  const rig = new SpeakingCaller(bank);
  const { says } = rig;
  const heard = () => rig.engine.log.of('speech.heard').map(({ decision, choice }) => `${decision} ${choice ?? ''}`.trim());

  beforeEach(async () => {
    rig.engine.services = async ({ service }) => (service === 'findCallback' ? { outcome: 'none' } : { balanceCents: 1 });
    await rig.isAskedByTheBank();
  });

  it('is led where it wants to go, and the agent gets what it is about', async () => {
    says('你好，我的银行卡不见了，我要挂失');
    await rig.caller.hears('sound:zh-CN/cardLoss.transfer');
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ prompt: 'main.ask', choice: 'cardLoss', by: 'speech' });
    expect(rig.engine.log.last('contact.queued')).toMatchObject({ queueId: 'cardLoss', priority: 1 });
  });

  it('may speak while the prompt still does', async () => {
    await rig.caller.waits(7_100);
    await rig.caller.hears('sound:zh-CN/common.noInput');
    says('查一下余额');
    await rig.caller.hears('sound:zh-CN/identify.account');
    expect(rig.engine.log.last('prompt.finished')).toMatchObject({ interrupted: true });
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'balance', by: 'speech' });
  });

  it('is heard to its end once it has begun in time; a key pressed meanwhile goes first', async () => {
    await rig.caller.waits(6_900);
    says('嗯我想问一下那个我想贷款', { durationMs: 9_000 });
    await rig.caller.waits(8_000);
    expect(rig.engine.log.of('menu.missed')).toEqual([]);
    await rig.caller.press('3');
    await rig.caller.hears('sound:zh-CN/card.menu');
    await rig.caller.waits(5_000);
    expect(heard()).toEqual([]);
  });

  it('is asked whether it was meant when that is not sure, and may say yes, no, or what it was instead', async () => {
    says('x', { heardAs: [{ text: '我要投诉', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/wish.complaints');
    await rig.caller.hears('sound:zh-CN/speech.yesOrNo');
    says('不是，我想贷款');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'loans', by: 'speech' });
    expect(heard()).toEqual(['confirm complaints', 'accept loans']);
  });

  it('while the connection to the switch is lost is asked again, once: what was understood of it belongs to nobody', async () => {
    const asked = () => rig.engine.log.of('prompt.started').filter(({ prompts }) => prompts.includes('main.ask')).length;
    const before = asked();
    says('x', { heardAs: [] });
    rig.engine.sim.disconnect();
    await rig.engine.clock.advanceBy(100);
    rig.engine.sim.connect();
    await rig.engine.clock.advanceBy(2_500);
    expect(asked()).toBe(before + 1);
    expect(rig.engine.log.of('prompt.started').flatMap(({ prompts }) => prompts)).not.toContain('common.noMatch');
    await rig.caller.press('3');
    await rig.caller.hears('sound:zh-CN/card.menu');
  });

  it('may confirm with a key', async () => {
    says('x', { heardAs: [{ text: '我要投诉', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/speech.yesOrNo');
    await rig.caller.press('1');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'complaints', by: 'speech' });
  });

  it('is not asked about the same again after it has denied it', async () => {
    const unclear = { heardAs: [{ text: '我要投诉', confidence: 0.5 }] };
    says('x', unclear);
    await rig.caller.hears('sound:zh-CN/speech.yesOrNo');
    says('不是');
    await rig.caller.hears('sound:zh-CN/common.noMatch');
    await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('x', unclear);
    await rig.caller.waits(3_000);
    expect(heard()).toEqual(['confirm complaints', 'again']);
  });

  it('is not asked without end about what its answer is mistaken for: after two questions back it counts as not understood, and the keys come in the end', async () => {
    const mistaken = { heardAs: [{ text: '我要投诉', confidence: 0.5 }] };
    says('x', mistaken);
    for (let question = 1; question <= 6; question += 1) {
      await rig.caller.hears('sound:zh-CN/speech.yesOrNo', { toEnd: true });
      says('不是', mistaken);
      if (question % 2 === 1 || question === 6) continue;
      await rig.caller.hears('sound:zh-CN/common.noMatch');
      await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
      says('x', mistaken);
    }
    await rig.caller.hears('sound:zh-CN/main.menu');
    expect(heard()).toEqual([1, 2, 3].flatMap(() => ['confirm complaints', 'confirm complaints', 'again']));
    expect(rig.engine.log.of('menu.missed').map(({ why }) => why)).toEqual(['noMatch', 'noMatch', 'noMatch']);
  });

  it('is asked which of two, and may name it, count it or press it', async () => {
    const two = { heardAs: [{ text: '我想买理财', confidence: 0.52 }, { text: '我想贷款', confidence: 0.4 }] };
    says('x', two);
    await rig.caller.hears('sound:zh-CN/speech.whichOne');
    await rig.caller.hears('sound:zh-CN/wish.loans');
    says('第二个');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'loans' });
    expect(heard()).toEqual(['either']);
  });

  it('with two wishes at once is asked which first; a lost card needs no question', async () => {
    says('我想查一下余额，另外我的卡丢了要挂失');
    await rig.caller.hears('sound:zh-CN/cardLoss.transfer');
    expect(heard()).toEqual(['accept cardLoss']);
  });

  it('gets to an agent by asking for one, and hears the question again by asking for that', async () => {
    says('没听清，请重复');
    await rig.caller.waits(3_000);
    expect(rig.engine.log.of('prompt.started').filter(({ prompts }) => prompts.includes('main.ask'))).toHaveLength(2);
    expect(rig.engine.log.of('menu.missed')).toEqual([]);
    says('转人工');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
  });

  it('who is not understood three times goes on with the keys', async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      says('噪声', { heardAs: [] });
      await rig.caller.hears('sound:zh-CN/common.noMatch', { toEnd: true });
      if (attempt < 3) await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    }
    await rig.caller.hears('sound:zh-CN/main.menu');
    expect(rig.engine.speech.listening).toEqual([]);
    await rig.engine.killAndRestart();
    await rig.caller.hears('sound:zh-CN/main.menu');
    await rig.caller.press('2');
    await rig.caller.hears('sound:zh-CN/identify.account');
  });

  it('goes on with the keys when the recogniser breaks down, also in the middle of a word', async () => {
    says('我想贷款');
    await rig.caller.waits(100);
    rig.engine.speech.breakDown(rig.caller.channelId);
    await rig.caller.hears('sound:zh-CN/common.noMatch');
    await rig.caller.hears('sound:zh-CN/main.menu', { toEnd: true });
    expect(rig.engine.log.last('speech.failed')).toMatchObject({ prompt: 'main.ask', code: 'speech.unreachable' });
    await rig.caller.press('2');
    await rig.caller.hears('sound:zh-CN/identify.account');
  });

  it('hears the keys, and has all its tries, also when the recogniser breaks down in the last one', async () => {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      says('噪声', { heardAs: [] });
      await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    }
    says('我想贷款');
    await rig.caller.waits(100);
    rig.engine.speech.breakDown(rig.caller.channelId);
    await rig.caller.pressAfterPrompt('sound:zh-CN/main.menu', '#');
    await rig.caller.pressAfterPrompt('sound:zh-CN/main.menu', '#');
    await rig.caller.pressAfterPrompt('sound:zh-CN/main.menu', '2');
    await rig.caller.hears('sound:zh-CN/identify.account');
  });

  it('is not answered for by what it mumbles while it types', async () => {
    says('查余额');
    await rig.caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    await rig.caller.press('6');
    await rig.caller.waits(100);
    says('六二二二');
    await rig.caller.waits(200);
    await rig.caller.press('2');
    await rig.caller.hears('sound:zh-CN/identify.noMatch', { toEnd: true });
    await rig.caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    await rig.caller.waits(1_000);
    expect(rig.engine.log.of('menu.missed')).toHaveLength(1);
    expect(rig.engine.log.of('speech.heard').map(({ prompt }) => prompt)).toEqual(['main.ask']);
  });

  it.each(['嗯，不是', '不是投诉'])('denies with %s, and says what it is instead when asked again', async (denial) => {
    says('x', { heardAs: [{ text: '我要投诉', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/speech.yesOrNo');
    says(denial);
    await rig.caller.hears('sound:zh-CN/common.noMatch', { toEnd: true });
    await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('我想贷款');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(rig.engine.log.of('menu.chosen').filter(({ by }) => by === 'speech')).toMatchObject([{ choice: 'loans' }]);
  });

  it('may say that it is neither of two, and what it is', async () => {
    says('x', { heardAs: [{ text: '我想买理财', confidence: 0.52 }, { text: '我想贷款', confidence: 0.4 }] });
    await rig.caller.hears('sound:zh-CN/speech.whichOne');
    says('都不是，我要投诉');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(rig.engine.log.last('menu.chosen')).toMatchObject({ choice: 'complaints' });
  });

  it('is asked again after the engine was killed, and understood', async () => {
    says('我想贷款');
    await rig.caller.waits(200);
    await rig.engine.killAndRestart();
    await rig.caller.hears('sound:zh-CN/main.ask');
    says('我想贷款');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
  });

  it('may say an account, and never a PIN', async () => {
    says('查余额');
    await rig.caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    says('是六二二二 零二零零 二零零一');
    await rig.caller.hears('sound:zh-CN/identify.noMatch', { toEnd: true });
    await rig.caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    says('六二二二零二零二零零一一二二三三四四五');
    await rig.caller.hears('sound:zh-CN/identify.pin');
    expect(rig.engine.speech.listening).toEqual([]);
    expect(rig.engine.log.last('digits.collected')).toMatchObject({ prompt: 'identify.account', count: 19 });
    expect(JSON.stringify(rig.engine.log.events)).not.toMatch(/六二二二|6222/);
  });

  it('types an account where nobody takes down numbers, without being told of a failure', async () => {
    rig.engine.speech.knowsNumbers = false;
    says('查余额');
    await rig.caller.pressAfterPrompt('sound:zh-CN/identify.account', '6222020200112233445#');
    await rig.caller.hears('sound:zh-CN/identify.pin');
    expect(rig.engine.log.of('speech.failed')).toEqual([]);
  });

  it('leaves no number and no name behind', async () => {
    says('我叫王小明，我的卡号是6222020200112233445，我要查余额');
    await rig.caller.hears('sound:zh-CN/identify.account');
    const kept = JSON.stringify([rig.engine.log.events, await rig.engine.journal.load('session')]);
    expect(kept).toContain('identify');
    expect(kept).not.toContain('6222020200112233445');
    expect(kept).not.toContain('王小明');
    expect(rig.engine.log.last('speech.heard')?.pii.text).toBe('我叫<name>,我的卡号是<number>,我要查余额');
  });
});

describe('a hotline where nobody can listen', () => {
  it('asks for keys at once', async () => {
    const engine = await VirtualEngine.start(bank);
    const caller = engine.sim.call({ number: '95501', answeredByDialplan: true });
    await caller.hears('sound:en/main.menu');
    expect(engine.log.of('prompt.started').some(({ prompts }) => prompts.includes('main.ask'))).toBe(false);
    caller.hangUp();
    await engine.clock.settle();
  });

  it('finds out, and says the keys', async () => {
    const engine = await VirtualEngine.start(bank);
    engine.language = learnHotline(bank.intents);
    engine.speech.isDown = true;
    const caller = engine.sim.call({ number: '95501', answeredByDialplan: true });
    await caller.hears('sound:en/main.menu');
    await caller.press('2');
    await caller.hears('sound:en/identify.account');
    caller.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });
});
