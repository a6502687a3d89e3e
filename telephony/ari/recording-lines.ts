import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { NodeId, RecordingId } from '../../engine/domain/ids.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { RecordingEnded, RecordingOnSwitch, RecordingRequest } from '../../engine/ports/recording-switch.ts';
import type { AriOperation, AriParams, AriTransport } from './ari-transport.ts';
import type { AriEvent } from './generated/events.ts';
import { readStoredFile } from './plain-request.ts';
import { recordingOfChannel, recordingOfName, snoopOf, storedNameOf } from './recording-names.ts';
import { succeedWhenGone } from './succeed-when-gone.ts';

export interface RecordingLinesOptions {
  readonly nodeId: NodeId;
  readonly app: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly requests: Pick<AriTransport, 'request' | 'send'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly requestTimeoutMs: number;
}

/** A-law without a header: half of linear, what lines carry anyhow, and whole up to its last byte when the switch dies (format_pcm.so). */
const FORMAT = 'alaw';

/** What a request waits for that an event tells. */
interface Awaited {
  readonly told: (failure?: StrowgerError) => void;
}

/**
 * The recordings of one switch. Each is made by a snoop channel that hears both ways of a call's channel and is recorded itself: it goes
 * on while no engine is connected, and ends with the call. Its file is fetched and deleted over HTTP.
 */
export class RecordingLines {
  readonly #o: RecordingLinesOptions;
  readonly #entering = new Map<RecordingId, Awaited>();
  readonly #starting = new Map<RecordingId, Awaited>();
  readonly #listeners = new Set<(event: RecordingEnded) => void>();
  /** Whether silence is recorded: of recordings that this connection has begun or brought to it. */
  readonly #muted = new Map<RecordingId, boolean>();

  constructor(options: RecordingLinesOptions) {
    this.#o = options;
  }

  onEnded(listener: (event: RecordingEnded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True for an event that is about a recording, and so nobody else's. */
  handle(event: AriEvent): boolean {
    if (event.type === 'RecordingStarted' || event.type === 'RecordingFinished' || event.type === 'RecordingFailed') {
      const id = recordingOfName(this.#o.app, event.recording.name);
      if (id !== undefined) this.#recordingTold(id, event);
      return true;
    }
    const channel = 'channel' in event ? event.channel?.id : undefined;
    const id = channel === undefined ? undefined : recordingOfChannel(channel);
    if (id === undefined) return false;
    if (event.type === 'StasisStart') this.#entering.get(id)?.told();
    else if (event.type === 'StasisEnd' || event.type === 'ChannelDestroyed') this.#entering.get(id)?.told(this.#callHasEnded(id));
    return true;
  }

  /** No event will come of what has begun: the next connection lists what there is. */
  abandon(reason: string): void {
    this.#muted.clear();
    for (const [id, { told }] of [...this.#entering, ...this.#starting]) told(new StrowgerError('switch.unreachable', `The connection was lost while ${id} was begun: ${reason}`, { fields: { recordingId: id } }));
  }

  async start({ recordingId: id, channelId, maxDurationMs }: RecordingRequest): Promise<void> {
    const { app, requests } = this.#o;
    const snoop = snoopOf(id);
    try {
      // Both waits begin before the requests, so that no event can come too early. A channel is recorded after its StasisStart (409 before).
      await this.#awaiting(this.#entering, id, () => this.#send(id, 'channels.snoopChannelWithId', { channelId, snoopId: snoop, spy: 'both', app }));
      await this.#awaiting(this.#starting, id, () =>
        this.#send(id, 'channels.record', {
          channelId: snoop,
          name: storedNameOf(app, id),
          format: FORMAT,
          maxDurationSeconds: Math.max(1, Math.ceil(maxDurationMs / 1_000)),
          ifExists: 'fail',
          terminateOn: 'none',
        }),
      );
      this.#muted.set(id, false);
    } catch (error) {
      if (!isStrowgerError(error, 'switch.unreachable')) await this.#takeAway(id);
      // A call that ends half-way makes requests fail in many ways; whoever asked wants to know that it has ended.
      if (isStrowgerError(error, 'switch.refused')) {
        await requests.request('channels.get', { channelId }, { orderKey: id }).catch((missing: unknown) => {
          throw isStrowgerError(missing, 'switch.gone') ? this.#callHasEnded(id) : error;
        });
      }
      throw error;
    }
  }

  /**
   * Asterisk toggles, and takes a second `mute` for the opposite of the first (its flag is one signed bit, so it never equals the 1 that is wanted; seen
   * on 22.10). A second `unmute` does nothing. So nothing is asked for twice, and what is not known is unmuted first: between the two
   * requests, of one socket, there may be one packet of 20 ms.
   */
  async setMuted(id: RecordingId, muted: boolean): Promise<void> {
    const known = this.#muted.get(id);
    if (known === muted) return;
    const name = { recordingName: storedNameOf(this.#o.app, id) };
    this.#muted.delete(id);
    await Promise.all([
      ...(known === undefined || !muted ? [this.#send(id, 'recordings.unmute', name)] : []),
      ...(muted ? [this.#send(id, 'recordings.mute', name)] : []),
    ]);
    this.#muted.set(id, muted);
  }

  /** The recording ends with its snoop, and is whole. */
  stop(id: RecordingId): Promise<void> {
    return succeedWhenGone(this.#send(id, 'channels.hangup', { channelId: snoopOf(id) }));
  }

  async list(): Promise<readonly RecordingOnSwitch[]> {
    const { app, requests } = this.#o;
    const [stored, channels] = await Promise.all([requests.request('recordings.listStored', {}), requests.request('channels.list', {})]);
    // What is being recorded has a file already.
    const ids = new Set(stored.flatMap(({ name }) => recordingOfName(app, name) ?? []));
    const found = await Promise.all([...ids].map(async (recordingId) => ({ recordingId, isLive: await this.#isLive(recordingId) })));
    const live = new Set(found.filter(({ isLive }) => isLive).map(({ recordingId }) => recordingId));
    const halfMade = channels.flatMap(({ id }) => recordingOfChannel(id) ?? []).filter((id) => !live.has(id));
    await Promise.all(halfMade.map((id) => this.#takeAway(id)));
    return found;
  }

  read(id: RecordingId): Promise<AsyncIterable<Uint8Array>> {
    const { url, user, password, app, requestTimeoutMs } = this.#o;
    return readStoredFile({ url, user, password }, storedNameOf(app, id), requestTimeoutMs);
  }

  remove(id: RecordingId): Promise<void> {
    return succeedWhenGone(this.#send(id, 'recordings.deleteStored', { recordingName: storedNameOf(this.#o.app, id) }));
  }

  // Parts

  #recordingTold(id: RecordingId, { type }: AriEvent): void {
    const awaited = this.#starting.get(id);
    if (type === 'RecordingStarted') {
      awaited?.told();
      return;
    }
    this.#muted.delete(id);
    // A request that has not been answered yet tells its failure itself.
    if (awaited !== undefined) awaited.told(new StrowgerError('switch.refused', `The switch could not record ${id}.`, { fields: { recordingId: id } }));
    else for (const listener of [...this.#listeners]) listener({ nodeId: this.#o.nodeId, recordingId: id });
    void this.#takeAway(id);
  }

  async #isLive(id: RecordingId): Promise<boolean> {
    const live = await this.#o.requests.request('recordings.getLive', { recordingName: storedNameOf(this.#o.app, id) }, { orderKey: id }).catch((error: unknown) => {
      if (isStrowgerError(error, 'switch.gone')) return undefined;
      throw error;
    });
    return live !== undefined && (live.state === 'recording' || live.state === 'paused' || live.state === 'queued');
  }

  /** Makes a request, and waits for what an event tells of it. */
  async #awaiting(list: Map<RecordingId, Awaited>, id: RecordingId, request: () => Promise<void>): Promise<void> {
    const { clock, requestTimeoutMs } = this.#o;
    let timer: TimerHandle;
    const told = new Promise<void>((resolve, reject) => {
      list.set(id, { told: (failure) => (failure === undefined ? resolve() : reject(failure)) });
      timer = clock.setTimeout(() => reject(new StrowgerError('switch.timeout', `The switch did not begin to record ${id} within ${requestTimeoutMs} ms.`, { fields: { timeoutMs: requestTimeoutMs } })), requestTimeoutMs);
    });
    try {
      await Promise.all([request(), told]);
    } finally {
      clock.clearTimeout(timer);
      list.delete(id);
    }
  }

  async #takeAway(id: RecordingId): Promise<void> {
    await this.stop(id).catch((error: unknown) => {
      // What the switch still has is seen by the next connection.
      this.#o.log.debug({ event: 'ari.recorderStays', recordingId: id, error: messageOf(error) }, 'The channel that recorded was not taken away.');
    });
  }

  #callHasEnded(id: RecordingId): StrowgerError {
    return new StrowgerError('switch.gone', `The call ended while ${id} was begun.`, { fields: { recordingId: id } });
  }

  #send<Op extends AriOperation>(id: RecordingId, operation: Op, params: AriParams<Op>): Promise<void> {
    return this.#o.requests.send(operation, params, { orderKey: id });
  }
}
