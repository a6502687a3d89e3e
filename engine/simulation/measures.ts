import type { ContactTally, GroupTally, QueueTally } from './tally.ts';

/** Numerator and denominator of a figure in one repetition. */
export type Ratio = readonly [numerator: number, denominator: number];

/** Figures of contacts, by type, queue, skill or all. Times in milliseconds. */
export const CONTACT_MEASURES = {
  offered: ({ offered }) => [offered, 1],
  answered: ({ answered }) => [answered, 1],
  abandoned: ({ abandoned }) => [abandoned, 1],
  retried: ({ retried }) => [retried, 1],
  /** No line, or no place in the queue. */
  blocked: ({ blocked, turnedAway }) => [blocked + turnedAway, 1],
  /** Time was up, or nobody was there. */
  overflowed: ({ overflowed, noAgents }) => [overflowed + noAgents, 1],
  answeredShare: ({ answered, offered }) => [answered, offered],
  abandonedShare: ({ abandoned, offered }) => [abandoned, offered],
  blockedShare: ({ blocked, turnedAway, offered }) => [blocked + turnedAway, offered],
  overflowedShare: ({ overflowed, noAgents, offered }) => [overflowed + noAgents, offered],
  /** Answered within the target / offered without short calls. */
  serviceLevel: ({ inTarget, offered, shortAbandoned }) => [inTarget, offered - shortAbandoned],
  serviceLevelOfAnswered: ({ inTarget, answered }) => [inTarget, answered],
  serviceLevelOfOffered: ({ inTarget, offered }) => [inTarget, offered],
  /** Who abandoned within the target counts as well served. */
  serviceLevelWithAbandoned: ({ inTarget, abandonedInTarget, offered }) => [inTarget + abandonedInTarget, offered],
  /** Who abandoned within the target counts neither way. */
  serviceLevelLessAbandoned: ({ inTarget, abandonedInTarget, offered }) => [inTarget, offered - abandonedInTarget],
  /** ASA: the mean wait of the answered. */
  meanWaitMs: ({ waitAnsweredMs, answered }) => [waitAnsweredMs, answered],
  meanAbandonMs: ({ waitAbandonedMs, abandoned }) => [waitAbandonedMs, abandoned],
  /** AHT: talk and wrap-up. */
  handlingMs: ({ handlingMs, answered }) => [handlingMs, answered],
  waitP50Ms: (tally) => percentile(tally, 0.5),
  waitP90Ms: (tally) => percentile(tally, 0.9),
  waitP95Ms: (tally) => percentile(tally, 0.95),
  waitP99Ms: (tally) => percentile(tally, 0.99),
} as const satisfies Record<string, (tally: ContactTally) => Ratio>;

/** Figures of a queue as a line. */
export const QUEUE_MEASURES = {
  meanLength: ({ lengthMs }, spanMs) => [lengthMs, spanMs],
  longest: ({ longest }) => [longest, 1],
} as const satisfies Record<string, (tally: QueueTally, spanMs: number) => Ratio>;

/** Figures of agents. */
export const GROUP_MEASURES = {
  /** Mean number who are signed in. */
  agents: ({ staffedMs }, spanMs) => [staffedMs, spanMs],
  agentAnswered: ({ answered }) => [answered, 1],
  missed: ({ missed }) => [missed, 1],
  /** Ringing, talk and wrap-up / the same and idle: breaks and absences do not count. */
  occupancy: ({ busyMs, idleMs }) => [busyMs, busyMs + idleMs],
  /** Ringing, talk and wrap-up / all time signed in. */
  utilisation: ({ busyMs, staffedMs }) => [busyMs, staffedMs],
  answeredPerAgentHour: ({ answered, staffedMs }) => [answered * 3_600_000, staffedMs],
} as const satisfies Record<string, (tally: GroupTally, spanMs: number) => Ratio>;

export type Measure = keyof typeof CONTACT_MEASURES | keyof typeof QUEUE_MEASURES | keyof typeof GROUP_MEASURES;

/** By nearest rank; a repetition in which nobody was answered says nothing. */
function percentile({ waitsMs }: ContactTally, level: number): Ratio {
  if (waitsMs.length === 0) return [0, 0];
  const sorted = sortedOnce(waitsMs);
  return [sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)]!, 1];
}

const sortedLists = new WeakMap<readonly number[], Float64Array>();

function sortedOnce(waitsMs: readonly number[]): Float64Array {
  const known = sortedLists.get(waitsMs);
  if (known?.length === waitsMs.length) return known;
  const sorted = Float64Array.from(waitsMs).sort();
  sortedLists.set(waitsMs, sorted);
  return sorted;
}
