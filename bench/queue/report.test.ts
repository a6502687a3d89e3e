import { describe, expect, it } from 'vitest';
import type { ContestantName } from './contestants.ts';
import { figuresOf, ratiosOf, type Round } from './figures.ts';
import type { QueueBenchResult } from './queue-bench.ts';
import { reportOf } from './report.ts';

function roundOf(contestant: ContestantName, gapMs: number, changes: Partial<Round['timeline']> = {}): Round {
  return {
    contestant,
    offered: 2,
    timeline: {
      gapsMs: [gapMs],
      waitsMs: [10 * gapMs],
      served: 2,
      lost: 0,
      tooEarlyMs: [],
      overtaken: 0,
      callsPerAgent: [1, 1],
      idleWhileWaitingMs: gapMs,
      agentsWhileWaitingMs: 4_000,
      spanMs: 2_000,
      ...changes,
    },
    switchCpuMs: 40,
    engineCpuMs: contestant === 'engine' ? 10 : undefined,
    latenessMs: [0.2],
    othersShare: 0,
  };
}

function resultOf(rounds: readonly Round[], left = { channels: 0, bridges: 0 }): QueueBenchResult {
  const contestants = rounds.map((round) => figuresOf([round]));
  return {
    at: '2026-01-05T09:30:00.000Z',
    calls: 2,
    rounds: 1,
    agents: 2,
    load: 1,
    endedBy: 'both',
    machine: { cores: 2, node: 'v20.20.2', asterisk: '22.10.1', load1Before: 0.5, load1After: 1 },
    contestants,
    ratios: ratiosOf(contestants),
    left,
  };
}

describe('the report', () => {
  it('shows each contestant in two tables, and us against each of the others', () => {
    const lines = reportOf(resultOf([roundOf('retry1', 500), roundOf('retry5', 1_000), roundOf('engine', 10)]));
    expect(lines.filter((line) => line.startsWith('app_queue, retry=1 '))).toHaveLength(2);
    const ratios = lines.filter((line) => line.startsWith('Strowger / '));
    expect(ratios.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['Strowger / app_queue, retry=1', '0.020', '0.020'],
      ['Strowger / app_queue, retry=5', '0.010', '0.010'],
    ]);
    expect(ratios[0]).toMatch(/ 1\.00 +1\.25$/); // CPU: Asterisk, then all
    expect(lines.some((line) => line.startsWith('!') || line.startsWith('✗'))).toBe(false);
  });

  it('says who was not served, whose phone was rung too early and what was left on the switch', () => {
    const lines = reportOf(resultOf([roundOf('engine', 10, { served: 1, lost: 1, tooEarlyMs: [2, 4.5] })], { channels: 1, bridges: 0 }));
    expect(lines).toContain('✗ Strowger: 1 callers were not served');
    expect(lines).toContain('✗ Strowger: 2 times a phone was rung up to 4.5 ms before its previous call had ended; it answered 486 (busy)');
    expect(lines).toContain('✗ left on the switch: 1 channels, 0 bridges');
  });
});

describe('figures of several rounds', () => {
  it('puts the rounds together', () => {
    const { served, callsPerAgent, idleShare, switchCpuMs, servedPerSecond } = figuresOf([roundOf('engine', 100), roundOf('engine', 300, { callsPerAgent: [0, 2] })]);
    expect({ served, callsPerAgent, idleShare, switchCpuMs, servedPerSecond }).toEqual({
      served: 4,
      callsPerAgent: { least: 1, most: 3 },
      idleShare: 0.05,
      switchCpuMs: { mean: 20, lowest: 20, highest: 20 },
      servedPerSecond: 1,
    });
  });
});
