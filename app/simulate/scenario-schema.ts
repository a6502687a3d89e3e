import { z } from 'zod';
import { AGENT_SELECTIONS, QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import type { Requirement } from '../../engine/domain/requirement.ts';

// A scenario: a contact centre for a day, to be simulated. Settings that a queue of `strowger.yaml` has, too, have the same
// names, defaults and meaning. Durations are seconds, times of day `HH:MM` or `HH:MM:SS` (26:00 is two in the morning).

const id = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u, 'letters, digits, "_", "." and "-", at most 64');
const skillName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, 'a letter, then letters, digits, "_", "." and "-"');
const seconds = z.number().min(0).max(86_400);
const share = z.number().min(0).max(1);
const clock = z.string().regex(/^([0-3]\d|4[0-8]):[0-5]\d(:[0-5]\d)?$/, 'a time of day, e.g. "08:30"');
const span = z.string().regex(/^([0-3]\d|4[0-8]):[0-5]\d-([0-3]\d|4[0-8]):[0-5]\d$/, 'e.g. "12:00-12:45"');

const DISTRIBUTIONS = 'one of constant, exponential (its mean), lognormal, gamma ({ mean, sd }), uniform ({ from, to }), resampled (a list), observed (waits, for patience)';
const spread = z.strictObject({ mean: z.number().positive(), sd: z.number().positive() });
const distribution = z
  .strictObject({
    constant: seconds.optional(),
    exponential: z.number().positive().optional(),
    lognormal: spread.optional(),
    gamma: spread.optional(),
    uniform: z.strictObject({ from: seconds, to: seconds }).refine(({ from, to }) => from <= to, '`from` not above `to`').optional(),
    resampled: z.array(seconds).min(1).optional(),
    /** Waits of real callers and how they ended: patience by Kaplan and Meier. */
    observed: z.array(z.strictObject({ waited: seconds, abandoned: z.boolean() })).min(1).optional(),
  })
  .refine((kinds) => Object.values(kinds).filter((kind) => kind !== undefined).length === 1, DISTRIBUTIONS);

const requirement: z.ZodType<Requirement> = z.lazy(() =>
  z.union(
    [
      z
        .strictObject({ skill: skillName, atLeast: z.number().optional(), atMost: z.number().optional() })
        .transform(({ skill, atLeast, atMost }) => ({ skill, ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) })),
      z.strictObject({ all: z.array(requirement) }),
      z.strictObject({ any: z.array(requirement).min(1) }),
      z.strictObject({ not: requirement }),
    ],
    { error: 'one of { skill, atLeast, atMost }, { all: […] }, { any: […] }, { not: … }' },
  ),
);

const queue = z.strictObject({
  id,
  name: z.string().min(1).optional(),
  serviceLevelSeconds: seconds.default(QUEUE_DEFAULTS.serviceLevelMs / 1000),
  shortAbandonSeconds: seconds.default(QUEUE_DEFAULTS.shortAbandonMs / 1000),
  selection: z.enum(AGENT_SELECTIONS).default(QUEUE_DEFAULTS.selection),
  ringSeconds: seconds.min(1).default(QUEUE_DEFAULTS.ringTimeoutMs / 1000),
  maxWaitSeconds: z.union([seconds.min(1), z.literal('untilServed')], { error: 'seconds, or untilServed' }).default(QUEUE_DEFAULTS.maxWaitMs / 1000),
  maxWaiting: z.number().int().min(0).optional(),
  noAgentsGraceSeconds: seconds.default(QUEUE_DEFAULTS.limits.noAgentsGraceMs / 1000),
  /** Where one goes whose time is up; without it the call ends there. */
  overflowTo: id.optional(),
});

const step = z.strictObject({
  require: requirement,
  forSeconds: z.union([seconds, z.literal('untilServed')], { error: 'seconds, or untilServed' }),
  keepIdle: z.number().int().min(0).optional(),
});

const arrivals = z.union(
  [
    z.strictObject({ perHour: z.array(z.strictObject({ from: clock, to: clock, calls: z.number().min(0) })).min(1) }),
    z.strictObject({ recorded: z.array(clock).min(1), resample: z.boolean().default(false) }),
  ],
  { error: '{ perHour: [{ from, to, calls }] } or { recorded: [times], resample }' },
);

const callType = z.strictObject({
  id,
  name: z.string().min(1).optional(),
  queue: id,
  priority: z.number().int().min(1).max(10).default(5),
  /** Counts as if it had come this much earlier. */
  ageBoostSeconds: seconds.default(0),
  steps: z.array(step).default([]),
  afterSteps: z.enum(['strict', 'any']).default('strict'),
  arrivals: arrivals.optional(),
  patienceSeconds: distribution.optional(),
  talkSeconds: distribution.optional(),
  wrapUpSeconds: distribution.optional(),
  /** Of those who gave up, who call again, and after how long. */
  retry: z.strictObject({ share, afterSeconds: distribution }).optional(),
});

const shift = z.strictObject({
  agents: z.number().int().min(1).max(20_000),
  from: clock,
  to: clock,
  /** A span that all take, or a length that they take one after another within a span. */
  breaks: z.array(z.union([span, z.strictObject({ minutes: z.number().positive(), between: span })], { error: '"12:00-12:45", or { minutes, between: "11:30-13:30" }' })).default([]),
});

const group = z.strictObject({
  id,
  name: z.string().min(1).optional(),
  skills: z.record(skillName, z.number().int().min(0).max(100)).default({}),
  queues: z.array(id),
  shifts: z.array(shift).optional(),
  /** How many are there from a time on. */
  levels: z.array(z.strictObject({ from: clock, agents: z.number().int().min(0).max(20_000) })).min(1).optional(),
  answerAfterSeconds: distribution.optional(),
  missShare: share.default(0),
  awaySeconds: seconds.default(120),
  talkFactor: z.number().positive().max(10).default(1),
});

export const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  /** Calls come within it. */
  day: z.strictObject({ from: clock, to: clock }),
  periodMinutes: z.number().min(1).max(1440).default(30),
  trunks: z.number().int().min(1).optional(),
  /** How much busier or quieter than planned a day may be: the standard deviation of a factor of mean 1 (gamma). */
  dayFactorSd: z.number().positive().max(1).optional(),
  fairAfterSeconds: seconds.optional(),
  queues: z.array(queue).min(1),
  callTypes: z.array(callType).default([]),
  groups: z.array(group).min(1),
});

/** A scenario file, checked, with defaults filled in. Durations are in seconds. */
export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioDistribution = z.infer<typeof distribution>;
export type ScenarioShift = z.infer<typeof shift>;
