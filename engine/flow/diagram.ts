import type { AnyStateMachine } from 'xstate';
import { flowGraph, type FlowEdge, type FlowGraph, type FlowNode } from './flow-graph.ts';

export interface DiagramOptions {
  /** Also what happens at a fault of ours: the same from every state, so it is left out by default. */
  readonly failures?: boolean;
  /** Also the built-in states and the ways into them. Without it `over` is drawn as the end. */
  readonly builtIn?: boolean;
}

/** States that a reader of a diagram knows to be there. */
const BUILT_IN = ['fault', 'broken', 'hungUp'];
const OVER = 'over';

/**
 * The flow as a Mermaid `stateDiagram-v2`: made from the machine, so it cannot be out of date. Parallel ways between two
 * states are one arrow. Keys that work everywhere are a note.
 */
export function mermaidDiagram(machine: AnyStateMachine, options: DiagramOptions = {}): string {
  const graph = flowGraph(machine);
  const hidden = new Set(options.builtIn ? [] : BUILT_IN.filter((name) => graph.nodes.has(name)));
  if (!options.builtIn && graph.nodes.get(OVER)?.type === 'final') hidden.add(OVER);
  const edges = graph.edges.filter((edge) => shown(edge, options) && (!hidden.has(edge.to) || edge.to === OVER) && !hidden.has(edge.from));
  return [
    'stateDiagram-v2',
    ...statesIn(graph, '', hidden, edges).map((line) => `  ${line}`),
    ...globalNote(graph, options).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function shown({ from, kind }: FlowEdge, { failures = false }: DiagramOptions): boolean {
  return from !== '' && (failures || kind !== 'failure');
}

/** The lines of what stands directly inside a state. */
function statesIn(graph: FlowGraph, parent: string, hidden: ReadonlySet<string>, edges: readonly FlowEdge[]): string[] {
  const children = [...graph.nodes.values()].filter((node) => node.path !== '' && node.parent === parent && !hidden.has(node.path));
  const initial = graph.nodes.get(parent)?.initial;
  const here = new Set(children.map(({ path }) => path));
  return [
    ...children.flatMap((node) => stateLines(graph, node, hidden, edges)),
    ...(initial === undefined ? [] : [`[*] --> ${nameOf(initial)}`]),
    ...arrows(edges.filter(({ from }) => here.has(from)), hidden),
    ...children.flatMap(({ path, type }) => (type === 'final' ? [`${nameOf(path)} --> [*]`] : [])),
  ];
}

function stateLines(graph: FlowGraph, node: FlowNode, hidden: ReadonlySet<string>, edges: readonly FlowEdge[]): string[] {
  const inside = statesIn(graph, node.path, hidden, edges);
  const title = `state "${clean(titleOf(node))}" as ${nameOf(node.path)}`;
  return inside.length === 0 ? [title] : [title, `state ${nameOf(node.path)} {`, ...inside.map((line) => `  ${line}`), '}'];
}

/** What a state is called in a diagram: its name, and what it does unless the name says so. */
export function titleOf({ path, meta, source }: FlowNode): string {
  if (!meta || meta.verb === 'exit' || meta.verb === 'final') return source.key;
  const what = meta.service ?? meta.subflow ?? meta.calendar ?? (meta.queues?.length === 1 ? meta.queues[0] : undefined);
  return what === undefined || what === path ? `${source.key} (${meta.verb})` : `${source.key} (${meta.verb} ${what})`;
}

function arrows(edges: readonly FlowEdge[], hidden: ReadonlySet<string>): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, to, label } of edges) {
    const arrow = `${nameOf(from)} --> ${hidden.has(to) ? '[*]' : nameOf(to)}`;
    const known = labels.get(arrow) ?? [];
    if (label !== '' && !known.includes(label)) known.push(label);
    labels.set(arrow, known);
  }
  return [...labels].map(([arrow, known]) => (known.length === 0 ? arrow : `${arrow} : ${clean(known.join(', '))}`));
}

function globalNote(graph: FlowGraph, options: DiagramOptions): string[] {
  const everywhere = graph.edges.filter(({ from, kind, event }) => from === '' && (kind === 'event' || (options.failures === true && kind === 'failure')) && event !== 'call.hangup');
  const initial = graph.nodes.get('')?.initial;
  if (everywhere.length === 0 || initial === undefined) return [];
  const lines = everywhere.map(({ to, label }) => `  ${clean(label.replace(/^key\./, ''))} → ${to}`);
  return [`note right of ${nameOf(initial)}`, '  from everywhere', ...new Set(lines), 'end note'];
}

/** Mermaid's ids are words; `end` and the like are words of its own. */
const nameOf = (path: string) => `s_${path.replaceAll('.', '__').replace(/[^A-Za-z0-9_]/g, '_')}`;

/** Colons, quotes, semicolons and line ends mean something to Mermaid. */
const clean = (text: string) => text.replaceAll(':', '∶').replaceAll('"', "'").replaceAll(';', ',').replace(/\s+/g, ' ');
