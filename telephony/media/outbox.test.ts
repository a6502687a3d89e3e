import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { Outbox, OUTBOX_LIMIT_MS } from './outbox.ts';

const ms = (duration: number, from = 1) => Int16Array.from({ length: duration * 8 }, (_, i) => ((from + i) % 30_000) + 1);

function rig() {
  const clock = new VirtualClock();
  const sent: Int16Array[] = [];
  const outbox = new Outbox({ clock, transmit: (samples) => sent.push(samples) });
  return { clock, sent, outbox, sentMs: () => sent.reduce((sum, { length }) => sum + length / 8, 0), all: () => sent.flatMap((samples) => [...samples]) };
}

describe('the outbox', () => {
  it('hands out whole frames, in order, and keeps the rest for what follows', () => {
    const { outbox, sent, all, clock } = rig();
    const [first, second] = [ms(30), ms(30, 241)];
    outbox.add(first);
    expect(sent.map(({ length }) => length)).toEqual([160]);
    outbox.add(second);
    expect(all()).toEqual([...first, ...second]);
    expect(clock.pending).toBe(0);
  });

  it('fills the last frame with silence when nothing follows', async () => {
    const { outbox, all, clock } = rig();
    outbox.add(ms(5));
    expect(all()).toEqual([]);
    await clock.advanceBy(40);
    expect(all()).toEqual([...ms(5), ...new Int16Array(120)]);
    expect(clock.pending).toBe(0);
  });

  it('keeps what is sent, though the sender uses its array again', async () => {
    const { outbox, all, clock } = rig();
    const samples = ms(10);
    outbox.add(samples);
    samples.fill(0);
    await clock.advanceBy(40);
    expect(all().slice(0, 80)).toEqual([...ms(10)]);
  });

  it('gives the switch no more than five seconds ahead, in small messages', async () => {
    const { outbox, sent, sentMs, all, clock } = rig();
    const speech = ms(30_000);
    outbox.add(speech);
    expect(sentMs()).toBe(5_000);
    await clock.advanceBy(10_000);
    expect(sentMs()).toBeGreaterThan(14_000);
    expect(sentMs()).toBeLessThanOrEqual(15_000);
    await clock.advanceBy(20_000);
    expect(all()).toEqual([...speech]);
    expect(Math.max(...sent.map(({ length }) => length))).toBeLessThanOrEqual(4_000);
    expect(clock.pending).toBe(0);
  });

  it('stops when the switch says so, and goes on when it says so', async () => {
    const { outbox, sentMs, clock } = rig();
    outbox.stop();
    outbox.add(ms(1_000));
    await clock.advanceBy(10_000);
    expect(sentMs()).toBe(0);
    outbox.resume();
    expect(sentMs()).toBe(1_000);
  });

  it('forgets everything when it is cleared, and may fill the switch anew', async () => {
    const { outbox, sentMs, clock } = rig();
    outbox.add(ms(20_000));
    outbox.clear();
    await clock.advanceBy(60_000);
    expect(sentMs()).toBe(5_000);
    outbox.add(ms(4_000));
    outbox.clear();
    outbox.add(ms(4_000));
    expect(sentMs()).toBe(13_000);
  });

  it('drops what is more than it may hold, and says so', () => {
    const { outbox } = rig();
    outbox.stop();
    expect(outbox.add(ms(OUTBOX_LIMIT_MS - 20))).toBe(true);
    expect(outbox.add(ms(40))).toBe(false);
    expect(outbox.add(ms(20))).toBe(false);
  });

  it('stalls for seconds, not for an hour, when the clock is set back', async () => {
    const { outbox, sentMs, clock } = rig();
    outbox.add(ms(10_000));
    clock.set(-3_600_000);
    await clock.advanceBy(12_000);
    expect(sentMs()).toBe(10_000);
  });
});
