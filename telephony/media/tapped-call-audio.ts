import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ChannelId, NodeId } from '../../engine/domain/ids.ts';
import type { AudioSink, AudioTap, CallAudio } from '../../engine/ports/call-audio.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { IdSource } from '../../engine/ports/id-source.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { MediaLine, MediaLines } from './media-lines.ts';
import { MediaSocket } from './media-socket.ts';
import { SteadySound } from './steady-sound.ts';

export interface TappedCallAudioOptions {
  /** The lines of a node; throws `switch.unreachable` for one that is not configured. */
  readonly lines: (nodeId: NodeId) => MediaLines;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long the WebSocket may take to open, in milliseconds. Default 5 000. */
  readonly timeoutMs?: number;
}

/** The sound of calls on real switches: each tap is a line beside the call, and a WebSocket for its sound. */
export class TappedCallAudio implements CallAudio {
  readonly #o: TappedCallAudioOptions;
  readonly #taps = new Set<Tap>();

  constructor(options: TappedCallAudioOptions) {
    this.#o = options;
  }

  /** Taps that are open now. */
  get size(): number {
    return this.#taps.size;
  }

  async open(nodeId: NodeId, channelId: ChannelId, sink: AudioSink): Promise<AudioTap> {
    const { ids, clock, log, timeoutMs = 5_000 } = this.#o;
    const startedAt = clock.now();
    const tap = new Tap(sink, clock, () => this.#taps.delete(tap));
    const lines = this.#o.lines(nodeId);
    const line = await lines.lay(ids.next('tap'), channelId, (reason) => tap.end(reason));
    try {
      const listener = { audio: (samples: Int16Array) => tap.hear(samples), closed: (reason: string) => tap.end(reason) };
      const socket = await line.connect(() => MediaSocket.open({ address: line.address, timeoutMs, clock, log }, listener));
      tap.take(line, socket);
      await line.join();
      tap.assertAlive(channelId);
    } catch (error) {
      await tap.discard(line);
      tap.assertAlive(channelId); // The end of the call is the reason, whatever failed of it.
      throw error;
    }
    this.#taps.add(tap);
    tap.begin();
    log.debug({ event: 'media.opened', nodeId, channelId, tookMs: clock.now() - startedAt }, 'The sound of a call is open.');
    return tap;
  }
}

class Tap implements AudioTap {
  readonly #sink: AudioSink;
  readonly #sound: SteadySound;
  readonly #over: () => void;
  #line: MediaLine | undefined;
  #socket: MediaSocket | undefined;
  #state: 'opening' | 'open' | 'over' = 'opening';
  /** Why it ended while it was being opened. */
  #ended: string | undefined;

  constructor(sink: AudioSink, clock: Clock, over: () => void) {
    this.#sink = sink;
    this.#over = over;
    this.#sound = new SteadySound({ clock, deliver: (samples) => this.#state === 'open' && this.#sink.audio(samples) });
  }

  take(line: MediaLine, socket: MediaSocket): void {
    this.#line = line;
    this.#socket = socket;
  }

  assertAlive(channelId: ChannelId): void {
    if (this.#ended !== undefined) throw new StrowgerError('switch.gone', `The sound of ${channelId} ended while it was being opened: ${this.#ended}.`, { fields: { channelId } });
  }

  begin(): void {
    this.#state = 'open';
    this.#sound.start();
  }

  async discard(line: MediaLine): Promise<void> {
    this.#state = 'over';
    await line.clear();
    this.#socket?.close();
  }

  hear(samples: Int16Array): void {
    // What comes before `open` has settled would reach somebody who does not hold the tap yet.
    if (this.#state === 'open') this.#sound.hear(samples);
  }

  end(reason: string): void {
    if (this.#state === 'over') return; // Taken away by us: no reason for anything.
    this.#ended ??= reason;
    if (this.#state !== 'open') return;
    void this.close();
    this.#sink.ended(reason);
  }

  send(samples: Int16Array): void {
    if (this.#state !== 'open') return;
    this.#line?.carry();
    this.#socket?.send(samples);
  }

  flush(): void {
    if (this.#state === 'open') this.#socket?.flush();
  }

  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#socket?.flush();
      this.#state = 'over';
      this.#sound.stop();
      this.#over();
    }
    await this.#line?.clear();
    this.#socket?.close();
  }
}
