import { answers, neverAnswers } from '../../telephony/sim/phone-behaviour.ts';
import { SimulatedCentre } from './agreement-centre.ts';
import { GRID_MS, PLANS } from './agreement-plans.ts';
import { callers, QUEUES, type Caller } from './agreement-scenario.ts';

/** What one caller meets, in milliseconds from the beginning. Who serves it is not said: that is for the switches to find out. */
export interface Visit {
  readonly n: number;
  readonly number: string;
  readonly arriveAt: number;
  /** The first phone that rings for it declines now. */
  readonly declineAt?: number;
  /** The agent hangs up. */
  readonly endAt?: number;
  /** How long the phone of the agent who serves it rings. As soon as ANSWER_MS says in the script; as long as it took on a real switch. */
  readonly answerMs?: number;
  /** The caller hangs up in the queue. */
  readonly leaveAt?: number;
}

export interface Ring {
  readonly n: number;
  readonly agent: string;
  readonly outcome: string;
}

/** What became of it all. */
export interface Outcome {
  readonly servedBy: ReadonlyMap<number, string>;
  /** In the order in which phones began to ring. */
  readonly rings: readonly Ring[];
  /** Callers whom nobody could serve at once. */
  readonly waited: number;
  /** Steps that opened because the time of the one before was up. */
  readonly relaxed: number;
}

/** An agent picks up so soon. */
export const ANSWER_MS = 20;
/** After a phone declined. DEFAULT_REST_MS of the distributor. */
export const REST_MS = 5_000;
const LEAD_MS = 1_000;
/** Past this an agent who hangs up has served the caller. */
const LEAST_TALK_MS = 1_200;

/** Of the queue that a number leads to. */
export const wrapUpMs = (number: string): number => (QUEUES.find(({ id }) => id === PLANS[number]?.queue)?.wrapUpSeconds ?? 0) * 1000;

/** Instants of the grid, each for one event that decides something. */
class Grid {
  readonly #taken = new Set<number>();

  /** The first instant from `fromMs` on that is free, and free after each of `delaysMs`, too; all of them are taken. */
  take(fromMs: number, delaysMs: readonly number[] = []): number {
    for (let slot = Math.ceil(fromMs / GRID_MS); ; slot += 1) {
      const slots = [0, ...delaysMs].map((delayMs) => slot + delayMs / GRID_MS);
      if (slots.some((each) => this.#taken.has(each))) continue;
      for (const each of slots) this.#taken.add(each);
      return slot * GRID_MS;
    }
  }

  giveBack(atMs: number): void {
    this.#taken.delete(atMs / GRID_MS);
  }
}

/** When steps of a plan end that somebody could serve, from the arrival on. */
function stepEnds(number: string): readonly number[] {
  let endMs = 0;
  return (PLANS[number]?.steps ?? []).flatMap(({ require, forMs }) => {
    if (forMs === undefined || ('skill' in require && require.skill === 'japanese')) return [];
    endMs += forMs;
    return [endMs];
  });
}

/**
 * Writes the script of the scenario: lets it happen on the simulated switch and gives each event that decides something an instant of
 * its own. So nothing depends on which of two events that come almost together is the first.
 */
export async function writeCourse(seed: number): Promise<readonly Visit[]> {
  const grid = new Grid();
  const cast = callers(seed);
  const visits = new Map<number, { -readonly [K in keyof Visit]: Visit[K] }>();
  const centre = await SimulatedCentre.open();
  const { clock } = centre;
  const startedAt = clock.now() + LEAD_MS;
  const elapsed = (): number => clock.now() - startedAt;
  const at = (ms: number, run: () => void): void => void clock.setTimeout(run, ms - elapsed());
  const waiting = new Set<number>();
  const mayEnd = ({ number, patienceMs }: Caller): readonly number[] => [...stepEnds(number), ...(patienceMs === undefined ? [] : [patienceMs])];
  /** One after another, so that what turned out not to happen makes room for later ones. */
  const arrive = (n: number): void => {
    const caller = cast[n];
    if (caller === undefined) return;
    const { number, fromMs, patienceMs } = caller;
    const arriveAt = grid.take(Math.max(fromMs, elapsed() + 1), mayEnd(caller));
    visits.set(n, { n, number, arriveAt });
    at(arriveAt, () => {
      centre.call(n, number);
      at(arriveAt + 1, () => arrive(n + 1));
    });
    if (patienceMs === undefined) return;
    at(arriveAt + patienceMs, () => {
      const visit = visits.get(n);
      if (visit === undefined || !waiting.has(n)) return;
      visit.leaveAt = arriveAt + patienceMs;
      centre.hangUp(n);
    });
  };
  centre.onEvent = (event, n) => {
    const [visit, caller] = [visits.get(n), cast[n]];
    if (visit === undefined || caller === undefined) return;
    switch (event.type) {
      case 'contact.queued':
        waiting.add(n);
        break;
      case 'contact.left':
        waiting.delete(n);
        for (const delayMs of mayEnd(caller)) if (visit.arriveAt + delayMs > elapsed()) grid.giveBack(visit.arriveAt + delayMs);
        break;
      case 'offer.made': {
        waiting.delete(n);
        const phone = centre.phone(event.agentId);
        const declines = caller.declined && visit.declineAt === undefined;
        phone.behaviour = declines ? neverAnswers() : answers(ANSWER_MS);
        if (!declines) break;
        visit.declineAt = grid.take(elapsed() + 2 * GRID_MS, [REST_MS]);
        at(visit.declineAt, () => phone.reject());
        break;
      }
      case 'offer.ended':
        if (event.outcome !== 'accepted') waiting.add(n);
        break;
      case 'conversation.started': {
        const phone = centre.phone(event.agentId);
        visit.endAt = grid.take(elapsed() + caller.talkMs + wrapUpMs(caller.number)) - wrapUpMs(caller.number);
        at(visit.endAt, () => phone.hangUp());
        break;
      }
      default:
        break;
    }
  };
  arrive(0);
  await clock.advanceBy(LEAD_MS + 300_000);
  centre.close();
  return [...visits.values()];
}

/** Lets a script happen on the simulated switch. `late`: how many milliseconds each thing that people do comes too late. */
export async function simulate(visits: readonly Visit[], late: () => number = () => 0): Promise<Outcome> {
  const centre = await SimulatedCentre.open();
  const { clock, log } = centre;
  const startedAt = clock.now() + LEAD_MS;
  const at = (ms: number, run: () => void): void => void clock.setTimeout(run, Math.max(0, startedAt + ms + late() - clock.now()));
  const byCaller = new Map(visits.map((visit) => [visit.n, visit]));
  const rings: { n: number; agent: string; outcome: string; offerId: string }[] = [];
  const servedBy = new Map<number, string>();
  centre.onEvent = (event, n) => {
    const visit = byCaller.get(n);
    if (visit === undefined) return;
    if (event.type === 'offer.made') {
      const { agentId: agent, offerId } = event;
      const phone = centre.phone(agent);
      const { declineAt } = visit;
      const declines = declineAt !== undefined && !rings.some((ring) => ring.n === n);
      rings.push({ n, agent, outcome: '', offerId });
      phone.behaviour = declines ? neverAnswers() : answers(visit.answerMs ?? ANSWER_MS);
      if (declines) at(declineAt, () => phone.reject());
    } else if (event.type === 'offer.ended') {
      const ring = rings.find(({ offerId }) => offerId === event.offerId);
      if (ring !== undefined) ring.outcome = event.outcome;
    } else if (event.type === 'conversation.started') {
      servedBy.set(n, event.agentId);
      const { agentId } = event;
      at(Math.max(visit.endAt ?? 0, clock.now() - startedAt + LEAST_TALK_MS), () => centre.phone(agentId).hangUp());
    }
  };
  for (const { n, number, arriveAt, leaveAt } of visits) {
    at(arriveAt, () => centre.call(n, number));
    if (leaveAt !== undefined) at(leaveAt, () => centre.hangUp(n));
  }
  await clock.advanceBy(LEAD_MS + 300_000);
  const left = centre.leftovers();
  centre.close();
  if (left.length > 0) throw new Error(`the simulated centre is not empty at the end: ${left.join(', ')}`);
  const skipped = new Set(visits.filter(({ number }) => number === '7206').map(({ n }) => n));
  const callOf = new Map(log.of('call.started').map((event) => [event.callId, Number(event.pii.callerNumber.slice(-4))]));
  return {
    servedBy,
    rings: rings.map(({ n, agent, outcome }) => ({ n, agent, outcome })),
    waited: log.of('contact.left').filter(({ waitedMs }) => waitedMs > 2 * ANSWER_MS).length,
    relaxed: log.of('contact.step').filter(({ callId }) => !skipped.has(callOf.get(callId) ?? NaN)).length,
  };
}

/** As a list that a failed comparison shows well: `12 by 3004`. */
export const servedList = ({ servedBy }: Pick<Outcome, 'servedBy'>): readonly string[] => [...servedBy].sort(([a], [b]) => a - b).map(([n, agent]) => `${n} by ${agent}`);

/** The phones that rang for each caller, in order. */
export function ringList({ rings }: Pick<Outcome, 'rings'>): readonly string[] {
  const byCaller = new Map<number, string[]>();
  for (const { n, agent, outcome } of rings) byCaller.set(n, [...(byCaller.get(n) ?? []), `${agent} ${outcome}`]);
  return [...byCaller].sort(([a], [b]) => a - b).map(([n, list]) => `${n}: ${list.join(', ')}`);
}
