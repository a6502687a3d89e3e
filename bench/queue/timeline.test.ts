import { describe, expect, it } from 'vitest';
import { readTimeline, type PhoneEvent } from './timeline.ts';

const entered = (atMs: number, caller: string): PhoneEvent => ({ what: 'entered', atMs, caller });
const rang = (atMs: number, agent: string, caller: string): PhoneEvent => ({ what: 'rang', atMs, agent, caller });
const free = (atMs: number, agent: string): PhoneEvent => ({ what: 'free', atMs, agent });
const served = (atMs: number, caller: string): PhoneEvent => ({ what: 'served', atMs, caller });

describe('a timeline', () => {
  it('measures from the end of a call to the next ring of the same phone, while a caller waited', () => {
    const { gapsMs, waitsMs, callsPerAgent } = readTimeline(
      [entered(0, 'A'), rang(10, 'a1', 'A'), entered(500, 'B'), free(2_000, 'a1'), served(2_001, 'A'), rang(2_300, 'a1', 'B')],
      ['a1', 'a2'],
    );
    expect(gapsMs).toEqual([]); // a2 was idle all the time: B was no caller for a1
    expect(waitsMs).toEqual([10, 1_800]);
    expect(callsPerAgent).toEqual([2, 0]);
    const alone = readTimeline([entered(0, 'A'), rang(10, 'a1', 'A'), entered(500, 'B'), free(2_000, 'a1'), rang(2_300, 'a1', 'B')], ['a1']);
    expect(alone.gapsMs).toEqual([300]);
  });

  it('counts no gap when nobody waited at the end of the call', () => {
    expect(readTimeline([entered(0, 'A'), rang(10, 'a1', 'A'), free(2_000, 'a1'), entered(5_000, 'B'), rang(5_020, 'a1', 'B')], ['a1']).gapsMs).toEqual([]);
  });

  it('counts as idle only as many agents as there are callers for', () => {
    const { idleWhileWaitingMs, agentsWhileWaitingMs } = readTimeline([entered(0, 'A'), rang(100, 'a1', 'A'), free(2_000, 'a1')], ['a1', 'a2', 'a3']);
    expect([idleWhileWaitingMs, agentsWhileWaitingMs]).toEqual([100, 300]);
  });

  it('counts who was overtaken, but not among those who came or were served at about the same time', () => {
    const overtaken = (second: number, ringA: number, ringB: number): number => {
      const rings = [rang(ringA, 'a1', 'A'), rang(ringB, 'a2', 'B')].sort((one, other) => one.atMs - other.atMs);
      return readTimeline([entered(0, 'A'), entered(second, 'B'), ...rings], ['a1', 'a2']).overtaken;
    };
    expect(overtaken(1_000, 5_000, 6_000)).toBe(0);
    expect(overtaken(1_000, 6_000, 5_000)).toBe(1);
    expect(overtaken(30, 6_000, 5_000)).toBe(0);
    expect(overtaken(1_000, 5_030, 5_000)).toBe(0);
  });

  it('tells the served from the lost, and rings of a busy phone', () => {
    const figures = readTimeline(
      [entered(0, 'A'), rang(1, 'a1', 'A'), entered(2, 'B'), { what: 'refused', atMs: 3, agent: 'a1', caller: 'B' }, free(9, 'a1'), served(9, 'A'), { what: 'lost', atMs: 20, caller: 'B' }],
      ['a1'],
    );
    expect(figures).toMatchObject({ served: 1, lost: 1, tooEarlyMs: [6], waitsMs: [1] });
  });
});
