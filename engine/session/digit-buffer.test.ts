import { describe, expect, it } from 'vitest';
import { Cancellation } from '../domain/cancellation.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { DigitBuffer } from './digit-buffer.ts';

function buffer() {
  const clock = new VirtualClock();
  return { clock, digits: new DigitBuffer(clock), cancel: new Cancellation() };
}

describe('DigitBuffer', () => {
  it('hands out what was typed ahead, in order', async () => {
    const { digits, cancel } = buffer();
    digits.push('1');
    digits.push('2');
    expect(await digits.next(1000, cancel)).toBe('1');
    expect(await digits.next(1000, cancel)).toBe('2');
    expect(digits.isEmpty).toBe(true);
  });

  it('waits for a digit, and no longer than asked', async () => {
    const { clock, digits, cancel } = buffer();
    const first = digits.next(1000, cancel);
    digits.push('7');
    expect(await first).toBe('7');
    const second = digits.next(1000, cancel);
    await clock.advanceBy(1000);
    expect(await second).toBeUndefined();
  });

  it('keeps a digit that comes after its waiter was cancelled', async () => {
    const { clock, digits, cancel } = buffer();
    void digits.next(1000, cancel);
    cancel.cancel();
    digits.push('5');
    await clock.advanceBy(2000);
    expect(await digits.next(1000, new Cancellation())).toBe('5');
  });

  it('gives nothing to a verb that was cancelled before it asked', async () => {
    const { clock, digits, cancel } = buffer();
    cancel.cancel();
    digits.push('5');
    void digits.next(1000, cancel);
    void digits.pressedWithin(1000, cancel);
    await clock.advanceBy(2000);
    expect(await digits.next(1000, new Cancellation())).toBe('5');
  });

  it('notices a key press without taking the digit', async () => {
    const { clock, digits, cancel } = buffer();
    const pressed = digits.pressedWithin(1000, cancel);
    digits.push('3');
    expect(await pressed).toBe(true);
    expect(await digits.next(0, cancel)).toBe('3');
    const notPressed = digits.pressedWithin(1000, cancel);
    await clock.advanceBy(1000);
    expect(await notPressed).toBe(false);
  });

  it('drops the terminator after a number that was complete, but only that, and only in time', async () => {
    const { clock, digits, cancel } = buffer();
    digits.ignoreNext('#', 3000);
    digits.push('#');
    expect(digits.isEmpty).toBe(true);
    digits.ignoreNext('#', 3000);
    digits.push('1');
    digits.push('#');
    expect(await digits.next(0, cancel)).toBe('1');
    expect(await digits.next(0, cancel)).toBe('#');
    digits.ignoreNext('#', 3000);
    await clock.advanceBy(3001);
    digits.push('#');
    expect(digits.isEmpty).toBe(false);
  });

  it('drops a terminator that was typed ahead', () => {
    const { digits } = buffer();
    digits.push('#');
    digits.ignoreNext('#', 3000);
    expect(digits.isEmpty).toBe(true);
  });

  it('is bounded against a flood', () => {
    const { digits } = buffer();
    for (let i = 0; i < 10_000; i += 1) digits.push('0');
    let count = 0;
    const cancel = new Cancellation();
    while (!digits.isEmpty) {
      void digits.next(0, cancel);
      count += 1;
    }
    expect(count).toBe(64);
  });

  it('drops what nobody can type, tells it once, and takes digits again when the flood is over', async () => {
    const clock = new VirtualClock();
    let told = 0;
    const digits = new DigitBuffer(clock, () => (told += 1));
    const taken: string[] = [];
    digits.onPress(() => taken.push('x'));
    for (let i = 0; i < 10_000; i += 1) digits.push('*');
    expect([taken.length, digits.dropped, told]).toEqual([64, 9_936, 1]);
    // A second of the flood, at a thousand digits.
    for (let i = 0; i < 1_000; i += 1) {
      await clock.advanceBy(1);
      digits.push('#');
    }
    expect(taken.length).toBeLessThanOrEqual(64 + 25);
    await clock.advanceBy(5_000);
    const before = taken.length;
    // As fast as tones can follow each other, for as long as anybody types.
    for (let i = 0; i < 40; i += 1) {
      digits.push('1');
      await clock.advanceBy(80);
    }
    expect([taken.length - before, told]).toEqual([40, 1]);
  });
});
