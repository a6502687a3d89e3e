import { describe, expect, it } from 'vitest';
import { figuresOf, percentilesOf, type Round } from './figures.ts';
import { goalsOf, ratiosOf } from './goals.ts';
import { offeredRate, readEndings, readRoundTrips } from './load-round.ts';

const ok = (digitToAudioMs: number) => ({ failure: undefined, digitToAudioMs });
const failed = (failure: string) => ({ failure, digitToAudioMs: undefined });

function round(changes: Partial<Round> = {}): Round {
  return {
    contestant: 'engine',
    calls: [ok(2), ok(4)],
    offeredPerSecond: 60,
    inviteTo200Ms: [1, 3],
    switchCpuMs: 20,
    programCpuMs: 4,
    loadCpuMs: 6,
    latenessMs: [0, 1],
    othersShare: 0.1,
    ...changes,
  };
}

describe('figures of several rounds', () => {
  it('are CPU a call, weighted by calls, with the lowest and highest round', () => {
    const figures = figuresOf([round(), round({ calls: [ok(1), ok(1), ok(1), ok(1)], switchCpuMs: 80, programCpuMs: 4 })]);
    expect(figures).toMatchObject({ rounds: 2, calls: 6, failed: 0, sustainedPerSecond: 60 });
    expect(figures.switchCpuMs).toEqual({ mean: 100 / 6, lowest: 10, highest: 20 });
    expect(figures.programCpuMs).toEqual({ mean: 8 / 6, lowest: 1, highest: 2 });
  });

  it('count what failed by how, and only what went well as sustained', () => {
    const figures = figuresOf([round({ calls: [ok(1), failed('refused with 503'), failed('refused with 503'), failed('not hung up')] })]);
    expect(figures).toMatchObject({ calls: 4, failed: 3, failures: { 'refused with 503': 2, 'not hung up': 1 }, offeredPerSecond: 60, sustainedPerSecond: 15 });
    expect(figures.digitToAudioMs.max).toBe(1);
  });

  it('have no program where there is none', () => {
    expect(figuresOf([round({ contestant: 'dialplan', programCpuMs: undefined })]).programCpuMs).toBeUndefined();
  });
});

describe('percentiles', () => {
  it('are those of the values, to the microsecond', () => {
    const times = Array.from({ length: 100 }, (_, index) => index + 0.5);
    const { p50, p95, p99, max } = percentilesOf(times);
    expect(p50).toBeCloseTo(49.5, 1);
    expect(p95).toBeCloseTo(94.5, 0);
    expect(p99).toBeCloseTo(98.5, 0);
    expect(max).toBeCloseTo(99.5, 0);
  });

  it('of nothing are no numbers', () => {
    expect(percentilesOf([]).p95).toBeNaN();
  });
});

describe('ratios and goals', () => {
  const dialplan = figuresOf([round({ contestant: 'dialplan', switchCpuMs: 16, programCpuMs: undefined, calls: [ok(1), ok(1)] })]);
  const bare = figuresOf([round({ contestant: 'bare', programCpuMs: 2, calls: [ok(2), ok(2)] })]);
  const engine = figuresOf([round({ calls: [ok(3), ok(3)] })]);
  const all = [dialplan, bare, engine];

  it('compare with the dialplan and the bare program', () => {
    const ratios = ratiosOf(engine, all);
    expect(ratios.switchCpuToDialplan).toBeCloseTo(1.25);
    expect(ratios.programCpuToBare).toBeCloseTo(2);
    expect(ratios.digitToAudioP95ToDialplan).toBeCloseTo(3);
    expect(ratios.digitToAudioP95ToBare).toBeCloseTo(1.5);
    expect(ratiosOf(engine, [engine]).programCpuToBare).toBeUndefined();
  });

  it('hold the engine to every goal of the rate', () => {
    const reached = Object.fromEntries(goalsOf(all, 60).map((goal) => [goal.what, goal.reached]));
    expect(reached).toEqual({
      'failed calls': true,
      'engine CPU, ms a call': true,
      "Asterisk CPU, × dialplan's": false,
      'digit → next audio, p95 ms': true,
      "digit → next audio p95, × bare program's": true,
    });
    const busy = goalsOf([figuresOf([round({ calls: [ok(25), failed('not answered')] })])], 80);
    expect(busy.map(({ reached: is }) => is)).toEqual([false, false]);
    expect(goalsOf([dialplan, bare], 60)).toEqual([]);
  });
});

describe("sipp's files", () => {
  it('tell how each call ended', () => {
    expect([...readEndings('30002 ok\n30004 503\nnoise\n30006 no-bye\n')]).toEqual([[30002, 'ok'], [30004, '503'], [30006, 'no-bye']]);
  });

  it('tell the way from INVITE to 200 and the rate of the INVITEs', () => {
    const trips = readRoundTrips('Date_ms;response_time(ms);rtd_name\n1000.000000;2.5;1\n1100.000000;102.5;1\n2002.500000;5;1\n');
    expect(trips.map(({ tookMs }) => tookMs)).toEqual([2.5, 102.5, 5]);
    // The INVITEs left at 997.5, 997.5 and 1997.5.
    expect(offeredRate(trips)).toBeCloseTo(2);
    expect(offeredRate([])).toBeUndefined();
  });
});
