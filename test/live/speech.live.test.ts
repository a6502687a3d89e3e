import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Spoken } from '../../app/cli/spoken.ts';
import type { LogLine } from './engine-process.ts';
import { AGENT_HZ, HotlineRig } from './hotline-rig.ts';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';

/** A model of Mandarin is the operator's; tests use one that is no part of the project. */
const models = join(process.env['STROWGER_SPEECH_DATA'] ?? join(import.meta.dirname, '../../../shared/data/speech'), 'zh-tdt_sc_8k');
const mandarin = existsSync(models) ? models : undefined;

let rig: HotlineRig;
let voice: Spoken;
beforeAll(async () => {
  if (mandarin === undefined) console.log('Mandarin is not tried: set STROWGER_SPEECH_DATA to the folder that has the model zh-tdt_sc_8k.');
  rig = await HotlineRig.start([{ kind: 'commands', ...(mandarin === undefined ? {} : { mandarinModel: mandarin }) }]);
  voice = new Spoken(rig.root);
}, 300_000);
afterAll(async () => {
  await voice.close();
  await rig.stop();
});
beforeEach(() => rig.readyAgent());
afterEach(() => rig.cleanUp());

async function toTheQuestion(): Promise<OutgoingCall> {
  const call = await rig.call('95501');
  await rig.engine.prompt('main.ask', 30_000);
  return call;
}

describe('a caller who speaks, on a real Asterisk, to the recogniser without a server', () => {
  it('says a wish into the question, and is connected by what it means', async () => {
    const call = await toTheQuestion();
    await call.media.sendPcm(await voice.sound('I lost my card', 'en'));
    const chosen = await rig.engine.event('menu.chosen', () => true, 20_000);
    expect(chosen).toMatchObject({ prompt: 'main.ask', choice: 'cardLoss', by: 'speech' });
    // The question is cut short: nobody speaks against a prompt.
    expect(rig.engine.lines.findLast(({ event, prompts }) => event === 'prompt.finished' && JSON.stringify(prompts).includes('main.ask'))).toMatchObject({ interrupted: true });
    await rig.engine.event('conversation.started', () => true, 20_000);
    await call.media.hearsTone(AGENT_HZ);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 120_000);

  it('says it in Mandarin, where the operator has a model, and confirms what is not sure', async () => {
    const call = await rig.call('95500');
    await rig.engine.prompt('language.menu');
    await call.media.sendDigits('1');
    await rig.engine.event('menu.chosen', ({ choice }) => choice === 'chinese');
    if (mandarin === undefined) {
      // Whoever cannot be understood is asked for keys.
      await rig.engine.prompt('main.menu', 30_000);
    } else {
      // As callers do: who is not understood and asked again says it again. What share is understood at once, `bench speech` measures.
      const answers = { 'main.ask': '查一下余额', 'speech.didYouMean': '是的' };
      const keysAskedFor = ({ event, prompts }: LogLine): boolean => event === 'prompt.started' && (prompts as string[]).includes('main.menu');
      const questionIn = ({ event, prompts }: LogLine) => Object.entries(answers).find(([key]) => event === 'prompt.started' && (prompts as string[]).includes(key));
      const next = () => rig.engine.next((line) => line.event === 'menu.chosen' || keysAskedFor(line) || questionIn(line) !== undefined, 'a question or a choice', 30_000);
      let line = await next();
      for (let question = questionIn(line); question !== undefined; question = questionIn(line)) {
        await call.media.sendPcm(await voice.sound(question[1], 'zh-CN'));
        line = await next();
      }
      expect(line).toMatchObject({ event: 'menu.chosen', choice: 'balance', by: 'speech' });
    }
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 120_000);

  it('asks a question, hears the answer, and asks for an agent, who is told what about', async () => {
    const call = await toTheQuestion();
    await call.media.sendPcm(await voice.sound('when are you open', 'en'));
    await rig.engine.prompt('question.hours.answer', 20_000);
    await rig.engine.prompt('questions.next', 60_000);
    await new Promise((fulfil) => setTimeout(fulfil, 1_000));
    await call.media.sendPcm(await voice.sound('let me talk to an agent', 'en'));
    const queued = await rig.engine.event('contact.queued', () => true, 30_000);
    expect(queued['wish']).toMatchObject({ choice: 'question.hours' });
    await rig.engine.event('conversation.started', () => true, 20_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 180_000);

  it('may press a key where words are expected', async () => {
    const call = await toTheQuestion();
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account', 20_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 120_000);

  it('is taken up after kill -9 in the middle of a word, asked again, and understood', async () => {
    const call = await toTheQuestion();
    void call.media.sendPcm(await voice.sound('I want to complain about your service', 'en'));
    await new Promise((fulfil) => setTimeout(fulfil, 700));
    await rig.engine.kill();
    await rig.engine.start();
    await rig.engine.prompt('main.ask', 30_000);
    await call.media.sendPcm(await voice.sound('account balance', 'en'));
    await rig.engine.event('menu.chosen', ({ choice }) => choice === 'balance', 20_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 120_000);

  it('that says nothing that is known is asked again, and gets the keys in the end', async () => {
    const call = await toTheQuestion();
    const begin = rig.engine.lines.length;
    const told = (wanted: (line: LogLine) => boolean): number => rig.engine.lines.slice(begin).filter(wanted).length;
    const missed = (why: string): number => told((line) => line.event === 'menu.missed' && line['why'] === why);
    // Now and then it is taken for something, unsurely: who is silent when asked whether that was meant has given no answer, which counts by itself.
    for (let attempt = 1; missed('noMatch') < 3 && missed('noInput') < 3; attempt += 1) {
      await call.media.sendPcm(await voice.sound('the elephants are walking slowly through the garden of my uncle', 'en'));
      await rig.engine.event('menu.missed', undefined, 30_000);
      // On a machine that does too much beside, the recogniser gives up: the keys come sooner then.
      if (told(({ event }) => event === 'speech.failed') > 0) break;
      expect(told(({ event }) => event === 'menu.missed')).toBe(attempt);
    }
    expect(told(({ event }) => event === 'menu.chosen')).toBe(0);
    await rig.engine.prompt('main.menu', 30_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 180_000);
});
