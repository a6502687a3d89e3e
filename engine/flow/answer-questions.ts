import type { IntentExamples } from '../domain/intent.ts';
import type { PromptText, PromptTexts } from '../domain/prompt.ts';
import { menuState, sayState, type LooseDefaults, type LooseMenu, type StateConfig } from './dialog-states.ts';
import type { Subflow } from './hotline.ts';
import type { Defaults } from './kit-types.ts';
import { makeSubflow, type KitBase } from './machine.ts';
import { branchState, finalState } from './plain-states.ts';
import { answerOf, intentOf, keypadText, questionChoice, questionIntents, questionNames, type Questions, type QuestionTexts } from './questions.ts';

export interface AnswerQuestionsOptions<Topic extends string, P extends PromptTexts> {
  readonly id: string;
  readonly questions: Questions<Topic>;
  /** What an agent must know for a question that names no topic, or when none was asked. */
  readonly otherTopic: Topic;
  readonly texts: QuestionTexts;
  /** How callers say what they make of an answer; `agent` and `repeat` are those of the flow around, under these names. */
  readonly intents: Readonly<Record<'helped' | 'another' | 'noHelp' | 'agent' | 'repeat', IntentExamples>>;
  /** Prompts that `defaults` names. */
  readonly prompts: P;
  readonly defaults: Defaults<P>;
  /** So many of the first questions can be asked by key. Default 5: more are not kept in mind. */
  readonly keys?: number;
  /** After so many answers the next question goes to an agent. Default 10. */
  readonly mostAnswers?: number;
}

/** `question`: the id of one that was asked already; empty to be asked. */
export interface QuestionsInput {
  readonly question: string;
}

export interface QuestionsExits<Topic extends string> {
  /** The caller has what it wanted, or says nothing any more after an answer. */
  readonly done: Record<never, never>;
  /** The caller wants an agent, or the answer did not help, or only an agent can settle it. `question`: the last one; may be empty. */
  readonly agent: { readonly topic: Topic; readonly question: string };
  readonly notUnderstood: { readonly topic: Topic; readonly question: string };
  /** No question was asked, by voice or key. */
  readonly silent: Record<never, never>;
}

/** States that are not answers: no question may have these ids. */
const RESERVED = ['begin', 'ask', 'done', 'agent', 'notUnderstood', 'silent'];

/**
 * A sub-flow that answers the questions of a file: it listens for one, says the answer, and asks whether that helped. A caller may ask the
 * next question at once, also into the answer, and gets an agent by saying so, by saying that it did not help, and by key. Where nobody listens, the first
 * questions have keys.
 */
export function answerQuestions<Topic extends string, P extends PromptTexts>(options: AnswerQuestionsOptions<Topic, P>): Subflow<QuestionsInput, QuestionsExits<Topic>> {
  const { id, questions, otherTopic, texts, intents, keys = 5, mostAnswers = 10 } = options;
  const defaults = options.defaults as LooseDefaults;
  const ids = Object.keys(questions);
  const taken = ids.find((one) => RESERVED.includes(one) || /[^A-Za-z0-9]/.test(one));
  if (taken !== undefined) throw new Error(`Questions of '${id}': '${taken}' cannot be an id. Take letters and digits, and none of ${RESERVED.join(', ')}.`);
  const prompt = { ask: `${id}.ask`, keys: `${id}.keys`, next: `${id}.next`, nextKeys: `${id}.nextKeys` } as const;
  const intent = { helped: `${id}.helped`, another: `${id}.another`, noHelp: `${id}.noHelp` } as const;
  const answers = Object.fromEntries(Object.entries(questions).map(([one, { answer }]): [string, PromptText] => [answerOf(one), answer]));
  const base: KitBase = {
    prompts: {
      ...options.prompts,
      ...questionNames(questions),
      ...answers,
      [prompt.ask]: texts.ask,
      [prompt.keys]: keypadText(questions, keys, texts),
      [prompt.next]: texts.next,
      [prompt.nextKeys]: texts.nextKeys,
    },
    intents: { ...questionIntents(questions), [intent.helped]: intents.helped, [intent.another]: intents.another, [intent.noHelp]: intents.noHelp, agent: intents.agent, repeat: intents.repeat },
    subflows: {},
    vars: (input) => ({ topic: otherTopic, answers: 0, ...(input as QuestionsInput) }),
  };
  const topicOf = (one: string): Topic => questions[one]?.topic ?? otherTopic;
  const spoken = ids.map((one) => [intentOf(one), { ...questionChoice(one, 'begin'), set: { question: one, topic: topicOf(one) } }] as const);
  const byKey = spoken.map(([name, choice], index) => [name, index < keys ? { ...choice, dtmf: String(index + 1) } : choice] as const);
  // An agent is asked for here, so that the topic goes along; elsewhere the flow's own key means it.
  const agent = { dtmf: '0', intent: ['agent', intent.noHelp], aside: true, to: 'agent' } as const;
  const ask: LooseMenu = {
    prompt: prompt.ask,
    keypadPrompt: prompt.keys,
    globals: { operator: false },
    choices: { ...Object.fromEntries(byKey), agent: { ...agent, intent: 'agent' } },
    noInput: 'silent',
    noMatch: 'notUnderstood',
  };
  const answered = (one: string): LooseMenu => ({
    before: answerOf(one),
    prompt: prompt.next,
    keypadPrompt: prompt.nextKeys,
    globals: { operator: false, repeat: false },
    tries: 2,
    choices: {
      helped: { dtmf: '1', intent: intent.helped, aside: true, to: 'done' },
      // To be asked once more costs little.
      another: { dtmf: '2', intent: intent.another, aside: true, bands: { accept: 0.3 }, to: 'ask' },
      again: { dtmf: '*', intent: 'repeat', aside: true, to: 'begin' },
      agent,
      ...Object.fromEntries(spoken),
    },
    noInput: 'done',
    noMatch: 'notUnderstood',
  });
  const states: Record<string, StateConfig | ReturnType<typeof finalState>> = {
    begin: branchState({
      cases: [
        { variable: 'answers', atLeast: mostAnswers, to: 'agent' },
        ...ids.map((one) => ({ variable: 'question', is: one, to: one, set: { topic: topicOf(one) }, count: 'answers' }) as const),
      ],
      otherwise: 'ask',
    }),
    ask: menuState(ask, defaults),
    ...Object.fromEntries(
      Object.entries(questions).map(([one, { handOver }]) => [one, handOver ? sayState({ prompt: answerOf(one), to: 'agent' }, defaults) : menuState(answered(one), defaults)]),
    ),
    done: finalState('exit'),
    agent: finalState('exit', { topic: 'topic', question: 'question' }),
    notUnderstood: finalState('exit', { topic: 'topic', question: 'question' }),
    silent: finalState('exit'),
  };
  // Types are those of the file, which the helpers of kit.ts cannot see; answer-questions.test.ts holds both sides.
  return makeSubflow(base, { id, folded: true, initial: 'begin', states }) as Subflow<QuestionsInput, QuestionsExits<Topic>>;
}
