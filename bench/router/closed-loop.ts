import { agentId, type AgentId, type ContactId } from '../../engine/domain/ids.ts';
import type { RoutingEvent } from '../../engine/routing/routing-event.ts';
import { Callers, seeded, type Centre } from './centre.ts';
import { memoryMb, Stopwatch } from './measurement.ts';
import { staffedRouter, START, type Effort, type ScenarioResult } from './scenarios.ts';

const SERVICE_MS = 240_000;
const PATIENCE_MS = 180_000;
const RING_MS = 4_000;
const NO_ANSWER = 0.03;
const NOT_BEFORE_MS = 30_000;
const REST_MS = 10_000;
const UTILISATION = 0.98;
const BATCH = 1_000;

interface Told {
  readonly event: RoutingEvent;
  readonly now: number;
}

interface Coming {
  readonly at: number;
  readonly happens: () => void;
}

/**
 * S3. A centre near full load in virtual time: Poisson arrivals, exponential service and patience, phones that are not answered,
 * steps that relax. First it is played and everything that the router is told is written down; then the same is told to
 * a fresh router and its time is taken, so that the playing does not count.
 */
export function closedLoop(centre: Centre, effort: Effort): ScenarioResult & { readonly kinds: Readonly<Record<string, number>> } {
  const { log, kinds } = play(centre, effort.warmUp + effort.measured);
  const before = memoryMb();
  const startedAt = performance.now();
  const router = staffedRouter(centre);
  const loadedInMs = performance.now() - startedAt;
  const stopwatch = new Stopwatch();
  const discarded = new Stopwatch();
  for (let from = 0; from < log.length; from += BATCH) {
    const batch = log.slice(from, from + BATCH);
    const watch = from < effort.warmUp ? discarded : stopwatch;
    const isTimed = (from / BATCH) % 2 === 1;
    if (isTimed) for (const { event, now } of batch) watch.timed(router, event, now);
    else {
      watch.run(() => {
        let decisions = 0;
        for (const { event, now } of batch) for (const { kind } of router.handle(event, now)) if (kind === 'offer') decisions += 1;
        return { decisions, events: batch.length };
      });
    }
  }
  return { speed: stopwatch.speed, loadedInMs, memoryMb: memoryMb() - before, kinds };
}

/** Plays until so many events have been told. */
function play(centre: Centre, events: number): { readonly log: readonly Told[]; readonly kinds: Readonly<Record<string, number>> } {
  const random = seeded(5);
  const exponential = (meanMs: number): number => Math.round(-Math.log(1 - random()) * meanMs);
  const router = staffedRouter(centre);
  const callers = new Callers(centre.relaxed, 'any', 6);
  const coming = new ComingEvents();
  const log: Told[] = [];
  const kinds: Record<string, number> = { step: 0, promoted: 0, offer: 0, overflow: 0, abandoned: 0 };
  const idleSince = new Map<AgentId, number>();
  const ringing = new Set<ContactId>();
  let now = START;

  const becomesIdle = (agent: AgentId, since: number): void => {
    idleSince.set(agent, since);
    tell({ type: 'agent.idle', agentId: agent, idleSince: since });
  };
  const rings = (contactId: ContactId, agent: AgentId): void => {
    ringing.add(contactId);
    coming.add(now + RING_MS, () => {
      if (!ringing.delete(contactId)) {
        // The caller has hung up meanwhile.
        becomesIdle(agent, idleSince.get(agent) ?? now);
      } else if (random() < NO_ANSWER) {
        tell({ type: 'offer.ended', contactId, agentId: agent, notBefore: now + NOT_BEFORE_MS });
        coming.add(now + REST_MS, () => becomesIdle(agent, idleSince.get(agent) ?? now));
      } else {
        tell({ type: 'contact.gone', contactId });
        coming.add(now + exponential(SERVICE_MS), () => becomesIdle(agent, now));
      }
    });
  };
  const tell = (event: RoutingEvent): void => {
    log.push({ event, now });
    for (const decision of router.handle(event, now)) {
      kinds[decision.kind] = (kinds[decision.kind] ?? 0) + 1;
      if (decision.kind === 'offer') rings(decision.contactId, decision.agentId);
    }
  };
  const arrives = (): void => {
    const contact = callers.next(now);
    tell({ type: 'contact.arrived', contact });
    coming.add(now + exponential(PATIENCE_MS), () => {
      if (router.contact(contact.contactId) === undefined) return;
      kinds['abandoned'] = (kinds['abandoned'] ?? 0) + 1;
      ringing.delete(contact.contactId);
      tell({ type: 'contact.gone', contactId: contact.contactId });
    });
    coming.add(now + exponential(SERVICE_MS / (centre.size.agents * UTILISATION)), arrives);
  };

  for (let index = 0; index < centre.size.agents; index += 1) {
    const agent = agentId(`agent-${index}`);
    coming.add(START + exponential(SERVICE_MS), () => becomesIdle(agent, now));
  }
  coming.add(START, arrives);
  while (log.length < events) {
    const next = coming.take();
    if (next === undefined) break;
    const due = router.dueAt ?? Infinity;
    if (due < next.at) {
      coming.add(next.at, next.happens);
      now = due;
      tell({ type: 'tick' });
    } else {
      now = next.at;
      next.happens();
    }
  }
  return { log, kinds };
}

/** What happens later, in order of time. */
class ComingEvents {
  readonly #heap: Coming[] = [];

  add(at: number, happens: () => void): void {
    const heap = this.#heap;
    const event: Coming = { at, happens };
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = heap[(index - 1) >> 1]!;
      if (parent.at <= at) break;
      heap[index] = parent;
      index = (index - 1) >> 1;
    }
    heap[index] = event;
  }

  take(): Coming | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child += 1;
      if (heap[child]!.at >= last.at) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}
