import type { RoutingDecision } from '../../engine/routing/routing-event.ts';
import { SkillRouter } from '../../engine/routing/skill-router.ts';
import { Callers, seeded, type Centre } from './centre.ts';
import { memoryMb, Stopwatch, type Speed } from './measurement.ts';

/** Monday, 5 January 2026, 09:00 UTC. */
export const START = Date.UTC(2026, 0, 5, 9);
const BATCH = 500;
/** Longest age of a contact of the backlog when the measurement begins. */
export const OLDEST_MS = 300_000;

export interface Effort {
  /** Events that call for a decision, before anything is measured: V8 compiles what is used often. */
  readonly warmUp: number;
  readonly measured: number;
}

export interface ScenarioResult {
  readonly speed: Speed;
  /** Until the router had taken up the configuration and the contacts or idle agents to begin with. */
  readonly loadedInMs: number;
  /** What the router took for all of them; not what the bench holds beside it. */
  readonly memoryMb: number;
}

/** S1. Everybody is busy and `waiting` contacts wait: an agent becomes free and gets one, a new one arrives. */
export function backlog(centre: Centre, waiting: number, effort: Effort): ScenarioResult {
  const callers = new Callers(centre.strict, 'strict');
  const random = seeded(3);
  const first = Array.from({ length: waiting }, (_, index) => callers.next(START - OLDEST_MS + Math.floor((index / waiting) * OLDEST_MS)));
  const before = memoryMb();
  const startedAt = performance.now();
  const router = staffedRouter(centre);
  for (const contact of first) router.handle({ type: 'contact.arrived', contact }, START);
  const loadedInMs = performance.now() - startedAt;
  const used = memoryMb() - before;

  const { agents } = centre.config;
  let now = START;
  const stopwatch = new Stopwatch();
  const discarded = new Stopwatch();
  for (let done = 0; done < effort.warmUp + effort.measured; done += BATCH) {
    const watch = done < effort.warmUp ? discarded : stopwatch;
    const arrivals = Array.from({ length: BATCH }, () => callers.next(now));
    const free = Array.from({ length: BATCH }, () => agents[Math.floor(random() * agents.length)]!.id);
    // Half is timed as a whole, half event by event.
    const isTimed = (done / BATCH) % 2 === 1;
    const work = (): { decisions: number; events: number } => {
      let decisions = 0;
      for (let index = 0; index < BATCH; index += 1) {
        now += 1;
        const agentId = free[index]!;
        const idle = { type: 'agent.idle', agentId, idleSince: now } as const;
        const offered = offerOf(isTimed ? watch.timed(router, idle, now) : router.handle(idle, now));
        if (offered === undefined) router.handle({ type: 'agent.busy', agentId }, now);
        else {
          decisions += 1;
          router.handle({ type: 'contact.gone', contactId: offered.contactId }, now);
        }
        router.handle({ type: 'contact.arrived', contact: arrivals[index]! }, now);
      }
      return { decisions, events: 3 * BATCH };
    };
    if (isTimed) work();
    else watch.run(work);
  }
  return { speed: stopwatch.speed, loadedInMs, memoryMb: used };
}

/** S2. Nobody waits and half of the agents are idle: a contact arrives and gets one, another agent becomes idle. */
export function idle(centre: Centre, effort: Effort): ScenarioResult {
  const callers = new Callers(centre.strict, 'any');
  const { agents } = centre.config;
  const before = memoryMb();
  const startedAt = performance.now();
  const router = staffedRouter(centre);
  for (const [index, { id }] of agents.entries()) {
    if (index % 2 === 0) router.handle({ type: 'agent.idle', agentId: id, idleSince: START - agents.length + index }, START);
  }
  const loadedInMs = performance.now() - startedAt;
  const used = memoryMb() - before;

  const busy = agents.filter((_, index) => index % 2 === 1).map(({ id }) => id);
  let oldest = 0;
  let now = START;
  const stopwatch = new Stopwatch();
  const discarded = new Stopwatch();
  for (let done = 0; done < effort.warmUp + effort.measured; done += BATCH) {
    const watch = done < effort.warmUp ? discarded : stopwatch;
    const arrivals = Array.from({ length: BATCH }, () => callers.next(now));
    const isTimed = (done / BATCH) % 2 === 1;
    const work = (): { decisions: number; events: number } => {
      let decisions = 0;
      for (let index = 0; index < BATCH; index += 1) {
        now += 1;
        const contact = arrivals[index]!;
        const arrived = { type: 'contact.arrived', contact } as const;
        const offered = offerOf(isTimed ? watch.timed(router, arrived, now) : router.handle(arrived, now));
        router.handle({ type: 'contact.gone', contactId: contact.contactId }, now);
        if (offered === undefined) continue;
        decisions += 1;
        // Who has been busy longest becomes idle; who got the contact takes its place.
        const agentId = busy[oldest]!;
        busy[oldest] = offered.agentId;
        oldest = (oldest + 1) % busy.length;
        router.handle({ type: 'agent.idle', agentId, idleSince: now }, now);
      }
      return { decisions, events: 3 * BATCH };
    };
    if (isTimed) work();
    else watch.run(work);
  }
  return { speed: stopwatch.speed, loadedInMs, memoryMb: used };
}

/** Everybody is signed in, nobody is idle. */
export function staffedRouter({ config }: Centre): SkillRouter {
  const router = new SkillRouter();
  router.handle({ type: 'configured', config }, START);
  for (const { id } of config.agents) router.handle({ type: 'agent.signedIn', agentId: id }, START);
  return router;
}

function offerOf(decisions: readonly RoutingDecision[]): Extract<RoutingDecision, { kind: 'offer' }> | undefined {
  for (let index = decisions.length - 1; index >= 0; index -= 1) {
    const decision = decisions[index]!;
    if (decision.kind === 'offer') return decision;
  }
  return undefined;
}
