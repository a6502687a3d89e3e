import { steadyState } from '../../engine/simulation/erlang.ts';
import { estimateOf, type Estimate } from '../../engine/simulation/estimate.ts';
import type { AgentGroup, SimulationModel } from '../../engine/simulation/model.ts';
import { simulate } from '../../engine/simulation/simulation.ts';
import { agents, exponential, model, poissonType, QUEUE, UNIT_MS } from './markov-models.ts';

// "A staffing algorithm for call centers with skill-based routing", Wallace and Whitt 2005: two skills an agent give nearly all that
// six give. Six types of calls, 90 agents, 30 places to wait, mean service 10 min.
const TYPES = 6;
const AGENTS = 90;
const PLACES = 30;
const MEAN_SERVICE = 10;
const TARGET = 0.5;

export const POOLING_LOADS: readonly number[] = [77.4, 84, 90];
export const POOLING_SKILLS: readonly number[] = [1, 2, 3, 6];
/** What the second skill must bring of what six skills bring. */
export const LEAST_RECOVERY = 0.85;

export interface PoolingRow {
  readonly load: number;
  /** Skills an agent; 'pool' is the exact value when everybody can do everything and no order is kept. */
  readonly skills: number | 'pool';
  readonly blocked: Estimate;
  /** In minutes, of those who are let in. */
  readonly wait: Estimate;
  readonly inTarget: Estimate;
}

export interface Recovery {
  readonly load: number;
  /** (wait with one skill - wait with two) / (wait with one - wait with six). */
  readonly recovery: number;
  readonly ok: boolean;
}

const BATCHES = 40;

export function poolingRow(load: number, skills: number, calls: number, seed: number): PoolingRow {
  const batchMs = ((calls / BATCHES) * MEAN_SERVICE * UNIT_MS) / load;
  const { periods } = simulate({ ...centre(load, skills), lengthMs: batchMs * (BATCHES + 1), stopAtEnd: true }, { seed, warmUpMs: batchMs, periodMs: batchMs });
  const batches = periods.slice(0, -1).map(({ types }) => ({
    offered: types.reduce((sum, { offered }) => sum + offered, 0),
    blocked: types.reduce((sum, { blocked }) => sum + blocked, 0),
    answered: types.reduce((sum, { answered }) => sum + answered, 0),
    waited: types.reduce((sum, { waitAnsweredMs }) => sum + waitAnsweredMs / UNIT_MS, 0),
    inTarget: types.reduce((sum, { inTarget }) => sum + inTarget, 0),
  }));
  const estimate = (above: 'blocked' | 'waited' | 'inTarget', below: 'offered' | 'answered'): Estimate =>
    estimateOf({ numerators: batches.map((batch) => batch[above]), denominators: batches.map((batch) => batch[below]) });
  return { load, skills, blocked: estimate('blocked', 'offered'), wait: estimate('waited', 'answered'), inTarget: estimate('inTarget', 'answered') };
}

export function fullPool(load: number): PoolingRow {
  const exact = steadyState({ arrivalRate: load / MEAN_SERVICE, serviceRate: 1 / MEAN_SERVICE, servers: AGENTS, waitingPlaces: PLACES });
  const sure = (value: number): Estimate => ({ value, standardError: 0, low: value, high: value });
  return { load, skills: 'pool', blocked: sure(exact.blocked), wait: sure(exact.meanWait), inTarget: sure(exact.answeredWithin(TARGET)) };
}

export function recoveryOf(load: number, rows: readonly PoolingRow[]): Recovery {
  const wait = (skills: number): number => rows.find((row) => row.load === load && row.skills === skills)?.wait.value ?? NaN;
  const recovery = (wait(1) - wait(2)) / (wait(1) - wait(6));
  return { load, recovery, ok: recovery >= LEAST_RECOVERY };
}

/**
 * A call asks first for agents whose first skill it is, then whose second, …, at once (steps of 0 ms); the one idle longest among
 * them. A free agent takes whoever waits longest of those that it may serve: in the paper it goes through its own skills in order.
 */
function centre(load: number, skills: number): SimulationModel {
  const levelOf = (place: number): number => TYPES - place;
  return model(
    Array.from({ length: TYPES }, (_, type) =>
      poissonType(load / MEAN_SERVICE / TYPES, exponential(MEAN_SERVICE), {
        id: `type ${type}`,
        steps: Array.from({ length: skills }, (__, place) => ({ require: { skill: `s${type}`, atLeast: levelOf(place) }, forMs: place === skills - 1 ? 'untilServed' : 0 })),
        afterSteps: 'strict',
      }),
    ),
    groupsWith(skills, levelOf),
    { trunks: AGENTS + PLACES, queues: [{ ...QUEUE, serviceLevelMs: TARGET * UNIT_MS }] },
  );
}

/** 15 agents for each first skill; the others are spread evenly over them. */
function groupsWith(skills: number, levelOf: (place: number) => number): readonly AgentGroup[] {
  const perType = AGENTS / TYPES;
  return Array.from({ length: AGENTS }, (_, agent) => {
    const first = Math.floor(agent / perType);
    const others = Array.from({ length: TYPES - 1 }, (__, i) => (first + 1 + i) % TYPES);
    const turn = (agent % perType) % others.length;
    // The third skill is not always the same neighbour of the second.
    const lap = Math.floor((agent % perType) / others.length);
    const rest = [...others.slice(turn + 1), ...others.slice(0, turn)];
    const order = [first, others[turn]!, ...rest.slice(lap), ...rest.slice(0, lap)].slice(0, skills);
    return agents(1, { id: `agent ${agent}`, skills: Object.fromEntries(order.map((skill, place) => [`s${skill}`, levelOf(place)])) });
  });
}
