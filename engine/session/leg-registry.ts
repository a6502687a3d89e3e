import type { ChannelId } from '../domain/ids.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { AnsweredBy, SwitchEvent } from '../ports/call-events.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import { LEG_PREFIX, type LegWatcher } from '../ports/legs.ts';

/** How long the end of a leg that we hang up is waited for: it takes a few milliseconds, unless the switch is gone as well. */
const PARTING_LIMIT_MS = 1_000;

interface WatchedLeg {
  readonly watcher: LegWatcher;
  rang: boolean;
}

type LegEvent = Extract<SwitchEvent, { readonly channelId: ChannelId }>;

/** The legs that we dialled, with who is told what happens to each. */
export class LegRegistry {
  readonly #clock: Clock;
  readonly #legs = new Map<ChannelId, WatchedLeg>();
  /** Legs that are being hung up, and somebody waits for their end. Not among `#legs`: should they survive, they are orphans. */
  readonly #partings = new Map<ChannelId, { readonly gone: () => void; readonly timer: TimerHandle }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(channelId: ChannelId): boolean {
    return this.#legs.has(channelId);
  }

  /** Also of a leg that is being hung up. */
  knows(channelId: ChannelId): boolean {
    return this.#legs.has(channelId) || this.#partings.has(channelId);
  }

  readonly watch = (channelId: ChannelId, watcher: LegWatcher): (() => void) => {
    this.#legs.set(channelId, { watcher, rang: false });
    return () => {
      if (this.#legs.get(channelId)?.watcher === watcher) this.#legs.delete(channelId);
    };
  };

  readonly partFrom = (channelId: ChannelId, then: () => void): void => {
    const gone = (): void => {
      const parting = this.#partings.get(channelId);
      if (parting === undefined) return;
      this.#partings.delete(channelId);
      this.#clock.clearTimeout(parting.timer);
      then();
    };
    this.#partings.set(channelId, { gone, timer: this.#clock.setTimeout(gone, PARTING_LIMIT_MS) });
  };

  /** False when nobody watches this channel. */
  entered(channelId: ChannelId, answeredBy: AnsweredBy | undefined): boolean {
    const leg = this.#legs.get(channelId);
    leg?.watcher.entered(answeredBy);
    return leg !== undefined;
  }

  /** False when the event concerns none of the legs. */
  dispatch(event: LegEvent): boolean {
    const leg = this.#legs.get(event.channelId);
    const parting = this.#partings.get(event.channelId);
    if (leg !== undefined) this.#tell(leg, event);
    else if (event.type === 'channel.gone') parting?.gone();
    return leg !== undefined || parting !== undefined;
  }

  /**
   * Tells the legs what happened to them while nobody listened. A switch that cannot tell who is on hold leaves a held
   * conversation as it was last known, until the phone tells the next change.
   */
  catchUp(snapshot: SwitchSnapshot): void {
    for (const { id, state, held } of snapshot.channels) {
      const leg = this.#legs.get(id);
      if (leg === undefined) continue;
      if (state === 'ringing') rings(leg);
      if (held !== undefined) leg.watcher.held?.(held);
    }
  }

  clear(): void {
    this.#legs.clear();
    for (const { timer } of this.#partings.values()) this.#clock.clearTimeout(timer);
    this.#partings.clear();
  }

  #tell(leg: WatchedLeg, event: LegEvent): void {
    switch (event.type) {
      case 'channel.state':
        if (event.state === 'ringing') rings(leg);
        break;
      case 'channel.hold':
        leg.watcher.held?.(event.held);
        break;
      case 'channel.gone':
        this.#legs.delete(event.channelId);
        leg.watcher.gone(event.cause);
        break;
      default:
        break;
    }
  }
}

export function isLeg(channelId: ChannelId): boolean {
  return channelId.startsWith(`${LEG_PREFIX}-`);
}

/** Once: what the snapshot shows may be told again by an event. */
function rings(leg: WatchedLeg): void {
  if (leg.rang) return;
  leg.rang = true;
  leg.watcher.rings?.();
}
