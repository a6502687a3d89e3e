import type { Digit } from '../../engine/domain/digits.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { AnsweredBy } from '../../engine/ports/call-events.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { TimerHandle } from '../../engine/ports/clock.ts';
import { neverAnswers, type PhoneBehaviour } from './phone-behaviour.ts';
import type { EndedBy, SimulatedChannel } from './simulated-channel.ts';
import { SimulatedParty, type PartySurroundings, type PartyWait } from './simulated-party.ts';

export interface PhoneSurroundings extends PartySurroundings {
  readonly ringing: (channel: SimulatedChannel) => void;
  readonly answered: (channel: SimulatedChannel, soundsLike: AnsweredBy) => void;
  readonly digit: (channelId: ChannelId, digit: Digit, durationMs: number) => void;
}

const KEY_MS = 100;

/** One time that a phone was dialled. */
export interface Ring {
  readonly channel: SimulatedChannel;
  readonly callerNumber: string;
  readonly callerName: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The phone under an endpoint, and who sits at it. Made by `SimulatedSwitch.phone`. Its name is the endpoint. */
export class SimulatedAgentPhone extends SimulatedParty {
  /** What it does when it is rung next. */
  behaviour: PhoneBehaviour;
  readonly rings: Ring[] = [];
  /** The most calls that the phone had at the same time, ringing ones included: more than one is a mistake of the engine. */
  mostAtOnce = 0;
  readonly #around: PhoneSurroundings;
  readonly #timers = new Map<SimulatedChannel, TimerHandle>();

  constructor(endpoint: string, around: PhoneSurroundings, behaviour: PhoneBehaviour = neverAnswers()) {
    super(endpoint, around);
    this.#around = around;
    this.behaviour = behaviour;
  }

  get isRinging(): boolean {
    return this.channel?.gone === false && this.channel.state !== 'up';
  }

  /** Picks up the phone that rings. */
  answer(): void {
    const channel = this.channel;
    if (!channel || !this.isRinging) return;
    this.#around.clock.clearTimeout(this.#timers.get(channel));
    this.#around.answered(channel, 'person');
  }

  /** Declines the call that rings. */
  reject(): void {
    if (this.isRinging) this.hangUp(HangupCause.rejected);
  }

  /** Presses a key in the call that goes on. */
  press(digit: Digit): void {
    if (this.channel !== undefined && this.isTalking) this.#around.digit(this.channel.id, digit, KEY_MS);
  }

  /** Resolves when the phone rings. */
  async isRung({ withinMs }: PartyWait = {}): Promise<void> {
    await this.waitFor(() => this.isRinging || undefined, 'to be rung', withinMs);
  }

  /** The switch dials. For the switch. */
  ring(channel: SimulatedChannel): void {
    const { behaviour } = this;
    this.attach(channel);
    const { callerNumber, callerName } = channel.info;
    this.rings.push({ channel, callerNumber, callerName, at: this.#around.clock.now() });
    this.mostAtOnce = Math.max(this.mostAtOnce, this.rings.filter((ring) => !ring.channel.gone).length);
    if (behaviour.does === 'refuseDial') return;
    if (behaviour.does !== 'end' || behaviour.rings) this.#around.ringing(channel);
    this.#around.waits.notice();
    if (behaviour.does === 'ring') return;
    this.#after(channel, behaviour.afterMs, () => {
      if (behaviour.does === 'end') {
        this.#around.end(channel, behaviour.cause);
        return;
      }
      this.#around.answered(channel, behaviour.soundsLike ?? 'person');
      const { talkMs } = behaviour;
      if (talkMs !== undefined) this.#after(channel, talkMs, () => this.#around.end(channel, HangupCause.normal));
    });
  }

  override closed(channel: SimulatedChannel, by: EndedBy, cause: number): void {
    this.#around.clock.clearTimeout(this.#timers.get(channel));
    this.#timers.delete(channel);
    super.closed(channel, by, cause);
  }

  #after(channel: SimulatedChannel, afterMs: number, act: () => void): void {
    if (afterMs <= 0) {
      if (!channel.gone) act();
      return;
    }
    this.#timers.set(
      channel,
      this.#around.clock.setTimeout(() => {
        if (!channel.gone) act();
      }, afterMs),
    );
  }
}
