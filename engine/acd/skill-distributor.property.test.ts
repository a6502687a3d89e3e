import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AcdWorld, HAPPENINGS, type Happening } from '../../test/acd/acd-world.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 1_000);

const happening: fc.Arbitrary<Happening> = fc
  .nat({ max: HAPPENINGS.length * 1024 * 1024 - 1 })
  .map((code) => ({
    what: HAPPENINGS[code % HAPPENINGS.length] ?? 'pass',
    a: Math.floor(code / HAPPENINGS.length) % 1024,
    b: Math.floor(code / HAPPENINGS.length / 1024),
  }));
/** About a hundred on average. No lower bound, so that a failure shrinks to the few that matter. */
const happenings = fc.array(happening, { maxLength: 200, size: 'max' });

async function live(course: readonly Happening[]): Promise<AcdWorld> {
  const world = new AcdWorld();
  for (const each of course) await world.happen(each);
  await world.comeToAnEnd();
  return world;
}

describe('the distributor, whatever happens', () => {
  it(
    'makes no second offer, loses nobody, starves nobody, ends each offer once and leaves nothing behind',
    async () => {
      await fc.assert(fc.asyncProperty(happenings, async (course) => void (await live(course))), { numRuns: RUNS });
    },
    60_000 + RUNS * 20,
  );

  it(
    'decides the same when the same happens again',
    async () => {
      await fc.assert(
        fc.asyncProperty(happenings, async (course) => {
          expect((await live(course)).story()).toBe((await live(course)).story());
        }),
        { numRuns: Math.ceil(RUNS / 20) },
      );
    },
    60_000 + RUNS * 20,
  );
});
