import { patienceCurve } from '../../engine/simulation/kaplan-meier.ts';
import type { AgentGroup, ContactType, SimulationModel } from '../../engine/simulation/model.ts';
import { simulate } from '../../engine/simulation/simulation.ts';
import type { ContactTally } from '../../engine/simulation/tally.ts';
import type { BankCall } from './bank-log.ts';
import { QUEUE } from './markov-models.ts';

/** What happened and what the simulation says of the same calls, of one type or of all. Waits in seconds, of the answered. */
export interface ReplayRow {
  readonly type: string;
  readonly calls: number;
  readonly wait: number;
  readonly simulatedWait: number;
  readonly abandoned: number;
  readonly simulatedAbandoned: number;
  /** Share answered within 20 s of all calls. */
  readonly inTarget: number;
  readonly simulatedInTarget: number;
}

export interface ReplayResult {
  readonly days: number;
  readonly replications: number;
  readonly rows: readonly ReplayRow[];
  /** Of the mean waits of the days, really and simulated. */
  readonly correlation: number;
}

const DAY_MS = 86_400_000;
/** "Customers of high priority are put as if they had waited a minute and a half" (Mandelbaum, Sakov and Zeltyn 2000). */
const FAVOUR_MS = 90_000;
const TARGET_MS = 20_000;
/** An agent who took less than this between two calls was there, and wrapped up if somebody waited. */
const SHORT_GAP_MS = 15_000;
/** Of a type that an agent served less often than this in the whole log it cannot be said that it is the agent's. */
const OWN_TYPE = 20;

/**
 * Runs each day of the log again: calls come when they came, patience is Kaplan and Meier's, handling times are drawn from
 * those of the type. Who was there is not in the log; it is read off what agents did (see `presenceOf`).
 */
export function replayBank(calls: readonly BankCall[], replications: number, seed: number, onDay: (done: number, of: number) => void): ReplayResult {
  const days = [...groupBy(calls, ({ date }) => date).values()];
  const types = [...new Set(calls.map(({ type }) => type))];
  const skills = ownTypes(calls);
  const behaviour = behaviourOf(calls);
  const simulated = new Map(types.map((type) => [type, { answered: 0, abandoned: 0, waitMs: 0, inTarget: 0, offered: 0 }]));
  const dayWaits: (readonly [number, number])[] = [];
  days.forEach((day, index) => {
    const model = modelOfDay(day, types, skills, behaviour);
    let waitMs = 0;
    let answered = 0;
    for (let replication = 0; replication < replications; replication += 1) {
      const { periods } = simulate(model, { seed: seed + index, replication });
      for (const period of periods) {
        period.types.forEach((tally, i) => add(simulated.get(model.contactTypes[i]!.id.split('/')[0]!)!, tally));
        for (const tally of period.types) {
          waitMs += tally.waitAnsweredMs;
          answered += tally.answered;
        }
      }
    }
    const served = day.filter((call) => call.answered);
    if (served.length > 0 && answered > 0) dayWaits.push([mean(served.map((call) => call.waitMs)), waitMs / answered]);
    onDay(index + 1, days.length);
  });
  const row = (type: string, of: readonly BankCall[], sums: Sums): ReplayRow => {
    const served = of.filter(({ answered }) => answered);
    return {
      type,
      calls: of.length,
      wait: mean(served.map(({ waitMs }) => waitMs)) / 1000,
      simulatedWait: sums.waitMs / sums.answered / 1000,
      abandoned: 1 - served.length / of.length,
      simulatedAbandoned: sums.abandoned / sums.offered,
      inTarget: served.filter(({ waitMs }) => waitMs <= TARGET_MS).length / of.length,
      simulatedInTarget: sums.inTarget / sums.offered,
    };
  };
  const all: Sums = { answered: 0, abandoned: 0, waitMs: 0, inTarget: 0, offered: 0 };
  for (const sums of simulated.values()) for (const key of Object.keys(all) as (keyof Sums)[]) all[key] += sums[key];
  return {
    days: days.length,
    replications,
    rows: [...types.map((type) => row(type, calls.filter((call) => call.type === type), simulated.get(type)!)), row('all', calls, all)],
    correlation: correlationOf(dayWaits),
  };
}

interface Sums {
  answered: number;
  abandoned: number;
  waitMs: number;
  inTarget: number;
  offered: number;
}

function add(sums: Sums, tally: ContactTally): void {
  sums.answered += tally.answered;
  sums.abandoned += tally.abandoned;
  sums.waitMs += tally.waitAnsweredMs;
  sums.inTarget += tally.inTarget;
  sums.offered += tally.offered;
}

/** How callers and agents of a type behave, from the whole log. */
type Behaviour = ReadonlyMap<string, Pick<ContactType, 'talk' | 'wrapUp' | 'patience'>>;

function behaviourOf(calls: readonly BankCall[]): Behaviour {
  const gaps = shortGaps(calls);
  return new Map(
    [...groupBy(calls, ({ type }) => type)].map(([type, own]) => [
      type,
      {
        talk: { kind: 'resampled', values: own.filter(({ answered }) => answered).map(({ startMs, endMs }) => Math.max(0, endMs - startMs)) },
        wrapUp: { kind: 'resampled', values: gaps },
        patience: { kind: 'patience', curve: patienceCurve(own.map(({ waitMs, answered }) => ({ waitedMs: waitMs, abandoned: !answered }))) },
      },
    ]),
  );
}

/** The pauses between two calls of an agent while somebody waited, when they were short. */
function shortGaps(calls: readonly BankCall[]): readonly number[] {
  return [...groupBy(calls.filter(({ answered }) => answered), ({ date, agent }) => `${date} ${agent}`).values()].flatMap((own) =>
    inOrder(own).flatMap((call, i, all) => {
      const before = all[i - 1];
      const gap = before === undefined ? -1 : call.startMs - before.endMs;
      return call.waitMs > 0 && gap >= 0 && gap < SHORT_GAP_MS ? [gap] : [];
    }),
  );
}

function ownTypes(calls: readonly BankCall[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...groupBy(calls.filter(({ answered }) => answered), ({ agent }) => agent)].map(([agent, own]) => {
      const counts = [...groupBy(own, ({ type }) => type)].map(([type, served]) => [type, served.length] as const);
      const often = counts.filter(([, count]) => count >= OWN_TYPE);
      return [agent, (often.length > 0 ? often : counts).map(([type]) => type)];
    }),
  );
}

function modelOfDay(day: readonly BankCall[], types: readonly string[], skills: ReadonlyMap<string, readonly string[]>, behaviour: Behaviour): SimulationModel {
  const waiting = waitingSpans(day);
  const groups = [...groupBy(day.filter(({ answered }) => answered), ({ agent }) => agent)].map(
    ([agent, own]): AgentGroup => ({
      id: agent === '' ? 'unknown' : agent,
      skills: Object.fromEntries((skills.get(agent) ?? []).map((type) => [type, 3])),
      queues: [QUEUE.id],
      presence: { kind: 'shifts', shifts: [presenceOf(inOrder(own), waiting)] },
    }),
  );
  return {
    lengthMs: DAY_MS,
    queues: [{ ...QUEUE, serviceLevelMs: TARGET_MS, noAgentsGraceMs: DAY_MS }],
    groups,
    contactTypes: types.flatMap((type) =>
      [false, true].map((isFavoured): ContactType => {
        const own = day.filter((call) => call.type === type && call.isFavoured === isFavoured);
        return {
          id: `${type}/${isFavoured ? 'favoured' : 'others'}`,
          queue: QUEUE.id,
          priority: 5,
          ageBoostMs: isFavoured ? FAVOUR_MS : 0,
          steps: [{ require: { skill: type }, forMs: 'untilServed' }],
          afterSteps: 'strict',
          arrivals: { kind: 'recorded', atMs: own.map(({ atMs }) => atMs).sort((a, b) => a - b), resample: false },
          ...behaviour.get(type)!,
        };
      }),
    ),
  };
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When somebody waited who was served in the end. */
function waitingSpans(day: readonly BankCall[]): readonly Span[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const { atMs, waitMs } of [...day].filter(({ waitMs }) => waitMs > 0).sort((a, b) => a.atMs - b.atMs)) {
    const last = spans.at(-1);
    if (last !== undefined && atMs <= last.toMs) last.toMs = Math.max(last.toMs, atMs + waitMs);
    else spans.push({ fromMs: atMs, toMs: atMs + waitMs });
  }
  return spans;
}

/**
 * An agent was there from its first call to the end of its last, and away in each longer gap until the last moment at which
 * somebody waited: an agent who had been there would have taken that call.
 */
function presenceOf(own: readonly BankCall[], waiting: readonly Span[]): { readonly agents: 1; readonly spans: readonly Span[]; readonly breaks: readonly Span[] } {
  const breaks: Span[] = [];
  own.forEach((call, i) => {
    const before = own[i - 1];
    if (before === undefined || call.startMs - before.endMs < SHORT_GAP_MS) return;
    const awayUntil = waiting.reduce((until, { fromMs, toMs }) => (fromMs < call.startMs && toMs > before.endMs ? Math.max(until, Math.min(toMs, call.startMs)) : until), before.endMs);
    if (awayUntil > before.endMs) breaks.push({ fromMs: before.endMs, toMs: awayUntil });
  });
  return { agents: 1, spans: [{ fromMs: own[0]!.startMs, toMs: Math.max(...own.map(({ endMs }) => endMs)) }], breaks };
}

function inOrder(calls: readonly BankCall[]): readonly BankCall[] {
  return [...calls].sort((a, b) => a.startMs - b.startMs);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlationOf(pairs: readonly (readonly [number, number])[]): number {
  const x = mean(pairs.map(([one]) => one));
  const y = mean(pairs.map(([, other]) => other));
  const sum = (of: (one: number, other: number) => number): number => pairs.reduce((all, [one, other]) => all + of(one - x, other - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}
