import { expect, it } from 'vitest';
import { EventHeap } from './event-heap.ts';
import { RandomStream } from './random-stream.ts';

it('gives events in order of time, and those of the same time in the order in which they came', () => {
  const random = new RandomStream(1);
  const heap = new EventHeap(4);
  const expected: { readonly at: number; readonly subject: number }[] = [];
  const taken: number[] = [];
  for (let i = 0; i < 20_000; i += 1) {
    if (random.uniform() < 0.6) {
      const at = random.index(500);
      heap.add(at, i % 7, i, i * 3);
      expected.push({ at, subject: i });
    } else if (heap.take()) {
      expected.sort((a, b) => a.at - b.at || a.subject - b.subject);
      const next = expected.shift();
      expect([heap.at, heap.kind, heap.subject, heap.version]).toEqual([next?.at, (next?.subject ?? 0) % 7, next?.subject, (next?.subject ?? 0) * 3]);
      taken.push(heap.subject);
    }
    if (i > 2000) break;
  }
  expect(taken.length).toBeGreaterThan(300);
  expect(heap.size).toBe(expected.length);
});

it('has nothing when it is empty', () => {
  const heap = new EventHeap();
  expect(heap.nextAt).toBe(Infinity);
  expect(heap.take()).toBe(false);
});
