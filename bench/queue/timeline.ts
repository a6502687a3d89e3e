/** What the phones saw in one round, in order of time (milliseconds). All agents are free at the beginning. */
export type PhoneEvent =
  /** The switch answered the caller: from here on it waits. */
  | { readonly what: 'entered'; readonly atMs: number; readonly caller: string }
  /** The agent's phone got the INVITE; it answers at once. */
  | { readonly what: 'rang'; readonly atMs: number; readonly caller: string; readonly agent: string }
  /** The agent's phone got an INVITE before the end of its previous call, and refused it. */
  | { readonly what: 'refused'; readonly atMs: number; readonly caller: string; readonly agent: string }
  /** The BYE of the agent's call has been answered. */
  | { readonly what: 'free'; readonly atMs: number; readonly agent: string }
  /** The caller's call ended as it should after a conversation. */
  | { readonly what: 'served'; readonly atMs: number; readonly caller: string }
  /** The caller's call ended without an agent. */
  | { readonly what: 'lost'; readonly atMs: number; readonly caller: string };

/** What can be read from a timeline. */
export interface TimelineFigures {
  /** From an agent's end of call to the next ring of that phone, where a waiting caller was there for it all the time. */
  readonly gapsMs: readonly number[];
  /** From the switch's answer to the ring of the phone that took the call, of each caller who got an agent. */
  readonly waitsMs: readonly number[];
  readonly served: number;
  readonly lost: number;
  /** For each INVITE to a phone whose previous call had not ended: how long before its end it came. */
  readonly tooEarlyMs: readonly number[];
  /** Callers whom one overtook who had come later. */
  readonly overtaken: number;
  readonly callsPerAgent: readonly number[];
  /** Of the agents' time while callers waited, the part in which an idle agent had a caller to take. */
  readonly idleWhileWaitingMs: number;
  readonly agentsWhileWaitingMs: number;
  /** From the first caller's entry to the last conversation's beginning. */
  readonly spanMs: number;
}

/** Who came or was served within this time of each other came or was served at the same time. */
const SAME_TIME_MS = 50;

export function readTimeline(events: readonly PhoneEvent[], agents: readonly string[]): TimelineFigures {
  const centre = new Centre(agents);
  for (const event of events) centre.take(event);
  return centre.figures();
}

/** The centre as the timeline goes on. */
class Centre {
  readonly #entered = new Map<string, number>();
  readonly #rang = new Map<string, number>();
  readonly #waiting = new Set<string>();
  /** Agent → since when it is idle; undefined while there is no caller for it. */
  readonly #idle: Map<string, number | undefined>;
  readonly #calls: Map<string, number>;
  readonly #gapsMs: number[] = [];
  /** Agent → when its phone was rung before the end of its call. */
  readonly #refused = new Map<string, number[]>();
  readonly #tooEarlyMs: number[] = [];
  #served = 0;
  #lost = 0;
  #idleWhileWaitingMs = 0;
  #agentsWhileWaitingMs = 0;
  #lastMs = 0;

  constructor(agents: readonly string[]) {
    this.#idle = new Map(agents.map((agent) => [agent, undefined]));
    this.#calls = new Map(agents.map((agent) => [agent, 0]));
  }

  take(event: PhoneEvent): void {
    this.#pass(event.atMs);
    switch (event.what) {
      case 'entered':
        this.#entered.set(event.caller, event.atMs);
        this.#waiting.add(event.caller);
        break;
      case 'rang': {
        const freeSinceMs = this.#idle.get(event.agent);
        if (freeSinceMs !== undefined) this.#gapsMs.push(event.atMs - freeSinceMs);
        this.#idle.delete(event.agent);
        this.#calls.set(event.agent, (this.#calls.get(event.agent) ?? 0) + 1);
        this.#waiting.delete(event.caller);
        this.#rang.set(event.caller, event.atMs);
        break;
      }
      case 'refused':
        this.#refused.set(event.agent, [...(this.#refused.get(event.agent) ?? []), event.atMs]);
        break;
      case 'free':
        // A caller is there for this agent only when there is one for each who was idle before.
        this.#idle.set(event.agent, this.#waiting.size > this.#idle.size ? event.atMs : undefined);
        this.#tooEarlyMs.push(...(this.#refused.get(event.agent) ?? []).map((refusedMs) => event.atMs - refusedMs));
        this.#refused.delete(event.agent);
        break;
      case 'served':
        this.#served += 1;
        break;
      case 'lost':
        this.#lost += 1;
        this.#waiting.delete(event.caller);
        break;
    }
  }

  figures(): TimelineFigures {
    const waits = [...this.#rang].flatMap(([caller, rangMs]) => {
      const enteredMs = this.#entered.get(caller);
      return enteredMs === undefined ? [] : [{ enteredMs, rangMs }];
    });
    const overtaken = waits.filter((one) =>
      waits.some((other) => other.enteredMs > one.enteredMs + SAME_TIME_MS && other.rangMs < one.rangMs - SAME_TIME_MS),
    );
    return {
      gapsMs: this.#gapsMs,
      waitsMs: waits.map(({ enteredMs, rangMs }) => Math.max(0, rangMs - enteredMs)),
      served: this.#served,
      lost: this.#lost,
      tooEarlyMs: this.#tooEarlyMs,
      overtaken: overtaken.length,
      callsPerAgent: [...this.#calls.values()],
      idleWhileWaitingMs: this.#idleWhileWaitingMs,
      agentsWhileWaitingMs: this.#agentsWhileWaitingMs,
      spanMs: waits.length === 0 ? 0 : Math.max(...waits.map(({ rangMs }) => rangMs)) - Math.min(...waits.map(({ enteredMs }) => enteredMs)),
    };
  }

  #pass(atMs: number): void {
    const ms = atMs - this.#lastMs;
    this.#lastMs = atMs;
    if (this.#waiting.size === 0) return;
    this.#idleWhileWaitingMs += Math.min(this.#idle.size, this.#waiting.size) * ms;
    this.#agentsWhileWaitingMs += this.#calls.size * ms;
  }
}
