import type { Json } from '../domain/json.ts';
import type { Language } from '../domain/language.ts';
import type { Compute, KitAction, SetParams } from './flow-logic.ts';

/** `Goto` of kit-types.ts as it is at run time: the compiler has checked names and values before. */
export type LooseGoto =
  | string
  | {
      readonly to: string;
      readonly set?: Readonly<Record<string, unknown>>;
      readonly count?: string;
      readonly language?: Language;
      readonly keep?: Readonly<Record<string, string>>;
    };

/** A transition config of XState whose guard and action are names with parameters. */
export interface KitTransition {
  readonly target: string;
  readonly guard?: { readonly type: string; readonly params: Readonly<Record<string, unknown>> };
  readonly actions?: KitAction;
  /** A way from a state to itself starts its verb again. Without this XState stays inside, and nothing runs any more. */
  readonly reenter?: true;
}

export function targetOf(goto: LooseGoto): string {
  return typeof goto === 'string' ? goto : goto.to;
}

/** The transition to `goto`, taken when `guard` holds. `also` is remembered on the way whatever `goto` says. */
export function transitionTo(goto: LooseGoto, guard?: KitTransition['guard'], also: SetParams = {}): KitTransition {
  const params = typeof goto === 'string' ? also : { ...setParams(goto), ...also, keep: { ...goto.keep, ...also.keep } };
  const { keep, ...rest } = params;
  const pruned: SetParams = { ...rest, ...(keep && Object.keys(keep).length > 0 ? { keep } : {}) };
  return {
    target: targetOf(goto),
    reenter: true,
    ...(guard ? { guard } : {}),
    ...(Object.keys(pruned).length > 0 ? { actions: { type: 'set', params: pruned } } : {}),
  };
}

/** The same from the root, where a state is a child, `.queue`. The root itself stays. */
export function transitionFromRoot(goto: LooseGoto, guard?: KitTransition['guard']): KitTransition {
  const { reenter: _, ...transition } = transitionTo(goto, guard);
  return { ...transition, target: `.${transition.target}` };
}

/** The action that gives variables new values: for states written by hand. */
export function setOf(set: Readonly<Record<string, unknown>>): KitAction {
  return { type: 'set', params: setParams({ to: '', set }) };
}

function setParams(goto: Exclude<LooseGoto, string>): SetParams {
  const values: Record<string, Json> = {};
  const computed: Record<string, Compute> = {};
  for (const [variable, value] of Object.entries(goto.set ?? {})) {
    if (typeof value === 'function') computed[variable] = value as Compute;
    else values[variable] = value as Json;
  }
  return {
    ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(Object.keys(computed).length > 0 ? { computed } : {}),
    ...(goto.count === undefined ? {} : { count: goto.count }),
    ...(goto.language === undefined ? {} : { language: goto.language }),
  };
}

export const whenOutcome = (is: string) => ({ type: 'outcome', params: { is } }) as const;

/** Transitions for silence, wrong keys and what else a question may end with; `otherwise` takes the rest and comes last. */
export function missedTransitions(outcomes: Readonly<Record<string, LooseGoto | undefined>>, otherwise: LooseGoto | undefined): KitTransition[] {
  const own = Object.entries(outcomes).flatMap(([outcome, goto]) => (goto === undefined ? [] : [transitionTo(goto, whenOutcome(outcome))]));
  return otherwise === undefined ? own : [...own, transitionTo(otherwise)];
}
