import type { Requirement } from '../domain/requirement.ts';
import type { ArrivingContact } from './routing-event.ts';

/** What of a contact makes its plan. */
export type PlanSource = Pick<ArrivingContact, 'queueId' | 'steps' | 'afterSteps'>;

interface Entry<Plan> {
  readonly code: readonly number[];
  readonly plan: Plan;
  readonly source: PlanSource;
  /** Another with the same hash. */
  readonly next: Entry<Plan> | undefined;
}

/** Names that are known; when there are more, all are learned anew, so that names made from data are no leak. */
const MOST_NAMES = 100_000;

/**
 * Finds a plan by what it was made from. Every contact that arrives is looked up, so no text is built: its queue and steps
 * are written down as numbers, and those are compared. Not canonical: the same in another order is another plan.
 */
export class PlanIndex<Plan> {
  /** By hash of the code; there is nearly always one. */
  readonly #entries = new Map<number, Entry<Plan>>();
  readonly #names = new Map<string, number>();
  /** Of what was looked up last. */
  readonly #code: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(source: PlanSource): Plan | undefined {
    let entry = this.#entries.get(this.#encode(source));
    while (entry !== undefined && !this.#isLast(entry.code)) entry = entry.next;
    return entry?.plan;
  }

  set(source: PlanSource, plan: Plan): void {
    if (this.#names.size > MOST_NAMES) this.keep(() => true);
    this.#put(source, plan);
    this.#size += 1;
  }

  /** Forgets the plans for which `isWanted` is false. */
  keep(isWanted: (plan: Plan) => boolean): void {
    const wanted = [...this.#all()].filter(({ plan }) => isWanted(plan));
    this.#entries.clear();
    this.#names.clear();
    this.#size = wanted.length;
    for (const { source, plan } of wanted) this.#put(source, plan);
  }

  *values(): Iterable<Plan> {
    for (const { plan } of this.#all()) yield plan;
  }

  *#all(): Iterable<Entry<Plan>> {
    for (const first of this.#entries.values()) for (let entry: Entry<Plan> | undefined = first; entry !== undefined; entry = entry.next) yield entry;
  }

  #put(source: PlanSource, plan: Plan): void {
    const hash = this.#encode(source);
    this.#entries.set(hash, { code: [...this.#code], plan, source, next: this.#entries.get(hash) });
  }

  #isLast(code: readonly number[]): boolean {
    const last = this.#code;
    if (code.length !== last.length) return false;
    for (let at = 0; at < last.length; at += 1) if (code[at] !== last[at]) return false;
    return true;
  }

  /** Returns the hash. */
  #encode({ queueId, steps, afterSteps }: PlanSource): number {
    const code = this.#code;
    code.length = 0;
    code.push(this.#numberOf(queueId), afterSteps === 'any' ? 1 : 0);
    for (const { require, forMs, keepIdle } of steps) {
      code.push(forMs === 'untilServed' ? -1 : forMs, keepIdle ?? 0);
      this.#encodeRequirement(require);
    }
    let hash = code.length;
    for (let at = 0; at < code.length; at += 1) hash = Math.imul(hash ^ (code[at]! | 0), 0x01000193) ^ (hash >>> 15);
    return hash;
  }

  /** The first number tells the kind, so the numbers can be read back in one way only. */
  #encodeRequirement(requirement: Requirement): void {
    const code = this.#code;
    if ('skill' in requirement) code.push(1, this.#numberOf(requirement.skill), requirement.atLeast ?? -Infinity, requirement.atMost ?? Infinity);
    else if ('agent' in requirement) code.push(2, this.#numberOf(requirement.agent));
    else if ('not' in requirement) {
      code.push(3);
      this.#encodeRequirement(requirement.not);
    } else {
      const parts = 'all' in requirement ? requirement.all : requirement.any;
      code.push('all' in requirement ? 4 : 5, parts.length);
      for (const part of parts) this.#encodeRequirement(part);
    }
  }

  #numberOf(name: string): number {
    let number = this.#names.get(name);
    if (number === undefined) {
      number = this.#names.size;
      this.#names.set(name, number);
    }
    return number;
  }
}
