import type { AttemptLimit } from '../domain/attempts.ts';
import type { CallId } from '../domain/ids.ts';
import type { ServiceCall } from '../flow/service.ts';
import type { Announce } from '../ports/announcer.ts';
import type { AttemptLock, Attempts, AttemptSubject } from '../ports/attempts.ts';
import { callerKey, type NumberingPlan } from '../ports/numbering-plan.ts';
import type { Pseudonyms } from '../ports/pseudonyms.ts';

/** What attempts are counted for. Callers who withhold their number share one count, else withholding it would be the way around the others. */
export const IDENTIFICATION_SCOPES = ['account', 'caller', 'withheldCallers'] as const;
export type IdentificationScope = (typeof IDENTIFICATION_SCOPES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * One account: three wrong PINs, then one a lock of 5 min, 20 min, 80 min, 5 h and 21 h, one a day in the end. A caller gets on with its own
 * account without its count being cleared: who has one would have unlimited guesses at all others.
 */
export const IDENTIFICATION_LIMITS: Readonly<Record<IdentificationScope, AttemptLimit>> = {
  account: { free: 3, firstLockMs: 5 * MINUTE_MS, longestLockMs: 24 * HOUR_MS, forgetMs: 24 * HOUR_MS, clearedBySuccess: true },
  caller: { free: 6, firstLockMs: 5 * MINUTE_MS, longestLockMs: 24 * HOUR_MS, forgetMs: 4 * HOUR_MS, clearedBySuccess: false },
  withheldCallers: { free: 6, firstLockMs: 5 * MINUTE_MS, longestLockMs: HOUR_MS, forgetMs: HOUR_MS, clearedBySuccess: false },
};

export interface IdentificationGuardOptions {
  /** Knows the scopes of IDENTIFICATION_SCOPES. */
  readonly attempts: Attempts;
  readonly pseudonyms: Pseudonyms;
  readonly plan: NumberingPlan;
  /** How a caller's number without a country is read; ISO 3166 alpha-2. */
  readonly country: string;
  readonly announce: Announce;
  /** The caller id of a call; undefined for a call that is no more. */
  readonly callerNumberOf: (callId: CallId) => string | undefined;
}

/** A service that says who somebody is. */
type Identification<Input, Result> = (input: Input, call: ServiceCall) => Promise<Result>;

/**
 * Stands before the services that check a PIN: whoever guesses is locked out, by account and by caller, whatever flow asks and whatever the
 * back office counts itself. Accounts and numbers stand in no record and no event but as pseudonyms.
 */
export class IdentificationGuard {
  readonly #o: IdentificationGuardOptions;

  constructor(options: IdentificationGuardOptions) {
    this.#o = options;
  }

  /** Whether an attempt at this account would be allowed to the caller of this call now. */
  mayIdentify(account: string, callId: CallId): boolean {
    return this.#o.attempts.lockOf(this.#subjects(account, callId)) === undefined;
  }

  /**
   * A service with the guard before it. Its result `refused` counts as a wrong attempt, and so does `locked` of the back office; what it
   * rejects with counts as none, every other result as a right one. While somebody is locked, it is not asked: the result is `locked`.
   */
  guarded<Input extends { readonly account: string }, Result extends { readonly outcome: string }>(
    service: string,
    identify: Identification<Input, Result>,
  ): Identification<Input, Result | { readonly outcome: 'locked' }> {
    return async (input, call) => {
      const { attempts, announce } = this.#o;
      const subjects = this.#subjects(input.account, call.callId);
      const ticket = attempts.begin(call.idempotencyKey, subjects);
      if (!ticket.allowed) {
        announce({ type: 'identification.refused', service, by: 'lock', ...namesOf(subjects) }, call.callId);
        return { outcome: 'locked' };
      }
      let result: Result;
      try {
        result = await identify(input, call);
      } catch (error) {
        ticket.undone();
        throw error;
      }
      if (result.outcome !== 'refused' && result.outcome !== 'locked') {
        ticket.succeeded();
        return result;
      }
      announce({ type: 'identification.refused', service, by: 'backOffice', ...namesOf(subjects) }, call.callId);
      for (const lock of ticket.failed()) this.#announceLock(lock, call.callId);
      return result;
    };
  }

  #announceLock({ scope, key, failures, until }: AttemptLock, callId: CallId): void {
    if (isIdentificationScope(scope)) this.#o.announce({ type: 'identification.locked', scope, key, failures, until }, callId);
  }

  #subjects(account: string, callId: CallId): readonly AttemptSubject[] {
    const { pseudonyms, plan, country, callerNumberOf } = this.#o;
    const caller = callerKey(callerNumberOf(callId) ?? '', plan, country);
    return [
      { scope: 'account', key: pseudonyms.of('account', account) },
      caller === '' ? { scope: 'withheldCallers', key: 'all' } : { scope: 'caller', key: pseudonyms.of('caller', caller) },
    ];
  }
}

function namesOf(subjects: readonly AttemptSubject[]): { readonly account: string; readonly caller?: string } {
  const keyOf = (scope: IdentificationScope): string | undefined => subjects.find((subject) => subject.scope === scope)?.key;
  const caller = keyOf('caller');
  return { account: keyOf('account') ?? '', ...(caller === undefined ? {} : { caller }) };
}

function isIdentificationScope(scope: string): scope is IdentificationScope {
  return (IDENTIFICATION_SCOPES as readonly string[]).includes(scope);
}
