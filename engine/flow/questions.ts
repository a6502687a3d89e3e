import type { IntentExamples } from '../domain/intent.ts';
import { LANGUAGES, type Language } from '../domain/language.ts';
import type { PromptText } from '../domain/prompt.ts';

/** One question that callers ask often, and its answer. */
export interface Question<Topic extends string = string> {
  /** How callers ask it, in their own words; learnt with the flow's other intents. */
  readonly asked: IntentExamples;
  /** What it is about, for "are you calling about …?" and "for …, press 1": `our fees`. */
  readonly name: PromptText;
  readonly answer: PromptText;
  /** What an agent must know when the answer does not help. */
  readonly topic?: Topic;
  /** Only an agent can settle it: the caller is handed over after the answer, without another question. */
  readonly handOver?: true;
}

/** A question-and-answer file: the questions by id, those that are asked most first. Written as `… as const satisfies Questions<Topic>`. */
export type Questions<Topic extends string = string> = Readonly<Record<string, Question<Topic>>>;

export type QuestionIntent<Id extends string> = `question.${Id}`;
type NameOf<Id extends string> = `question.${Id}.name`;
type Ids<A extends Questions> = keyof A & string;

/** Also the name of its choice. */
export const intentOf = <Id extends string>(id: Id): QuestionIntent<Id> => `question.${id}`;
const nameOf = <Id extends string>(id: Id): NameOf<Id> => `question.${id}.name`;
/** The prompt that answers a question. */
export const answerOf = (id: string): string => `question.${id}.answer`;

/** The intents of a question-and-answer file, for the flow that asks an open question. */
export function questionIntents<const A extends Questions>(questions: A): { readonly [Id in Ids<A> as QuestionIntent<Id>]: A[Id]['asked'] } {
  return byId(questions, (id, { asked }) => [intentOf(id), asked]) as ReturnType<typeof questionIntents<A>>;
}

/** What each question is called, as prompts, for the flow that asks an open question. */
export function questionNames<const A extends Questions>(questions: A): { readonly [Id in Ids<A> as NameOf<Id>]: A[Id]['name'] } {
  return byId(questions, (id, { name }) => [nameOf(id), name]) as ReturnType<typeof questionNames<A>>;
}

/** A choice for each question, without a key, for an open question: callers ask straight away, without saying first that they have a question. */
export function questionChoices<const A extends Questions, const T extends string>(
  questions: A,
  to: T,
): {
  readonly [Id in Ids<A> as QuestionIntent<Id>]: {
    readonly intent: QuestionIntent<Id>;
    readonly name: NameOf<Id>;
    readonly to: T;
    readonly set: { readonly question: string };
  };
} {
  return byId(questions, (id) => [intentOf(id), questionChoice(id, to)]) as ReturnType<typeof questionChoices<A, T>>;
}

/** The choice of one question. */
export function questionChoice<const T extends string>(id: string, to: T) {
  return { intent: intentOf(id), name: nameOf(id), to, set: { question: id } } as const;
}

function byId(questions: Questions, entry: (id: string, question: Question) => readonly [string, unknown]): object {
  return Object.fromEntries(Object.entries(questions).map(([id, question]) => entry(id, question)));
}

/** What is said around the answers. */
export interface QuestionTexts {
  /** The open question: "What would you like to know?" */
  readonly ask: PromptText;
  /** "For our fees, press 1." */
  readonly key: Readonly<Record<Language, (name: string, key: string) => string>>;
  /** What else may be pressed at the open question: 0 for an agent. */
  readonly otherKeys: PromptText;
  /** After an answer: "Did that help? Or ask something else, or say agent." */
  readonly next: PromptText;
  /** The same by key: 1 helped, 2 another question, 0 an agent, star to hear the answer again. */
  readonly nextKeys: PromptText;
}

/** The menu of keys: the first questions of the file, and the other keys. */
export function keypadText(questions: Questions, keys: number, { key, otherKeys }: QuestionTexts): PromptText {
  const first = Object.values(questions).slice(0, keys);
  const said = (language: Language): string => [...first.map(({ name }, index) => key[language](name[language], String(index + 1))), otherKeys[language]].join(language === 'en' ? ' ' : '');
  return Object.fromEntries(LANGUAGES.map((language) => [language, said(language)])) as Record<Language, string>;
}
