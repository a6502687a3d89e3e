import { countryTimeZone } from '../../engine/callback/calling-hours.ts';
import { NUMBER_RULES_DEFAULTS, type NumberRules } from '../../engine/callback/number-rules.ts';
import type { CallbackPolicy } from '../../engine/domain/callback-policy.ts';
import type { Config } from './schema.ts';

type QueueCallbacks = NonNullable<Config['queues'][number]['callbacks']>;

/** How a queue places callbacks. */
export function callbackPolicyOf(callbacks: QueueCallbacks): CallbackPolicy {
  const { order, attempts, attemptsByOutcome, retrySeconds: retry, ringSeconds, previewSeconds, dialAheadSeconds, expires, lateSeconds, flow, detectMachines, messageFlow } = callbacks;
  const after = (seconds: number | 'giveUp'): number | 'giveUp' => (seconds === 'giveUp' ? seconds : seconds * 1000);
  return {
    order,
    attempts,
    attemptsByOutcome: Object.fromEntries(Object.entries(attemptsByOutcome).filter(([, most]) => most !== undefined)),
    after: {
      machine: after(retry.machine),
      hungUp: after(retry.hungUp),
      busy: after(retry.busy),
      noAnswer: after(retry.noAnswer),
      refused: after(retry.refused),
      wrongNumber: after(retry.wrongNumber),
      networkFailure: after(retry.networkFailure),
      interrupted: after(retry.interrupted),
    },
    ringMs: ringSeconds * 1000,
    previewMs: previewSeconds * 1000,
    dialAheadMs: dialAheadSeconds * 1000,
    ...(flow === undefined ? {} : { flow }),
    detectMachines,
    ...(messageFlow === undefined ? {} : { messageFlow }),
    expiresAfter: expires === 'businessDay' ? expires : expires * 1000,
    lateMs: lateSeconds * 1000,
    windows: {
      lengthMs: callbacks.windowMinutes * 60_000,
      capacity: callbacks.perWindow,
      leadMs: callbacks.leadMinutes * 60_000,
      daysAhead: callbacks.daysAhead,
    },
  };
}

/** Whose numbers are called back. `doNotCall`: E.164 numbers. */
export function numberRulesOf(config: Config, doNotCall: ReadonlySet<string>, timeZone: string): NumberRules {
  const { country, allowedCountries, allowedTypes, deniedPrefixes, allowedPrefixes, ownNumbers, caps, callingHours, cost } = config.callbacks;
  return {
    country,
    allowedCountries: allowedCountries ?? [country],
    allowedTypes: allowedTypes ?? NUMBER_RULES_DEFAULTS.allowedTypes,
    deniedPrefixes,
    allowedPrefixes,
    // A callback to our own hotline would call ourselves, again and again.
    ownNumbers: [...config.hotlines.map(({ number }) => number), ...config.agents.map(({ id }) => id), ...ownNumbers],
    doNotCall: (number) => doNotCall.has(number),
    caps: {
      perNumber: caps.perNumber,
      perCaller: caps.perCaller,
      withheldCallers: caps.withheldCallers,
      perDay: caps.perDay,
      dialsPerNumber: caps.dialsPerNumber,
      withinMs: NUMBER_RULES_DEFAULTS.caps.withinMs,
    },
    cost: cost === undefined ? undefined : { capPerDay: cost.capPerDay, perMinuteByPrefix: cost.perMinuteByPrefix, assumedMinutes: cost.assumedMinutes },
    callingHours: callingHours === 'any' ? undefined : { ...(callingHours ?? NUMBER_RULES_DEFAULTS.callingHours), timeZoneOf: countryTimeZone, centreTimeZone: timeZone },
  };
}
