import { isDigit, type Digit } from '../../engine/domain/digits.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import { SimulatedParty, type PartySurroundings, type PartyWait } from './simulated-party.ts';

/** How long a key is held, and from one key to the next, unless told otherwise. */
const KEY_MS = 100;
const KEY_PACE_MS = 200;

export interface CallerSurroundings extends PartySurroundings {
  /** A key was held and let go. */
  readonly digit: (channelId: ChannelId, digit: Digit, durationMs: number) => void;
}

export interface PressOptions {
  /** From one digit to the next, 200 ms by default; 0 sends all at the same moment. */
  readonly paceMs?: number;
  /** How long each key is held, as the switch reports it. */
  readonly heldMs?: number;
}

/** A person who calls a hotline. Made by `SimulatedSwitch.call`. */
export class SimulatedCaller extends SimulatedParty {
  readonly dialled: string;
  readonly channelId: ChannelId;
  /** The dialplan took the call: no engine was connected, or it gave the call up. */
  inFallback = false;
  readonly #around: CallerSurroundings;

  constructor(facts: { readonly name: string; readonly dialled: string; readonly channelId: ChannelId }, around: CallerSurroundings) {
    super(facts.name, around);
    this.dialled = facts.dialled;
    this.channelId = facts.channelId;
    this.#around = around;
  }

  /** Presses keys. The first is let go now, the others follow at their pace. Resolves after the last. */
  async press(digits: string, { paceMs = KEY_PACE_MS, heldMs = KEY_MS }: PressOptions = {}): Promise<void> {
    let first = true;
    for (const digit of digits) {
      if (!isDigit(digit)) throw new TypeError(`'${digit}' is no key of a phone`);
      if (!first && paceMs > 0) await this.waits(paceMs);
      first = false;
      this.#around.digit(this.channelId, digit, heldMs);
    }
  }

  /** Hears a prompt to its end, then presses. */
  async pressAfterPrompt(media: RegExp | string, digits: string, options: PressOptions & PartyWait = {}): Promise<void> {
    await this.hears(media, { ...options, toEnd: true });
    await this.press(digits, options);
  }

  /** Presses while the prompt still speaks. */
  async pressInto(media: RegExp | string, digits: string, options: PressOptions & PartyWait = {}): Promise<void> {
    await this.hears(media, options);
    await this.press(digits, options);
  }
}
