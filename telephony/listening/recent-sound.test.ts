import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentSound } from './recent-sound.ts';

it('gives the last of what was heard, however it came', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.int16Array({ maxLength: 80 }), { maxLength: 12 }), fc.nat(60), (capacity, pieces, count) => {
      const recent = new RecentSound(capacity);
      for (const piece of pieces) recent.push(piece);
      const all = pieces.flatMap((piece) => [...piece]);
      const length = Math.min(capacity, count, all.length);
      expect([...recent.take(count)]).toEqual(all.slice(all.length - length));
      expect(recent.take(count)).toHaveLength(0);
    }),
  );
});
