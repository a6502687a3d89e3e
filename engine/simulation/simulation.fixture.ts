import type { AgentGroup, ContactType, SimulatedQueue, SimulationModel } from './model.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export const QUEUE: SimulatedQueue = {
  id: 'queue',
  serviceLevelMs: 20_000,
  shortAbandonMs: 5_000,
  selection: 'longestIdle',
  ringTimeoutMs: 20_000,
  maxWaitMs: 'untilServed',
  noAgentsGraceMs: 0,
};

/** Calls at given times (milliseconds), a minute each, by anybody of the queue. */
export function callsAt(atMs: readonly number[], more: Partial<ContactType> = {}): ContactType {
  return {
    id: 'calls',
    queue: 'queue',
    priority: 5,
    ageBoostMs: 0,
    steps: [],
    afterSteps: 'any',
    arrivals: { kind: 'recorded', atMs, resample: false },
    talk: { kind: 'constant', value: MINUTE_MS },
    ...more,
  };
}

/** Poisson calls of 2 minutes. */
export function randomCalls(perHour: number, more: Partial<ContactType> = {}): ContactType {
  return callsAt([], {
    arrivals: { kind: 'rates', pieces: [{ fromMs: 0, toMs: 1e12, perHour }] },
    talk: { kind: 'exponential', mean: 2 * MINUTE_MS },
    ...more,
  });
}

export function agentsOf(count: number, more: Partial<AgentGroup> = {}): AgentGroup {
  return { id: 'agents', skills: {}, queues: ['queue'], presence: { kind: 'levels', levels: [{ atMs: 0, agents: count }] }, ...more };
}

export function modelWith(contactTypes: readonly ContactType[], groups: readonly AgentGroup[], more: Partial<SimulationModel> = {}): SimulationModel {
  return { lengthMs: HOUR_MS, queues: [QUEUE], contactTypes, groups, ...more };
}
