import { ratio } from './arithmetic.ts';
import type { QueueTally } from './queue-tally.ts';

/**
 * One share, seven ways of counting it: each is right, and none may stand without its name. X is the queue's target
 * (`serviceLevelMs`); the sources are in docs/reporting.md. Null where nothing was to be measured.
 */
export interface ServiceLevels {
  /** Asterisk app_queue, ServicelevelPerf: answered ≤ X / answered. */
  readonly appQueue: number | null;
  /** Asterisk app_queue, ServicelevelPerf2: (answered ≤ X + abandoned ≤ X) / (answered + abandoned). */
  readonly appQueue2: number | null;
  /** Cisco: handled ≤ X / handled. */
  readonly ciscoOnlyHandled: number | null;
  /** Cisco: handled ≤ X / (presented − abandoned ≤ X). */
  readonly ciscoWithoutAbandon: number | null;
  /** Cisco: (handled ≤ X + abandoned ≤ X) / presented. */
  readonly ciscoPositiveAbandon: number | null;
  /** Cisco: handled ≤ X / presented. */
  readonly ciscoNegativeAbandon: number | null;
  /** Amazon Connect: (answered, abandoned or withdrawn ≤ X) / queued; it knows no short calls. */
  readonly amazonConnect: number | null;
}

/** What was to be served: every contact once, in the interval of its service-level event, but short and withdrawn ones. */
export function presented({ level }: QueueTally): number {
  return level.answered + level.abandoned + level.overflowed + level.late;
}

export function serviceLevelsOf(tally: QueueTally): ServiceLevels {
  const { level, measured } = tally;
  const all = presented(tally);
  return {
    appQueue: ratio(level.answered, measured.answered),
    appQueue2: ratio(level.answered + level.abandoned, measured.answered + measured.abandoned),
    ciscoOnlyHandled: ratio(level.answered, measured.answered),
    ciscoWithoutAbandon: ratio(level.answered, all - level.abandoned),
    ciscoPositiveAbandon: ratio(level.answered + level.abandoned, all),
    ciscoNegativeAbandon: ratio(level.answered, all),
    amazonConnect: ratio(level.answered + level.abandoned + level.shortAbandoned + level.withdrawn, all + level.shortAbandoned + level.withdrawn),
  };
}
