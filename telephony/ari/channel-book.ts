import type { ChannelId } from '../../engine/domain/ids.ts';

interface Entry {
  /** Last dial status that the switch told of a leg of ours. */
  dialStatus?: string;
  hangingUp?: true;
}

/**
 * The channels that concern us: in our application, or dialled by us. Events of others (the far half of a Local channel,
 * another application's leg) are none of ours, and each channel in the book leaves it with exactly one `channel.gone`.
 */
export class ChannelBook {
  readonly #entries = new Map<ChannelId, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  has(id: ChannelId): boolean {
    return this.#entries.has(id);
  }

  ids(): readonly ChannelId[] {
    return [...this.#entries.keys()];
  }

  /** False when it stood there already. */
  add(id: ChannelId): boolean {
    if (this.#entries.has(id)) return false;
    this.#entries.set(id, {});
    return true;
  }

  dialStatus(id: ChannelId, status: string): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined && status !== '') entry.dialStatus = status;
  }

  hangingUp(id: ChannelId): void {
    const entry = this.#entries.get(id);
    if (entry !== undefined) entry.hangingUp = true;
  }

  isHangingUp(id: ChannelId): boolean {
    return this.#entries.get(id)?.hangingUp === true;
  }

  /** Strikes a channel off; undefined when it did not stand there. */
  remove(id: ChannelId): Readonly<Entry> | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry;
  }
}
