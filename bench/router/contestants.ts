import type { Requirement } from '../../engine/domain/requirement.ts';
import { AgentGroups } from '../../engine/routing/agent-groups.ts';
import { fitOf } from '../../engine/routing/fit.ts';
import type { ArrivingContact, RoutedAgent } from '../../engine/routing/routing-event.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { QUEUE, type Centre } from './centre.ts';

interface Waiting {
  readonly contact: ArrivingContact;
  readonly require: Requirement;
}

/**
 * What one would write first: a list of waiting contacts that a freed agent goes through, a list of idle agents that a contact
 * goes through. It looks at skills only where the order says that it might matter. No timers, no steps: less than routing does.
 */
export class PlainScan {
  readonly #waiting: Waiting[] = [];
  readonly #idle: { readonly agent: RoutedAgent; readonly since: number }[] = [];

  wait(contact: ArrivingContact): void {
    this.#waiting.push({ contact, require: contact.steps[0]?.require ?? { all: [] } });
  }

  rest(agent: RoutedAgent, since: number): void {
    this.#idle.push({ agent, since });
  }

  /** The contact for an agent who became free, out of the list. */
  contactFor(agent: RoutedAgent): ArrivingContact | undefined {
    let best: Waiting | undefined;
    let bestAt = -1;
    for (let at = 0; at < this.#waiting.length; at += 1) {
      const one = this.#waiting[at];
      if (one === undefined || (best !== undefined && !goesBefore(one.contact, best.contact))) continue;
      if (!satisfies(agent, one.require)) continue;
      best = one;
      bestAt = at;
    }
    const last = this.#waiting.pop();
    if (best !== undefined && last !== undefined && last !== best) this.#waiting[bestAt] = last;
    else if (best === undefined && last !== undefined) this.#waiting.push(last);
    return best?.contact;
  }

  /** The agent for a contact that arrives, out of the list. */
  agentFor(contact: ArrivingContact): RoutedAgent | undefined {
    const require = contact.steps[0]?.require ?? { all: [] };
    let bestAt = -1;
    let bestFit = Infinity;
    let bestSince = Infinity;
    for (let at = 0; at < this.#idle.length; at += 1) {
      const one = this.#idle[at];
      if (one === undefined || !satisfies(one.agent, require)) continue;
      const fit = fitOf('leastSurplus', one.agent, require);
      if (fit > bestFit || (fit === bestFit && one.since >= bestSince)) continue;
      bestAt = at;
      bestFit = fit;
      bestSince = one.since;
    }
    if (bestAt < 0) return undefined;
    return this.#idle.splice(bestAt, 1)[0]?.agent;
  }
}

function goesBefore(a: ArrivingContact, b: ArrivingContact): boolean {
  return a.priority < b.priority || (a.priority === b.priority && a.enqueuedAt - a.ageBoostMs < b.enqueuedAt - b.ageBoostMs);
}

/**
 * The work that app_queue does, read in apps/app_queue.c of Asterisk (f0c1c1a, August 2026), without its locks, reference counts
 * and string comparisons. It knows no skills, so every class is a queue with its members.
 *
 * - a change of device state goes through all queues, in each until the member and one available member are found
 *   (`device_state_cb`)
 * - nobody is woken: each waiting caller's thread looks once a second (RECHECK) whether it is its turn, which counts the available
 *   members and then walks the callers before it (`is_our_turn`, `num_available_members`)
 * - whose turn it is goes through all members of the queue for the best metric (`try_calling`, `calc_metric`)
 */
export class AppQueueModel {
  /** By queue. */
  readonly #members: readonly Int32Array[];
  readonly #available: readonly Uint8Array[];
  readonly #callers: readonly number[][];

  constructor({ config, strict }: Pick<Centre, 'config' | 'strict'>) {
    const groups = new AgentGroups(config.agents, new Set(config.queues.map(({ id }) => id)));
    const byGroup = groups.groups.map((): number[] => []);
    for (const [number, group] of groups.groupOf.entries()) byGroup[group]?.push(number);
    this.#members = strict.map(([step]) =>
      Int32Array.from(step === undefined ? [] : groups.thatMayServe(QUEUE, step.require).flatMap((group) => byGroup[group] ?? [])),
    );
    this.#available = this.#members.map((members) => new Uint8Array(members.length));
    this.#callers = this.#members.map(() => []);
  }

  get queues(): number {
    return this.#members.length;
  }

  wait(queue: number, caller: number): void {
    this.#callers[queue]?.push(caller);
  }

  deviceState(agent: number, isAvailable: boolean): void {
    for (let queue = 0; queue < this.#members.length; queue += 1) {
      const members = this.#members[queue]!;
      const available = this.#available[queue]!;
      let found = false;
      let some = false;
      for (let at = 0; at < members.length && !(found && some); at += 1) {
        if (!found && members[at] === agent) {
          found = true;
          available[at] = isAvailable ? 1 : 0;
        }
        some ||= available[at] === 1;
      }
    }
  }

  /** One second: every waiting caller looks once. Returns how many found that it is their turn. */
  recheckAll(): number {
    let turns = 0;
    for (let queue = 0; queue < this.#callers.length; queue += 1) {
      const callers = this.#callers[queue]!;
      for (const caller of callers) if (this.#isTheTurnOf(caller, queue)) turns += 1;
    }
    return turns;
  }

  /** The member whom the caller at the head rings. */
  tryCalling(queue: number): number {
    const members = this.#members[queue]!;
    const available = this.#available[queue]!;
    let best = -1;
    let bestMetric = Infinity;
    for (let at = 0; at < members.length; at += 1) {
      // Any strategy computes a number for each member; this stands for it.
      const metric = available[at] === 1 ? at : 1_000_000 + at;
      if (metric < bestMetric) {
        bestMetric = metric;
        best = members[at]!;
      }
    }
    return best;
  }

  #isTheTurnOf(caller: number, queue: number): boolean {
    const available = this.#available[queue]!;
    let count = 0;
    for (let at = 0; at < available.length; at += 1) count += available[at]!;
    const callers = this.#callers[queue]!;
    let index = 0;
    while (index < count && index < callers.length && callers[index] !== caller) index += 1;
    return index < count && index < callers.length;
  }
}
