import { createActor } from 'xstate';
import type { FlowMachine } from '../../engine/flow/hotline.ts';
import type { FlowInput } from '../../engine/flow/kit-types.ts';
import { attachVerbHost } from '../../engine/flow/verb-logic.ts';
import type { FlowEvent, VerbHost, VerbInput, VerbName, VerbOutcome, VerbRun } from '../../engine/flow/verb.ts';

/** What a scripted verb does: brings an outcome, tells the flow something, fails, or goes on for ever. */
export type Answer =
  | { readonly outcome: string; readonly [field: string]: unknown }
  | { readonly tell: FlowEvent }
  | { readonly fail: string }
  | 'pending';

/** Answers by the id of the verb's run (its state's path, `identify/pin` in a sub-flow); a list is one answer a visit. */
export type Script = Readonly<Record<string, Answer | readonly Answer[]>>;
/** An answer to each run as it comes. */
export type Answering = (run: VerbRun) => Answer;

const MOST_RUNS = 500;

/** What the script need not say. A verb that waits for the caller has no default: it stays. */
const DEFAULTS: Partial<Record<VerbName, Answer>> = {
  say: { outcome: 'said', interrupted: false },
  hours: { outcome: 'open' },
  music: { outcome: 'done', interrupted: false },
  wait: { outcome: 'done' },
  recording: { outcome: 'done' },
  end: { outcome: 'ended' },
};

export const choose = (choice: string): Answer => ({ outcome: 'choice', choice });
export const collected = (digits: string): Answer => ({ outcome: 'collected', digits });
export const ok = (result: unknown): Answer => ({ outcome: 'ok', result });
export const failed = (code = 'service.timeout'): Answer => ({ outcome: 'failed', code });

/** Verbs that answer by script, in no time. */
export class ScriptedVerbs implements VerbHost {
  readonly runs: VerbRun[] = [];
  readonly #visits = new Map<string, number>();
  readonly #script: Script | Answering;

  constructor(script: Script | Answering) {
    this.#script = script;
  }

  run<N extends VerbName>(run: VerbRun<N>): Promise<VerbOutcome<N>> {
    this.runs.push(run);
    // A flow that goes round for ever would never let the test go on.
    if (this.runs.length > MOST_RUNS) return new Promise(() => undefined);
    const answer = typeof this.#script === 'function' ? this.#script(run) : this.#scripted(run, this.#script);
    if (answer === 'pending') return new Promise(() => undefined);
    if ('fail' in answer) return Promise.reject(new Error(String(answer.fail)));
    if ('tell' in answer) {
      return new Promise(() => queueMicrotask(() => run.tell(answer.tell as FlowEvent)));
    }
    return Promise.resolve(answer as unknown as VerbOutcome<N>);
  }

  /** The inputs of all runs of one verb, in order. */
  inputs<N extends VerbName>(verb: N): VerbInput<N>[] {
    return this.runs.filter((run) => run.verb === verb).map((run) => run.input as VerbInput<N>);
  }

  /** The keys of everything that was played. */
  prompts(): string[] {
    return this.runs.flatMap(({ input }) => {
      if ('prompts' in input) return input.prompts.map(({ key }) => key);
      if ('prompt' in input) return [input.prompt.key];
      return 'welcome' in input && input.welcome ? [input.welcome.key] : [];
    });
  }

  #scripted(run: VerbRun<VerbName>, script: Script): Answer {
    const scripted = script[run.id];
    if (scripted === undefined) return DEFAULTS[run.verb] ?? 'pending';
    if (!Array.isArray(scripted)) return scripted as Answer;
    const answers = scripted as readonly Answer[];
    const visit = this.#visits.get(run.id) ?? 0;
    this.#visits.set(run.id, visit + 1);
    return answers[Math.min(visit, answers.length - 1)] ?? 'pending';
  }
}

export interface FlowRun {
  readonly verbs: ScriptedVerbs;
  readonly actor: ReturnType<typeof createActor<FlowMachine>>;
  /** Ids of the verbs that ran, in order. */
  readonly path: readonly string[];
  /** The root flow's states, in order, without repetition. */
  readonly states: readonly string[];
}

export const CALLER: FlowInput = { language: 'zh-CN', dialled: '100', callerNumber: '13800000000' };

/** Runs a flow by a script until it ends or waits. `snapshot` is a persisted one: as after a restart. */
export async function runFlow(machine: FlowMachine, script: Script | Answering, input: Partial<FlowInput> = {}, snapshot?: unknown): Promise<FlowRun> {
  const verbs = new ScriptedVerbs(script);
  const actor = createActor(machine, {
    input: { ...CALLER, ...input },
    ...(snapshot === undefined ? {} : { snapshot: snapshot as ReturnType<FlowMachine['getInitialSnapshot']> }),
  });
  attachVerbHost(actor.system, verbs);
  const states: string[] = [];
  const note = (value: unknown) => {
    const state = typeof value === 'string' ? value : JSON.stringify(value);
    if (states.at(-1) !== state) states.push(state);
  };
  actor.subscribe({ next: ({ value }) => note(value), error: (error) => states.push(`error: ${String(error)}`) });
  actor.start();
  note(actor.getSnapshot().value);
  for (let runs = -1, turns = 0; turns < 500 && runs !== verbs.runs.length; turns++) {
    runs = verbs.runs.length;
    await settled();
    if (actor.getSnapshot().status !== 'active') break;
  }
  return { verbs, actor, path: verbs.runs.map(({ id }) => id), states };
}

/** When everything that promises have set off has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
