import type { Clock } from '../../engine/ports/clock.ts';
import { Ear, type Heard } from './ear.ts';
import type { ChannelParty, EndedBy, SimulatedChannel } from './simulated-channel.ts';
import type { Waits } from './waits.ts';

/** How long a wait of a party lasts unless told otherwise, in the switch's time. */
const PATIENCE_MS = 120_000;

export interface PartyWait {
  readonly withinMs?: number;
}

/** How a call ended for a party. */
export interface PartyEnd {
  readonly by: EndedBy;
  /** Q.850; 0 when there was none to tell. */
  readonly cause: number;
  /** Milliseconds since the call began. */
  readonly atMs: number;
}

export interface PartySurroundings {
  readonly clock: Clock;
  readonly waits: Waits;
  /** Ends the channel, as the party. */
  readonly end: (channel: SimulatedChannel, cause: number) => void;
  /** Puts the other side on hold, or takes it back, as the party. */
  readonly hold: (channel: SimulatedChannel, held: boolean) => void;
}

/** A person at the other end of a channel: what they hear, with whom they talk, and how it ended. */
export abstract class SimulatedParty implements ChannelParty {
  /** How tests and messages call the party. */
  readonly name: string;
  readonly ear: Ear;
  /** How the latest call ended; undefined while it lasts. */
  ended: PartyEnd | undefined;
  protected readonly around: PartySurroundings;
  protected startedAt: number;
  #channel: SimulatedChannel | undefined;
  /** How much of `heard` earlier waits have consumed. */
  #noticed = 0;

  constructor(name: string, around: PartySurroundings) {
    this.name = name;
    this.around = around;
    this.startedAt = around.clock.now();
    this.ear = new Ear(() => around.clock.now() - this.startedAt, around.waits.notice);
  }

  /** The channel of the latest call, also after its end. */
  get channel(): SimulatedChannel | undefined {
    return this.#channel;
  }

  get heard(): readonly Heard[] {
    return this.ear.heard;
  }

  /** Whether the line is open: answered and not ended. */
  get isTalking(): boolean {
    return this.#channel?.gone === false && this.#channel.state === 'up';
  }

  /**
   * Whom this party hears now: the names of those in the same bridge with open lines. Nobody while a prompt or music
   * plays: music that was not stopped before bridging hides the other side for good. Nobody on either side of a hold,
   * though Asterisk sends the other's voice on to a phone that holds it: such a phone does not let it be heard.
   */
  get connectedTo(): readonly string[] {
    const channel = this.#channel;
    if (!channel?.bridge || !this.isTalking || channel.holds || this.ear.now) return [];
    return [...channel.bridge.channels]
      .filter((other) => other !== channel && !other.gone && !other.holds && other.state === 'up')
      .map((other) => other.party.name);
  }

  hangUp(cause = 16): void {
    if (this.#channel && !this.#channel.gone) this.around.end(this.#channel, cause);
  }

  /** Puts the other side on hold: it hears music. Only in a call that is answered. */
  hold(): void {
    if (this.#channel && this.isTalking) this.around.hold(this.#channel, true);
  }

  /** Takes the other side back. */
  unhold(): void {
    if (this.#channel && this.isTalking) this.around.hold(this.#channel, false);
  }

  // Waits, in the switch's time. Each sees only what no earlier wait of this party has seen.

  /** Resolves when media that matches begins, or with `toEnd` when it has been heard to its end. */
  async hears(media: RegExp | string, options: PartyWait & { readonly toEnd?: boolean } = {}): Promise<Heard> {
    const { toEnd = false, withinMs } = options;
    const found = await this.#until(
      () => {
        const index = this.heard.findIndex(
          (heard, at) => at >= this.#noticed && matches(heard.media, media) && (!toEnd || heard.complete),
        );
        if (index < 0) return undefined;
        this.#noticed = index + 1;
        return this.heard[index];
      },
      `to hear ${String(media)}${toEnd ? ' to its end' : ''}`,
      withinMs,
    );
    return found;
  }

  /** Resolves when this party and `other` hear each other. */
  async connects(other: SimulatedParty, { withinMs }: PartyWait = {}): Promise<void> {
    await this.#until(() => this.talksWith(other) || undefined, `to talk with ${other.name}`, withinMs);
  }

  /** Whether this party and `other` hear each other. */
  talksWith(other: SimulatedParty): boolean {
    return this.connectedTo.includes(other.name) && other.connectedTo.includes(this.name);
  }

  /** Resolves when the call is over. */
  async ends({ withinMs }: PartyWait = {}): Promise<PartyEnd> {
    return this.#until(() => this.ended, 'the end of the call', withinMs);
  }

  /** Does nothing for a while. */
  async waits(durationMs: number): Promise<void> {
    await this.around.waits.pass(durationMs);
  }

  /** One line a thing heard, for messages: `12.3s sound:zh-CN/main.menu (cut after 1.2s)`. */
  get story(): string {
    const lines = this.heard.map(({ media, fromMs, toMs, complete }) => {
      const end = toMs === undefined ? 'still on' : complete ? 'complete' : `cut after ${seconds(toMs - fromMs)}`;
      return `${seconds(fromMs)} ${media} (${end})`;
    });
    if (this.connectedTo.length > 0) lines.push(`connected to ${this.connectedTo.join(', ')}`);
    if (this.ended) lines.push(`${seconds(this.ended.atMs)} ended by ${this.ended.by}, cause ${this.ended.cause}`);
    return lines.join('\n  ') || 'nothing';
  }

  /** A new call of this party begins. For the switch. */
  attach(channel: SimulatedChannel): void {
    this.#channel = channel;
    this.startedAt = this.around.clock.now();
    this.ended = undefined;
  }

  /** For the switch. */
  closed(channel: SimulatedChannel, by: EndedBy, cause: number): void {
    if (channel !== this.#channel) return;
    this.ended = { by, cause, atMs: this.around.clock.now() - this.startedAt };
    this.around.waits.notice();
  }

  protected waitFor<T>(probe: () => T | undefined, what: string, withinMs?: number): Promise<T> {
    return this.#until(probe, what, withinMs);
  }

  #until<T>(probe: () => T | undefined, what: string, withinMs = PATIENCE_MS): Promise<T> {
    return this.around.waits.until(probe, () => `${this.name} waited ${what}; so far:\n  ${this.story}`, withinMs);
  }
}

function matches(media: string, wanted: RegExp | string): boolean {
  return typeof wanted === 'string' ? media.includes(wanted) : wanted.test(media);
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)}s`;
}
