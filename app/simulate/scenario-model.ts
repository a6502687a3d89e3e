import type { Distribution } from '../../engine/simulation/distribution.ts';
import { patienceCurve } from '../../engine/simulation/kaplan-meier.ts';
import type { AgentGroup, Arrivals, ContactType, Presence, Shift, SimulatedQueue, SimulationModel } from '../../engine/simulation/model.ts';
import type { Scenario, ScenarioDistribution, ScenarioShift } from './scenario-schema.ts';
import { msOfDay, spanOfDay } from './time-of-day.ts';

/** The model of a scenario that has been checked. Its time 0 is the beginning of the day. */
export function modelOf(scenario: Scenario): SimulationModel {
  const opensAt = msOfDay(scenario.day.from);
  const { trunks, dayFactorSd, fairAfterSeconds } = scenario;
  return {
    lengthMs: msOfDay(scenario.day.to) - opensAt,
    queues: queuesOf(scenario),
    contactTypes: scenario.callTypes.map((type) => contactTypeOf(type, opensAt)),
    groups: groupsOf(scenario, opensAt),
    ...(trunks === undefined ? {} : { trunks }),
    ...(dayFactorSd === undefined ? {} : { dayFactor: { kind: 'gamma', mean: 1, sd: dayFactorSd } }),
    ...(fairAfterSeconds === undefined ? {} : { fairAfterMs: fairAfterSeconds * 1000 }),
  };
}

export function queuesOf({ queues }: Scenario): readonly SimulatedQueue[] {
  return queues.map(({ id, selection, maxWaiting, overflowTo, ...queue }) => ({
    id,
    selection,
    serviceLevelMs: queue.serviceLevelSeconds * 1000,
    shortAbandonMs: queue.shortAbandonSeconds * 1000,
    ringTimeoutMs: queue.ringSeconds * 1000,
    maxWaitMs: queue.maxWaitSeconds === 'untilServed' ? 'untilServed' : queue.maxWaitSeconds * 1000,
    noAgentsGraceMs: queue.noAgentsGraceSeconds * 1000,
    ...(maxWaiting === undefined ? {} : { maxWaiting }),
    ...(overflowTo === undefined ? {} : { overflowTo }),
  }));
}

/** `opensAt`: the time of day of the simulation's time 0. With several days everybody comes every day. */
export function groupsOf({ groups }: Scenario, opensAt: number, days: readonly number[] = [0]): readonly AgentGroup[] {
  return groups.map(({ id, skills, queues, missShare, awaySeconds, talkFactor, answerAfterSeconds, ...group }) => ({
    id,
    skills,
    queues,
    missShare,
    talkFactor,
    awayMs: awaySeconds * 1000,
    presence: presenceOf(group, opensAt, days),
    ...(answerAfterSeconds === undefined ? {} : { answerAfter: distributionOf(answerAfterSeconds) }),
  }));
}

function presenceOf({ shifts = [], levels }: Pick<Scenario['groups'][number], 'shifts' | 'levels'>, opensAt: number, days: readonly number[]): Presence {
  if (levels === undefined) return { kind: 'shifts', shifts: shifts.flatMap((shift) => shiftsOf(shift, opensAt, days)) };
  return { kind: 'levels', levels: days.flatMap((day) => levels.map(({ from, agents }) => ({ atMs: Math.max(0, day + msOfDay(from) - opensAt), agents }))) };
}

function shiftsOf({ agents, from, to, breaks }: ScenarioShift, opensAt: number, days: readonly number[]): readonly Shift[] {
  const spans = days.map((day) => ({ fromMs: Math.max(0, day + msOfDay(from) - opensAt), toMs: day + msOfDay(to) - opensAt })).filter(({ toMs }) => toMs > 0);
  const pausesOf = (agent: number): Shift['breaks'] =>
    days.flatMap((day) =>
      breaks.map((pause) => {
        const { fromMs, toMs } = typeof pause === 'string' ? spanOfDay(pause) : turnOf(pause, agent, agents);
        return { fromMs: Math.max(0, day + fromMs - opensAt), toMs: day + toMs - opensAt };
      }),
    );
  if (breaks.every((pause) => typeof pause === 'string')) return [{ agents, spans, breaks: pausesOf(0) }];
  return Array.from({ length: agents }, (_, agent) => ({ agents: 1, spans, breaks: pausesOf(agent) }));
}

/** The first begins with the span, the last ends with it, the others in even steps between. */
function turnOf({ minutes, between }: { readonly minutes: number; readonly between: string }, agent: number, agents: number): { readonly fromMs: number; readonly toMs: number } {
  const span = spanOfDay(between);
  const lengthMs = minutes * 60_000;
  const room = span.toMs - span.fromMs - lengthMs;
  const fromMs = span.fromMs + (agents < 2 ? 0 : (room * agent) / (agents - 1));
  return { fromMs, toMs: fromMs + lengthMs };
}

function contactTypeOf(type: Scenario['callTypes'][number], opensAt: number): ContactType {
  const { id, queue, priority, afterSteps, steps, arrivals, patienceSeconds, talkSeconds, wrapUpSeconds, retry } = type;
  return {
    id,
    queue,
    priority,
    afterSteps,
    ageBoostMs: type.ageBoostSeconds * 1000,
    steps: steps.map(({ require, forSeconds, keepIdle }) => ({
      require,
      forMs: forSeconds === 'untilServed' ? 'untilServed' : forSeconds * 1000,
      ...(keepIdle === undefined ? {} : { keepIdle }),
    })),
    arrivals: arrivalsOf(arrivals, opensAt),
    talk: distributionOf(talkSeconds ?? { constant: 0 }),
    ...(patienceSeconds === undefined ? {} : { patience: distributionOf(patienceSeconds) }),
    ...(wrapUpSeconds === undefined ? {} : { wrapUp: distributionOf(wrapUpSeconds) }),
    ...(retry === undefined ? {} : { retry: { share: retry.share, afterMs: distributionOf(retry.afterSeconds) } }),
  };
}

function arrivalsOf(arrivals: Scenario['callTypes'][number]['arrivals'], opensAt: number): Arrivals {
  if (arrivals === undefined) return { kind: 'rates', pieces: [] };
  if ('recorded' in arrivals) {
    const atMs = arrivals.recorded.map((text) => msOfDay(text) - opensAt).sort((a, b) => a - b);
    return { kind: 'recorded', atMs, resample: arrivals.resample };
  }
  return { kind: 'rates', pieces: arrivals.perHour.map(({ from, to, calls }) => ({ fromMs: msOfDay(from) - opensAt, toMs: msOfDay(to) - opensAt, perHour: calls })) };
}

/** Seconds to milliseconds. */
function distributionOf(distribution: ScenarioDistribution): Distribution {
  const { constant, exponential, lognormal, gamma, uniform, resampled, observed } = distribution;
  if (exponential !== undefined) return { kind: 'exponential', mean: exponential * 1000 };
  if (lognormal !== undefined) return { kind: 'lognormal', mean: lognormal.mean * 1000, sd: lognormal.sd * 1000 };
  if (gamma !== undefined) return { kind: 'gamma', mean: gamma.mean * 1000, sd: gamma.sd * 1000 };
  if (uniform !== undefined) return { kind: 'uniform', from: uniform.from * 1000, to: uniform.to * 1000 };
  if (resampled !== undefined) return { kind: 'resampled', values: resampled.map((value) => value * 1000) };
  if (observed !== undefined) {
    return { kind: 'patience', curve: patienceCurve(observed.map(({ waited, abandoned }) => ({ waitedMs: waited * 1000, abandoned }))) };
  }
  return { kind: 'constant', value: (constant ?? 0) * 1000 };
}
