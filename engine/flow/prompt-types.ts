import type { PromptTexts, PromptValue } from '../domain/prompt.ts';
import type { VariableOf } from './variables.ts';

/** How the value of each kind looks in a flow's variables (engine/domain/prompt.ts says what is made of it). */
interface ValueOfKind {
  money: number;
  digits: string;
  number: number;
  date: number;
  time: number;
  minutes: number;
  people: number;
}

/** The slots of a text as an object type: `'您有{n:number}条'` → `{ n: number }`. An unknown kind can take no value. */
type SlotsOf<Text extends string> = Text extends `${string}{${infer Name}:${infer Kind}}${infer Rest}`
  ? { [N in Name]: Kind extends keyof ValueOfKind ? ValueOfKind[Kind] : never } & SlotsOf<Rest>
  : unknown;

/** The values that a prompt needs, from its texts in all languages. */
type ValuesOf<Text> = SlotsOf<Text[keyof Text] & string>;

/** Where the values of a prompt come from: a variable by its name, or a function of all variables. */
export type ValueSources<Slots, Context> = {
  readonly [N in keyof Slots]: VariableOf<Context, Slots[N]> | ((context: Context) => Slots[N] & PromptValue);
};

/** Keys of prompts that need no value. */
export type PlainPrompt<Prompts> = {
  [K in keyof Prompts & string]: unknown extends ValuesOf<Prompts[K]> ? K : never;
}[keyof Prompts & string];

/** A prompt as a flow names it: its key, with the sources of its values if it has any. */
export type PromptUse<Prompts extends PromptTexts, Context> = {
  [K in keyof Prompts & string]: unknown extends ValuesOf<Prompts[K]>
    ? K
    : { readonly key: K; readonly values: ValueSources<ValuesOf<Prompts[K]>, Context> };
}[keyof Prompts & string];

/** Keys of prompts that take exactly these values. */
export type PromptTaking<Prompts extends PromptTexts, Values> = {
  [K in keyof Prompts & string]: [ValuesOf<Prompts[K]>, Values] extends [Values, ValuesOf<Prompts[K]>] ? K : never;
}[keyof Prompts & string];
