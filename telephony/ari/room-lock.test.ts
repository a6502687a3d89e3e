import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { RoomLock } from './room-lock.ts';

type Room = 'a' | 'b';

/** Work that goes on until it is told to end. */
function stage({ holdMs = 1_000, most = {} }: { holdMs?: number; most?: Partial<Record<Room, number>> } = {}) {
  const clock = new VirtualClock();
  const lock = new RoomLock<Room>({ clock, holdMs, most });
  const inside: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const enter = (room: Room, name: string) =>
    lock.enter(room, async () => {
      inside.push(name);
      const error = await new Promise<Error | undefined>((resolve) => ends.set(name, resolve));
      inside.splice(inside.indexOf(name), 1);
      if (error !== undefined) throw error;
      return name;
    });
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await settled();
  };
  return { clock, lock, inside, enter, end };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('two rooms', () => {
  it('are never open at once; in one of them all may be', async () => {
    const { inside, enter, end, clock } = stage();
    const all = [enter('a', 'a1'), enter('a', 'a2'), enter('b', 'b1'), enter('b', 'b2')];
    await settled();
    expect(inside).toEqual(['a1', 'a2']);
    await end('a1');
    expect(inside).toEqual(['a2']);
    await end('a2');
    expect(inside).toEqual(['b1', 'b2']);
    await end('b2');
    await end('b1');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(clock.pending).toBe(0);
  });

  it('let nobody overtake who waits for the other one', async () => {
    const { inside, enter, end } = stage();
    const all = [enter('a', 'a1'), enter('b', 'b1'), enter('a', 'a2')];
    await settled();
    expect(inside).toEqual(['a1']);
    await end('a1');
    expect(inside).toEqual(['b1']);
    await end('b1');
    expect(inside).toEqual(['a2']);
    await end('a2');
    await Promise.all(all);
  });

  it('hold as many as they may, and the other room has its turn in between', async () => {
    const { inside, enter, end } = stage({ most: { a: 2 } });
    const all = [enter('a', 'a1'), enter('a', 'a2'), enter('a', 'a3'), enter('b', 'b1'), enter('a', 'a4'), enter('a', 'a5')];
    await settled();
    expect(inside).toEqual(['a1', 'a2']);
    await end('a1');
    expect(inside).toEqual(['a2', 'a3']);
    await end('a2');
    expect(inside, 'b1 came before a4').toEqual(['a3']);
    await end('a3');
    expect(inside).toEqual(['b1']);
    await end('b1');
    expect(inside).toEqual(['a4', 'a5']);
    await end('a4');
    await end('a5');
    await Promise.all(all);
  });

  it('are left by work that fails, with its error', async () => {
    const { inside, enter, end } = stage();
    const failing = enter('a', 'a1');
    const other = enter('b', 'b1');
    const outcome = expect(failing).rejects.toThrow('no');
    await settled();
    await end('a1', new Error('no'));
    await outcome;
    expect(inside).toEqual(['b1']);
    await end('b1');
    await other;
  });

  it('are not kept by work that takes longer than it may; it goes on, and leaves once', async () => {
    const { clock, inside, enter, end } = stage({ holdMs: 1_000 });
    const all = [enter('a', 'a1'), enter('b', 'b1')];
    await clock.advanceBy(999);
    expect(inside).toEqual(['a1']);
    await clock.advanceBy(1);
    await settled();
    expect(inside).toEqual(['a1', 'b1']);
    all.push(enter('a', 'a2'));
    await end('a1');
    expect(inside, 'b1 is still inside').toEqual(['b1']);
    await end('b1');
    expect(inside).toEqual(['a2']);
    await end('a2');
    expect(await Promise.all(all)).toEqual(['a1', 'b1', 'a2']);
    expect(clock.pending).toBe(0);
  });

  it('admit everybody once, whatever comes and goes in which order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ room: fc.constantFrom<Room>('a', 'b'), turns: fc.nat(4), pause: fc.nat(3) }), { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (visits, most) => {
        const lock = new RoomLock<Room>({ clock: new VirtualClock(), holdMs: 1_000, most: { a: most } });
        const inside = { a: 0, b: 0 };
        const done = await Promise.all(
          visits.map(async ({ room, turns, pause }) => {
            for (let n = 0; n < pause; n += 1) await Promise.resolve();
            await lock.enter(room, async () => {
              inside[room] += 1;
              expect(inside[room === 'a' ? 'b' : 'a']).toBe(0);
              expect(inside.a).toBeLessThanOrEqual(most);
              for (let n = 0; n < turns; n += 1) await Promise.resolve();
              inside[room] -= 1;
            });
            return true;
          }),
        );
        expect(done).toHaveLength(visits.length);
      }),
      { numRuns: 300 },
    );
  });
});
