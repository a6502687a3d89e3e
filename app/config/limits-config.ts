import { NO_LIMITS, type AdmissionLimits } from '../../engine/admission/admission.ts';
import type { CallLimit } from '../../engine/admission/keyed-limits.ts';
import type { Thresholds } from '../../engine/admission/load-level.ts';
import type { Config } from './schema.ts';

/** What admission works by. */
export function admissionLimitsOf({ limits }: Pick<Config, 'limits'>): AdmissionLimits {
  const { calls, byLoad, busyShare, eventLoopLagSeconds, eventLagSeconds, requestSeconds, trunks, perTrunk, perCaller } = limits;
  const numbers = {
    calls: calls ?? Infinity,
    trunks: new Map(Object.entries(trunks).map(([name, limit]) => [name, limitOf(limit)])),
    perTrunk: limitOf(perTrunk),
    perCaller: limitOf(perCaller),
  };
  if (!byLoad) return { ...NO_LIMITS, ...numbers };
  return {
    ...numbers,
    busy: thresholds(busyShare, 1),
    loopLagMs: thresholds(eventLoopLagSeconds, 1000),
    eventLagMs: thresholds(eventLagSeconds, 1000),
    requestMs: thresholds(requestSeconds, 1000),
  };
}

interface Levels {
  readonly spare?: number | undefined;
  readonly divert?: number | undefined;
  readonly refuse?: number | undefined;
}

/** A higher level begins no sooner than a lower one. */
function thresholds({ spare = Infinity, divert = Infinity, refuse = Infinity }: Levels, factor: number): Thresholds {
  return [spare * factor, divert * factor, refuse * factor];
}

function limitOf({ calls, perMinute }: Config['limits']['perTrunk']): CallLimit {
  return { ...(calls === undefined ? {} : { calls }), ...(perMinute === undefined ? {} : { perMinute }) };
}
