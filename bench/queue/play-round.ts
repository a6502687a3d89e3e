import type { PacerClock } from '../../telephony/phones/rtp-pacer.ts';
import type { SipCall } from './sip-call.ts';
import type { SipLine } from './sip-line.ts';
import type { PhoneEvent } from './timeline.ts';
import type { PlannedCall } from './traffic.ts';

export interface RoundOptions {
  readonly line: SipLine;
  readonly clock: PacerClock;
  /** What is dialled. */
  readonly number: string;
  readonly agents: readonly string[];
  readonly plan: readonly PlannedCall[];
  /** After the last has dialled, callers wait so long for their conversation to end; then they hang up. */
  readonly patienceMs: number;
}

/** Lets the planned callers call and the agents' phones answer; what the phones saw. Settles when the last call has ended. */
export async function playRound(options: RoundOptions): Promise<readonly PhoneEvent[]> {
  const round = new Round(options);
  options.line.onCall = (call, agent, caller) => round.ring(call, agent, caller);
  await round.play();
  return round.events;
}

/** A call whose other side says nothing any more is given up so long after its hang-up. */
const GIVE_UP_MS = 3_500;

/** A caller and, from the ring on, the agent that it talks to. */
interface Conversation {
  readonly planned: PlannedCall;
  readonly caller: SipCall;
  agent: SipCall | undefined;
  /** The talk time is over: what ends now ends as it should. */
  talked: boolean;
}

class Round {
  readonly events: PhoneEvent[] = [];
  readonly #options: RoundOptions;
  readonly #conversations = new Map<string, Conversation>();
  readonly #engaged = new Set<string>();
  readonly #startedMs: number;
  #dialled = 0;
  #finished: () => void = () => undefined;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#startedMs = options.clock.nowMs();
  }

  async play(): Promise<void> {
    const { plan, patienceMs, clock } = this.#options;
    const finished = new Promise<void>((resolve) => (this.#finished = resolve));
    this.#dialNext();
    const lastMs = plan.at(-1)?.atMs ?? 0;
    const patience = clock.setTimeout(() => this.#hangUpAll(), lastMs + patienceMs);
    const end = clock.setTimeout(() => this.#finished(), lastMs + patienceMs + GIVE_UP_MS);
    await finished;
    clock.clearTimeout(patience);
    clock.clearTimeout(end);
  }

  /** An agent's phone rings. */
  ring(call: SipCall, agent: string, caller: string): void {
    const atMs = this.#nowMs();
    const conversation = this.#conversations.get(caller);
    // A phone with one line. Asterisk and both queues were told so (device_state_busy_at, ringinuse=no).
    if (this.#engaged.has(agent) || conversation === undefined) {
      this.events.push({ what: 'refused', atMs, agent, caller });
      call.refuse();
      return;
    }
    this.#engaged.add(agent);
    this.events.push({ what: 'rang', atMs, agent, caller });
    conversation.agent = call;
    const { talkMs, endedBy } = conversation.planned;
    call.onConfirmed = () => {
      this.#options.clock.setTimeout(() => {
        conversation.talked = true;
        (endedBy === 'caller' ? conversation.caller : call).hangUp();
      }, talkMs);
    };
    call.onEnded = () => {
      this.#engaged.delete(agent);
      this.events.push({ what: 'free', atMs: this.#nowMs(), agent });
      this.#finishWhenQuiet();
    };
    call.answer();
  }

  #dialNext(): void {
    const { plan, clock, line, number } = this.#options;
    const planned = plan[this.#dialled];
    if (planned === undefined) return;
    const caller = line.dial(number, planned.number);
    const conversation: Conversation = { planned, caller, agent: undefined, talked: false };
    this.#conversations.set(planned.number, conversation);
    caller.onAnswered = () => this.events.push({ what: 'entered', atMs: this.#nowMs(), caller: planned.number });
    caller.onEnded = () => {
      this.events.push({ what: conversation.talked ? 'served' : 'lost', atMs: this.#nowMs(), caller: planned.number });
      this.#finishWhenQuiet();
    };
    this.#dialled += 1;
    const next = plan[this.#dialled];
    if (next !== undefined) clock.setTimeout(() => this.#dialNext(), Math.max(0, next.atMs - this.#nowMs()));
  }

  #hangUpAll(): void {
    for (const { caller, agent } of this.#conversations.values()) {
      caller.hangUp();
      agent?.hangUp();
    }
  }

  #finishWhenQuiet(): void {
    if (this.#dialled === this.#options.plan.length && this.#options.line.openCalls === 0) this.#finished();
  }

  #nowMs(): number {
    return this.#options.clock.nowMs() - this.#startedMs;
  }
}
