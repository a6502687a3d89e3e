import { describe, expect, it } from 'vitest';
import { coursesOf } from './flatness.ts';
import type { Holding } from './soak-bench.ts';

const holding = (changed: Partial<Holding>): Holding => ({ afterCalls: 0, heapBytes: 60e6, residentBytes: 200e6, handles: 20, files: 40, switchResidentBytes: 90e6, switchFiles: 60, channels: 0, bridges: 0, ...changed });
const rising = (of: (index: number) => Partial<Holding>) => coursesOf({ holdings: Array.from({ length: 20 }, (_, index) => holding(of(index))) });
const uneven = (courses: ReturnType<typeof coursesOf>) => courses.filter(({ flat }) => !flat).map(({ what }) => what);

describe('coursesOf', () => {
  it('finds a run flat whose figures only swing, and rise while caches fill', () => {
    expect(uneven(rising((index) => ({ heapBytes: 60e6 + (index < 4 ? -20e6 : 1e6 * (index % 3)), handles: 20 + (index % 2) })))).toEqual([]);
  });

  it('names what grows', () => {
    expect(uneven(rising((index) => ({ heapBytes: 60e6 + 1e6 * index, files: 40 + index })))).toEqual(['heap, bytes', 'files']);
    expect(uneven(rising((index) => ({ channels: index > 15 ? 1 : 0 })))).toEqual(['channels']);
  });

  it('can tell of a run with one portion', () => {
    expect(uneven(coursesOf({ holdings: [holding({})] }))).toEqual([]);
  });
});
