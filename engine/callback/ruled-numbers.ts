import type { CallbackRefusal } from '../domain/callback.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Logger } from '../ports/logger.ts';
import type { NumberingPlan } from '../ports/numbering-plan.ts';
import type { NumberGuard } from './callback-admission.ts';
import { checkCallingHours } from './calling-hours.ts';
import { DialLedger } from './dial-ledger.ts';
import { checkDial, checkNumber, type NumberCheck, type NumberRequest } from './number-check.ts';
import type { NumberRules } from './number-rules.ts';

type Admitted = Extract<NumberCheck, { readonly ok: true }>;

/** What was counted is journaled no more often than this: a few requests less do not matter after a crash. */
const SAVE_EVERY_MS = 10_000;
/** A limit of a day that is reached is looked at again after this. */
const LIMIT_AGAIN_MS = 3_600_000;
/** Calling hours begin on such a step of the clock, wherever the number is. */
const HOURS_STEP_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const RECORD = 'ledger';

export interface RuledNumbersOptions {
  readonly rules: () => NumberRules;
  readonly plan: NumberingPlan;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly log: Logger;
}

/** The rules of the configuration, with what has been asked for and dialled so far. */
export class RuledNumbers implements NumberGuard<Admitted> {
  readonly #o: RuledNumbersOptions;
  #ledger = new DialLedger();
  #savedAt = -Infinity;

  constructor(options: RuledNumbersOptions) {
    this.#o = options;
  }

  async restore(): Promise<void> {
    const record = (await this.#o.journal.load('dialLedger')).find(({ id }) => id === RECORD);
    this.#ledger = DialLedger.fromJSON(record?.record);
  }

  admit(request: NumberRequest): Admitted | { readonly ok: false; readonly refusal: CallbackRefusal } {
    const { rules, plan, clock, log } = this.#o;
    const checked = checkNumber(request, rules(), plan, this.#ledger, clock.now());
    if (!checked.ok) log.info({ refusal: checked.refusal, detail: checked.detail }, 'A number is not called back.');
    return checked;
  }

  normal(text: string): string | undefined {
    const read = this.#o.plan.read(text, { country: this.#o.rules().country });
    return 'problem' in read ? undefined : read.number;
  }

  mayDial(number: string): 'dial' | 'impossible' | { readonly notBefore: number } {
    const { rules, plan, clock, log } = this.#o;
    const now = clock.now();
    const checked = checkDial(number, rules(), plan, this.#ledger, now);
    if (checked.ok) return 'dial';
    log.info({ refusal: checked.refusal, detail: checked.detail }, 'A customer is not called now.');
    if (checked.refusal === 'callingHours') return { notBefore: this.#hoursAfter(number, now) };
    return checked.refusal === 'tooManyForNumber' || checked.refusal === 'costLimit' ? { notBefore: now + LIMIT_AGAIN_MS } : 'impossible';
  }

  requested(admitted: Admitted): void {
    this.#ledger.requested(admitted, this.#o.clock.now());
    this.#save();
  }

  dialled(number: string): void {
    const { rules, plan, clock } = this.#o;
    const checked = checkDial(number, rules(), plan, this.#ledger, clock.now());
    this.#ledger.dialled({ number, estimatedCost: checked.ok ? checked.estimatedCost : 0 }, clock.now());
    this.#save();
  }

  #hoursAfter(number: string, now: number): number {
    const { rules, plan } = this.#o;
    const { callingHours, country } = rules();
    const read = plan.read(number, { country });
    const where = 'problem' in read ? country : read.country;
    const first = Math.ceil((now + 1) / HOURS_STEP_MS) * HOURS_STEP_MS;
    for (let at = first; at < now + DAY_MS; at += HOURS_STEP_MS) {
      if (callingHours === undefined || checkCallingHours(callingHours, number, where, at).open) return at;
    }
    return now + LIMIT_AGAIN_MS;
  }

  #save(): void {
    const now = this.#o.clock.now();
    if (now - this.#savedAt < SAVE_EVERY_MS) return;
    this.#savedAt = now;
    this.#o.journal.changed('dialLedger', RECORD, () => this.#ledger.toJSON());
  }
}
