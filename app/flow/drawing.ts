import type { AnyStateMachine } from 'xstate';
import type { Language } from '../../engine/domain/language.ts';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { flowGraph, type FlowEdge, type FlowGraph, type FlowNode } from '../../engine/flow/flow-graph.ts';
import { globalsOf, isFolded, type IvrMeta } from '../../engine/flow/meta.ts';

export interface DrawingOptions {
  readonly prompts: PromptTexts;
  /** Of the prompts. */
  readonly language: Language;
  /** Also what happens at a fault of ours: the same from every state, so it is left out by default. */
  readonly failures?: boolean;
}

/** A state as a box, or a mark: where a flow starts, where it ends, and `anywhere` for keys that work everywhere. */
export interface DrawnNode {
  readonly id: string;
  readonly kind: 'state' | 'start' | 'end' | 'anywhere';
  /** Path in the flow, `identify/pin` in a sub-flow; empty for a mark. */
  readonly path: string;
  readonly name: string;
  readonly verb: IvrMeta['verb'] | 'state';
  /** The queue, service or calendar; empty when there is none. */
  readonly what: string;
  /** What the caller hears. */
  readonly says: string;
  readonly children: readonly DrawnNode[];
}

/** All ways from one node to another. */
export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly labels: readonly string[];
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** States of every flow that a reader knows to be there, by what shows them. */
const FAULT_STATES = ['fault', 'broken'];
const OVER_STATES = ['over', 'hungUp'];

/** What a picture of a flow shows, without places: its states, those of its sub-flows inside them, and the ways between. */
export function drawingOf(machine: AnyStateMachine, options: DrawingOptions): Drawing {
  const collector = new Collector(options);
  const nodes = collector.add(flowGraph(machine), '', machine);
  return { nodes, edges: collector.edges };
}

class Collector {
  readonly #options: DrawingOptions;
  readonly #edges = new Map<string, { from: string; to: string; labels: string[] }>();

  constructor(options: DrawingOptions) {
    this.#options = options;
  }

  get edges(): readonly DrawnEdge[] {
    return [...this.#edges.values()];
  }

  /** The nodes at the top of a flow. `prefix` stands before the paths of a sub-flow. */
  add(graph: FlowGraph, prefix: string, machine: AnyStateMachine): readonly DrawnNode[] {
    const hidden = new Set([...(this.#options.failures ? [] : FAULT_STATES), ...OVER_STATES]);
    const gone = (path: string): boolean => prefix === '' && hidden.has(path);
    const marks: DrawnNode[] = [];
    const mark = (kind: DrawnNode['kind'], id: string, name = ''): string => {
      if (!marks.some((one) => one.id === id)) marks.push({ id, kind, path: '', name, verb: 'state', what: '', says: '', children: [] });
      return id;
    };
    const children = this.#children(graph, '', prefix, gone);
    const initial = graph.nodes.get('')?.initial;
    if (initial !== undefined) this.#connect(mark('start', `${prefix}:start`), prefix + initial, '');
    for (const edge of graph.edges) {
      if (gone(edge.from) || edge.event === 'call.hangup' || (edge.kind === 'failure' && !this.#options.failures)) continue;
      // A mark beside each state that a key leads to, not one with lines across the whole picture.
      const from = edge.from === '' ? mark('anywhere', `${prefix}:anywhere:${edge.to}`, 'anywhere') : exitOf(graph, prefix, edge);
      if (!gone(edge.to)) this.#connect(from, prefix + edge.to, labelOf(edge, machine, from !== prefix + edge.from));
      // A state that ends the call by its nature needs no arrow to say so.
      else if (OVER_STATES.includes(edge.to) && graph.nodes.get(edge.from)?.meta?.verb !== 'end') this.#connect(from, mark('end', `${from}:over`), edge.label);
    }
    return [...marks.filter(({ kind }) => kind !== 'end'), ...children, ...marks.filter(({ kind }) => kind === 'end')];
  }

  #children(graph: FlowGraph, parent: string, prefix: string, gone: (path: string) => boolean): readonly DrawnNode[] {
    return [...graph.nodes.values()].filter((node) => node.path !== '' && node.parent === parent && !gone(node.path)).map((node) => this.#state(graph, node, prefix, gone));
  }

  #state(graph: FlowGraph, node: FlowNode, prefix: string, gone: (path: string) => boolean): DrawnNode {
    const { path, meta, source, initial } = node;
    const id = prefix + path;
    const subflow = subflowOf(node);
    const nested = this.#children(graph, path, prefix, gone);
    if (initial !== undefined) this.#connect(`${id}:start`, prefix + initial, '');
    const start: DrawnNode[] = initial === undefined ? [] : [{ id: `${id}:start`, kind: 'start', path: '', name: '', verb: 'state', what: '', says: '', children: [] }];
    return {
      id,
      kind: 'state',
      path: id,
      name: source.key,
      verb: meta?.verb ?? (node.type === 'final' ? 'final' : 'state'),
      what: whatOf(node),
      says: this.#says(meta),
      children: subflow ? this.add(flowGraph(subflow), `${id}/`, subflow) : [...start, ...nested],
    };
  }

  /** The prompt of a question is its first; the others apologise. A queue's first welcomes, the others comfort. */
  #says(meta: IvrMeta | undefined): string {
    const { prompts, language } = this.#options;
    const played = meta?.verb === 'menu' || meta?.verb === 'collect' || meta?.verb === 'route' ? meta.prompts.slice(0, 1) : (meta?.prompts ?? []);
    return played
      .flatMap(({ key, languages }) => (languages === 'caller' ? [language] : languages).map((one) => prompts[key]?.[one] ?? key))
      .join(' ');
  }

  #connect(from: string, to: string, label: string): void {
    const key = `${from} → ${to}`;
    const edge = this.#edges.get(key) ?? { from, to, labels: [] };
    if (label !== '' && !edge.labels.includes(label)) edge.labels.push(label);
    this.#edges.set(key, edge);
  }
}

/** The machine of the sub-flow that a state runs, where it is drawn inside. */
function subflowOf({ meta, actors }: FlowNode): AnyStateMachine | undefined {
  const logic = meta?.verb === 'subflow' ? actors[0]?.logic : undefined;
  const machine = logic && 'root' in logic ? (logic as AnyStateMachine) : undefined;
  return machine && !isFolded(machine.root.meta) ? machine : undefined;
}

/** Where a way begins: an exit of a sub-flow is a state of its own inside it. */
function exitOf(graph: FlowGraph, prefix: string, { from, guard }: FlowEdge): string {
  const node = graph.nodes.get(from);
  const exit = typeof guard === 'object' && guard.type === 'exit' ? guard.params['is'] : undefined;
  const inside = node && subflowOf(node);
  return inside && typeof exit === 'string' && exit in inside.states ? `${prefix}${from}/${exit}` : prefix + from;
}

function labelOf(edge: FlowEdge, machine: AnyStateMachine, isInside: boolean): string {
  const global = /^key\.(operator|back)$/.exec(edge.event)?.[1] as 'operator' | 'back' | undefined;
  if (global !== undefined) return `${globalsOf(machine.root.meta)[global] ?? ''} ${global}`.trim();
  // Choices of one kind, `question.fees` and `question.hours`, are one line.
  if (typeof edge.guard === 'object' && edge.guard.type === 'choice') return edge.label.replace(/\..+/, '.…');
  // The exit of a sub-flow that is drawn inside names itself.
  return isInside && typeof edge.guard === 'object' && edge.guard.type === 'exit' ? '' : edge.label;
}

function whatOf({ meta }: FlowNode): string {
  if (meta?.service !== undefined) return `service ${meta.service}`;
  if (meta?.subflow !== undefined) return `sub-flow ${meta.subflow}`;
  if (meta?.calendar !== undefined) return `calendar ${meta.calendar}`;
  if (meta?.into !== undefined) return `${meta.into.variable}, ${meta.into.sensitivity}`;
  return meta?.queues === undefined ? '' : `${meta.queues.length === 1 ? 'queue' : 'queues'} ${meta.queues.join(', ')}`;
}
