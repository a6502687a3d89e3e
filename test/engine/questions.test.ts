import { beforeEach, describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import bank from '../../flows/bank.ts';
import { SpeakingCaller } from './speaking-caller.ts';

describe('a caller with a question', () => {
  const rig = new SpeakingCaller(bank);
  const { says } = rig;
  const calls = async (number: '95500' | '95501' = '95501') => {
    rig.dials(number);
    if (number === '95500') await rig.caller.pressInto('sound:zh-CN/language.menu', '1');
  };
  const kept = () => JSON.stringify([rig.engine.log.events, rig.engine.journal.records('session'), rig.engine.journal.records('agent')]);
  const queued = () => rig.engine.log.last('contact.queued');

  beforeEach(() => {
    rig.engine.services = async () => ({ outcome: 'none' });
  });

  it('asks straight away, asks another, says that it did not help, and the agent knows what about', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await rig.caller.hears('sound:en/question.fees.answer', { toEnd: true });
    await rig.caller.hears('sound:en/questions.next', { toEnd: true });
    says('my name is John Smith, can I use my card abroad');
    await rig.caller.hears('sound:en/question.abroad.answer', { toEnd: true });
    await rig.caller.hears('sound:en/questions.next', { toEnd: true });
    says('that did not help');
    await rig.caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ queueId: 'personal', wish: { choice: 'question.abroad' }, pii: { text: 'my name is <name>, can I use my card abroad' } });
    expect(queued()?.wish?.confidence).toBeGreaterThan(0.3);
    expect(JSON.stringify(queued()?.steps[0])).toContain('"skill":"cards"');
    expect(kept()).toContain('can I use my card abroad');
    expect(kept()).not.toContain('Smith');
  });

  it('speaks into an answer, and is not asked whether it helped', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await rig.caller.hears('sound:en/question.fees.answer');
    await rig.caller.waits(500);
    says('can I use my card abroad');
    await rig.caller.hears('sound:en/question.abroad.answer');
    await rig.caller.waits(500);
    await rig.caller.press('1');
    await rig.caller.hears('sound:en/goodbye');
    const asked = rig.engine.log.of('prompt.started').flatMap(({ prompts }) => prompts);
    expect(asked).not.toContain('questions.next');
    const answers = rig.engine.log.of('prompt.finished').filter(({ prompts }) => prompts[0]?.endsWith('.answer'));
    expect(answers).toMatchObject([{ interrupted: true }, { interrupted: true }]);
  });

  it('hears an answer from its begin when the engine was killed in it', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await rig.caller.hears('sound:en/question.fees.answer');
    await rig.engine.killAndRestart();
    await rig.caller.hears('sound:en/question.fees.answer', { toEnd: true });
    await rig.caller.hears('sound:en/questions.next', { toEnd: true });
    await rig.caller.press('*');
    await rig.caller.hears('sound:en/question.fees.answer');
  });

  it('is asked in Chinese what it wants to know, hears the answer again, and is done', async () => {
    await calls('95500');
    await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('我想咨询一下');
    await rig.caller.hears('sound:zh-CN/questions.ask', { toEnd: true });
    says('周末上班吗');
    await rig.caller.hears('sound:zh-CN/question.hours.answer', { toEnd: true });
    await rig.caller.hears('sound:zh-CN/questions.next', { toEnd: true });
    says('再说一遍');
    await rig.caller.hears('sound:zh-CN/question.hours.answer', { toEnd: true });
    await rig.caller.hears('sound:zh-CN/questions.next', { toEnd: true });
    says('解决了，谢谢');
    await rig.caller.hears('sound:zh-CN/goodbye');
    expect(queued()).toBeUndefined();
  });

  it('who forgot a PIN is handed over at once', async () => {
    await calls('95500');
    await rig.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
    says('我的卡号是6222020200112233445，取款密码忘记了');
    await rig.caller.hears('sound:zh-CN/question.lostPin.answer');
    await rig.caller.hears('sound:zh-CN/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'question.lostPin' }, pii: { text: '我的卡号是<number>,取款密码忘记了' } });
    expect(kept()).not.toContain('6222');
  });

  it('asks by key where nobody listens, and an agent hears of the question', async () => {
    rig.engine.language = undefined;
    await calls();
    await rig.caller.pressAfterPrompt('sound:en/main.menu', '8');
    await rig.caller.pressAfterPrompt('sound:en/questions.keys', '3');
    await rig.caller.hears('sound:en/question.transferLimit.answer', { toEnd: true });
    await rig.caller.pressAfterPrompt('sound:en/questions.nextKeys', '2');
    await rig.caller.pressAfterPrompt('sound:en/questions.keys', '5');
    await rig.caller.hears('sound:en/question.foreignCurrency.answer', { toEnd: true });
    await rig.caller.pressAfterPrompt('sound:en/questions.nextKeys', '0');
    await rig.caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'question.foreignCurrency' } });
    expect(queued()).not.toHaveProperty('pii');
    expect(queued()?.wish).not.toHaveProperty('confidence');
    expect(JSON.stringify(queued()?.steps[0])).toContain('"skill":"wealth"');
  });

  it('goes on where it was after the engine was killed, and in the queue keeps what it wants', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('can I use my card abroad');
    await rig.caller.hears('sound:en/question.abroad.answer', { toEnd: true });
    await rig.caller.hears('sound:en/questions.next');
    await rig.engine.killAndRestart();
    await rig.caller.hears('sound:en/questions.next', { toEnd: true });
    rig.engine.distributor.signOut(agentId('1001'));
    says('no that does not help me');
    await rig.caller.hears('sound:en/agent.welcome');
    const before = queued();
    expect(before).toMatchObject({ wish: { choice: 'question.abroad' }, pii: { text: 'can I use my card abroad' } });
    await rig.engine.killAndRestart();
    const after = queued();
    expect(after).toMatchObject({ contactId: before?.contactId, wish: before?.wish, pii: before?.pii });
    expect(after).not.toBe(before);
  });

  it('who presses a key for something else is no longer known by what it said', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('what are your fees');
    await rig.caller.hears('sound:en/questions.next', { toEnd: true });
    await rig.caller.press('9');
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    await rig.caller.press('4');
    await rig.caller.hears('sound:en/agent.welcome');
    expect(queued()).toMatchObject({ wish: { choice: 'loans' } });
    expect(queued()).not.toHaveProperty('pii');
  });

  it('who was not understood is known by what it said', async () => {
    await calls();
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    says('x', { heardAs: [{ text: 'the purple elephant sings at 13800138000', confidence: 0.1 }] });
    await rig.caller.hears('sound:en/common.noMatch', { toEnd: true });
    await rig.caller.hears('sound:en/main.ask', { toEnd: true });
    await rig.caller.press('0');
    await rig.caller.hears('sound:en/agent.welcome');
    expect(queued()?.wish).not.toHaveProperty('choice');
    expect(queued()?.pii).toEqual({ text: 'the purple elephant sings at <number>' });
  });
});
