import { createActor, type AnyActor, type AnyStateMachine, type AnyStateNode, type InspectionEvent, type Snapshot } from 'xstate';
import { outcomesOf } from './check-states.ts';
import { flowGraph, transitionsOf, type FlowEdge, type FlowGraph, type FlowNode } from './flow-graph.ts';
import { attachVerbHost } from './verb-logic.ts';
import type { VerbHost } from './verb.ts';

/** What came of walking through a flow in every way that a call may go. */
export interface Exploration {
  /** Situations seen: a state, with the variables that some decision asks for. */
  readonly situations: number;
  /** Ways that were taken, each with the events of the shortest call that takes it. */
  readonly taken: ReadonlyMap<string, readonly string[]>;
  /** Ways that no call takes: a decision that never falls so, or a guard that never holds. */
  readonly untaken: readonly FlowEdge[];
}

/** Verbs whose outcome the explorer decides. */
const host: VerbHost = { run: () => new Promise(() => undefined) };

/** More situations than any flow of people's making has; a variable that grows without end would go on for ever. */
const MOST_SITUATIONS = 20_000;

/**
 * Walks through one flow (its sub-flows are walked through on their own) breadth first, with each input, and lets each verb
 * end in each way it may, fail, and be left by the global keys and by hanging up.
 */
export function exploreFlow(machine: AnyStateMachine, inputs: readonly unknown[]): Exploration {
  const graph = flowGraph(machine);
  const asked = new Set(graph.edges.flatMap(({ guard }) => (typeof guard === 'object' && guard.type === 'when' ? [String(guard.params['variable'])] : [])));
  const seen = new Set<string>();
  const taken = new Map<string, readonly string[]>();
  const queue: { readonly snapshot: Snapshot<unknown>; readonly trail: readonly string[] }[] = [];
  const visit = (actor: AnyActor, steps: ReadonlySet<string>, trail: readonly string[]) => {
    for (const id of steps) if (!taken.has(id)) taken.set(id, trail);
    const { value, context, status } = actor.getSnapshot() as { readonly value: unknown; readonly context: Readonly<Record<string, unknown>>; readonly status: string };
    const key = JSON.stringify([value, [...asked].map((variable) => context[variable])]);
    if (status === 'active' && !seen.has(key) && seen.size < MOST_SITUATIONS) queue.push({ snapshot: actor.getPersistedSnapshot(), trail });
    seen.add(key);
    actor.stop();
  };
  for (const input of inputs) {
    const { actor, steps } = start(machine, { input });
    visit(actor, steps, []);
  }
  for (let at = queue.shift(); at; at = queue.shift()) {
    for (const { name, event } of eventsAt(graph, at.snapshot)) {
      const { actor, steps } = start(machine, { snapshot: at.snapshot });
      steps.clear();
      actor.send(event);
      visit(actor, steps, [...at.trail, name]);
    }
  }
  return { situations: seen.size, taken, untaken: graph.edges.filter(({ id }) => !taken.has(id)) };
}

/** A running flow, and the ids of the transitions that it takes. */
function start(machine: AnyStateMachine, options: { readonly input?: unknown; readonly snapshot?: Snapshot<unknown> }) {
  const steps = new Set<string>();
  const inspect = (inspection: InspectionEvent) => note(inspection, machine, steps);
  const actor = createActor(machine, { ...options, inspect } as never) as AnyActor;
  attachVerbHost(actor.system, host);
  // A sub-flow has no answer to a fault: it ends with it, and the flow around it goes on.
  actor.subscribe({ error: () => undefined });
  actor.start();
  return { actor, steps };
}

function note(inspection: InspectionEvent, machine: AnyStateMachine, steps: Set<string>): void {
  if (inspection.type !== '@xstate.microstep') return;
  for (const transition of inspection._transitions) {
    const source = transition.source as AnyStateNode;
    const found = source.machine === machine && transitionsOf(source).find(({ definition }) => definition === (transition as unknown));
    if (found) steps.add(found.id);
  }
}

interface NamedEvent {
  readonly name: string;
  readonly event: { readonly type: string; readonly [field: string]: unknown };
}

/** All that may happen next. */
function eventsAt(graph: FlowGraph, snapshot: Snapshot<unknown>): NamedEvent[] {
  const { children } = snapshot as unknown as { readonly children: Readonly<Record<string, unknown>> };
  const running = [...graph.nodes.values()].filter(({ actors }) => actors.some(({ id }) => id in children));
  return [
    ...running.flatMap((node) => node.actors.flatMap((actor) => [...endings(graph, node, actor), { name: `${node.path}: fault`, event: { type: `xstate.error.actor.${actor.id}`, error: new Error('explored') } }])),
    ...['key.operator', 'key.back', 'call.hangup'].map((type) => ({ name: type, event: { type } })),
  ];
}

function endings(graph: FlowGraph, node: FlowNode, actor: FlowNode['actors'][number]): NamedEvent[] {
  const type = `xstate.done.actor.${actor.id}`;
  const outputs = [...outcomesOf(node, actor), ...answers(graph, type)];
  return outputs.map(({ name, output }) => ({ name: `${node.path}: ${name}`, event: { type, output } }));
}

/** Answers of a service that the flow waits for: its own outcomes, with the fields that are kept. */
function answers(graph: FlowGraph, event: string): { readonly name: string; readonly output: unknown }[] {
  return graph.edges.flatMap(({ event: on, guard }) => {
    if (on !== event || typeof guard !== 'object' || guard.type !== 'result') return [];
    const { is, has } = guard.params as { readonly is?: string; readonly has: readonly string[] };
    const result = { ...Object.fromEntries(has.map((field) => [field, 0])), ...(is === undefined ? {} : { outcome: is }) };
    return [{ name: is ?? 'ok', output: { outcome: 'ok', result } }];
  });
}
