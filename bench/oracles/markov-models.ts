import type { RoutingStep } from '../../engine/domain/requirement.ts';
import type { Distribution } from '../../engine/simulation/distribution.ts';
import type { Ratio } from '../../engine/simulation/measures.ts';
import type { AgentGroup, ContactType, SimulatedQueue, SimulationModel } from '../../engine/simulation/model.ts';
import type { ContactTally, PeriodTally } from '../../engine/simulation/tally.ts';

/** Textbook models count in units of time; one is a minute here. */
export const UNIT_MS = 60_000;
const PER_HOUR = 3_600_000 / UNIT_MS;
const FOR_EVER = Number.MAX_SAFE_INTEGER;

export const QUEUE: SimulatedQueue = {
  id: 'queue',
  serviceLevelMs: 0,
  shortAbandonMs: 0,
  selection: 'longestIdle',
  ringTimeoutMs: 20_000,
  maxWaitMs: 'untilServed',
  noAgentsGraceMs: 0,
};

/** Contacts that any agent of the queue may serve. `rate` a unit of time. */
export function poissonType(rate: number, talk: Distribution, more: Partial<ContactType> = {}): ContactType {
  return {
    id: 'calls',
    queue: 'queue',
    priority: 5,
    ageBoostMs: 0,
    steps: [],
    afterSteps: 'any',
    arrivals: { kind: 'rates', pieces: [{ fromMs: 0, toMs: FOR_EVER, perHour: rate * PER_HOUR }] },
    talk,
    ...more,
  };
}

export function exponential(mean: number): Distribution {
  return { kind: 'exponential', mean: mean * UNIT_MS };
}

/** Agents who are always there. */
export function agents(count: number, more: Partial<AgentGroup> = {}): AgentGroup {
  return { id: 'agents', skills: {}, queues: ['queue'], presence: { kind: 'levels', levels: [{ atMs: 0, agents: count }] }, ...more };
}

/** `lengthMs` is set by whoever runs it. */
export function model(types: readonly ContactType[], groups: readonly AgentGroup[], more: Partial<SimulationModel> = {}): SimulationModel {
  return { lengthMs: 0, queues: [QUEUE], contactTypes: types, groups, ...more };
}

export function withSkill(skill: string): RoutingStep {
  return { require: { skill }, forMs: 'untilServed' };
}

/** How to read figures off a stretch of time; waits come out in units. */
export const read = {
  blocked: of(0, (tally) => [tally.blocked + tally.turnedAway, tally.offered]),
  waits: of(0, (tally) => [tally.waited, admitted(tally)]),
  abandoned: of(0, (tally) => [tally.abandoned, admitted(tally)]),
  meanWait: of(0, (tally) => [(tally.waitAnsweredMs + tally.waitAbandonedMs) / UNIT_MS, admitted(tally)]),
  meanWaitAnswered: of(0, (tally) => [tally.waitAnsweredMs / UNIT_MS, tally.answered]),
  answeredInTarget: of(0, (tally) => [tally.inTarget, admitted(tally)]),
  /** Neither answered nor gone within the target. */
  longerThanTarget: of(0, (tally) => [admitted(tally) - tally.inTarget - tally.abandonedInTarget, admitted(tally)]),
  queueLength: ({ lengths, fromMs, toMs }: PeriodTally): Ratio => [lengths[0]!.lengthMs, toMs - fromMs],
  utilisation: ({ groups }: PeriodTally): Ratio => [
    groups.reduce((sum, { busyMs }) => sum + busyMs, 0),
    groups.reduce((sum, { staffedMs }) => sum + staffedMs, 0),
  ],
} as const;

export function meanWaitOf(type: number): (period: PeriodTally) => Ratio {
  return of(type, (tally) => [tally.waitAnsweredMs / UNIT_MS, tally.answered]);
}

export function idleShareOf(group: number): (period: PeriodTally) => Ratio {
  return ({ groups }) => [groups[group]!.idleMs, groups[group]!.staffedMs];
}

function admitted({ offered, blocked, turnedAway }: ContactTally): number {
  return offered - blocked - turnedAway;
}

function of(type: number, ratio: (tally: ContactTally) => Ratio): (period: PeriodTally) => Ratio {
  return ({ types }) => ratio(types[type]!);
}
