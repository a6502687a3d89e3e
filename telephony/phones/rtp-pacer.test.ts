import { describe, expect, it } from 'vitest';

import { RtpPacer, type PacerClock } from './rtp-pacer.ts';

/** A clock whose timer comes late by what the test says. */
class LateClock implements PacerClock {
  now = 0;
  late = 0;
  #timer: { run: () => void; atMs: number } | undefined;
  nowMs(): number {
    return this.now;
  }
  setTimeout(run: () => void, timeoutMs: number): unknown {
    this.#timer = { run, atMs: this.now + timeoutMs };
    return this.#timer;
  }
  clearTimeout(): void {
    this.#timer = undefined;
  }
  get armed(): boolean {
    return this.#timer !== undefined;
  }
  runUntil(endMs: number): void {
    for (let timer = this.#timer; timer !== undefined && timer.atMs + this.late <= endMs; timer = this.#timer) {
      this.#timer = undefined;
      this.now = Math.max(this.now, timer.atMs + this.late);
      timer.run();
    }
    this.now = endMs;
  }
}

function counter(): { frame: (late: boolean) => void; sent: number; late: number } {
  return {
    sent: 0,
    late: 0,
    frame(late) {
      if (late) this.late++;
      else this.sent++;
    },
  };
}

describe('the pacer', () => {
  it('keeps 50 frames a second for all, however late its timer is', () => {
    const clock = new LateClock();
    clock.late = 3.7;
    const pacer = new RtpPacer(clock);
    const senders = Array.from({ length: 10 }, counter);
    for (const sender of senders) pacer.add(sender);
    clock.runUntil(60_000);
    for (const sender of senders) {
      expect(sender.sent).toBeGreaterThanOrEqual(2_999);
      expect(sender.sent).toBeLessThanOrEqual(3_001);
      expect(sender.late).toBe(0);
    }
  });

  it('spreads its senders over the frame', () => {
    const clock = new LateClock();
    const pacer = new RtpPacer(clock);
    const senders = Array.from({ length: 8 }, counter);
    for (const sender of senders) pacer.add(sender);
    clock.runUntil(0);
    expect(senders.filter(({ sent }) => sent > 0)).toHaveLength(2);
    clock.runUntil(15);
    expect(senders.map(({ sent }) => sent)).toEqual(Array(8).fill(1));
  });

  it('catches up after a short stall and drops what is too old after a long one', () => {
    const clock = new LateClock();
    const pacer = new RtpPacer(clock);
    const sender = counter();
    pacer.add(sender);
    clock.runUntil(100);
    expect(sender.sent).toBe(6);
    clock.now = 1_100;
    clock.runUntil(1_100);
    expect(sender.sent + sender.late).toBe(56);
    expect(sender.late).toBeGreaterThan(38);
    expect(sender.sent).toBeGreaterThan(15);
  });

  it('needs no timer while nobody sends', () => {
    const clock = new LateClock();
    const pacer = new RtpPacer(clock);
    const sender = counter();
    pacer.add(sender);
    pacer.add(sender);
    expect(clock.armed).toBe(true);
    pacer.remove(sender);
    pacer.remove(sender);
    expect(clock.armed).toBe(false);
    clock.runUntil(1_000);
    expect(sender.sent).toBe(0);
    pacer.add(sender);
    clock.runUntil(2_000);
    expect(sender.sent).toBe(51);
  });

  it('lets a sender leave from its own frame', () => {
    const clock = new LateClock();
    const pacer = new RtpPacer(clock);
    let frames = 0;
    const once = {
      frame: () => {
        frames++;
        pacer.remove(once);
      },
    };
    pacer.add(once);
    clock.runUntil(1_000);
    expect(frames).toBe(1);
    expect(clock.armed).toBe(false);
  });
});
