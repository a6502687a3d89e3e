/** One caller of a round. Times in milliseconds. */
export interface PlannedCall {
  readonly number: string;
  /** When the number is dialled, from the beginning of the round. */
  readonly atMs: number;
  /** From the agent's answer to the end. */
  readonly talkMs: number;
  readonly endedBy: 'caller' | 'agent';
}

export interface TrafficOptions {
  readonly calls: number;
  readonly agents: number;
  /** Offered work over what the agents can do if they never idle: 1 is as much as they can do. */
  readonly load: number;
  readonly seed: number;
  /** Who hangs up; `both` (default): in turn. */
  readonly endedBy?: EndedBy | undefined;
}

export type EndedBy = 'caller' | 'agent' | 'both';

/**
 * Above a second: an agent who hangs up sooner served nobody, and our engine gives the caller another (engine/verbs/route.ts). Evenly spread, so
 * that neither the agents keep step with each other nor with a clock that looks once a second.
 */
const TALK_MS = { least: 1_100, most: 2_900 } as const;
const MEAN_TALK_MS = (TALK_MS.least + TALK_MS.most) / 2;
/** The first come so close together, twice as many as there are agents: from then on some always wait. */
const RUSH_GAP_MS = 40;
const GOLDEN = 0.618_033_988_75;

/** Callers in the order in which they dial: a rush, then a Poisson stream. The same seed gives the same callers. */
export function planTraffic({ calls, agents, load, seed, endedBy = 'both' }: TrafficOptions): readonly PlannedCall[] {
  const random = randomOf(seed);
  const meanGapMs = MEAN_TALK_MS / (agents * load);
  const rush = Math.min(calls, agents * 2);
  let atMs = 0;
  return Array.from({ length: calls }, (_, index) => {
    if (index > 0) atMs += index < rush ? RUSH_GAP_MS : -Math.log(1 - random()) * meanGapMs;
    return {
      number: numberOf(index),
      atMs,
      talkMs: Math.round(TALK_MS.least + (TALK_MS.most - TALK_MS.least) * ((seed * GOLDEN + index * GOLDEN) % 1)),
      endedBy: endedBy !== 'both' ? endedBy : index % 2 === 0 ? 'caller' : 'agent',
    };
  });
}

/** Short calls, all at once: as many as possible in little time. */
export function planWarmUp(calls: number): readonly PlannedCall[] {
  return Array.from({ length: calls }, (_, index) => ({
    number: numberOf(index),
    atMs: index * RUSH_GAP_MS,
    talkMs: TALK_MS.least,
    endedBy: index % 2 === 0 ? 'caller' : 'agent',
  }));
}

function numberOf(index: number): string {
  return String(13_800_000_000 + index);
}

/** Numbers from 0 to below 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
