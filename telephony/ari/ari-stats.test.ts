import { describe, expect, it } from 'vitest';
import { AriStats, LATENCY_BOUNDS_MS } from './ari-stats.ts';

describe('the statistics of a node', () => {
  it('count latencies in buckets, the slowest in the last', () => {
    const stats = new AriStats();
    for (const latencyMs of [0.5, 0.6, 5, 5.1, 5_001]) stats.answered(latencyMs);
    const { counts, count, sumMs } = stats.snapshot().requestLatency;
    expect(counts).toHaveLength(LATENCY_BOUNDS_MS.length + 1);
    expect([counts[0], counts[1], counts[3], counts[4], counts.at(-1)]).toEqual([1, 1, 1, 1, 1]);
    expect([count, sumMs]).toEqual([5, expect.closeTo(5_012.2)]);
  });

  it('know the events of Asterisk by name and all others by number', () => {
    const stats = new AriStats();
    expect([stats.event('StasisStart'), stats.event('StasisStart'), stats.event('Invented'), stats.event('toString')]).toEqual([true, true, false, false]);
    expect(stats.snapshot()).toMatchObject({ events: { StasisStart: 2 }, unknownEvents: 2 });
  });
});
