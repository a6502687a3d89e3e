import { build } from 'hdr-histogram-js';
import type { ContestantName } from './contestants.ts';
import type { CallOutcome } from './load-round.ts';

/** One contestant's share of one round. Times in milliseconds; CPU is what was spent beyond the idle baseline. */
export interface Round {
  readonly contestant: ContestantName;
  readonly calls: readonly CallOutcome[];
  readonly offeredPerSecond: number;
  readonly inviteTo200Ms: readonly number[];
  readonly switchCpuMs: number;
  /** Undefined for the dialplan, which has no program. */
  readonly programCpuMs: number | undefined;
  /** Of the load generator and sipp. */
  readonly loadCpuMs: number;
  readonly latenessMs: readonly number[];
  /** Part of the machine that processes other than the bench's used, 0 to 1. */
  readonly othersShare: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** A figure over all rounds, and the lowest and highest of a single round: how far to trust it. */
export interface Spread {
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What a contestant reached over all rounds. CPU in milliseconds a call. */
export interface Figures {
  readonly contestant: ContestantName;
  readonly rounds: number;
  readonly calls: number;
  readonly failed: number;
  /** What went wrong → how often. */
  readonly failures: Readonly<Record<string, number>>;
  readonly offeredPerSecond: number;
  /** Calls a second that went as they should. */
  readonly sustainedPerSecond: number;
  readonly switchCpuMs: Spread;
  readonly programCpuMs: Spread | undefined;
  readonly inviteTo200Ms: Percentiles;
  readonly digitToAudioMs: Percentiles;
  readonly latenessMs: Percentiles;
  readonly loadCpuMs: number;
  readonly othersShare: Spread;
}

/** Puts the rounds of one contestant together. */
export function figuresOf(rounds: readonly Round[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new RangeError('figuresOf needs a round');
  const outcomes = rounds.flatMap(({ calls }) => calls);
  const failures: Record<string, number> = {};
  for (const { failure } of outcomes) if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length;
  const offeredPerSecond = weighted(rounds, (round) => round.offeredPerSecond);
  const perCall = (cpuMs: (round: Round) => number): Spread => spreadOf(rounds, (round) => cpuMs(round) / round.calls.length);
  return {
    contestant: first.contestant,
    rounds: rounds.length,
    calls: outcomes.length,
    failed,
    failures,
    offeredPerSecond,
    sustainedPerSecond: (offeredPerSecond * (outcomes.length - failed)) / outcomes.length,
    switchCpuMs: perCall((round) => round.switchCpuMs),
    programCpuMs: first.programCpuMs === undefined ? undefined : perCall((round) => round.programCpuMs ?? 0),
    inviteTo200Ms: percentilesOf(rounds.flatMap((round) => round.inviteTo200Ms)),
    digitToAudioMs: percentilesOf(outcomes.flatMap(({ digitToAudioMs }) => digitToAudioMs ?? [])),
    latenessMs: percentilesOf(rounds.flatMap((round) => round.latenessMs)),
    loadCpuMs: perCall((round) => round.loadCpuMs).mean,
    othersShare: spreadOf(rounds, (round) => round.othersShare),
  };
}

/** Percentiles of times in milliseconds, kept to the microsecond and three digits. NaN when there is none. */
export function percentilesOf(timesMs: readonly number[]): Percentiles {
  if (timesMs.length === 0) return { p50: NaN, p95: NaN, p99: NaN, max: NaN };
  const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, highestTrackableValue: 60_000_000, lowestDiscernibleValue: 1 });
  for (const ms of timesMs) histogram.recordValue(Math.max(0, Math.round(ms * 1_000)));
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1_000;
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

function spreadOf(rounds: readonly Round[], value: (round: Round) => number): Spread {
  const values = rounds.map(value);
  return { mean: weighted(rounds, value), lowest: Math.min(...values), highest: Math.max(...values) };
}

/** The mean over all calls: a round of more calls counts more. */
function weighted(rounds: readonly Round[], value: (round: Round) => number): number {
  const calls = rounds.reduce((sum, round) => sum + round.calls.length, 0);
  return rounds.reduce((sum, round) => sum + value(round) * round.calls.length, 0) / calls;
}
