import type { AnyStateMachine } from 'xstate';
import { finding, type Finding } from './finding.ts';
import { flowGraph, missingInitial, transitionsOf, type FlowEdge, type FlowGraph, type FlowNode } from './flow-graph.ts';
import { flowGuards } from './flow-logic.ts';
import { findCycle, reachable, stepsOf, type Step } from './graph-walk.ts';
import type { VerbName, VerbOutcome } from './verb.ts';

/** Rules about states and the ways between them. `where` makes the path of a finding from the path of a state. */

type Where = (path: string) => string;

/** One outcome of each kind. A verb that gets a new kind of outcome has to be listed here to compile. */
const OUTCOMES: { readonly [N in VerbName]: readonly VerbOutcome<N>[] } = {
  say: [{ outcome: 'said', interrupted: false }],
  menu: [{ outcome: 'noInput' }, { outcome: 'noMatch' }],
  collect: [{ outcome: 'collected', digits: '' }, { outcome: 'cancelled' }, { outcome: 'noInput' }, { outcome: 'noMatch' }],
  call: [{ outcome: 'ok', result: {} }, { outcome: 'failed', code: '' }, { outcome: 'secretLost' }],
  route: [
    { outcome: 'served', agentId: '' },
    { outcome: 'overflow', reason: 'timeout' },
    { outcome: 'callback' },
  ],
  music: [{ outcome: 'done', interrupted: false }],
  wait: [{ outcome: 'done' }],
  hours: [{ outcome: 'open' }, { outcome: 'closed' }, { outcome: 'holiday' }],
  recording: [{ outcome: 'done' }],
  end: [{ outcome: 'ended' }],
};

/** Every way in which what a state runs may end must lead somewhere. */
export function* checkOutcomes(graph: FlowGraph, node: FlowNode, where: Where): Generator<Finding> {
  for (const actor of node.actors) {
    const edges = graph.edges.filter((edge) => edge.event === `xstate.done.actor.${actor.id}`);
    for (const { name, output } of outcomesOf(node, actor)) {
      if (edges.some((edge) => surelyTaken(edge, output))) continue;
      yield finding(
        'outcome.unhandled',
        where(node.path),
        `'${actor.src}' may end with '${name}', and nothing follows.`,
        'Say where the call goes then; `otherwise` takes what has no exit of its own.',
      );
    }
  }
}

/** The ways in which what a state runs may end, one sample each. */
export function outcomesOf(node: FlowNode, { src, logic }: FlowNode['actors'][number]): { readonly name: string; readonly output: unknown }[] {
  if (src in OUTCOMES) {
    const choices = src === 'menu' ? Object.keys(node.meta?.choices ?? {}) : [];
    return [
      ...choices.map((choice) => ({ name: choice, output: { outcome: 'choice', choice } })),
      ...OUTCOMES[src as VerbName].map((output) => ({ name: output.outcome, output })),
    ];
  }
  return exitsOf(logic).map((exit) => ({ name: exit, output: { exit } }));
}

/** Names of the final states of a sub-flow; none for an actor that is no flow. */
export function exitsOf(logic: unknown): string[] {
  const states = (logic as Partial<AnyStateMachine> | undefined)?.root?.states as Readonly<Record<string, { readonly type: string }>> | undefined;
  return Object.entries(states ?? {}).flatMap(([name, { type }]) => (type === 'final' ? [name] : []));
}

function surelyTaken({ guard }: FlowEdge, output: unknown): boolean {
  if (guard === 'none') return true;
  if (guard === 'unknown' || guard.type === 'when') return false;
  const holds = flowGuards[guard.type as Exclude<keyof typeof flowGuards, 'when'>] as (args: object, params: unknown) => boolean;
  return holds({ context: {}, event: { type: '', output } }, guard.params);
}

/** A fault of ours must lead to a person or at least to an end. A sub-flow leaves that to the flow around it. */
export function* checkFailures(graph: FlowGraph, node: FlowNode, where: Where): Generator<Finding> {
  if (node.actors.length === 0) return;
  const handled = graph.edges.some((edge) => edge.kind === 'failure' && isWithin(node.path, edge.from));
  if (!handled) yield finding('failure.unhandled', where(node.path), 'Nothing follows when this state fails.', 'Make the flow with `flow({…})` of the kit, or add `onError`.');
}

const isWithin = (path: string, ancestor: string) => ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);

/** Nothing goes on and no way leads out, or no way leads in. */
export function* checkExits(graph: FlowGraph, node: FlowNode, where: Where): Generator<Finding> {
  const missing = missingInitial(node.source);
  if (missing !== undefined) yield finding('state.initial', where(node.path), `It begins with '${missing}', which does not exist.`, 'Correct `initial`.');
  if (node.type === 'final' && node.parent !== undefined && node.parent !== '') {
    const parent = node.parent;
    const leaves = graph.edges.some((edge) => edge.from === parent && edge.kind === 'nested');
    if (!leaves) yield finding('state.dead-end', where(node.path), `'${parent}' is over here, and nothing follows.`, `Give '${parent}' an onDone.`);
  }
  if (node.type !== 'atomic') return;
  const always = graph.edges.filter((edge) => edge.from === node.path && edge.kind === 'always');
  const runs = [...ancestry(graph, node)].some(({ actors }) => actors.length > 0);
  const beside = [...ancestry(graph, node)].some(({ type }) => type === 'parallel');
  if (runs || beside) return;
  // Events come from verbs: where none runs, none comes.
  if (always.length === 0) {
    yield finding('state.dead-end', where(node.path), 'Nothing runs in this state and no way leads out of it: the caller hears silence.', 'Let it say something, decide something, or end the call.');
  } else if (!always.some(({ guard }) => guard === 'none')) {
    yield finding('state.no-case', where(node.path), 'None of the cases may hold, and then the caller hears silence.', 'Add a last case without a condition (`otherwise`).');
  }
}

function* ancestry(graph: FlowGraph, node: FlowNode): Generator<FlowNode> {
  for (let at: FlowNode | undefined = node; at && at.path !== ''; at = at.parent === undefined ? undefined : graph.nodes.get(at.parent)) yield at;
}

export function* checkReachable(graph: FlowGraph, steps: readonly Step[], where: Where): Generator<Finding> {
  const found = reachable(graph, steps);
  for (const { path, type } of graph.nodes.values()) {
    if (path === '' || type === 'history' || [...found].some((leaf) => isWithin(leaf, path))) continue;
    yield finding('state.unreachable', where(path), 'No way leads here.', 'Remove it, or lead a choice to it.');
  }
}

/** A way to itself that does not leave the state: what the state runs is over by then, and stays over. */
export function* checkSelf(node: FlowNode, where: Where): Generator<Finding> {
  const ended = node.actors.map(({ id }) => `xstate.done.actor.${id}`);
  const still = transitionsOf(node.source).some(({ event, definition: { target, reenter } }) => ended.includes(event) && !reenter && (!target || target.includes(node.source)));
  if (still) yield finding('state.not-again', where(node.path), 'A way leads back here without starting the state again.', 'Add `reenter: true`; the helpers of the kit do.');
}

/** Names that XState does not look up before they are needed. */
export function* checkNames(graph: FlowGraph, node: FlowNode, machine: AnyStateMachine, where: Where): Generator<Finding> {
  const { actors, guards, actions } = machine.implementations as Readonly<Record<'actors' | 'guards' | 'actions', Readonly<Record<string, unknown>>>>;
  for (const { src, logic } of node.actors) {
    if (logic === undefined) yield finding('actor.unknown', where(node.path), `There is no '${src}' to invoke.`, `The flow has: ${Object.keys(actors).sort().join(', ')}.`);
  }
  const { source } = node;
  const transitions = transitionsOf(source).map(({ definition }) => definition);
  for (const { guard } of transitions) {
    const name = nameOf(guard);
    if (typeof guard === 'function') {
      yield finding('guard.inline', where(node.path), 'A guard is written as a function.', 'Use `branch`, or a guard of the kit with parameters.');
    } else if (name !== undefined && !(name in guards)) {
      yield finding('guard.unknown', where(node.path), `There is no guard '${name}'.`, `The kit has: ${Object.keys(guards).sort().join(', ')}.`);
    }
  }
  for (const action of [...source.entry, ...source.exit, ...transitions.flatMap((transition) => transition.actions)]) {
    const name = nameOf(action);
    if (name !== undefined && typeof action !== 'function' && !(name in actions)) {
      yield finding('action.unknown', where(node.path), `There is no action '${name}'.`, `The kit has: ${Object.keys(actions).sort().join(', ')}.`);
    }
  }
  if (Object.keys((source.config.after as object | undefined) ?? {}).length > 0) {
    yield finding('timer.raw', where(node.path), 'The state uses `after`.', 'Use `wait`, or the time limit of a verb: they survive a restart.');
  }
}

/** The name by which a guard or action is referred to; undefined for one that carries itself. */
function nameOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference;
  const type = (reference as { readonly type?: unknown } | undefined)?.type;
  return typeof reference === 'object' && typeof type === 'string' ? type : undefined;
}

/** A caller who does nothing must come to an end. A loop is bounded when each round counts and something asks how often. */
export function* checkLoops(graph: FlowGraph, steps: readonly Step[], where: Where): Generator<Finding> {
  const asked = new Set(
    graph.edges.flatMap(({ guard }) => (typeof guard === 'object' && guard.type === 'when' && !('is' in guard.params) ? [guard.params['variable']] : [])),
  );
  const unattended = steps.filter(({ edge }) => edge.cause === 'silence' && !(edge.count !== undefined && asked.has(edge.count)) && !needsCaller(graph, edge));
  const cycle = findCycle(unattended);
  if (!cycle) return;
  const round = [...cycle, cycle[0] ?? ''].join(' → ');
  yield finding('loop.unattended', where(cycle[0] ?? ''), `A caller who does nothing goes round for ever: ${round}.`, 'Let each round `count` and a `branch` ask how often, or lead silence elsewhere.');
}

/** An exit of a sub-flow that a silent caller does not come to. */
function needsCaller(graph: FlowGraph, { from, event, guard }: FlowEdge): boolean {
  if (typeof guard !== 'object' || guard.type !== 'exit') return false;
  const actor = graph.nodes.get(from)?.actors.find(({ id }) => event === `xstate.done.actor.${id}`);
  const root = (actor?.logic as Partial<AnyStateMachine> | undefined)?.root;
  return root !== undefined && !silentExits(actor?.logic as AnyStateMachine).has(String(guard.params['is']));
}

function silentExits(machine: AnyStateMachine): Set<string> {
  const graph = flowGraph(machine);
  return reachable(graph, stepsWithoutCaller(graph));
}

const stepsWithoutCaller = (graph: FlowGraph) => stepsOf(graph).filter(({ edge }) => edge.cause === 'silence' && !needsCaller(graph, edge));
