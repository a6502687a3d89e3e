import { describe, expect, it } from 'vitest';
import type { Clock } from '../../engine/ports/clock.ts';
import { Heartbeat } from './heartbeat.ts';

/** A heart that beats when the test says so. */
function heart(limitMs: number) {
  let tick: (() => void) | undefined;
  const counts = { pings: 0, dead: 0 };
  const clock: Clock = {
    now: () => 0,
    setTimeout: (fn) => (tick = () => fn()),
    clearTimeout: () => (tick = undefined),
  };
  const heartbeat = new Heartbeat({ clock, intervalMs: 1_000, limitMs, ping: () => (counts.pings += 1), dead: () => (counts.dead += 1) });
  heartbeat.start();
  const beat = (times: number) => {
    for (let i = 0; i < times; i += 1) {
      const due = tick;
      tick = undefined;
      due?.();
    }
  };
  return { heartbeat, counts, beat };
}

describe('a heartbeat', () => {
  it('finds a peer dead after the limit of silence, once', () => {
    const { counts, beat } = heart(3_000);
    beat(3);
    expect(counts).toEqual({ pings: 3, dead: 0 });
    beat(5);
    expect(counts).toEqual({ pings: 3, dead: 1 });
  });

  it('starts counting anew with each sign of life', () => {
    const { heartbeat, counts, beat } = heart(2_500);
    for (let i = 0; i < 20; i += 1) {
      beat(3);
      heartbeat.heard();
    }
    expect(counts).toEqual({ pings: 60, dead: 0 });
  });

  it('is silent after its stop', () => {
    const { heartbeat, counts, beat } = heart(1_000);
    heartbeat.stop();
    beat(5);
    expect(counts).toEqual({ pings: 0, dead: 0 });
  });
});
