import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SwitchClock } from './switch-clock.ts';

describe('the clock of a switch', () => {
  it('says nothing before it was compared', () => {
    const clock = new SwitchClock();
    expect([clock.aheadMs, clock.lagMs(1_000, 1_000)]).toEqual([undefined, undefined]);
    clock.sample({ sentAt: 0, receivedAt: 10, switchAt: NaN });
    expect(clock.aheadMs).toBeUndefined();
  });

  it('is known to half of the shortest way there and back, whatever slow answers say', () => {
    const ms = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(fc.integer({ min: -5_000, max: 5_000 }), fc.array(fc.tuple(ms, ms), { minLength: 1, maxLength: 30 }), (aheadMs, ways) => {
        const clock = new SwitchClock();
        ways.forEach(([there, back], index) => {
          const sentAt = 1_000_000 + index * 5_000;
          clock.sample({ sentAt, receivedAt: sentAt + there + back, switchAt: sentAt + there + aheadMs });
        });
        const shortest = Math.min(...ways.slice(-8).map(([there, back]) => there + back));
        expect(Math.abs((clock.aheadMs ?? NaN) - aheadMs)).toBeLessThanOrEqual(shortest / 2);
      }),
    );
  });

  it('tells the lag of an event by it, and never less than none', () => {
    const clock = new SwitchClock();
    clock.sample({ sentAt: 10_000, receivedAt: 10_004, switchAt: 12_002 });
    expect(clock.aheadMs).toBe(2_000);
    expect(clock.lagMs(13_000, 11_250)).toBe(250);
    expect(clock.lagMs(13_000, 10_999)).toBe(0);
    expect(clock.lagMs(NaN, 11_250)).toBeUndefined();
  });

  it('forgets what it knew when a clock was set', () => {
    const clock = new SwitchClock();
    for (let i = 0; i < 8; i += 1) clock.sample({ sentAt: i * 5_000, receivedAt: i * 5_000 + 2, switchAt: i * 5_000 + 1 });
    // Slow, so that it would not be believed, did it not contradict all that was measured before.
    clock.sample({ sentAt: 50_000, receivedAt: 50_100, switchAt: 50_050 + 3_000 });
    expect(clock.aheadMs).toBe(3_000);
  });
});
