import { join } from 'node:path';
import { AttemptLedger } from '../engine/identification/attempt-ledger.ts';
import { IdentificationGuard, IDENTIFICATION_LIMITS, type IdentificationScope } from '../engine/identification/identification-guard.ts';
import type { AttemptLimit } from '../engine/domain/attempts.ts';
import type { CallId } from '../engine/domain/ids.ts';
import type { mayIdentify } from '../engine/flow/identification-services.ts';
import type { ServiceImplementations } from '../engine/flow/service.ts';
import type { Announce } from '../engine/ports/announcer.ts';
import type { Attempts } from '../engine/ports/attempts.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Journal } from '../engine/ports/journal.ts';
import type { Pseudonyms } from '../engine/ports/pseudonyms.ts';
import { libphonenumberPlan } from '../integrations/numbering/libphonenumber-plan.ts';
import { keyedPseudonyms, readPseudonymKey } from '../integrations/runtime/keyed-pseudonyms.ts';
import { SIGN_IN_LIMITS } from './api-access.ts';
import type { Config } from './config/schema.ts';

export interface IdentificationParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly announce: Announce;
  readonly callerNumberOf: (callId: CallId) => string | undefined;
}

/** Who guesses PINs, and passwords of the API, as the journal knows it. */
export async function startIdentification({ config, clock, journal, announce, callerNumberOf }: IdentificationParts): Promise<{ readonly attempts: Attempts; readonly guard: IdentificationGuard }> {
  const attempts = new AttemptLedger({ clock, journal, limits: { ...attemptLimitsOf(config), ...SIGN_IN_LIMITS } });
  await attempts.restore();
  const guard = new IdentificationGuard({
    attempts,
    pseudonyms: pseudonymsOf(config),
    plan: libphonenumberPlan,
    country: config.callbacks.country,
    announce,
    callerNumberOf,
  });
  return { attempts, guard };
}

/** The service with which flows ask whether somebody may try. */
export function identificationServices(guard: () => IdentificationGuard): ServiceImplementations<{ mayIdentify: typeof mayIdentify }> {
  return {
    mayIdentify: async ({ account }, { callId }) => ({ outcome: guard().mayIdentify(account, callId) ? 'free' : 'locked' }),
  };
}

/** By scope. */
export function attemptLimitsOf({ identification: { perAccount, perCaller, withheldCallers } }: Config): Readonly<Record<IdentificationScope, AttemptLimit>> {
  const limit = (scope: IdentificationScope, set: Config['identification']['perAccount']): AttemptLimit => ({
    free: set.freeAttempts,
    firstLockMs: set.firstLockSeconds * 1000,
    longestLockMs: Math.max(set.firstLockSeconds, set.longestLockSeconds) * 1000,
    forgetMs: set.forgetSeconds * 1000,
    clearedBySuccess: IDENTIFICATION_LIMITS[scope].clearedBySuccess,
  });
  return { account: limit('account', perAccount), caller: limit('caller', perCaller), withheldCallers: limit('withheldCallers', withheldCallers) };
}

function pseudonymsOf({ identification, engine }: Config): Pseudonyms {
  return keyedPseudonyms(readPseudonymKey(identification.keyFile ?? join(engine.dataDir, 'pseudonym.key')));
}
