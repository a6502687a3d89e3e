import { describe, expect, it } from 'vitest';
import { choose, runFlow, type Script } from '../../test/fakes/scripted-verbs.ts';
import type { PromptText } from '../domain/prompt.ts';
import { answerQuestions } from './answer-questions.ts';
import { checkFlow } from './check.ts';
import { defineIvr } from './kit.ts';
import { questionChoices, questionIntents, questionNames, type Questions } from './questions.ts';

const both = (text: string): PromptText => ({ 'zh-CN': text, en: text });
const questions = {
  fees: { asked: { en: ['what does it cost'] }, name: both('fees'), answer: both('Nothing.'), topic: 'money' },
  hours: { asked: { en: ['when are you open'] }, name: both('hours'), answer: both('Always.') },
  pin: { asked: { en: ['I forgot my PIN'] }, name: both('PINs'), answer: both('Wait.'), topic: 'cards', handOver: true },
} as const satisfies Questions<'money' | 'cards' | 'anything'>;
const prompts = { bye: both('Bye.'), sorry: both('Sorry.'), main: both('Ask!'), mainKeys: both('press 1 按1') } as const;
const texts = {
  ask: both('What?'),
  key: { 'zh-CN': (name: string, key: string) => `${name}按${key}，`, en: (name: string, key: string) => `For ${name}, press ${key}.` },
  otherKeys: both('按0 按星 press 0 press star'),
  next: both('Well?'),
  nextKeys: both('按1 按2 按0 按星 press 1 press 2 press 0 press star'),
};
const says = (text: string) => ({ en: [text] });
const intents = { agent: says('agent'), repeat: says('again'), question: says('a question') };
const reactions = { helped: says('yes'), another: says('another'), noHelp: says('no'), agent: intents.agent, repeat: intents.repeat };

const options = { id: 'faq', questions, otherTopic: 'anything', texts, intents: reactions, prompts, defaults: {}, keys: 2, mostAnswers: 3 } as const;
const answering = answerQuestions<'money' | 'cards' | 'anything', typeof prompts>(options);
const { flow, listen, call, branch, end } = defineIvr({
  prompts: { ...prompts, ...questionNames(questions) },
  intents: { ...intents, ...questionIntents(questions) },
  subflows: { answering },
  vars: () => ({ question: '', topic: 'none', last: '' }),
});
const hotline = flow({
  id: 'sample',
  numbers: ['100'],
  initial: 'main',
  fault: { prompt: 'sorry', to: 'bye' },
  globals: { operator: { to: 'agent' } },
  states: {
    main: listen({
      prompt: 'main',
      keypadPrompt: 'mainKeys',
      choices: { questions: { dtmf: '1', intent: 'question', to: 'questions', set: { question: '' } }, ...questionChoices(questions, 'questions') },
      otherwise: 'bye',
    }),
    questions: call.answering({
      input: { question: 'question' },
      exits: {
        done: 'bye',
        agent: { to: 'agent', keep: { topic: 'topic', last: 'question' } },
        notUnderstood: { to: 'agent', keep: { topic: 'topic', last: 'question' } },
        silent: 'bye',
      },
    }),
    agent: branch({ cases: [], otherwise: 'bye' }),
    bye: end({ prompt: 'bye' }),
  },
});

const run = async (script: Script) => {
  const { path, actor, verbs } = await runFlow(hotline.machine, script);
  const { topic, last } = actor.getSnapshot().context as unknown as { topic: string; last: string };
  return { path: path.map((id) => id.replace(/^questions\//, '')), topic, last, verbs };
};

describe('answerQuestions', () => {
  it('makes a sub-flow without findings', () => {
    expect(checkFlow(hotline.machine, hotline.prompts)).toEqual([]);
  });

  it('answers what was asked straight away, and what is asked next', async () => {
    const { path, topic } = await run({ main: choose('question.fees'), 'questions/fees': choose('question.hours'), 'questions/hours': choose('helped') });
    expect(path).toEqual(['main', 'fees', 'hours', 'bye']);
    expect(topic).toBe('none');
  });

  it('asks first where none was asked, and again for another one', async () => {
    const { path } = await run({ main: choose('questions'), 'questions/ask': [choose('question.hours'), { outcome: 'noInput' }], 'questions/hours': choose('another') });
    expect(path).toEqual(['main', 'ask', 'hours', 'ask', 'bye']);
  });

  it('says an answer again', async () => {
    const { path } = await run({ main: choose('question.fees'), 'questions/fees': [choose('again'), choose('helped')] });
    expect(path).toEqual(['main', 'fees', 'fees', 'bye']);
  });

  it.each<[what: string, topic: string, last: string, script: Script]>([
    ['who says that it did not help', 'money', 'fees', { main: choose('question.fees'), 'questions/fees': choose('agent') }],
    ['with a question that names no topic', 'anything', 'hours', { main: choose('question.hours'), 'questions/hours': choose('agent') }],
    ['who asks for one first', 'anything', '', { main: choose('questions'), 'questions/ask': choose('agent') }],
    ['whom only an agent can help', 'cards', 'pin', { main: choose('question.pin') }],
    ['who is not understood', 'money', 'fees', { main: choose('question.fees'), 'questions/fees': { outcome: 'noMatch' } }],
    ['with the fourth question of three', 'money', 'fees', { main: choose('question.hours'), 'questions/hours': [choose('again'), choose('again'), choose('question.fees')] }],
  ])('hands over a caller %s', async (_what, topic, last, script) => {
    expect(await run(script)).toMatchObject({ topic, last });
  });

  it('gives keys to the first questions only, and takes its leave from who is silent', async () => {
    const { path, verbs } = await run({ main: choose('questions'), 'questions/ask': choose('question.fees'), 'questions/fees': { outcome: 'noInput' } });
    expect(path.at(-1)).toBe('bye');
    expect(verbs.inputs('menu')[1]?.choices).toEqual({ 'question.fees': '1', 'question.hours': '2', agent: '0' });
    expect(hotline.prompts['faq.keys']?.en).toBe('For fees, press 1. For hours, press 2. 按0 按星 press 0 press star');
  });

  it('refuses an id that is one of its states', () => {
    expect(() => answerQuestions({ ...options, questions: { begin: questions.hours } })).toThrow(/'begin' cannot be an id/);
  });
});
