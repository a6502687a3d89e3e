import type { AnyStateMachine } from 'xstate';
import { globalsLeft } from './dialog-states.ts';
import { flowGraph } from './flow-graph.ts';
import { spokenGlobalsOf } from './meta.ts';
import type { SpokenChoices } from './verb.ts';

/** A menu of a flow that may be answered by speaking. */
export interface SpokenMenu {
  /** The path of its state. */
  readonly path: string;
  readonly speech: SpokenChoices;
}

/** Those of a flow itself, not of its sub-flows; the ones with the most intents first. */
export function spokenMenus(machine: AnyStateMachine): readonly SpokenMenu[] {
  const spoken = spokenGlobalsOf(machine.root.meta);
  const menus = [...flowGraph(machine).nodes.values()].flatMap(({ path, meta }) => {
    if (meta?.speech === undefined) return [];
    const taken = Object.values(meta.speech.intents).flat();
    return [{ path, speech: { ...meta.speech, globals: globalsLeft(spoken, meta.withoutGlobals ?? [], taken) } }];
  });
  return menus.sort((a, b) => countIntents(b) - countIntents(a));
}

const countIntents = ({ speech }: SpokenMenu): number => Object.values(speech.intents).flat().length;
