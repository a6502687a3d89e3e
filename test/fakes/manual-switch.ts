import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../../engine/domain/ids.ts';
import { channelId, nodeId } from '../../engine/domain/ids.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { CallControl, OriginateRequest, Switchboard, SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { CallEvents, ChannelInfo, SwitchEvent, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock } from '../../engine/ports/clock.ts';

export interface RecordedRequest {
  readonly what: keyof CallControl;
  readonly channelId?: ChannelId;
  readonly id?: string;
  readonly media?: readonly string[];
  readonly request?: OriginateRequest;
  readonly cause?: number;
  readonly forMs?: number;
}

/** A switch that does nothing by itself: it records requests, and the test says what happens. */
export class ManualSwitch implements CallControl, CallEvents, Switchboard {
  readonly nodeId: NodeId = nodeId('pbx-1');
  readonly nodeIds = [this.nodeId];
  readonly requests: RecordedRequest[] = [];
  /** What `snapshot()` answers. */
  held: SwitchSnapshot = { channels: [], bridges: [] };
  /** What `isPlaying()` answers. */
  plays = true;
  /** Requests that fail with this code until it is cleared. */
  failing: 'switch.unreachable' | 'switch.gone' | 'switch.refused' | undefined;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: SwitchEvent) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  node(): CallControl {
    return this;
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(body: SwitchEventBody): void {
    const event = { ...body, nodeId: this.nodeId, at: this.#clock.now() } as SwitchEvent;
    for (const listener of this.#listeners) listener(event);
  }

  info(id: string, more: Partial<ChannelInfo> = {}): ChannelInfo {
    return {
      id: channelId(id),
      state: 'up',
      callerNumber: '13800138000',
      callerName: '',
      dialled: '95500',
      createdAt: this.#clock.now(),
      ...more,
    };
  }

  /** The last request of a kind. */
  last(what: keyof CallControl): RecordedRequest {
    const found = this.requests.findLast((request) => request.what === what);
    if (!found) throw new Error(`no ${what} was requested; there were: ${this.requests.map((request) => request.what).join(', ')}`);
    return found;
  }

  answer = (id: ChannelId) => this.#take({ what: 'answer', channelId: id });
  hangup = (id: ChannelId, cause?: number) => this.#take({ what: 'hangup', channelId: id, ...(cause === undefined ? {} : { cause }) });
  sendToFallback = (id: ChannelId) => this.#take({ what: 'sendToFallback', channelId: id });
  play = (id: ChannelId, playback: PlaybackId, media: readonly string[]) => this.#take({ what: 'play', channelId: id, id: playback, media });
  playSilence = (id: ChannelId, playback: PlaybackId) => this.#take({ what: 'playSilence', channelId: id, id: playback });
  stopPlayback = (id: ChannelId, playback: PlaybackId) => this.#take({ what: 'stopPlayback', channelId: id, id: playback });
  isPlaying = async (id: ChannelId, playback: PlaybackId): Promise<boolean> => {
    await this.#take({ what: 'isPlaying', channelId: id, id: playback });
    return this.plays;
  };
  startMusic = (id: ChannelId) => this.#take({ what: 'startMusic', channelId: id });
  stopMusic = (id: ChannelId) => this.#take({ what: 'stopMusic', channelId: id });
  originate = (request: OriginateRequest) => this.#take({ what: 'originate', channelId: request.channelId, request });
  createBridge = (id: BridgeId) => this.#take({ what: 'createBridge', id });
  addToBridge = (id: BridgeId, channel: ChannelId) => this.#take({ what: 'addToBridge', id, channelId: channel });
  removeFromBridge = (id: BridgeId, channel: ChannelId) => this.#take({ what: 'removeFromBridge', id, channelId: channel });
  destroyBridge = (id: BridgeId, owner: ChannelId | undefined) => this.#take({ what: 'destroyBridge', id, ...(owner === undefined ? {} : { channelId: owner }) });
  refuseCalls = (forMs: number) => this.#take({ what: 'refuseCalls', forMs });
  async snapshot(): Promise<SwitchSnapshot> {
    if (this.failing) throw new StrowgerError(this.failing, 'the test says so');
    return this.held;
  }

  async #take(request: RecordedRequest): Promise<void> {
    this.requests.push(request);
    if (this.failing) throw new StrowgerError(this.failing, 'the test says so');
  }
}
