import type { AnyStateMachine } from 'xstate';
import { messageOf } from '../domain/errors.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import { checkMenu } from './check-menus.ts';
import { checkPlayed, checkTexts } from './check-prompts.ts';
import { checkExits, checkFailures, checkLoops, checkNames, checkOutcomes, checkReachable, checkSelf } from './check-states.ts';
import { finding, type Finding } from './finding.ts';
import { flowGraph, type FlowNode } from './flow-graph.ts';
import { stepsOf } from './graph-walk.ts';
import { globalsOf } from './meta.ts';
import type { GlobalKeys } from './verb.ts';

/**
 * Looks for what would leave a caller in silence or in a circle, before a call does. Most of it the compiler has refused
 * already when a flow is made with the kit; states written by hand and flows that were built without the compiler are why
 * it is looked at again. `machine` is a whole flow; its sub-flows are checked with it.
 */
export function checkFlow(machine: AnyStateMachine, prompts: PromptTexts): Finding[] {
  const played = new Set<string>();
  const findings = [...checkTexts(machine.id, prompts), ...readable(String(machine.id), () => checkMachine(machine, prompts, { prefix: `${machine.id}.`, around: {}, inner: false, played }))];
  for (const key of Object.keys(prompts)) {
    if (!played.has(key)) findings.push(finding('prompt.unused', machine.id, `No state plays the prompt '${key}'.`, 'Remove its texts.'));
  }
  return findings;
}

interface Place {
  /** What stands before the path of a state. */
  readonly prefix: string;
  /** Global keys of the flow around a sub-flow. */
  readonly around: GlobalKeys;
  readonly inner: boolean;
  readonly played: Set<string>;
}

function* checkMachine(machine: AnyStateMachine, prompts: PromptTexts, place: Place): Generator<Finding> {
  const graph = flowGraph(machine);
  const steps = stepsOf(graph);
  const where = (path: string) => (path === '' ? place.prefix.replace(/[./]$/, '') : place.prefix + path);
  const globals = { ...place.around, ...globalsOf(machine.root.meta) };
  const secrets = new Set([...graph.nodes.values()].flatMap(({ meta }) => (meta?.into?.sensitivity === 'secret' ? [meta.into.variable] : [])));
  yield* checkReachable(graph, steps, where);
  yield* checkLoops(graph, steps, where);
  for (const node of graph.nodes.values()) yield* readable(where(node.path), () => checkNode(node));

  function* checkNode(node: FlowNode): Generator<Finding> {
    yield* checkNames(graph, node, machine, where);
    yield* checkOutcomes(graph, node, where);
    yield* checkExits(graph, node, where);
    yield* checkSelf(node, where);
    if (!place.inner) yield* checkFailures(graph, node, where);
    if (node.meta) {
      for (const { key } of node.meta.prompts) place.played.add(key);
      yield* checkPlayed(where(node.path), node.meta, prompts, secrets);
      if (node.meta.verb === 'menu') yield* checkMenu(where(node.path), node.meta, globals, prompts);
      const exposed = node.meta.verb === 'exit' ? Object.values(node.meta.inputs ?? {}).filter((variable) => secrets.has(variable)) : [];
      for (const variable of exposed) {
        yield finding('secret.exposed', where(node.path), `The exit hands out the secret '${variable}'.`, 'Hand out what the secret proved, not the secret.');
      }
    }
    for (const { logic } of node.actors) {
      if (logic && 'root' in logic) {
        yield* checkMachine(logic as AnyStateMachine, prompts, { ...place, prefix: `${where(node.path)}/`, around: globals, inner: true });
      }
    }
  }
}

/** What is not of the form that the kit makes cannot be looked at: the rest is, and a person is told. */
function* readable(path: string, check: () => Generator<Finding>): Generator<Finding> {
  try {
    yield* check();
  } catch (error) {
    yield finding('state.unreadable', path, `It cannot be read: ${messageOf(error)}`, 'Make it with the kit, and let the compiler look at it.');
  }
}
