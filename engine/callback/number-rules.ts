import type { NumberType } from '../ports/numbering-plan.ts';
import type { CallCost } from './call-cost.ts';
import { countryTimeZone, type CallingHours } from './calling-hours.ts';

/** How often is too often. Each is the number that is still allowed within `withinMs`. */
export interface NumberCaps {
  /** Requests for one number, whoever asks. */
  readonly perNumber: number;
  /** Requests by one caller, for whatever numbers. */
  readonly perCaller: number;
  /** Requests by all callers together who withhold their number; else withholding it would be the way around `perCaller`. */
  readonly withheldCallers: number;
  /** Requests in all. */
  readonly perDay: number;
  /** Dials of one number: `perNumber` times the attempts that a queue makes. */
  readonly dialsPerNumber: number;
  /** Milliseconds, up to now. */
  readonly withinMs: number;
}

/** Which numbers are called back, so that a hotline is no free dialler: not into the world, not to those who earn by it, not at nobody's wish. */
export interface NumberRules {
  /** Where the centre is: how a number without a country is read. ISO 3166 alpha-2, as below. */
  readonly country: string;
  readonly allowedCountries: readonly string[];
  readonly allowedTypes: readonly NumberType[];
  /** Beginnings of E.164 numbers. */
  readonly deniedPrefixes: readonly string[];
  /** Exceptions from `deniedPrefixes`, and from nothing else. */
  readonly allowedPrefixes: readonly string[];
  /** Hotlines and extensions of the centre, E.164 or as dialled. A call to them would come back in. Read once: hand in a new list to change it. */
  readonly ownNumbers: readonly string[];
  /** By E.164. */
  readonly doNotCall: (number: string) => boolean;
  readonly caps: NumberCaps;
  /** Undefined: costs are not looked at. */
  readonly cost: CallCost | undefined;
  /** Undefined: at any time. */
  readonly callingHours: CallingHours | undefined;
}

/** What was asked for and dialled at `since` or later (milliseconds since the epoch). Numbers are E.164; costs as in `CallCost`. */
export interface NumberUsage {
  requestsFor(number: string, since: number): number;
  /** `caller` as `NumberCheck` gave it: empty for all who withheld their number. */
  requestsBy(caller: string, since: number): number;
  dialsTo(number: string, since: number): number;
  requests(since: number): { readonly count: number; readonly cost: number };
  dials(since: number): { readonly count: number; readonly cost: number };
}

/** A centre in China: persons in China only, as often as somebody might really need it, and not at night. */
export const NUMBER_RULES_DEFAULTS = {
  country: 'CN',
  allowedCountries: ['CN'],
  allowedTypes: ['mobile', 'fixedLine', 'fixedLineOrMobile'],
  deniedPrefixes: [],
  allowedPrefixes: [],
  ownNumbers: [],
  doNotCall: () => false,
  caps: { perNumber: 3, perCaller: 3, withheldCallers: 100, perDay: 5_000, dialsPerNumber: 9, withinMs: 24 * 3_600_000 },
  cost: undefined,
  callingHours: { from: '08:00', to: '21:00', timeZoneOf: countryTimeZone, centreTimeZone: 'Asia/Shanghai' },
} as const satisfies NumberRules;
