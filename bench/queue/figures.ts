import { percentilesOf, type Percentiles, type Spread } from '../call/figures.ts';
import type { ContestantName } from './contestants.ts';
import type { TimelineFigures } from './timeline.ts';

/** One contestant's part of a round. CPU is what was spent beyond the idle baseline, in milliseconds. */
export interface Round {
  readonly contestant: ContestantName;
  readonly offered: number;
  readonly timeline: TimelineFigures;
  readonly switchCpuMs: number;
  /** Of the engine's process; nothing for app_queue, which is part of the switch. */
  readonly engineCpuMs: number | undefined;
  readonly latenessMs: readonly number[];
  /** Part of the machine that processes other than the bench's used, 0 to 1. */
  readonly othersShare: number;
}

/** What a contestant reached over all rounds. Times in milliseconds, CPU in milliseconds a call. */
export interface Figures {
  readonly contestant: ContestantName;
  readonly rounds: number;
  readonly offered: number;
  readonly served: number;
  readonly servedPerSecond: number;
  /** Agent free → phone rings, while a caller waited for it. */
  readonly freeToRingMs: Percentiles;
  readonly gaps: number;
  /** Of the callers: answered by the switch → an agent's phone rings. */
  readonly waitMs: Percentiles;
  /** Part of the agents' time in which one was idle although a caller waited for it; only while callers waited. */
  readonly idleShare: number;
  readonly overtakenShare: number;
  /** Rings of a phone whose previous call had not ended yet, and by how much the worst came too early. */
  readonly tooEarly: { readonly rings: number; readonly mostMs: number };
  readonly callsPerAgent: { readonly least: number; readonly most: number };
  readonly switchCpuMs: Spread;
  readonly engineCpuMs: Spread | undefined;
  readonly latenessMs: Percentiles;
  readonly othersShare: number;
}

/** Strowger's figure over another contestant's; 0.5 is half as much. Undefined: nothing to divide by. */
export interface Ratios {
  readonly to: ContestantName;
  readonly freeToRingP50: number | undefined;
  readonly freeToRingP95: number | undefined;
  readonly waitP50: number | undefined;
  readonly waitP95: number | undefined;
  readonly idleShare: number | undefined;
  readonly servedPerSecond: number | undefined;
  /** Of Asterisk, then of Asterisk and the engine together. */
  readonly switchCpu: number | undefined;
  readonly allCpu: number | undefined;
}

/** Puts the rounds of one contestant together. */
export function figuresOf(rounds: readonly Round[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new RangeError('figuresOf needs a round');
  const sum = (value: (round: Round) => number): number => rounds.reduce((total, round) => total + value(round), 0);
  const all = (value: (timeline: TimelineFigures) => readonly number[]): readonly number[] => rounds.flatMap(({ timeline }) => value(timeline));
  const offered = sum((round) => round.offered);
  const served = sum(({ timeline }) => timeline.served);
  const perCall = (cpuMs: (round: Round) => number): Spread => {
    const values = rounds.map((round) => cpuMs(round) / round.offered);
    return { mean: sum(cpuMs) / offered, lowest: Math.min(...values), highest: Math.max(...values) };
  };
  const agents = first.timeline.callsPerAgent.map((_, agent) => sum(({ timeline }) => timeline.callsPerAgent[agent] ?? 0));
  const tooEarlyMs = all((timeline) => timeline.tooEarlyMs);
  const gapsMs = all(({ gapsMs: gaps }) => gaps);
  return {
    contestant: first.contestant,
    rounds: rounds.length,
    offered,
    served,
    servedPerSecond: quotient(served * 1_000, sum(({ timeline }) => timeline.spanMs)) ?? 0,
    freeToRingMs: percentilesOf(gapsMs),
    gaps: gapsMs.length,
    waitMs: percentilesOf(all(({ waitsMs }) => waitsMs)),
    idleShare: quotient(sum(({ timeline }) => timeline.idleWhileWaitingMs), sum(({ timeline }) => timeline.agentsWhileWaitingMs)) ?? 0,
    overtakenShare: quotient(sum(({ timeline }) => timeline.overtaken), offered) ?? 0,
    tooEarly: { rings: tooEarlyMs.length, mostMs: Math.max(0, ...tooEarlyMs) },
    callsPerAgent: { least: Math.min(...agents), most: Math.max(...agents) },
    switchCpuMs: perCall((round) => round.switchCpuMs),
    engineCpuMs: first.engineCpuMs === undefined ? undefined : perCall((round) => round.engineCpuMs ?? 0),
    latenessMs: percentilesOf(rounds.flatMap(({ latenessMs }) => latenessMs)),
    othersShare: Math.max(...rounds.map(({ othersShare }) => othersShare)),
  };
}

/** The engine against each of the others. Empty when it was not measured. */
export function ratiosOf(figures: readonly Figures[]): readonly Ratios[] {
  const ours = figures.find(({ contestant }) => contestant === 'engine');
  if (ours === undefined) return [];
  const allCpu = ({ switchCpuMs, engineCpuMs }: Figures): number => switchCpuMs.mean + (engineCpuMs?.mean ?? 0);
  return figures.flatMap((theirs) => {
    if (theirs === ours) return [];
    const ratio = (value: (one: Figures) => number): number | undefined => quotient(value(ours), value(theirs));
    return [
      {
        to: theirs.contestant,
        freeToRingP50: ratio((one) => one.freeToRingMs.p50),
        freeToRingP95: ratio((one) => one.freeToRingMs.p95),
        waitP50: ratio((one) => one.waitMs.p50),
        waitP95: ratio((one) => one.waitMs.p95),
        idleShare: ratio((one) => one.idleShare),
        servedPerSecond: ratio((one) => one.servedPerSecond),
        switchCpu: ratio((one) => one.switchCpuMs.mean),
        allCpu: ratio(allCpu),
      },
    ];
  });
}

function quotient(of: number, by: number): number | undefined {
  return by > 0 && !Number.isNaN(of) ? of / by : undefined;
}
