import type { ChannelId, PlaybackId } from '../../engine/domain/ids.ts';
import type { CallEvents, SwitchEvent } from '../../engine/ports/call-events.ts';
import type { CallControlRig } from './call-control-rig.ts';

type EventOf<T extends SwitchEvent['type']> = Extract<SwitchEvent, { readonly type: T }>;

/** Everything that a switch told, in order, and waits for it. */
export class EventRecorder {
  readonly all: SwitchEvent[] = [];
  readonly #until: CallControlRig['until'];

  constructor(events: CallEvents, until: CallControlRig['until']) {
    this.#until = until;
    events.subscribe((event) => this.all.push(event));
  }

  /** All events of one channel so far. */
  of(channelId: ChannelId): readonly SwitchEvent[] {
    return this.all.filter((event) => channelOf(event) === channelId);
  }

  /** Their types, in order, consecutive repetitions of `channel.state` with the same state left out. */
  typesOf(channelId: ChannelId): readonly string[] {
    const names = this.of(channelId).map((event) => (event.type === 'channel.state' ? `state.${event.state}` : event.type));
    return names.filter((name, index) => !(name.startsWith('state.') && names.slice(0, index).includes(name)));
  }

  /** The first event of that type on that channel, now or later. */
  next<T extends SwitchEvent['type']>(type: T, channelId: ChannelId): Promise<EventOf<T>> {
    return this.#until(
      () => this.of(channelId).find((event): event is EventOf<T> => event.type === type),
      `${type} of ${channelId}, so far ${this.typesOf(channelId).join(', ') || 'nothing'}`,
    );
  }

  /** That channel reached that state. */
  state(channelId: ChannelId, state: EventOf<'channel.state'>['state']): Promise<EventOf<'channel.state'>> {
    return this.#until(
      () => this.of(channelId).find((event): event is EventOf<'channel.state'> => event.type === 'channel.state' && event.state === state),
      `${channelId} to be ${state}`,
    );
  }

  /** The entry of a call, told apart by its caller's number. */
  entered(callerNumber: string): Promise<EventOf<'channel.entered'>> {
    return this.#until(
      () => this.all.find((event): event is EventOf<'channel.entered'> => event.type === 'channel.entered' && event.channel.callerNumber === callerNumber),
      `the call of ${callerNumber}`,
    );
  }

  finished(playbackId: PlaybackId): Promise<EventOf<'playback.finished'>> {
    return this.#until(
      () => this.all.find((event): event is EventOf<'playback.finished'> => event.type === 'playback.finished' && event.playbackId === playbackId),
      `the end of playback ${playbackId}`,
    );
  }

  started(playbackId: PlaybackId): Promise<EventOf<'playback.started'>> {
    return this.#until(
      () => this.all.find((event): event is EventOf<'playback.started'> => event.type === 'playback.started' && event.playbackId === playbackId),
      `the start of playback ${playbackId}`,
    );
  }

  /** Digits of a channel as a string. */
  digits(channelId: ChannelId): string {
    return this.of(channelId)
      .map((event) => (event.type === 'digit' ? event.digit : ''))
      .join('');
  }

  /** How many times each channel was said to be gone. */
  farewells(): ReadonlyMap<ChannelId, number> {
    const count = new Map<ChannelId, number>();
    for (const event of this.all) {
      const id = channelOf(event);
      if (id !== undefined) count.set(id, (count.get(id) ?? 0) + (event.type === 'channel.gone' ? 1 : 0));
    }
    return count;
  }
}

function channelOf(event: SwitchEvent): ChannelId | undefined {
  if (event.type === 'channel.entered') return event.channel.id;
  return 'channelId' in event ? event.channelId : undefined;
}
