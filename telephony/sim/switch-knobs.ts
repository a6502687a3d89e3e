import type { ErrorCode } from '../../engine/domain/errors.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { CallControl } from '../../engine/ports/call-control.ts';
import type { SwitchEventBody } from '../../engine/ports/call-events.ts';

/** A request of the engine, by its name in CallControl; those of RecordingSwitch with what they are about. */
export type SwitchOperation = Exclude<keyof CallControl, 'nodeId'> | `${'start' | 'mute' | 'stop' | 'list' | 'read' | 'remove'}Recording`;

export type EventFilter = SwitchEventBody['type'] | ((event: SwitchEventBody) => boolean);

export interface SwitchLatency {
  /** From the engine to the switch. */
  readonly requestMs: number;
  /** From the switch to the engine: the answer of a request. */
  readonly responseMs: number;
  /** From the switch to the engine: an event. */
  readonly eventMs: number;
}

type Fate = 'drop' | 'duplicate' | { readonly delayMs: number };

/** What can be made to go wrong, for chaos tests. Rules are used up: each counts for `times` events, then is forgotten. */
export class SwitchKnobs {
  latency: SwitchLatency = { requestMs: 0, responseMs: 0, eventMs: 0 };
  /** What a request causes at once is told before its answer, as ARI may (StasisStart before the answer of the POST). */
  eventsFirst = false;
  /** Q.850 cause of a leg that the switch itself stopped ringing: 19, or 0 (asterisk#963). */
  dialTimeoutCause: number = HangupCause.noAnswer;
  #rules: { readonly filter: EventFilter; readonly fate: Fate; left: number }[] = [];
  #failures: { readonly operation: SwitchOperation; readonly code: ErrorCode; readonly acted: boolean }[] = [];

  drop(filter: EventFilter, times = 1): void {
    this.#rules.push({ filter, fate: 'drop', left: times });
  }

  duplicate(filter: EventFilter, times = 1): void {
    this.#rules.push({ filter, fate: 'duplicate', left: times });
  }

  /** Delays an event, so that later ones overtake it. */
  delay(filter: EventFilter, delayMs: number, times = 1): void {
    this.#rules.push({ filter, fate: { delayMs }, left: times });
  }

  /** The next `operation` is refused with `code`; with `acted` the switch did it nevertheless (the answer was lost). */
  failOnce(operation: SwitchOperation, code: ErrorCode, { acted = false }: { readonly acted?: boolean } = {}): void {
    this.#failures.push({ operation, code, acted });
  }

  /** How late each copy of the event is to arrive; none when it is dropped. For the switch. */
  fateOf(event: SwitchEventBody): readonly number[] {
    const { eventMs } = this.latency;
    const rule = this.#rules.find(({ filter }) => (typeof filter === 'string' ? filter === event.type : filter(event)));
    if (!rule) return [eventMs];
    rule.left -= 1;
    if (rule.left <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
    if (rule.fate === 'drop') return [];
    return rule.fate === 'duplicate' ? [eventMs, eventMs] : [eventMs + rule.fate.delayMs];
  }

  /** The failure that awaits this request, if any; it is used up. For the switch. */
  failureOf(operation: SwitchOperation): { readonly code: ErrorCode; readonly acted: boolean } | undefined {
    const index = this.#failures.findIndex((failure) => failure.operation === operation);
    return index < 0 ? undefined : this.#failures.splice(index, 1)[0];
  }
}
