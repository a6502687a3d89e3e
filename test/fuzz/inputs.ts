import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

/** How many inputs each reader gets: few with all other tests, `./strowger test fuzz` for many. */
export const INPUTS = Number(process.env['STROWGER_FUZZ_INPUTS'] ?? 600);
/** Time that a test may take: an input of the slowest reader takes some milliseconds. */
export const FUZZ_TIMEOUT_MS = 30_000 + INPUTS * 20;

const ROUNDS = 6;
/** From so many on a person wants to see that it goes on. */
const LONG_INPUTS = 10_000;
/** The first rounds fill caches. What is kept of 10⁵ inputs would be more than this: 100 bytes each. */
const WARM_UP_ROUNDS = 2;
const GROWTH_LIMIT_BYTES = 10_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Gives `reader` all inputs, in rounds, and throws what it throws (with the seed that brings it back: STROWGER_FUZZ_SEED), or when the heap
 * has grown. `between` is called after each round: to see that whatever reads still works.
 */
export async function fuzz<T>(input: fc.Arbitrary<T>, reader: (input: T) => void | Promise<void>, between: () => Promise<void> = async () => undefined): Promise<void> {
  // Beside all other tests the same inputs each time: a change must not be red for what it has not changed.
  const seed = Number(process.env['STROWGER_FUZZ_SEED'] ?? (INPUTS >= LONG_INPUTS ? Date.now() % 2 ** 31 : 1));
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await fc.assert(
      fc.asyncProperty(input, async (one) => reader(one)),
      { numRuns: Math.ceil(INPUTS / ROUNDS), seed: seed + round },
    );
    await between();
    collectGarbage();
    heaps.push(process.memoryUsage().heapUsed);
    if (INPUTS >= LONG_INPUTS) console.log(`${(round + 1) * Math.ceil(INPUTS / ROUNDS)} inputs, heap ${((heaps.at(-1) ?? 0) / 1e6).toFixed(1)} MB`);
  }
  const growth = (heaps.at(-1) ?? 0) - (heaps[WARM_UP_ROUNDS - 1] ?? 0);
  if (growth > GROWTH_LIMIT_BYTES) throw new Error(`The heap has grown by ${growth} bytes (seed ${seed}): ${heaps.join(', ')} after ${ROUNDS} rounds of ${INPUTS / ROUNDS} inputs.`);
}

/** Values that somebody may not have thought of. */
const ODD: readonly unknown[] = [null, true, 0, -1, 1.5, 1e308, '', ' ', '\0', '__proto__', 'constructor', '${jndi:x}', '1'.repeat(5_000), [], {}, [[]], { length: 1 }];
const anyValue = fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 2 }), fc.string({ unit: 'binary', maxLength: 20 }));
const wound = fc.record({ at: fc.nat(), does: fc.constantFrom('replace', 'remove', 'add'), value: anyValue });

/** One of the samples (values of JSON), with some of what is in it replaced, missing, or more; sometimes as it is. */
export function damaged(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(...samples), fc.array(wound, { maxLength: 4 })).map(([sample, wounds]) =>
    wounds.reduce<unknown>((whole, { at, does, value: shared }) => {
      const value: unknown = structuredClone(shared);
      const places = placesIn(whole);
      const place = places[at % Math.max(1, places.length)];
      if (place === undefined) return value;
      const { parent, key } = place;
      if (does === 'add') set(parent, `x${at % 3}`, value);
      else if (does === 'remove') Reflect.deleteProperty(parent, key);
      else set(parent, key, value);
      return whole;
    }, structuredClone(sample)),
  );
}

/** Text in which pieces are missing, doubled, or others. */
export function damagedText(texts: readonly string[]): fc.Arbitrary<string> {
  const cut = fc.record({ at: fc.nat(), length: fc.nat(40), put: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('\n', '\t', ': ', '- ', '{', '}', '"', '&a ', '*a', '<<: ', '!!js/function ', '\0', '\uFEFF')) });
  return fc.tuple(fc.constantFrom(...texts), fc.array(cut, { maxLength: 5 })).map(([text, cuts]) =>
    cuts.reduce((whole, { at, length, put }) => {
      const from = at % (whole.length + 1);
      return whole.slice(0, from) + put + whole.slice(from + length);
    }, text),
  );
}

interface Place {
  readonly parent: object;
  readonly key: string;
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ parent: value, key }, ...placesIn(inner)]);
}

/** `__proto__` as JSON.parse makes it: a property like any other. */
function set(parent: object, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}
