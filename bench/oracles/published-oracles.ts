import { agentId } from '../../engine/domain/ids.ts';
import type { RoutingStep } from '../../engine/domain/requirement.ts';
import type { Distribution } from '../../engine/simulation/distribution.ts';
import { estimateOf } from '../../engine/simulation/estimate.ts';
import type { Ratio } from '../../engine/simulation/measures.ts';
import type { AgentGroup, Arrivals, ContactType, Presence, SimulationModel } from '../../engine/simulation/model.ts';
import { RandomStream } from '../../engine/simulation/random-stream.ts';
import { simulate } from '../../engine/simulation/simulation.ts';
import { totalOf, type PeriodTally } from '../../engine/simulation/tally.ts';
import { agents, exponential, model, poissonType, QUEUE, UNIT_MS } from './markov-models.ts';
import { MOST_Z } from './oracle.ts';

// The examples of ContactCenters (Université de Montréal, github.com/umontreal-simul/contactcenters, Apache-2.0), doc/examples/*.java
// with their printed results *.res: means and 95 % intervals of 1000 repetitions.

/** A printed figure with its interval, and how to read ours: the planned periods, and everything with what came after them. */
interface PublishedCheck {
  readonly what: string;
  readonly published: readonly [mean: number, low: number, high: number];
  readonly of: (all: PeriodTally, periods: readonly PeriodTally[]) => Ratio;
}

export interface PublishedModel {
  readonly name: string;
  readonly model: SimulationModel;
  readonly periodMs: number;
  readonly checks: readonly PublishedCheck[];
}

export interface PublishedFinding {
  readonly model: string;
  readonly what: string;
  readonly published: readonly [mean: number, low: number, high: number];
  readonly ours: readonly [mean: number, low: number, high: number];
  /** Of the difference of the two means, each with its own standard error. */
  readonly z: number;
  readonly ok: boolean;
}

const PUBLISHED_REPLICATIONS_T = 1.9623;

/** Repeats a published model and compares. */
export function publishedFindings({ name, model: simulated, periodMs, checks }: PublishedModel, replications: number, seed: number): readonly PublishedFinding[] {
  const ratios: Ratio[][] = checks.map(() => []);
  for (let replication = 0; replication < replications; replication += 1) {
    const { periods } = simulate(simulated, { seed, replication, periodMs });
    const all = totalOf(periods);
    checks.forEach(({ of }, i) => ratios[i]!.push(of(all, periods)));
  }
  return checks.map(({ what, published }, i) => {
    const { value, standardError, low, high } = estimateOf({ numerators: ratios[i]!.map(([above]) => above), denominators: ratios[i]!.map(([, below]) => below) });
    const [mean, from, to] = published;
    // Figures are printed to three digits after the point: some intervals are no wider than that.
    const theirs = Math.max((to - from) / 2, 0.0005) / PUBLISHED_REPLICATIONS_T;
    const z = (value - mean) / Math.hypot(standardError, theirs);
    return { model: name, what, published, ours: [value, low, high], z, ok: Math.abs(z) <= MOST_Z };
  });
}

export function publishedModels(): readonly PublishedModel[] {
  return [...simpleModels(), ...multiSkillModels(), bilingual(), telethon()];
}

function simpleModels(): readonly PublishedModel[] {
  const lengthMs = 480 * UNIT_MS;
  const centre = (more: Partial<ContactType>, maxWaiting?: number): SimulationModel =>
    model([poissonType(4.2, exponential(2), more)], [agents(12)], { lengthMs, queues: [{ ...QUEUE, serviceLevelMs: 20_000, ...(maxWaiting === undefined ? {} : { maxWaiting }) }] });
  const inTarget = ({ types }: PeriodTally): Ratio => [types[0]!.inTarget, 1];
  const level = ({ types }: PeriodTally): Ratio => [types[0]!.inTarget, types[0]!.answered];
  const wait = ({ types }: PeriodTally): Ratio => [types[0]!.waitAnsweredMs / UNIT_MS, types[0]!.answered];
  const occupancy = (_: PeriodTally, [day]: readonly PeriodTally[]): Ratio => [day!.groups[0]!.busyMs, day!.groups[0]!.staffedMs];
  return [
    {
      name: 'MMC',
      model: centre({}),
      periodMs: lengthMs,
      checks: [
        { what: 'in target', published: [1816.158, 1812.618, 1819.698], of: inTarget },
        { what: 'service level', published: [0.902, 0.9, 0.904], of: level },
        { what: 'speed of answer, min', published: [0.099, 0.097, 0.102], of: wait },
        { what: 'occupancy', published: [0.695, 0.694, 0.697], of: occupancy },
      ],
    },
    {
      name: 'MMCAb',
      model: centre({ patience: exponential(1) }),
      periodMs: lengthMs,
      checks: [
        { what: 'abandoned', published: [58.609, 57.66, 59.558], of: ({ types }) => [types[0]!.abandoned, 1] },
        { what: 'in target', published: [1906.008, 1903.785, 1908.231], of: inTarget },
        { what: 'service level', published: [0.975, 0.974, 0.975], of: level },
        { what: 'speed of answer, min', published: [0.024, 0.023, 0.024], of: wait },
        { what: 'occupancy', published: [0.675, 0.674, 0.677], of: occupancy },
        { what: 'service level with abandonment', published: [0.968, 0.968, 0.969], of: ({ types }) => [types[0]!.inTarget, types[0]!.offered - types[0]!.abandonedInTarget] },
      ],
    },
    {
      name: 'MMCBlocked',
      model: centre({}, 5),
      periodMs: lengthMs,
      checks: [
        { what: 'blocked', published: [18.655, 18.045, 19.265], of: ({ types }) => [types[0]!.turnedAway, 1] },
        { what: 'in target', published: [1854.284, 1851.667, 1856.901], of: inTarget },
        { what: 'service level', published: [0.929, 0.928, 0.93], of: level },
        { what: 'speed of answer, min', published: [0.06, 0.059, 0.061], of: wait },
        { what: 'occupancy', published: [0.689, 0.688, 0.69], of: occupancy },
        { what: 'service level with blocked', published: [0.92, 0.919, 0.922], of: ({ types }) => [types[0]!.inTarget, types[0]!.offered] },
      ],
    },
  ];
}

const MSK_PERIOD_MS = 120 * UNIT_MS;
type Interval = readonly [mean: number, low: number, high: number];

function multiSkillModels(): readonly PublishedModel[] {
  const g0 = { skill: 'g0' };
  const g1 = { skill: 'g1' };
  const either = { any: [g0, g1] };
  const simple = multiSkill([5, 5, 5], [{ require: g0, forMs: 0 }, { require: either, forMs: 'untilServed' }]);
  // Type 1 may go to group 1 after 0.2 min only. A free agent takes the first of its types in a fixed order (`selectContact` of the example
  // never updates the time that it compares), which is what priorities say.
  const rerouting = multiSkill([1, 2, 3], [{ require: g0, forMs: 0.2 * UNIT_MS }, { require: either, forMs: 'untilServed' }]);
  return [
    {
      name: 'SimpleMSK',
      model: simple,
      periodMs: MSK_PERIOD_MS,
      checks: multiSkillChecks([4297.305, 4270.15, 4324.46], [910.335, 876.133, 944.537], [0.501, 0.494, 0.509], [0.881, 0.877, 0.884], [
        [[170.154, 164.338, 175.97], [599.334, 594.159, 604.509], [15.49, 13.782, 17.198]],
        [[262.936, 254.597, 271.275], [511.648, 506.276, 517.02], [34.697, 31.27, 38.124]],
        [[259.806, 250.178, 269.434], [613.732, 607.586, 619.878], [24.888, 22.137, 27.639]],
      ]),
    },
    {
      name: 'SimpleMSKWithRerouting',
      model: rerouting,
      periodMs: MSK_PERIOD_MS,
      checks: multiSkillChecks([4274.426, 4247.504, 4301.348], [933.214, 898.83, 967.598], [0.579, 0.572, 0.587], [0.884, 0.88, 0.887], [
        [[298.745, 296.876, 300.614], [595.27, 590.151, 600.389], [106.823, 104.992, 108.654]],
        [[383.203, 380.066, 386.34], [504.09, 498.975, 509.205], [121.441, 117.638, 125.244]],
        [[239.008, 229.176, 248.84], [611.55, 605.491, 617.609], [22.298, 19.669, 24.927]],
      ]),
    },
  ];
}

function multiSkill(priorities: readonly number[], stepsOfType1: readonly RoutingStep[]): SimulationModel {
  const rates = [
    [4.2, 5.3, 3.2],
    [5.1, 4.3, 4.8],
    [6.3, 5.2, 4.8],
  ];
  const byPeriod = (means: readonly number[]): Distribution => ({ kind: 'byTime', parts: means.map((mean, period) => ({ fromMs: period * MSK_PERIOD_MS, of: exponential(mean) })) });
  const steps: readonly (readonly RoutingStep[])[] = [[{ require: { skill: 'g0' }, forMs: 'untilServed' }], stepsOfType1, [{ require: { skill: 'g1' }, forMs: 'untilServed' }]];
  const group = (id: string, sizes: readonly number[]): AgentGroup =>
    agents(0, { id, skills: { [id]: 3 }, presence: { kind: 'levels', levels: sizes.map((size, period) => ({ atMs: period * MSK_PERIOD_MS, agents: size })) } });
  return model(
    rates.map((perMinute, type) =>
      poissonType(0, byPeriod([1 / 0.5, 1 / 0.6, 1 / 0.4]), {
        id: `type ${type}`,
        priority: priorities[type]!,
        steps: steps[type]!,
        afterSteps: 'strict',
        patience: byPeriod([1 / 0.3, 1 / 0.4, 1 / 0.2]),
        arrivals: { kind: 'rates', pieces: perMinute.map((rate, period) => ({ fromMs: period * MSK_PERIOD_MS, toMs: (period + 1) * MSK_PERIOD_MS, perHour: rate * 60 })) },
      }),
    ),
    [group('g0', [12, 18, 9]), group('g1', [15, 20, 11])],
    { lengthMs: 3 * MSK_PERIOD_MS, dayFactor: { kind: 'gamma', mean: 1, sd: 1 / Math.sqrt(28.7) }, queues: [{ ...QUEUE, serviceLevelMs: 20_000 }] },
  );
}

function multiSkillChecks(served: Interval, abandoned: Interval, level: Interval, occupancy: Interval, inTarget: readonly (readonly Interval[])[]): readonly PublishedCheck[] {
  const sum = (all: PeriodTally, of: (tally: PeriodTally['types'][number]) => number): number => all.types.reduce((total, tally) => total + of(tally), 0);
  return [
    { what: 'served', published: served, of: (all) => [sum(all, (tally) => tally.answered), 1] },
    { what: 'abandoned', published: abandoned, of: (all) => [sum(all, (tally) => tally.abandoned), 1] },
    { what: 'service level', published: level, of: (all) => [sum(all, (tally) => tally.inTarget), sum(all, (tally) => tally.offered - tally.abandonedInTarget)] },
    { what: 'occupancy of group 0', published: occupancy, of: ({ groups }) => [groups[0]!.busyMs, groups[0]!.staffedMs] },
    ...inTarget.flatMap((row, type) =>
      row.map((published, period): PublishedCheck => ({ what: `in target, type ${type}, period ${period}`, published, of: (_, periods) => [periods[period]!.types[type]!.inTarget, 1] })),
    ),
  ];
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const WEEKDAYS = [0, 1, 2, 3, 4];

function daily(from: number, to: number, perHour: number): readonly { readonly fromMs: number; readonly toMs: number; readonly perHour: number }[] {
  return WEEKDAYS.map((day) => ({ fromMs: (24 * day + from) * HOUR_MS, toMs: (24 * day + to) * HOUR_MS, perHour }));
}

function officeHours(from: number, to: number, count: number): Presence {
  return { kind: 'levels', levels: WEEKDAYS.flatMap((day) => [{ atMs: (24 * day + from) * HOUR_MS, agents: count }, { atMs: (24 * day + to) * HOUR_MS, agents: 0 }]) };
}

/**
 * Two languages, agents who speak one or both, lines, and callers who try again. The example picks among all free agents at random;
 * for the router that is a list of agents to be asked one after another (steps of 0 ms), in one of many orders.
 */
function bilingual(): PublishedModel {
  const sizes = [7, 7, 4];
  const languages = [
    { id: 'english', name: 'English', from: 3, to: 7, groups: [0, 2] },
    { id: 'spanish', name: 'Spanish', from: 4, to: 6, groups: [1, 2] },
  ];
  const speak = [['english'], ['spanish'], ['english', 'spanish']];
  const types = languages.map(({ id, from, to, groups }) => {
    const everyone = groups.flatMap((group) => Array.from({ length: sizes[group]! }, (_, agent) => `group ${group}-${agent + 1}`));
    const orders = ordersOf(everyone, id);
    const perOrder = (rate: number): number => rate / orders.length;
    const arrivals: Arrivals = { kind: 'rates', pieces: WEEKDAYS.flatMap((day) => [daily(8, 9, perOrder(100))[day]!, daily(9, 17, perOrder(50))[day]!]) };
    return orders.map((order, number) =>
      poissonType(0, { kind: 'uniform', from: from * UNIT_MS, to: to * UNIT_MS }, {
        id: `${id} ${number}`,
        arrivals,
        steps: [...order.map((agent): RoutingStep => ({ require: { agent: agentId(agent) }, forMs: 0 })), { require: { skill: id }, forMs: 'untilServed' }],
        afterSteps: 'strict',
        patience: exponential(2),
        retry: { share: 0.75, afterMs: { kind: 'constant', value: 20 * UNIT_MS } },
      }),
    );
  });
  const planned = sizes.map((size) => size * 5 * 9 * HOUR_MS);
  const firstOf = (language: number): number => types.slice(0, language).reduce((sum, list) => sum + list.length, 0);
  const perLanguage = (what: string, values: readonly Interval[], of: (tally: PeriodTally['types'][number]) => number): readonly PublishedCheck[] =>
    values.map((published, language) => {
      const from = firstOf(language);
      const to = from + types[language]!.length;
      return { what: `${what}, ${languages[language]!.name}`, published, of: (all) => [all.types.slice(from, to).reduce((sum, tally) => sum + of(tally), 0), 1] };
    });
  return {
    name: 'Bilingual',
    periodMs: WEEK_MS,
    model: model(
      types.flat(),
      sizes.map((size, group) => agents(0, { id: `group ${group}`, skills: Object.fromEntries(speak[group]!.map((skill) => [skill, 3])), presence: officeHours(8, 17, size) })),
      { lengthMs: WEEK_MS, trunks: 40, queues: [{ ...QUEUE, serviceLevelMs: UNIT_MS }] },
    ),
    checks: [
      ...perLanguage('served', [[2483.933, 2480.916, 2486.95], [2483.302, 2480.233, 2486.371]], ({ answered }) => answered),
      ...perLanguage('abandoned', [[71.848, 70.815, 72.881], [71.02, 69.999, 72.041]], ({ abandoned }) => abandoned),
      ...perLanguage('called again', [[54.073, 53.236, 54.91], [53.095, 52.273, 53.917]], ({ retried }) => retried),
      ...perLanguage('in target', [[2448.662, 2445.778, 2451.546], [2448.223, 2445.251, 2451.195]], ({ inTargetOfAllAttempts }) => inTargetOfAllAttempts),
      ...([[47.624, 47.563, 47.684], [47.639, 47.58, 47.699], [63.254, 63.197, 63.31]] as const).map(
        (published, group): PublishedCheck => ({ what: `occupancy, ${['English', 'Spanish', 'bilingual'][group] ?? ''}, %`, published, of: ({ groups }) => [(100 * groups[group]!.busyMs) / planned[group]!, 1] }),
      ),
    ],
  };
}

/** Some shuffles and all their rotations, so that everybody stands in every place equally often. */
function ordersOf(everyone: readonly string[], name: string): readonly (readonly string[])[] {
  const random = new RandomStream('orders', name);
  return Array.from({ length: 6 }, () => {
    const shuffled = [...everyone];
    for (let i = shuffled.length - 1; i > 0; i -= 1) {
      const j = random.index(i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled.map((_, turn) => [...shuffled.slice(turn), ...shuffled.slice(0, turn)]);
  }).flat();
}

/** Volunteers, lines, and a machine that takes a message from those who have waited two minutes. */
function telethon(): PublishedModel {
  const planned = 12 * 4 * 5 * HOUR_MS;
  const count = (of: (tally: PeriodTally['types'][number]) => number) => ({ types }: PeriodTally): Ratio => [of(types[0]!), 1];
  return {
    name: 'Telethon',
    periodMs: WEEK_MS,
    model: model(
      [poissonType(0, exponential(10), { patience: exponential(2), arrivals: { kind: 'rates', pieces: daily(6, 10, 50) } })],
      [agents(0, { presence: officeHours(6, 10, 12) })],
      { lengthMs: WEEK_MS, trunks: 24, queues: [{ ...QUEUE, serviceLevelMs: UNIT_MS, maxWaitMs: 2 * UNIT_MS }] },
    ),
    checks: [
      { what: 'served', published: [963.109, 961.372, 964.846], of: count(({ answered }) => answered) },
      { what: 'abandoned', published: [31.82, 31.172, 32.468], of: count(({ abandoned }) => abandoned) },
      { what: 'messages', published: [4.96, 4.776, 5.144], of: count(({ overflowed }) => overflowed) },
      { what: 'disconnected at closing', published: [0.28, 0.235, 0.325], of: count(({ noAgents }) => noAgents) },
      { what: 'in target', published: [950.265, 948.579, 951.951], of: count(({ inTarget }) => inTarget) },
      { what: 'speed of answer, min', published: [0.036, 0.036, 0.037], of: ({ types }) => [types[0]!.waitAnsweredMs / UNIT_MS, types[0]!.answered] },
      { what: 'occupancy, %', published: [66.772, 66.607, 66.936], of: ({ groups }) => [(100 * groups[0]!.busyMs) / planned, 1] },
    ],
  };
}
