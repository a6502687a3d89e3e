import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import bank from '../../flows/bank.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import { VirtualEngine } from './virtual-engine.ts';

const language = learnHotline(bank.intents);

describe('a caller with a question', () => {
  let engine: VirtualEngine;
  let caller: SimulatedCaller;

  beforeEach(async () => {
    engine = await VirtualEngine.start(bank);
    engine.language = language;
    engine.services = async () => ({ outcome: 'none' });
    engine.distributor.signIn(agentId('1001'));
    engine.sim.phone('PJSIP/1001', answers(1_000));
  });

  afterEach(async () => {
    caller.hangUp();
    await engine.clock.settle();
    await engine.clock.advanceBy(60_000);
    expect(engine.leftovers()).toEqual([]);
    expect(engine.complaints.errors).toEqual([]);
  });

  const calls = async (number: '95500' | '95501' = '95501') => {
    caller = engine.sim.call({ number, callerNumber: '13800138000', answeredByDialplan: true });
    if (number === '95500') await caller.pressInto('sound:zh-CN/language.menu', '1');
  };
  const says = (text: string) => engine.speech.say(caller.channelId, text);
  const kept = () => JSON.stringify([engine.log.events, engine.journal.records('session'), engine.journal.records('agent')]);
  const queued = () => engine.log.last('contact.queued');

  it('asks straight away, asks another, says that it did not help, and the agent knows what about', async () => {
    await calls();
    await caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await caller.hears('sound:en/question.fees.answer', { toEnd: true });
    await caller.hears('sound:en/questions.next', { toEnd: true });
    says('my name is John Smith, can I use my card abroad');
    await caller.hears('sound:en/question.abroad.answer', { toEnd: true });
    await caller.hears('sound:en/questions.next', { toEnd: true });
    says('that did not help');
    await caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ queueId: 'personal', wish: { choice: 'question.abroad' }, pii: { text: 'my name is <name>, can I use my card abroad' } });
    expect(queued()?.wish?.confidence).toBeGreaterThan(0.3);
    expect(JSON.stringify(queued()?.steps[0])).toContain('"skill":"cards"');
    expect(kept()).toContain('can I use my card abroad');
    expect(kept()).not.toContain('Smith');
  });

  it('is asked in Chinese what it wants to know, hears the answer again, and is done', async () => {
    await calls('95500');
    await caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('我想咨询一下');
    await caller.hears('sound:zh-CN/questions.ask', { toEnd: true });
    says('周末上班吗');
    await caller.hears('sound:zh-CN/question.hours.answer', { toEnd: true });
    await caller.hears('sound:zh-CN/questions.next', { toEnd: true });
    says('再说一遍');
    await caller.hears('sound:zh-CN/question.hours.answer', { toEnd: true });
    await caller.hears('sound:zh-CN/questions.next', { toEnd: true });
    says('解决了，谢谢');
    await caller.hears('sound:zh-CN/goodbye');
    expect(queued()).toBeUndefined();
  });

  it('who forgot a PIN is handed over at once', async () => {
    await calls('95500');
    await caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('我的卡号是6222020200112233445，取款密码忘记了');
    await caller.hears('sound:zh-CN/question.lostPin.answer');
    await caller.hears('sound:zh-CN/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'question.lostPin' }, pii: { text: '我的卡号是<number>,取款密码忘记了' } });
    expect(kept()).not.toContain('6222');
  });

  it('asks by key where nobody listens, and an agent hears of the question', async () => {
    engine.language = undefined;
    await calls();
    await caller.pressAfterPrompt('sound:en/main.menu', '8');
    await caller.pressAfterPrompt('sound:en/questions.keys', '3');
    await caller.hears('sound:en/question.transferLimit.answer', { toEnd: true });
    await caller.pressAfterPrompt('sound:en/questions.nextKeys', '2');
    await caller.pressAfterPrompt('sound:en/questions.keys', '5');
    await caller.hears('sound:en/question.foreignCurrency.answer', { toEnd: true });
    await caller.pressAfterPrompt('sound:en/questions.nextKeys', '0');
    await caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'question.foreignCurrency' } });
    expect(queued()).not.toHaveProperty('pii');
    expect(queued()?.wish).not.toHaveProperty('confidence');
    expect(JSON.stringify(queued()?.steps[0])).toContain('"skill":"wealth"');
  });

  it('goes on where it was after the engine was killed, and in the queue keeps what it wants', async () => {
    await calls();
    await caller.hears('sound:en/main.ask', { toEnd: true });
    says('can I use my card abroad');
    await caller.hears('sound:en/question.abroad.answer', { toEnd: true });
    await caller.hears('sound:en/questions.next');
    await engine.killAndRestart();
    await caller.hears('sound:en/questions.next', { toEnd: true });
    engine.distributor.signOut(agentId('1001'));
    says('no that does not help me');
    await caller.hears('sound:en/agent.welcome');
    const before = queued();
    expect(before).toMatchObject({ wish: { choice: 'question.abroad' }, pii: { text: 'can I use my card abroad' } });
    await engine.killAndRestart();
    const after = queued();
    expect(after).toMatchObject({ contactId: before?.contactId, wish: before?.wish, pii: before?.pii });
    expect(after).not.toBe(before);
  });

  it('who presses a key for something else is no longer known by what it said', async () => {
    await calls();
    await caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await caller.hears('sound:en/questions.next', { toEnd: true });
    await caller.press('9');
    await caller.hears('sound:en/main.ask', { toEnd: true });
    await caller.press('4');
    await caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'loans' } });
    expect(queued()).not.toHaveProperty('pii');
  });

  it('who was not understood is known by what it said', async () => {
    await calls();
    await caller.hears('sound:en/main.ask', { toEnd: true });
    engine.speech.say(caller.channelId, 'x', { heardAs: [{ text: 'the purple elephant sings at 13800138000', confidence: 0.1 }] });
    await caller.hears('sound:en/common.noMatch', { toEnd: true });
    await caller.hears('sound:en/main.ask', { toEnd: true });
    await caller.press('0');
    await caller.hears('sound:en/agent.welcome');
    expect(queued()?.wish).not.toHaveProperty('choice');
    expect(queued()?.pii).toEqual({ text: 'the purple elephant sings at <number>' });
  });
});
