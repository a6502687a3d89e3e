import type { z } from 'zod';
import type { configSchema } from '../../app/config/schema.ts';
import { RandomStream } from '../../engine/simulation/random-stream.ts';
import { GRID_MS, PLANS } from './agreement-plans.ts';

type Raw = z.input<typeof configSchema>;

/** Of the course that the tests play. */
export const SEED = 7;

/** The queues and agents of the scenario, as they stand in a configuration file: both switches get the same. */
export const QUEUES: Raw['queues'] = [
  { id: 'bank', name: 'Bank', wrapUpSeconds: 1, maxWaitSeconds: 'untilServed', selection: 'leastSurplus' },
  { id: 'desk', name: 'Desk', wrapUpSeconds: 0, maxWaitSeconds: 'untilServed', selection: 'longestIdle' },
  { id: 'vip', name: 'VIP', wrapUpSeconds: 0.5, maxWaitSeconds: 'untilServed', selection: 'mostSkilled' },
];

const SKILLS: readonly [queues: string, skills: Readonly<Record<string, number>>][] = [
  ['bank', { loans: 5 }],
  ['bank', { loans: 5, cards: 1 }],
  ['bank desk', { loans: 4, cards: 2 }],
  ['bank', { loans: 3 }],
  ['bank', { loans: 2, cards: 2 }],
  ['bank desk', { loans: 1 }],
  ['bank', { cards: 5 }],
  ['bank', { cards: 4, loans: 1 }],
  ['bank desk', { cards: 4 }],
  ['bank', { cards: 3 }],
  ['bank', { cards: 2 }],
  ['bank desk', { cards: 1 }],
  ['vip bank', { wealth: 5, loans: 4 }],
  ['vip', { wealth: 3 }],
  ['vip desk', { wealth: 2, cards: 4 }],
  ['vip desk', { wealth: 1 }],
  ['desk', {}],
  ['desk', { cards: 5, loans: 5 }],
  ['desk bank', { cards: 1, loans: 1 }],
  ['desk', { cards: 4 }],
];

export const AGENTS = SKILLS.map(([queues, skills], index) => {
  const id = String(3001 + index);
  return { id, name: `Agent ${id}`, endpoint: `PJSIP/${id}`, queues: queues.split(' '), skills };
}) satisfies Raw['agents'];

/** A caller of the scenario, before it is known when anybody has time. */
export interface Caller {
  readonly n: number;
  readonly number: string;
  /** Not before. */
  readonly fromMs: number;
  readonly talkMs: number;
  /** The first phone that rings for it declines. */
  readonly declined: boolean;
  /** Hangs up after this, when no phone rings for it by then. */
  readonly patienceMs: number | undefined;
}

const CALLS = 200;
const MEAN_GAP_MS = 330;
/** An agent who hangs up within a second has served nobody: far enough from that. */
const TALK_MS = { least: 1_600, most: 4_000 };

/** Two hundred callers who come in bursts: the same for the same seed. */
export function callers(seed: number): readonly Caller[] {
  const random = new RandomStream(seed, 'agreement');
  const numbers = Object.entries(PLANS).flatMap(([number, { share }]) => Array.from({ length: share }, () => number));
  let fromMs = 0;
  return Array.from({ length: CALLS }, (_, n) => {
    // Bursts of ten, then a breath.
    fromMs += random.exponential(MEAN_GAP_MS * (n % 20 < 10 ? 0.6 : 1.4));
    return {
      n,
      number: numbers[random.index(numbers.length)] ?? '7203',
      fromMs,
      talkMs: TALK_MS.least + random.uniform() * (TALK_MS.most - TALK_MS.least),
      declined: n % 22 === 5,
      patienceMs: n % 10 === 4 ? 6 * GRID_MS : undefined,
    };
  });
}
