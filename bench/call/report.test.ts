import { describe, expect, it } from 'vitest';
import type { CallBenchResult } from './call-bench.ts';
import { figuresOf, type Round } from './figures.ts';
import { goalsOf, ratiosOf } from './goals.ts';
import { reportOf } from './report.ts';

function resultOf(changes: Partial<Round>, left = { channels: 0, bridges: 0 }): CallBenchResult {
  const round: Round = {
    contestant: 'engine',
    calls: [{ failure: undefined, digitToAudioMs: 2 }],
    offeredPerSecond: 60,
    inviteTo200Ms: [1],
    switchCpuMs: 8,
    programCpuMs: 1.5,
    loadCpuMs: 2,
    latenessMs: [0.2],
    othersShare: 0,
    ...changes,
  };
  const figures = [figuresOf([{ ...round, contestant: 'dialplan', programCpuMs: undefined }]), figuresOf([round])];
  return {
    at: '2026-01-05T09:30:00.000Z',
    rate: 60,
    rounds: 1,
    roundSeconds: 1,
    answeredBy: 'dialplan',
    requestSockets: 2,
    machine: { cores: 2, node: 'v20.20.2', asterisk: '22.10.1', load1Before: 0.5, load1After: 1 },
    contestants: figures.map((one) => ({ ...one, ratios: ratiosOf(one, figures) })),
    goals: goalsOf(figures, 60),
    left,
  };
}

describe('the report', () => {
  it('shows each contestant in one line of each table, and says which goals were reached', () => {
    const lines = reportOf(resultOf({}));
    expect(lines.filter((line) => line.startsWith('Strowger'))).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('dialplan'))).toContain('8.00 (8.00–8.00)');
    expect(lines).toContain('✓ engine CPU, ms a call: 1.50 (at most 2)');
    expect(lines.some((line) => line.startsWith('!') || line.startsWith('✗'))).toBe(false);
  });

  it('says how calls failed and what was left on the switch', () => {
    const lines = reportOf(resultOf({ calls: [{ failure: 'refused with 503', digitToAudioMs: undefined }] }, { channels: 1, bridges: 0 }));
    expect(lines).toContain('  Strowger: 1 × refused with 503');
    expect(lines).toContain('✗ failed calls: 1.00 (at most 0)');
    expect(lines).toContain('✗ left on the switch: 1 channels, 0 bridges');
  });

  it('warns when the load generator was late or the machine busy', () => {
    const lines = reportOf(resultOf({ latenessMs: [8], othersShare: 0.4 }));
    expect(lines.filter((line) => line.startsWith('!'))).toEqual([
      expect.stringContaining('the load generator was late'),
      expect.stringContaining('busy with other things'),
    ]);
  });
});
