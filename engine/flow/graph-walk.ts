import { leavesEntered, leavesUnder, type FlowEdge, type FlowGraph } from './flow-graph.ts';

/** An edge between innermost states. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly edge: FlowEdge;
}

/** The graph with its hierarchy resolved: an edge of a state is one of each state inside it. */
export function stepsOf(graph: FlowGraph): Step[] {
  return graph.edges.flatMap((edge) =>
    sourcesOf(graph, edge).flatMap((from) => leavesEntered(graph, edge.to).map((to) => ({ from, to, edge }))),
  );
}

function sourcesOf(graph: FlowGraph, edge: FlowEdge): string[] {
  const leaves = leavesUnder(graph, edge.from);
  if (edge.kind === 'nested') return leaves.filter((leaf) => graph.nodes.get(leaf)?.type === 'final');
  return leaves.filter((leaf) => graph.nodes.get(leaf)?.type !== 'final');
}

/** The innermost states that can be reached from the start. */
export function reachable(graph: FlowGraph, steps: readonly Step[]): Set<string> {
  const next = successors(steps);
  const found = new Set(leavesEntered(graph, ''));
  for (const leaf of found) for (const { to } of next.get(leaf) ?? []) found.add(to);
  return found;
}

/** One cycle of `steps` as the states on it, or undefined when there is none. */
export function findCycle(steps: readonly Step[]): readonly string[] | undefined {
  const next = successors(steps);
  const done = new Set<string>();
  const visit = (leaf: string, trail: readonly string[]): readonly string[] | undefined => {
    const seen = trail.indexOf(leaf);
    if (seen >= 0) return trail.slice(seen);
    if (done.has(leaf)) return undefined;
    for (const { to } of next.get(leaf) ?? []) {
      const cycle = visit(to, [...trail, leaf]);
      if (cycle) return cycle;
    }
    done.add(leaf);
    return undefined;
  };
  for (const leaf of next.keys()) {
    const cycle = visit(leaf, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function successors(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const next = new Map<string, Step[]>();
  for (const step of steps) {
    const known = next.get(step.from);
    if (known) known.push(step);
    else next.set(step.from, [step]);
  }
  return next;
}
