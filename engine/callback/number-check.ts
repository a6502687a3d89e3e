import type { CallbackRefusal } from '../domain/callback.ts';
import { callerKey, type NumberingPlan, type NumberProblem, type PlannedNumber } from '../ports/numbering-plan.ts';
import { estimateCost } from './call-cost.ts';
import { checkCallingHours } from './calling-hours.ts';
import type { NumberRules, NumberUsage } from './number-rules.ts';
import { ownNumbers } from './own-numbers.ts';

/** Who is to be called back, as it was said. */
export interface NumberRequest {
  /** A caller id, or what was typed. Personal. */
  readonly text: string;
  /** The caller id of the call in which it was asked for; may be empty or `anonymous`. Absent: no caller asks, but an agent, a supervisor or a program. */
  readonly caller?: string;
}

export type NumberCheck =
  | (PlannedNumber & {
      readonly ok: true;
      /** As in `CallCost`; 0 where costs are not looked at. */
      readonly estimatedCost: number;
      /** The caller, one way to spell it, for the ledger; empty when withheld, absent when no caller asks. Personal. */
      readonly caller?: string;
    })
  | {
      readonly ok: false;
      readonly refusal: CallbackRefusal;
      /** For logs: the rule that refused. There is no whole number in it. */
      readonly detail: string;
    };

type Refused = Extract<NumberCheck, { ok: false }>;

/**
 * Whether a request is taken. The first of these that is wrong is the answer, always in this order: what is certain and costs nothing comes
 * first, what may be different tomorrow comes last.
 *
 * 1. `ownNumber` as it was typed
 * 2. `numberWithheld`, `numberTooShort`, `numberInvalid`: no number
 * 3. `ownNumber` in any spelling
 * 4. `numberForeign`
 * 5. `numberType`: the type, then `deniedPrefixes`
 * 6. `doNotCall`
 * 7. `tooManyForNumber`
 * 8. `tooManyByCaller`
 * 9. `tooManyToday`
 * 10. `costLimit`: this request and all others within `caps.withinMs`
 *
 * Calling hours do not count: a callback may be asked for at night. `now` is milliseconds since the epoch.
 */
export function checkNumber(request: NumberRequest, rules: NumberRules, plan: NumberingPlan, usage: NumberUsage, now: number): NumberCheck {
  const found = allowedNumber(request.text, rules, plan);
  if ('refusal' in found) return found;
  const { caps } = rules;
  const since = now - caps.withinMs;
  const caller = request.caller === undefined ? undefined : callerKey(request.caller, plan, rules.country);

  const forNumber = usage.requestsFor(found.number, since);
  if (forNumber >= caps.perNumber) return refused('tooManyForNumber', `${forNumber} requests for this number, ${caps.perNumber} are allowed`);
  if (caller !== undefined) {
    const allowed = caller === '' ? caps.withheldCallers : caps.perCaller;
    const byCaller = usage.requestsBy(caller, since);
    if (byCaller >= allowed) return refused('tooManyByCaller', `${byCaller} requests by ${caller === '' ? 'callers without a number' : 'this caller'}, ${allowed} are allowed`);
  }
  const { count, cost } = usage.requests(since);
  if (count >= caps.perDay) return refused('tooManyToday', `${count} requests, ${caps.perDay} are allowed`);
  return withinCost(found, rules, cost) ?? accepted(found, rules, caller);
}

/**
 * Whether a number may be dialled now, with an attempt of a callback that was taken before: rules, own numbers and lists may have changed since.
 * 1 to 6 as in `checkNumber`, then
 *
 * 7. `callingHours`
 * 8. `tooManyForNumber`: by `caps.dialsPerNumber`
 * 9. `costLimit`: this dial and all others within `caps.withinMs`
 *
 * What was promised is kept: the caps on requests do not count again.
 */
export function checkDial(number: string, rules: NumberRules, plan: NumberingPlan, usage: NumberUsage, now: number): NumberCheck {
  const found = allowedNumber(number, rules, plan);
  if ('refusal' in found) return found;
  const { caps, callingHours } = rules;
  const since = now - caps.withinMs;

  if (callingHours) {
    const { open, detail } = checkCallingHours(callingHours, found.number, found.country, now);
    if (!open) return refused('callingHours', detail);
  }
  const dials = usage.dialsTo(found.number, since);
  if (dials >= caps.dialsPerNumber) return refused('tooManyForNumber', `dialled ${dials} times, ${caps.dialsPerNumber} are allowed`);
  return withinCost(found, rules, usage.dials(since).cost) ?? accepted(found, rules, undefined);
}

const PROBLEMS: Readonly<Record<NumberProblem, CallbackRefusal>> = { withheld: 'numberWithheld', tooShort: 'numberTooShort', invalid: 'numberInvalid' };

/** 1 to 6: what follows from the number and the rules alone. */
function allowedNumber(text: string, rules: NumberRules, plan: NumberingPlan): PlannedNumber | Refused {
  const own = ownNumbers(rules.ownNumbers, plan, rules.country);
  if (own.hasDialled(text)) return refused('ownNumber', 'typed like a number of our own');
  const found = plan.read(text, { country: rules.country });
  if ('problem' in found) return refused(PROBLEMS[found.problem], `${found.problem}: ${text.length} characters, read in ${rules.country}`);
  const { number, country, type } = found;
  if (own.has(number)) return refused('ownNumber', 'a number of our own');
  if (!rules.allowedCountries.includes(country)) return refused('numberForeign', `in ${country}, allowed are ${rules.allowedCountries.join(', ') || 'none'}`);
  if (!rules.allowedTypes.includes(type)) return refused('numberType', `of type ${type}, allowed are ${rules.allowedTypes.join(', ') || 'none'}`);
  const denied = rules.deniedPrefixes.findIndex((prefix) => number.startsWith(prefix));
  if (denied >= 0 && !rules.allowedPrefixes.some((prefix) => number.startsWith(prefix))) {
    // By its place: a prefix may be a whole number.
    return refused('numberType', `deniedPrefixes[${denied}]`);
  }
  if (rules.doNotCall(number)) return refused('doNotCall', 'on the list of numbers that are not called');
  return found;
}

function withinCost({ number }: PlannedNumber, { cost }: NumberRules, soFar: number): Refused | undefined {
  if (!cost) return undefined;
  const estimate = estimateCost(number, cost);
  return soFar + estimate > cost.capPerDay ? refused('costLimit', `${soFar} so far and ${estimate} for this one, ${cost.capPerDay} are allowed`) : undefined;
}

function accepted({ number, country, type }: PlannedNumber, { cost }: NumberRules, caller: string | undefined): NumberCheck {
  return { ok: true, number, country, type, estimatedCost: cost ? estimateCost(number, cost) : 0, ...(caller !== undefined && { caller }) };
}

function refused(refusal: CallbackRefusal, detail: string): Refused {
  return { ok: false, refusal, detail };
}
