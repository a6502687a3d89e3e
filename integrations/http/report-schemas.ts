import { z } from 'zod';
import { ATTEMPT_OUTCOMES, CALLBACK_ENDS, CALLBACK_REFUSALS } from '../../engine/domain/callback.ts';
import { OVERFLOW_REASONS } from '../../engine/domain/contact.ts';

// Descriptions give the formula; docs/reporting.md says what belongs to which interval.

const time = z.int().describe('Milliseconds since the epoch.');
const count = z.int().min(0);
const durationMs = z.number().min(0).describe('Milliseconds.');
const knownMs = durationMs.nullable();
const share = z.number().min(0).max(1).nullable().describe('0 to 1; null: there was nothing to measure.');

const frame = {
  from: time.describe('Start of the interval, milliseconds since the epoch.'),
  to: time.describe('End of the interval; not part of it.'),
  local: z.string().describe('The start by the wall clock of the time zone, e.g. 2026-08-12T09:30:00+08:00.'),
  complete: z.boolean().describe('False while the interval goes on.'),
};

const offers = z
  .object({
    made: count,
    accepted: count,
    rejected: count,
    noAnswer: count,
    busy: count,
    unreachable: count,
    failed: count,
    rescinded: count.describe('The caller hung up or left the queue meanwhile.'),
    canceled: count,
  })
  .describe('Offers made in the interval, and how those ended that ended in it.');

const work = {
  handled: count.describe('Pieces of work (conversation, hold, wrap-up) that were finished in the interval, with all of their time.'),
  talkMs: durationMs,
  heldMs: durationMs,
  wrapUpMs: durationMs,
  averageHandleMs: knownMs.describe('AHT: (talk + held + wrap-up) / handled.'),
};

const serviceLevels = z
  .object({
    appQueue: share.describe('Asterisk app_queue: answered ≤ X / answered.'),
    appQueue2: share.describe('Asterisk app_queue, second form: (answered ≤ X + abandoned ≤ X) / (answered + abandoned).'),
    ciscoOnlyHandled: share.describe('Cisco: handled ≤ X / handled.'),
    ciscoWithoutAbandon: share.describe('Cisco: handled ≤ X / (presented − abandoned ≤ X).'),
    ciscoPositiveAbandon: share.describe('Cisco: (handled ≤ X + abandoned ≤ X) / presented.'),
    ciscoNegativeAbandon: share.describe('Cisco: handled ≤ X / presented.'),
    amazonConnect: share.describe('Amazon Connect: (answered, abandoned or withdrawn ≤ X) / queued, short calls included.'),
  })
  .describe('The service level, counted in seven ways.');

const queueFigures = {
  offered: count.describe('Contacts that the queue got, each once; callbacks are in no figure but those of the work and of offers.'),
  answered: count,
  abandoned: count.describe('Left by themselves, short ones not counted.'),
  shortAbandoned: count.describe('Left by themselves sooner than `shortAbandonMs`.'),
  overflowed: count.describe('Left by a rule, without an agent.'),
  overflowedBy: z.partialRecord(z.enum(OVERFLOW_REASONS), count),
  withdrawn: count,
  lost: count.describe('Gone without a trace in the log; 0 unless events were lost.'),
  abandonRate: share.describe('abandoned / (answered + abandoned + overflowed).'),
  waitingAtStart: count,
  waitingAtEnd: count,
  longestWaitingMs: knownMs.describe('Longest wait so far of those who wait at the end of the interval.'),
  averageSpeedOfAnswerMs: knownMs.describe('ASA: mean wait of the answered.'),
  waitP50Ms: knownMs.describe('Half of the answered waited no longer (nearest rank).'),
  waitP90Ms: knownMs,
  waitP95Ms: knownMs,
  longestWaitMs: knownMs.describe('Longest wait of those who left.'),
  averageTimeToAbandonMs: knownMs.describe('Mean wait of the abandoned.'),
  ...work,
  averageLength: z.number().min(0).nullable().describe('Sum of all waiting in the interval / length of the interval.'),
  maxLength: count,
  offers,
  serviceLevelMs: knownMs.describe('The target X; null when there were no contacts, or it was not the same for all.'),
  answeredWithin: count.describe('Answered within X.'),
  abandonedWithin: count.describe('Abandoned within X, short ones not counted.'),
  presented: count.describe('Contacts whose answer, abandonment, overflow or target (whichever is first) fell into the interval.'),
  serviceLevels,
};

const agentFigures = {
  loggedInMs: durationMs.describe('Sum of the time in all states.'),
  stateMs: z.object({
    ready: durationMs,
    reserved: durationMs,
    ringing: durationMs,
    talking: durationMs,
    held: durationMs,
    wrapUp: durationMs,
    notReady: durationMs,
    notResponding: durationMs,
  }),
  notReadyByReasonMs: z.record(z.string(), durationMs),
  contactMs: durationMs.describe('talking + held + wrap-up.'),
  occupancy: share.describe('contact time / (contact time + ready); the ringing of the phone is neither.'),
  utilisation: share.describe('contact time / logged-in time.'),
  ...work,
  offers,
  nonResponses: count.describe('Offers that rang out, and those whose caller left while the phone rang.'),
  nonResponsesWithoutAbandon: count.describe('Offers that rang out.'),
};

const callbackFigures = {
  offered: count.describe('Callers who were offered a callback, each once a call.'),
  requested: count.describe('Callbacks that were taken.'),
  requestedBy: z.object({ customer: count, agent: count, supervisor: count, program: count }),
  requestedFor: z.object({ soon: count, at: count }).describe('As soon as possible, or for a period.'),
  takenShare: z
    .number()
    .min(0)
    .nullable()
    .describe('requestedBy.customer / offered; above 1 where callers ask without having been offered one, or in the interval after. Null: nobody was offered one.'),
  refused: count.describe('Requests and moves that were refused.'),
  refusedBy: z.partialRecord(z.enum(CALLBACK_REFUSALS), count),
  moved: count,
  openAtStart: count,
  openAtEnd: count.describe('openAtStart + requested − ended.'),
  attempts: count.describe('Customers who were dialled, in the interval in which that ended.'),
  attemptsBy: z.record(z.enum(ATTEMPT_OUTCOMES), count),
  ended: z.record(z.enum(CALLBACK_ENDS), count),
  reachedAtFirst: count.describe('Reached with the first attempt.'),
  reachedAtFirstShare: share.describe('reachedAtFirst / reached.'),
  promised: z
    .object({
      reached: count,
      reachedWithin: count.describe('period.from ≤ reached < period.to.'),
      withinShare: share.describe('reachedWithin / reached.'),
      keptShare: share.describe('reachedWithin / (reached + expired + attemptsUsed + impossible).'),
      averageDelayMs: knownMs.describe('mean(reached − period.from).'),
      delayP50Ms: knownMs.describe('Half of them were reached no later after period.from (nearest rank).'),
      delayP90Ms: knownMs,
    })
    .describe('Callbacks for a period, by the one they had at their end.'),
  soon: z
    .object({ reached: count, averageMs: knownMs, p50Ms: knownMs, p90Ms: knownMs })
    .describe('Callbacks as soon as possible: from the request to reached.'),
};

const range = {
  timeZone: z.string(),
  from: time.describe('What was asked for, widened to whole intervals.'),
  to: time,
  asOf: time.describe('When the report was made. Later intervals are not in it.'),
};

/** The answer to a report by interval: the rows of what was asked for, the other lists empty. */
export const reportResult = z.object({
  ...range,
  interval: z.string(),
  queues: z.array(z.object({ ...frame, queueId: z.string(), ...queueFigures })).readonly(),
  agents: z.array(z.object({ ...frame, agentId: z.string(), ...agentFigures })).readonly(),
  callbacks: z
    .array(z.object({ ...frame, queueId: z.string(), ...callbackFigures }))
    .readonly()
    .default([]),
  totals: z.array(z.object({ ...frame, queues: z.object(queueFigures), agents: z.object(agentFigures), callbacks: z.object(callbackFigures) })).readonly(),
});

const calibration = {
  estimates: count,
  told: count.describe('Estimates that the caller heard.'),
  answered: count.describe('Estimates whose contact was answered; the errors are taken over these.'),
  censored: count.describe('Estimates whose contact left without an answer.'),
  biasMs: z.number().nullable().describe('mean(expected − actual); above 0 the callers waited less than was expected.'),
  meanAbsoluteErrorMs: knownMs.describe('mean(|expected − actual|).'),
  rrase: z.number().min(0).nullable().describe('√mean((expected − actual)²) / mean(actual).'),
  withinLow: share.describe('Share of waits ≤ lowMs (Kaplan–Meier); 0.5 is right.'),
  withinHigh: share.describe('Share of waits ≤ highMs (Kaplan–Meier); 0.9 is right.'),
};

/** The answer to the report about estimated waits. */
export const expectedWaitResult = z.object({
  ...range,
  rows: z
    .array(
      z.object({
        queueId: z.string().nullable().describe('Null: all queues.'),
        ...calibration,
        bands: z
          .array(z.object({ fromMs: durationMs, toMs: knownMs.describe('Null: no upper end.'), ...calibration }))
          .readonly()
          .describe('By what was expected.'),
      }),
    )
    .readonly(),
});
