import { answerQuestions } from '../engine/flow/answer-questions.ts';
import { answers } from './bank.answers.ts';
import { defaults } from './bank-defaults.ts';
import { intents } from './bank.intents.ts';
import { prompts } from './bank.prompts.ts';
import { intents as reactions } from './parts/questions.intents.ts';
import { texts } from './parts/questions.texts.ts';

/** Answers what callers of the bank ask often; all that is said stands in bank.answers.ts. */
export const bankQuestions = answerQuestions({
  id: 'questions',
  questions: answers,
  otherTopic: 'accounts',
  texts,
  intents: { ...reactions, agent: intents.agent, repeat: intents.repeat },
  prompts,
  defaults,
});
