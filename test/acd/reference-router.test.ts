import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkillRouter, type SkillRouterOptions } from '../../engine/routing/skill-router.ts';
import { RandomStream, seeded, type Random, type Told } from './reference-router-stream.ts';
import { ReferenceRouter } from './reference-router.ts';
import { StreamChecker } from './reference-router-checks.ts';

const EVENTS = Number(process.env['STROWGER_ROUTER_EVENTS'] ?? 100_000);
const PER_STREAM = 2_500;

/** Small centres take the ways of large ones when every class of more than these groups is wide, and when little is remembered. */
const WAYS: readonly SkillRouterOptions[] = [
  {},
  { wideFrom: 2, noteCost: 0, remembered: 1 },
  { wideFrom: 1, noteCost: 0.5, remembered: 20 },
  { wideFrom: 0, noteCost: 2, remembered: 5 },
];

interface Run {
  readonly random: Random;
  readonly agents: number;
  readonly contacts: number;
  readonly events: number;
  readonly way: SkillRouterOptions;
  /** Time is worked off by ticks of its own, and the rules are checked from outside, too. */
  readonly ticks: boolean;
}

/** Throws when the two routers, or a router and the rules, disagree. Returns what was told. */
function compare({ random, agents, contacts, events, way, ticks }: Run, kinds: Map<string, number> = new Map()): readonly Told[] {
  const reference = new ReferenceRouter();
  const router = new SkillRouter(way);
  const checker = new StreamChecker();
  const stream = new RandomStream({ random, agents, contacts });
  const told: Told[] = [];
  const tell = (next: Told): void => {
    const { event, now } = next;
    const where = (): string => `event ${told.length} (${JSON.stringify(event)} at ${now})`;
    told.push(next);
    const expected = reference.handle(event, now);
    const decided = router.handle(event, now);
    if (JSON.stringify(decided) !== JSON.stringify(expected)) {
      throw new Error(`${where()}: decided ${JSON.stringify(decided)}, expected ${JSON.stringify(expected)}`);
    }
    if (router.dueAt !== reference.dueAt) throw new Error(`${where()}: due at ${router.dueAt}, expected ${reference.dueAt}`);
    if ((router.dueAt ?? Infinity) <= now) throw new Error(`${where()}: due at ${router.dueAt} already`);
    try {
      if (ticks) checker.watch(event, now, decided);
    } catch (error) {
      throw new Error(where(), { cause: error });
    }
    for (const { kind } of decided) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  };
  for (let count = 0; count < events; count += 1) {
    const { event, now } = stream.next(reference);
    // With a tick before it, all that is decided follows from the event, and can be checked.
    if (ticks && (reference.dueAt ?? Infinity) <= now) tell({ event: { type: 'tick' }, now });
    tell({ event, now });
  }
  return told;
}

describe('the fast router and the plain one', () => {
  it('decide alike, whatever happens (shrinks)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 300, maxLength: 900 }), fc.constantFrom(...WAYS), fc.boolean(), (numbers, way, ticks) => {
        let used = 0;
        const random: Random = () => numbers[used++] ?? 0.99;
        compare({ random, agents: 5, contacts: 8, events: 60, way, ticks });
      }),
      { numRuns: 60 },
    );
  });

  it(
    `decide alike for ${EVENTS} random events, and as they should`,
    () => {
      const kinds = new Map<string, number>();
      const streams = Math.ceil(EVENTS / PER_STREAM);
      for (let seed = 1; seed <= streams; seed += 1) {
        const way = WAYS[seed % WAYS.length] ?? {};
        const agents = 3 + ((seed * 7) % 31);
        try {
          compare({ random: seeded(seed), agents, contacts: 4 + ((seed * 5) % 47), events: PER_STREAM, way, ticks: seed % 3 > 0 }, kinds);
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
      // Each happens often, so that likeness means something.
      for (const kind of ['step', 'promoted', 'offer', 'overflow']) expect(kinds.get(kind)).toBeGreaterThan(EVENTS / 100);
    },
    60_000 + EVENTS,
  );

  it('decides the same again from the same log', () => {
    const told = compare({ random: seeded(4711), agents: 8, contacts: 12, events: 2_000, way: {}, ticks: false });
    const replay = (options: SkillRouterOptions): string => {
      const router = new SkillRouter(options);
      return JSON.stringify(told.map(({ event, now }) => router.handle(event, now)));
    };
    expect(replay({})).toBe(replay({}));
    expect(replay({ wideFrom: 1, noteCost: 0 })).toBe(replay({}));
  });
});
