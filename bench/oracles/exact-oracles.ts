import { erlangB, steadyState, type MarkovQueue } from '../../engine/simulation/erlang.ts';
import type { ContactType } from '../../engine/simulation/model.ts';
import type { ContactTally, PeriodTally } from '../../engine/simulation/tally.ts';
import { skillGraphState, type SkillGraph } from './fcfs-alis.ts';
import { agents, exponential, idleShareOf, meanWaitOf, model, poissonType, QUEUE, read, UNIT_MS, withSkill } from './markov-models.ts';
import type { Check, Oracle } from './oracle.ts';
import { priorityWaits, reservedWaits, singleServerPriorityWaits } from './priorities.ts';
import { separatePools } from './separate-pools.ts';

/** Everything whose exact value is known: all of it is asked of the router of production. */
export function exactOracles(): readonly Oracle[] {
  return [...lossOracles(), ...erlangOracles(), ...limitedOracles(), ...generalServiceOracles(), ...separateOracles(), ...priorityOracles(), ...skillOracles(), ...reserveOracles(), ...costOracles()];
}

/** Erlang B, with lines as the limit and with a queue of no places. */
function lossOracles(): readonly Oracle[] {
  const [few, many] = [{ servers: 10, load: 4.461 }, { servers: 100, load: 84.06 }];
  return [
    { group: 'Erlang B, 10 lines, 4.461 E', model: model([poissonType(few.load, exponential(1))], [agents(few.servers)], { trunks: few.servers }), checks: [{ what: 'blocked', exact: erlangB(few.servers, few.load), of: read.blocked }] },
    { group: 'Erlang B, 100 agents, no queue, 84.06 E', model: model([poissonType(many.load, exponential(1))], [agents(many.servers)], { queues: [{ ...QUEUE, maxWaiting: 0 }] }), checks: [{ what: 'blocked', exact: erlangB(many.servers, many.load), of: read.blocked }] },
  ];
}

const ENOUGH_BLOCKED = 350;

/** A plain pool with its exact figures. Times are units; `target` for the share that waits no longer. */
function pool(group: string, queue: MarkovQueue, target: number, what: readonly ('waits' | 'wait' | 'target' | 'longer' | 'abandoned' | 'length' | 'utilisation' | 'blocked')[], length = 1): Oracle {
  const exact = steadyState(queue);
  const { arrivalRate, serviceRate, servers, patienceRate = 0, waitingPlaces } = queue;
  const all: Readonly<Record<(typeof what)[number], Check>> = {
    // Blocked calls come in bursts of several: so many of them make enough bursts.
    blocked: { what: 'blocked', exact: exact.blocked, of: read.blocked, leastCalls: ENOUGH_BLOCKED / exact.blocked },
    waits: { what: 'has to wait', exact: exact.waits, of: read.waits },
    wait: { what: 'mean wait', exact: exact.meanWait, of: read.meanWait },
    target: { what: `answered within ${Number(target.toFixed(4))}`, exact: exact.answeredWithin(target), of: read.answeredInTarget },
    longer: { what: `waits longer than ${Number(target.toFixed(4))}`, exact: exact.waitsLongerThan(target), of: read.longerThanTarget },
    abandoned: { what: 'abandoned', exact: exact.abandoned, of: read.abandoned },
    length: { what: 'queue length', exact: exact.queueLength, of: read.queueLength },
    utilisation: { what: 'utilisation', exact: exact.utilisation, of: read.utilisation },
  };
  const patience: Partial<ContactType> = patienceRate === 0 ? {} : { patience: exponential(1 / patienceRate) };
  return {
    group,
    length,
    model: model([poissonType(arrivalRate, exponential(1 / serviceRate), patience)], [agents(servers)], {
      queues: [{ ...QUEUE, serviceLevelMs: target * UNIT_MS }],
      ...(waitingPlaces === undefined ? {} : { trunks: servers + waitingPlaces }),
    }),
    checks: what.map((name) => all[name]),
  };
}

/** Erlang C and A. Of the centre of Mandelbaum and Zeltyn's table (48 calls/min, 1 min, 50 agents) all three columns. */
function erlangOracles(): readonly Oracle[] {
  const palm = { arrivalRate: 48, serviceRate: 1, servers: 50 };
  return [
    pool('Erlang C, 12/min, 4 min, 55 agents', { arrivalRate: 12, serviceRate: 0.25, servers: 55 }, 0.25, ['waits', 'wait', 'target']),
    pool('Erlang C, 100 in 30 min, 3 min, 14 agents', { arrivalRate: 100 / 30, serviceRate: 1 / 3, servers: 14 }, 1 / 3, ['waits', 'target']),
    pool('Palm table: Erlang C', palm, 58.1 / 60, ['wait', 'longer', 'length', 'utilisation'], 3),
    pool('Palm table: Erlang A, patience 2 min', { ...palm, patienceRate: 0.5 }, 12.4 / 60, ['abandoned', 'wait', 'longer', 'length', 'utilisation', 'target']),
    pool('Palm table: Erlang C, 3.1 % fewer calls', { ...palm, arrivalRate: 48 * 0.969 }, 28.1 / 60, ['wait', 'longer', 'length', 'utilisation'], 2),
  ];
}

/** M/M/c/c+K: Wallace and Whitt's centre as one pool, at its three loads. */
function limitedOracles(): readonly Oracle[] {
  return [77.4, 84, 90].map((load) =>
    pool(`M/M/90/120, ${load} E, 10 min`, { arrivalRate: load / 10, serviceRate: 0.1, servers: 90, waitingPlaces: 30 }, 0.5, ['blocked', 'wait', 'waits', 'target', 'utilisation'], load < 80 ? 7 : 2),
  );
}

/** Pollaczek and Khinchine: one agent, handling times that are not exponential. */
function generalServiceOracles(): readonly Oracle[] {
  const spread = { mean: UNIT_MS, sd: 1.5 * UNIT_MS };
  return (['lognormal', 'gamma'] as const).map((kind) => ({
    group: `M/G/1, ${kind}, sd 1.5`,
    model: model([poissonType(0.6, { kind, ...spread })], [agents(1)]),
    checks: [{ what: 'mean wait', exact: (0.6 * (1 + 1.5 ** 2)) / 2 / (1 - 0.6), of: read.meanWait }],
  }));
}

/** Six groups of 15 that do not help each other, with 120 lines in common: Wallace and Whitt's centre with one skill an agent. */
function separateOracles(): readonly Oracle[] {
  const pools = { pools: 6, servers: 15, load: 84 / 6, lines: 120 };
  const exact = separatePools(pools);
  const types = Array.from({ length: pools.pools }, (_, type) => `s${type}`);
  const sum = (of: (tally: ContactTally) => number) => (period: PeriodTally): number => period.types.reduce((all, tally) => all + of(tally), 0);
  const [offered, blocked, waited, answered] = [sum((tally) => tally.offered), sum((tally) => tally.blocked), sum((tally) => tally.waitAnsweredMs / UNIT_MS), sum((tally) => tally.answered)];
  return [
    {
      group: '6 groups of 15, 84 E, 120 lines in common',
      model: model(
        types.map((skill) => poissonType(pools.load, exponential(1), { id: skill, steps: [withSkill(skill)], afterSteps: 'strict' })),
        types.map((skill) => agents(pools.servers, { id: skill, skills: { [skill]: 3 } })),
        { trunks: pools.lines },
      ),
      checks: [
        { what: 'blocked', exact: exact.blocked, of: (period) => [blocked(period), offered(period)] },
        { what: 'mean wait', exact: exact.wait, of: (period) => [waited(period), answered(period)] },
      ],
      length: 2,
    },
  ];
}

function priorityOracles(): readonly Oracle[] {
  const rates = [3, 3, 2];
  return [
    {
      group: 'Cobham, 3 priorities, 10 agents',
      model: model(rates.map((rate, type) => poissonType(rate, exponential(1), { id: `class ${type + 1}`, priority: type + 1 })), [agents(10)]),
      checks: priorityWaits(rates, 1, 10).map((exact, type) => ({ what: `wait of class ${type + 1}`, exact, of: meanWaitOf(type) })),
    },
  ];
}

/** Longest wait first, longest idle agent first, on graphs of skills: what the router does when nothing else is asked. */
function skillOracles(): readonly Oracle[] {
  const one = (serves: readonly number[], serviceRate = 1): SkillGraph['agents'][number] => ({ serves, serviceRate });
  return [
    skillOracle('N graph', { arrivalRates: [0.9, 0.7], agents: [one([0, 1]), one([1])] }, 4),
    skillOracle('W graph', { arrivalRates: [0.6, 0.8, 0.9], agents: [one([0, 1]), one([1, 2]), one([0, 1, 2])] }, 2),
    skillOracle('4×4 graph', { arrivalRates: [0.8, 0.9, 0.5, 0.7], agents: [one([0, 1], 1.2), one([1, 2], 0.7), one([2, 3, 0], 1.5), one([3, 0], 0.9)] }, 2),
  ];
}

function skillOracle(name: string, graph: SkillGraph, length: number): Oracle {
  const exact = skillGraphState(graph);
  return {
    group: `FCFS-ALIS product form, ${name}`,
    length,
    model: model(
      graph.arrivalRates.map((rate, type) => poissonType(rate, exponential(1), { id: `type ${type + 1}`, steps: [{ require: { skill: `s${type}` }, forMs: 'untilServed' }], afterSteps: 'strict' })),
      graph.agents.map(({ serves, serviceRate }, agent) => agents(1, { id: `agent${agent + 1}`, talkFactor: 1 / serviceRate, skills: Object.fromEntries(serves.map((type) => [`s${type}`, 3])) })),
    ),
    checks: [
      ...exact.idle.map((share, agent) => ({ what: `idle share of agent ${agent + 1}`, exact: share, of: idleShareOf(agent) })),
      ...exact.waits.map((wait, type) => ({ what: `wait of type ${type + 1}`, exact: wait, of: meanWaitOf(type) })),
    ],
  };
}

/** Low contacts take an agent only while more than so many are idle. */
function reserveOracles(): readonly Oracle[] {
  return [2, 0].map((keepIdle) => {
    const [high, low] = reservedWaits({ servers: 10, highRate: 4, lowRate: 4, serviceRate: 1, keepIdle });
    return {
      group: keepIdle === 0 ? 'No reserve, 2 priorities' : `Reserve of ${keepIdle} of 10 agents (cutoff)`,
      model: model(
        [
          poissonType(4, exponential(1), { id: 'high', priority: 1 }),
          poissonType(4, exponential(1), { id: 'low', priority: 2, steps: [{ require: { all: [] }, forMs: 'untilServed', keepIdle }], afterSteps: 'strict' }),
        ],
        [agents(10)],
      ),
      checks: [
        { what: 'wait of the high class', exact: high, of: meanWaitOf(0) },
        { what: 'wait of the low class', exact: low, of: meanWaitOf(1) },
      ],
      length: 2,
    };
  });
}

/** Who goes first by c·μ pays the least: both orders of two classes with different handling times, on one agent. */
function costOracles(): readonly Oracle[] {
  const slow = { arrivalRate: 0.4, mean: 1, square: 2 };
  const quick = { arrivalRate: 0.3, mean: 0.5, square: 0.5 };
  const [slowFirst, quickSecond] = singleServerPriorityWaits([slow, quick]);
  const [quickFirst, slowSecond] = singleServerPriorityWaits([quick, slow]);
  const orders = [
    { name: 'quick calls first', priorities: [2, 1], waits: [slowSecond!, quickFirst!] },
    { name: 'slow calls first', priorities: [1, 2], waits: [slowFirst!, quickSecond!] },
  ] as const;
  return orders.map(({ name, priorities, waits }) => ({
    group: `c·μ, ${name}`,
    model: model(
      [
        poissonType(slow.arrivalRate, exponential(slow.mean), { id: 'slow', priority: priorities[0] }),
        poissonType(quick.arrivalRate, exponential(quick.mean), { id: 'quick', priority: priorities[1] }),
      ],
      [agents(1)],
    ),
    checks: [
      { what: 'wait of slow calls', exact: waits[0], of: meanWaitOf(0) },
      { what: 'wait of quick calls', exact: waits[1], of: meanWaitOf(1) },
      {
        what: 'cost: calls waiting',
        exact: slow.arrivalRate * waits[0] + quick.arrivalRate * waits[1],
        of: read.queueLength,
      },
    ],
  }));
}
