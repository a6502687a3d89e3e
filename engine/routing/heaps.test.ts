import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heapInsert, heapRemove } from './indexed-heap.ts';
import { comparePlaces, type Place } from './place.ts';
import { TimerHeap } from './timer-heap.ts';
import { WaitingHeaps } from './waiting-heaps.ts';

const SLOTS = 200;
const slot = fc.integer({ min: 0, max: SLOTS - 1 });

describe('TimerHeap', () => {
  it('gives the earliest, equal ones by sequence, whatever is set, moved and cleared', () => {
    const change = fc.record({ slot, due: fc.constantFrom(1, 2, 3, 5, 8, 13, 21, Infinity), clear: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
        const heap = new TimerHeap();
        const model = new Map<number, number>();
        const sequenceOf = (of: number): number => (of * 37) % 211;
        const check = (): void => {
          const [first] = [...model].sort(([a, dueA], [b, dueB]) => dueA - dueB || sequenceOf(a) - sequenceOf(b));
          expect([heap.size, heap.slot, heap.due]).toEqual([model.size, first?.[0] ?? -1, first?.[1] ?? Infinity]);
        };
        for (const { slot: of, due, clear } of changes) {
          if (clear) heap.clear(of);
          else heap.set(of, due, sequenceOf(of));
          if (clear || due === Infinity) model.delete(of);
          else model.set(of, due);
          check();
        }
        while (model.size > 0) {
          model.delete(heap.slot);
          heap.clear(heap.slot);
          check();
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('WaitingHeaps', () => {
  it('gives the first of a class and of several, whoever comes, moves and goes', () => {
    const change = fc.record({
      slot,
      classId: fc.integer({ min: 0, max: 70 }),
      promoted: fc.boolean(),
      priority: fc.constantFrom(1, 3, 5),
      enqueuedAt: fc.integer({ min: 0, max: 9 }),
      ageBoostMs: fc.constantFrom(0, 0, 4),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 300 }), fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 }), (changes, asked) => {
        const heaps = new WaitingHeaps();
        const model = new Map<number, { readonly classId: number; readonly place: Place }>();
        const firstOf = (classIds: readonly number[]): number => {
          const those = [...model].filter(([, { classId }]) => classIds.includes(classId));
          return those.sort(([, a], [, b]) => comparePlaces(a.place, b.place))[0]?.[0] ?? -1;
        };
        for (const { slot: of, classId, ...place } of changes) {
          const known = model.get(of);
          if (known === undefined) {
            model.set(of, { classId, place: { ...place, sequence: of } });
            heaps.add(of, classId, { ...place, sequence: of });
          } else if (place.ageBoostMs > 0) {
            model.set(of, { classId: known.classId, place: { ...place, sequence: of } });
            heaps.moved(of, { ...place, sequence: of });
          } else {
            model.delete(of);
            heaps.remove(of);
          }
          expect(heaps.size).toBe(model.size);
          expect(heaps.head(classId)).toBe(firstOf([classId]));
          expect(heaps.first(asked)).toBe(firstOf(asked));
        }
        heaps.clear();
        expect([heaps.size, heaps.first(asked), heaps.has(1)]).toEqual([0, -1, false]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('comparePlaces', () => {
  const place: Place = { promoted: false, priority: 5, enqueuedAt: 1_000, ageBoostMs: 0, sequence: 1 };

  it('puts promoted contacts before all others, by their real age', () => {
    expect(comparePlaces({ ...place, promoted: true }, { ...place, priority: 1, enqueuedAt: 0 })).toBeLessThan(0);
    expect(comparePlaces({ ...place, promoted: true, ageBoostMs: 900 }, { ...place, promoted: true, enqueuedAt: 999 })).toBeGreaterThan(0);
  });

  it('puts the better priority first, then the greater virtual age, then who came first', () => {
    expect(comparePlaces({ ...place, priority: 4 }, { ...place, enqueuedAt: 0 })).toBeLessThan(0);
    expect(comparePlaces({ ...place, ageBoostMs: 2 }, { ...place, enqueuedAt: 999 })).toBeLessThan(0);
    expect(comparePlaces(place, { ...place, sequence: 2 })).toBeLessThan(0);
  });
});

describe('an indexed heap', () => {
  it('keeps its order, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(slot, fc.integer({ min: 0, max: 50 })), { maxLength: 200 }), (changes) => {
        const heap: number[] = [];
        const positions = new Int32Array(SLOTS).fill(-1);
        const keys = new Float64Array(SLOTS);
        const order = { before: (a: number, b: number) => keys[a]! < keys[b]! || (keys[a] === keys[b] && a < b) };
        for (const [item, key] of changes) {
          if (positions[item]! >= 0) heapRemove(heap, positions, order, item);
          else {
            keys[item] = key;
            heapInsert(heap, positions, order, item);
          }
          expect(heap.every((of, at) => positions[of] === at && (at === 0 || !order.before(of, heap[(at - 1) >> 1]!)))).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
