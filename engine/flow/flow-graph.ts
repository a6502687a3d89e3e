import type { AnyActorLogic, AnyStateMachine, AnyStateNode } from 'xstate';
import type { TestParams } from './flow-logic.ts';
import { ivrMetaOf, type IvrMeta } from './meta.ts';

/**
 * A statechart as data, read from the machine itself: whatever a state was made with, by the kit or by hand, it looks the
 * same to the checks, to the diagrams and to the explorer. The checks need to look further and may: `source`.
 */

/** How a flow gets from one state to another. `failure` is a fault of ours, `timer` a raw `after`. */
export type EdgeKind = 'outcome' | 'always' | 'event' | 'failure' | 'timer' | 'nested';

/** Whose doing it is: the caller's (a key, a word), or nobody's: it happens to a caller who stays silent. */
export type EdgeCause = 'caller' | 'silence';

export interface FlowEdge {
  /** Unique in its graph. */
  readonly id: string;
  /** Path of a state; '' is the root: from anywhere. */
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly cause: EdgeCause;
  /** For people: `2 balance`, `noInput`, `attempts ≥ 3`. Empty for the only way on. */
  readonly label: string;
  /** The event, in XState's words. Empty for `always`. */
  readonly event: string;
  readonly guard: EdgeGuard;
  /** The variable that grows by one on this way. */
  readonly count?: string;
}

/** `unknown` is a function or a guard that the kit does not have. */
export type EdgeGuard = 'none' | 'unknown' | { readonly type: string; readonly params: Readonly<Record<string, unknown>> };

export interface FlowNode {
  /** Keys from the root, joined by dots. */
  readonly path: string;
  readonly type: AnyStateNode['type'];
  readonly parent: string | undefined;
  /** Path of the child that is entered first. */
  readonly initial: string | undefined;
  readonly meta: IvrMeta | undefined;
  /** What runs while the state is active. */
  readonly actors: readonly { readonly id: string; readonly src: string; readonly logic: AnyActorLogic | undefined }[];
  readonly source: AnyStateNode;
}

export interface FlowGraph {
  readonly id: string;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly edges: readonly FlowEdge[];
}

const pathOf = (node: AnyStateNode) => node.path.join('.');

/** Reads the statechart of a machine; its sub-flows have graphs of their own. */
export function flowGraph(machine: AnyStateMachine): FlowGraph {
  const nodes = new Map<string, FlowNode>();
  const edges: FlowEdge[] = [];
  const visit = (source: AnyStateNode) => {
    const node = flowNode(source, machine);
    nodes.set(node.path, node);
    for (const { event, definition, id } of transitionsOf(source)) edges.push(...edgesOf(node, definition, event, id));
    for (const child of Object.values(source.states as Readonly<Record<string, AnyStateNode>>)) visit(child);
  };
  visit(machine.root as AnyStateNode);
  return { id: machine.id, nodes, edges };
}

function flowNode(source: AnyStateNode, machine: AnyStateMachine): FlowNode {
  // XState throws when it is asked for a first state that does not exist; checkFlow reports it.
  const initial = source.type === 'compound' && !missingInitial(source) ? (source.initial.target?.[0] as AnyStateNode | undefined) : undefined;
  const actors = machine.implementations.actors as Readonly<Record<string, AnyActorLogic>>;
  return {
    path: pathOf(source),
    type: source.type,
    parent: source.parent ? pathOf(source.parent as AnyStateNode) : undefined,
    initial: initial && pathOf(initial),
    meta: ivrMetaOf(source.meta),
    actors: source.invoke.map(({ id, src }) =>
      typeof src === 'string' ? { id, src, logic: actors[src] } : { id, src: '(inline)', logic: src },
    ),
    source,
  };
}

/** What a state calls its first child when there is no such child. */
export function missingInitial(source: AnyStateNode): string | undefined {
  if (source.type !== 'compound') return undefined;
  const { initial } = source.config as { readonly initial?: unknown };
  const name: unknown = typeof initial === 'object' && initial !== null && 'target' in initial ? initial.target : initial;
  return typeof name === 'string' && Object.hasOwn(source.states, name) ? undefined : String(name);
}

/** The transitions of a state with their events ('' for `always`) and ids: `card|xstate.done.actor.card|0`. */
export function transitionsOf(source: AnyStateNode): { readonly event: string; readonly definition: Transition; readonly id: string }[] {
  const listed = [['', source.always ?? []] as const, ...source.transitions];
  return listed.flatMap(([event, definitions]) =>
    (definitions as readonly Transition[]).map((definition, index) => ({ event, definition, id: `${pathOf(source)}|${event}|${index}` })),
  );
}

/** What XState makes of a transition, as far as it is read here. */
export interface Transition {
  readonly target: readonly AnyStateNode[] | undefined;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly reenter: boolean;
}

function edgesOf(from: FlowNode, { target, guard, actions }: Transition, event: string, id: string): FlowEdge[] {
  const kind = kindOf(event);
  const read = edgeGuard(guard);
  const count = countOf(actions);
  const base = { id, from: from.path, kind, event, guard: read, ...(count === undefined ? {} : { count }) };
  const edge = { ...base, cause: causeOf(from, kind, read), label: labelOf(from, kind, event, read) };
  // A transition without a target stays where it is.
  return (target ?? [from.source]).map((to) => ({ ...edge, to: pathOf(to) }));
}

function kindOf(event: string): EdgeKind {
  if (event === '') return 'always';
  if (event.startsWith('xstate.done.actor.')) return 'outcome';
  if (event.startsWith('xstate.error.actor.')) return 'failure';
  if (event.startsWith('xstate.after.')) return 'timer';
  if (event.startsWith('xstate.done.state.')) return 'nested';
  return 'event';
}

const GUARDS = ['choice', 'outcome', 'exit', 'result', 'when'];

function edgeGuard(guard: unknown): EdgeGuard {
  if (guard === undefined) return 'none';
  const { type, params } = guard as { readonly type?: unknown; readonly params?: unknown };
  return typeof guard === 'object' && typeof type === 'string' && GUARDS.includes(type) && typeof params === 'object'
    ? { type, params: params as Readonly<Record<string, unknown>> }
    : 'unknown';
}

function countOf(actions: readonly unknown[]): string | undefined {
  for (const action of actions) {
    const { type, params } = action as { readonly type?: unknown; readonly params?: { readonly count?: unknown } };
    if (type === 'set' && typeof params?.count === 'string') return params.count;
  }
  return undefined;
}

/** Outcomes that only a caller who does something brings about. A wrong key is something, too. */
const CALLERS_OUTCOMES = ['collected', 'cancelled', 'noMatch', 'callback'];

function causeOf(from: FlowNode, kind: EdgeKind, guard: EdgeGuard): EdgeCause {
  if (kind === 'event') return 'caller';
  if (kind !== 'outcome' || typeof guard === 'string') return 'silence';
  if (guard.type === 'choice') return 'caller';
  if (guard.type === 'outcome' && CALLERS_OUTCOMES.includes(String(guard.params['is']))) return 'caller';
  return 'silence';
}

function labelOf(from: FlowNode, kind: EdgeKind, event: string, guard: EdgeGuard): string {
  if (kind === 'failure') return 'fault';
  const name = kind === 'event' ? event : '';
  if (guard === 'unknown') return name || '(computed)';
  if (guard === 'none') return name || (kind === 'always' ? 'otherwise' : restLabel(from));
  const condition = guard.type === 'when' ? testLabel(guard.params as unknown as TestParams) : outcomeLabel(from, guard);
  return name === '' ? condition : `${name}, ${condition}`;
}

/** What is left when the outcomes that have a way of their own are taken away. */
function restLabel({ meta }: FlowNode): string {
  switch (meta?.verb) {
    case 'menu':
    case 'collect':
      return 'otherwise';
    case 'call':
      return 'failed';
    case 'route':
      return 'overflow';
    case 'hours':
      return 'closed';
    default:
      return '';
  }
}

function outcomeLabel(from: FlowNode, guard: Exclude<EdgeGuard, string>): string {
  const is = guard.params['is'];
  if (typeof is !== 'string') return 'ok';
  const key = guard.type === 'choice' ? from.meta?.choices?.[is]?.dtmf : undefined;
  return key === undefined ? is : `${key} ${is}`;
}

export function testLabel(test: TestParams): string {
  if ('is' in test) return test.is === true ? test.variable : test.is === false ? `not ${test.variable}` : `${test.variable} = ${JSON.stringify(test.is)}`;
  return 'atLeast' in test ? `${test.variable} ≥ ${test.atLeast}` : `${test.variable} < ${test.below}`;
}

/** The innermost states that are active once `path` is entered. */
export function leavesEntered({ nodes }: FlowGraph, path: string): string[] {
  const node = nodes.get(path);
  if (!node) return [];
  if (node.initial !== undefined) return leavesEntered({ nodes } as FlowGraph, node.initial);
  if (node.type !== 'parallel') return [path];
  return childrenOf(nodes, path).flatMap((child) => leavesEntered({ nodes } as FlowGraph, child));
}

/** All innermost states under `path`, itself if it is one. */
export function leavesUnder({ nodes }: FlowGraph, path: string): string[] {
  const children = childrenOf(nodes, path);
  return children.length === 0 ? [path] : children.flatMap((child) => leavesUnder({ nodes } as FlowGraph, child));
}

function childrenOf(nodes: FlowGraph['nodes'], path: string): string[] {
  return [...nodes.values()].filter((node) => node.parent === path && node.path !== path).map((node) => node.path);
}
