import type { Language } from '../domain/language.ts';
import { DEFAULT_BANDS, type Bands } from '../navigation/bands.ts';
import { Zone } from '../domain/zone.ts';
import type { SlotName } from '../navigation/slots.ts';
import type { Sensitivity } from '../domain/digits.ts';
import { missedTransitions, transitionTo, type KitTransition, type LooseGoto } from './exits.ts';
import type { LooseContext } from './flow-logic.ts';
import type { Defaults, Tries } from './kit-types.ts';
import type { IvrMeta, PromptMeta } from './meta.ts';
import { languagesFor, promptList, promptMeta, promptRef, type LoosePrompt, type LoosePrompts } from './prompt-use.ts';
import type { CollectInput, GlobalKeys, MenuInput, SayInput, SpokenChoices, VerbName } from './verb.ts';

/** The states in which a caller is spoken to. Each returns a plain XState state config; kit-types.ts types what goes in. */

export type LooseDefaults = Omit<Defaults<Record<string, never>>, 'noInputPrompt' | 'noMatchPrompt' | 'speech'> & {
  readonly noInputPrompt?: string;
  readonly noMatchPrompt?: string;
  readonly speech?: {
    readonly bands?: Partial<Bands>;
    readonly confirm?: { readonly before: string; readonly after: string };
    readonly either?: { readonly before: string; readonly between: string; readonly after: string };
    readonly zone?: string;
    readonly cardTypes?: Readonly<Record<string, readonly string[]>>;
    readonly endSilenceMs?: number;
    readonly maxSpeechMs?: number;
  };
};

export interface StateConfig {
  readonly invoke?: {
    readonly src: string;
    readonly input: (args: { readonly context: LooseContext }) => unknown;
    readonly onDone: readonly KitTransition[];
  };
  readonly on?: Readonly<Record<string, KitTransition>>;
  readonly always?: readonly KitTransition[];
  readonly meta: { readonly ivr: IvrMeta };
}

/** A state that runs `verb` and leaves by `onDone`. */
export function verbState<Input>(
  verb: VerbName,
  input: (context: LooseContext) => Input,
  onDone: readonly KitTransition[],
  meta: Omit<IvrMeta, 'verb'>,
): StateConfig {
  return { invoke: { src: verb, input: ({ context }) => input(context), onDone }, meta: { ivr: { verb, ...meta } } };
}

export interface LooseSay {
  readonly prompt: LoosePrompts;
  readonly languages?: readonly Language[];
  readonly bargeIn?: boolean;
  readonly to: LooseGoto;
}

export function sayState(config: LooseSay, defaults: LooseDefaults): StateConfig {
  const prompts = promptList(config.prompt);
  return verbState(
    'say',
    (context): SayInput => ({
      prompts: prompts.map((prompt) => promptRef(prompt, context)),
      languages: languagesFor(config.languages, context),
      bargeIn: config.bargeIn ?? defaults.bargeIn ?? true,
    }),
    [transitionTo(config.to)],
    { prompts: prompts.map((prompt) => promptMeta(prompt, config.languages)) },
  );
}

interface LooseAsking {
  readonly prompt: LoosePrompt;
  readonly languages?: readonly Language[];
  readonly bargeIn?: boolean;
  readonly firstDigitTimeoutMs?: number;
  readonly interDigitTimeoutMs?: number;
  readonly tries?: Tries;
  readonly noInputPrompt?: string;
  readonly noMatchPrompt?: string;
  readonly otherwise?: LooseGoto;
  readonly noInput?: LooseGoto;
  readonly noMatch?: LooseGoto;
}

function asking(config: LooseAsking, defaults: LooseDefaults, timeoutMs: number) {
  const tries = config.tries ?? defaults.tries ?? 3;
  const noInputPrompt = config.noInputPrompt ?? defaults.noInputPrompt;
  const noMatchPrompt = config.noMatchPrompt ?? defaults.noMatchPrompt;
  const constant = {
    bargeIn: config.bargeIn ?? defaults.bargeIn ?? true,
    firstDigitTimeoutMs: config.firstDigitTimeoutMs ?? timeoutMs,
    interDigitTimeoutMs: config.interDigitTimeoutMs ?? defaults.interDigitTimeoutMs ?? 3_000,
    tries: typeof tries === 'number' ? { noInput: tries, noMatch: tries } : tries,
    ...(noInputPrompt === undefined ? {} : { noInputPrompt: { key: noInputPrompt } }),
    ...(noMatchPrompt === undefined ? {} : { noMatchPrompt: { key: noMatchPrompt } }),
  };
  const prompts: PromptMeta[] = [config.prompt, noInputPrompt, noMatchPrompt].flatMap((prompt) =>
    prompt === undefined ? [] : [promptMeta(prompt, config.languages)],
  );
  return {
    prompts,
    input: (context: LooseContext) => ({
      ...constant,
      prompt: promptRef(config.prompt, context),
      languages: languagesFor(config.languages, context),
    }),
  };
}

interface LooseChoice {
  readonly dtmf?: string;
  readonly intent?: string | readonly string[];
  readonly name?: string;
  readonly bands?: Partial<Bands>;
  readonly winsAt?: number;
  readonly aside?: true;
  readonly keep?: Readonly<Record<string, string>>;
}

export interface LooseMenu extends LooseAsking {
  readonly before?: LoosePrompt;
  readonly choices: Readonly<Record<string, Exclude<LooseGoto, string> & LooseChoice>>;
  readonly speech?: false | { readonly bands?: Partial<Bands> };
  readonly keypadPrompt?: string;
  readonly globals?: false | { readonly operator?: false; readonly back?: false; readonly repeat?: false };
  readonly back?: LooseGoto;
}

const GLOBAL_KEYS = ['operator', 'back', 'repeat'] as const;

export function menuState(config: LooseMenu, defaults: LooseDefaults): StateConfig {
  const { input, prompts } = asking(config, defaults, defaults.menuTimeoutMs ?? 7_000);
  const choices = Object.entries(config.choices);
  const keys = Object.fromEntries(choices.flatMap(([name, { dtmf }]) => (dtmf === undefined ? [] : [[name, dtmf]])));
  const spoken = spokenChoices(config, defaults);
  const { before, keypadPrompt } = config;
  const asked = [keypadPrompt, ...(spoken === undefined ? [] : askedAbout(spoken))].filter((key) => key !== undefined);
  const without = GLOBAL_KEYS.filter((name) => config.globals === false || config.globals?.[name] === false);
  const state = verbState(
    'menu',
    (context): MenuInput => ({
      ...input(context),
      ...(before === undefined ? {} : { before: promptRef(before, context) }),
      choices: keys,
      globals: globalsLeft(context.globals, without, Object.values(keys)),
      ...(keypadPrompt === undefined ? {} : { keypadPrompt: { key: keypadPrompt } }),
      ...(spoken === undefined ? {} : { speech: { ...spoken, globals: globalsLeft(context.spoken, without, Object.values(spoken.intents).flat()) } }),
    }),
    [
      ...choices.map(([name, choice]) => transitionTo(choice, { type: 'choice', params: { is: name } })),
      ...missedTransitions({ noInput: config.noInput, noMatch: config.noMatch }, config.otherwise),
    ],
    {
      prompts: [...(before === undefined ? [] : [promptMeta(before, config.languages)]), ...prompts, ...asked.map((key) => promptMeta(key, config.languages))],
      choices: Object.fromEntries(
        choices.map(([name, { dtmf, intent, to }]) => [name, { to, ...(dtmf === undefined ? {} : { dtmf }), ...(intent === undefined ? {} : { intent }) }]),
      ),
      ...(keypadPrompt === undefined ? {} : { keypad: promptMeta(keypadPrompt, config.languages) }),
      ...(spoken === undefined ? {} : { speech: spoken }),
      ...(without.length > 0 ? { withoutGlobals: without } : {}),
    },
  );
  return config.back === undefined ? state : { ...state, on: { 'key.back': transitionTo(config.back) } };
}

/** What may be said; undefined when no choice has an intent, or the menu does not want it. */
function spokenChoices({ choices, speech }: LooseMenu, defaults: LooseDefaults): Omit<SpokenChoices, 'globals'> | undefined {
  const { speech: speechDefaults = {} } = defaults;
  const spoken = Object.entries(choices).filter(([, { intent }]) => intent !== undefined);
  if (speech === false || spoken.length === 0) return undefined;
  const { confirm, either, bands, zone = 'Asia/Shanghai', cardTypes } = speechDefaults;
  const each = <Value>(of: (choice: LooseChoice) => Value | undefined): Readonly<Record<string, Value>> =>
    Object.fromEntries(spoken.flatMap(([name, choice]) => (of(choice) === undefined ? [] : [[name, of(choice) as Value]])));
  if (Zone.of(zone) === undefined) throw new Error(`There is no time zone '${zone}': defaults.speech.zone is one like Asia/Shanghai.`);
  const keeps = each(({ keep }) => (keep === undefined ? undefined : (Object.values(keep) as SlotName[])));
  return {
    intents: each(({ intent }) => (typeof intent === 'string' ? [intent] : intent)),
    bands: { ...DEFAULT_BANDS, ...bands, ...speech?.bands },
    bandsOf: each((choice) => choice.bands),
    winsAt: each(({ winsAt }) => winsAt),
    asides: spoken.flatMap(([choice, { aside }]) => (aside ? [choice] : [])),
    names: each(({ name }) => (name === undefined ? undefined : { key: name })),
    ...(confirm === undefined ? {} : { confirm: { before: { key: confirm.before }, after: { key: confirm.after } } }),
    ...(either === undefined ? {} : { either: { before: { key: either.before }, between: { key: either.between }, after: { key: either.after } } }),
    ...(Object.keys(keeps).length === 0 ? {} : { slots: { of: keeps, zone, ...(cardTypes === undefined ? {} : { cardTypes }) } }),
    ...speechTimes(defaults),
  };
}

function speechTimes({ speech: { endSilenceMs = 700, maxSpeechMs = 12_000 } = {} }: LooseDefaults): Pick<SpokenChoices, 'endSilenceMs' | 'maxSpeechMs'> {
  return { endSilenceMs, maxSpeechMs };
}

/** The prompts with which a caller is asked about what it said. */
function askedAbout({ names, confirm, either }: Omit<SpokenChoices, 'globals'>): readonly string[] {
  return [...Object.values(names), ...Object.values(confirm ?? {}), ...Object.values(either ?? {})].map(({ key }) => key);
}

/** The global keys of a menu: a choice of its own takes a key from them. */
export function globalsLeft(globals: GlobalKeys, without: readonly string[], taken: readonly string[]): GlobalKeys {
  const left: Partial<Record<keyof GlobalKeys, string>> = {};
  for (const name of GLOBAL_KEYS) {
    const key = globals[name];
    if (key !== undefined && !without.includes(name) && !taken.includes(key)) left[name] = key;
  }
  return left;
}

export interface LooseCollect extends LooseAsking {
  readonly digits: number | { readonly min: number; readonly max: number };
  readonly terminator?: string | false;
  readonly cancelKey?: string | false;
  readonly into: string;
  readonly sensitivity: Sensitivity;
  readonly speech?: boolean;
  readonly to: LooseGoto;
  readonly cancelled?: LooseGoto;
}

export function collectState(config: LooseCollect, defaults: LooseDefaults): StateConfig {
  const { input, prompts } = asking(config, defaults, defaults.collectTimeoutMs ?? 5_000);
  const { min, max } = typeof config.digits === 'number' ? { min: config.digits, max: config.digits } : config.digits;
  const constant = {
    minDigits: min,
    maxDigits: max,
    sensitivity: config.sensitivity,
    ...(config.terminator === false ? {} : { terminator: config.terminator ?? '#' }),
    ...(config.cancelKey === false ? {} : { cancelKey: config.cancelKey ?? '*' }),
    ...(config.speech === true && config.sensitivity !== 'secret' ? { speech: speechTimes(defaults) } : {}),
  };
  return verbState(
    'collect',
    (context): CollectInput => ({ ...input(context), ...constant }),
    [
      transitionTo(config.to, { type: 'outcome', params: { is: 'collected' } }, { keep: { [config.into]: 'digits' } }),
      ...missedTransitions({ cancelled: config.cancelled, noInput: config.noInput, noMatch: config.noMatch }, config.otherwise),
    ],
    { prompts, into: { variable: config.into, sensitivity: config.sensitivity } },
  );
}

