import { ARI_EVENT_TYPES } from './generated/events.ts';

/** Upper bounds of the latency buckets, in milliseconds; the last bucket is open. */
export const LATENCY_BOUNDS_MS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;

/** Durations counted in buckets, as Prometheus wants them. `counts` has one more entry than LATENCY_BOUNDS_MS. */
export interface LatencyHistogram {
  readonly counts: readonly number[];
  readonly sumMs: number;
  readonly count: number;
}

/** What happened on one node since the process began. Counters only grow. */
export interface AriStatsSnapshot {
  readonly events: Readonly<Record<string, number>>;
  /** Events of a type that the generated types do not know: a newer Asterisk. */
  readonly unknownEvents: number;
  /** Messages that were no JSON object with a type. */
  readonly malformedMessages: number;
  /** DTMF that is no digit of RFC 4733. */
  readonly invalidDigits: number;
  readonly connects: number;
  readonly failedConnects: number;
  readonly lostConnections: number;
  readonly timedOutRequests: number;
  readonly listenerErrors: number;
  readonly requestLatency: LatencyHistogram;
  /** From the moment an event happened on the switch until we read it, by clocks that were compared (switch-clock.ts). */
  readonly eventLag: LatencyHistogram;
}

const KNOWN: ReadonlySet<string> = new Set<string>(ARI_EVENT_TYPES);

/** Counts what a node does. One object a node; it outlives its connections. */
export class AriStats {
  #events = new Map<string, number>();
  readonly #requestLatency = new Durations();
  readonly #eventLag = new Durations();
  unknownEvents = 0;
  malformedMessages = 0;
  invalidDigits = 0;
  connects = 0;
  failedConnects = 0;
  lostConnections = 0;
  timedOutRequests = 0;
  listenerErrors = 0;

  /** Counts an event; false when its type is unknown and it should be ignored. */
  event(type: string): boolean {
    if (!KNOWN.has(type)) {
      // One counter for all: a hostile or odd peer must not fill the memory with names.
      this.unknownEvents += 1;
      return false;
    }
    this.#events.set(type, (this.#events.get(type) ?? 0) + 1);
    return true;
  }

  answered(latencyMs: number): void {
    this.#requestLatency.add(latencyMs);
  }

  lagged(lagMs: number): void {
    this.#eventLag.add(lagMs);
  }

  snapshot(): AriStatsSnapshot {
    return {
      events: Object.fromEntries(this.#events),
      unknownEvents: this.unknownEvents,
      malformedMessages: this.malformedMessages,
      invalidDigits: this.invalidDigits,
      connects: this.connects,
      failedConnects: this.failedConnects,
      lostConnections: this.lostConnections,
      timedOutRequests: this.timedOutRequests,
      listenerErrors: this.listenerErrors,
      requestLatency: this.#requestLatency.snapshot(),
      eventLag: this.#eventLag.snapshot(),
    };
  }
}

/** What `share` of the durations between two snapshots did not exceed, by the bounds of their buckets, in milliseconds; 0 without any. */
export function quantileBetween(before: LatencyHistogram, after: LatencyHistogram, share: number): number {
  const counts = after.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0));
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    seen += count;
    if (count > 0 && seen >= wanted) return LATENCY_BOUNDS_MS[bucket] ?? 2 * (LATENCY_BOUNDS_MS.at(-1) ?? 0);
  }
  return 0;
}

class Durations {
  readonly #counts = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
  #sumMs = 0;
  #count = 0;

  add(ms: number): void {
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS_MS.length && ms > (LATENCY_BOUNDS_MS[bucket] as number)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumMs += ms;
    this.#count += 1;
  }

  snapshot(): LatencyHistogram {
    return { counts: [...this.#counts], sumMs: this.#sumMs, count: this.#count };
  }
}
