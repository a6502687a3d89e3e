import type { Language } from '../domain/language.ts';
import type { FlowRecording } from '../domain/recording.ts';
import { transitionTo, whenOutcome, type KitTransition, type LooseGoto } from './exits.ts';
import type { LooseContext, TestParams } from './flow-logic.ts';
import { verbState, type LooseDefaults, type StateConfig } from './dialog-states.ts';
import type { IvrMeta } from './meta.ts';
import { languagesFor, promptList, promptMeta, promptRef, type LoosePrompts } from './prompt-use.ts';
import type { EndInput, HoursInput, MusicInput, RecordingInput, WaitInput } from './verb.ts';

/** The states that ask the caller nothing. */

export interface LooseHours {
  readonly calendar: string;
  readonly open: LooseGoto;
  readonly closed: LooseGoto;
  readonly holiday?: LooseGoto;
}

export function hoursState(config: LooseHours): StateConfig {
  return verbState(
    'hours',
    (): HoursInput => ({ calendar: config.calendar }),
    [
      transitionTo(config.open, whenOutcome('open')),
      ...(config.holiday === undefined ? [] : [transitionTo(config.holiday, whenOutcome('holiday'))]),
      transitionTo(config.closed),
    ],
    { prompts: [], calendar: config.calendar },
  );
}

export interface LooseMusic {
  readonly forMs: number;
  readonly musicClass?: string;
  readonly bargeIn?: boolean;
  readonly to: LooseGoto;
}

export function musicState(config: LooseMusic, defaults: LooseDefaults): StateConfig {
  const input: MusicInput = {
    forMs: config.forMs,
    bargeIn: config.bargeIn ?? defaults.bargeIn ?? true,
    ...(config.musicClass === undefined ? {} : { musicClass: config.musicClass }),
  };
  return verbState('music', () => input, [transitionTo(config.to)], {
    prompts: [],
    ...(config.musicClass === undefined ? {} : { music: config.musicClass }),
  });
}

export function waitState(config: { readonly forMs: number; readonly to: LooseGoto }): StateConfig {
  return verbState('wait', (): WaitInput => ({ forMs: config.forMs }), [transitionTo(config.to)], { prompts: [] });
}

export function recordingState(config: { readonly what: FlowRecording; readonly to: LooseGoto }): StateConfig {
  return verbState('recording', (): RecordingInput => ({ what: config.what }), [transitionTo(config.to)], { prompts: [], recording: config.what });
}

export function endState(config: { readonly prompt?: LoosePrompts; readonly languages?: readonly Language[] } = {}): StateConfig {
  const prompts = promptList(config.prompt);
  return verbState(
    'end',
    (context): EndInput => ({
      prompts: prompts.map((prompt) => promptRef(prompt, context)),
      languages: languagesFor(config.languages, context),
    }),
    [transitionTo('over')],
    { prompts: prompts.map((prompt) => promptMeta(prompt, config.languages)) },
  );
}

export interface LooseBranch {
  readonly cases: readonly (TestParams & Exclude<LooseGoto, string>)[];
  readonly otherwise: LooseGoto;
}

export function branchState(config: LooseBranch): StateConfig {
  const always: KitTransition[] = config.cases.map((one) => transitionTo(one, { type: 'when', params: testParams(one) }));
  return { always: [...always, transitionTo(config.otherwise)], meta: { ivr: { verb: 'branch', prompts: [] } } };
}

function testParams(test: TestParams): TestParams {
  const { variable } = test;
  if ('is' in test) return { variable, is: test.is };
  return 'atLeast' in test ? { variable, atLeast: test.atLeast } : { variable, below: test.below };
}

/** A final state. What it hands back is the output of its machine; `name` is put in when the machine is made. */
export interface FinalConfig {
  readonly type: 'final';
  readonly meta: { readonly ivr: IvrMeta };
  readonly output: (args: { readonly context: LooseContext }) => { readonly language: Language; readonly result: Readonly<Record<string, unknown>> };
}

export function finalState(verb: 'exit' | 'final', result: Readonly<Record<string, string>> = {}): FinalConfig {
  return {
    type: 'final',
    meta: { ivr: { verb, prompts: [], ...(Object.keys(result).length > 0 ? { inputs: result } : {}) } },
    output: ({ context }) => ({
      language: context.language,
      result: Object.fromEntries(Object.entries(result).map(([field, variable]) => [field, context[variable]])),
    }),
  };
}
