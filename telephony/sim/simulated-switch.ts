import { isStrowgerError } from '../../engine/domain/errors.ts';
import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../../engine/domain/ids.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { CallControl, OriginateRequest, SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { CallEvents, SwitchEvent } from '../../engine/ports/call-events.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { EngineLink, type ProtocolError, type Refusal } from './engine-link.ts';
import { Exchange, type Leaks, type PlacedCall } from './exchange.ts';
import type { PhoneBehaviour } from './phone-behaviour.ts';
import type { SimulatedAgentPhone } from './simulated-agent-phone.ts';
import type { SimulatedCaller } from './simulated-caller.ts';
import { SILENCE, SILENCE_MS, type SimulatedChannel } from './simulated-channel.ts';
import { SimulatedRecorder } from './simulated-recorder.ts';
import type { SwitchKnobs } from './switch-knobs.ts';
import { Waits, type Advance } from './waits.ts';

export interface SimulatedSwitchOptions {
  readonly nodeId: NodeId;
  readonly clock: Clock;
  /** Length of a media URI in milliseconds; undefined: the file is missing. */
  readonly mediaDurationMs: (uri: string) => number | undefined;
  /** Lets the waits of parties move time themselves, e.g. `(ms) => virtualClock.advanceBy(ms)`. */
  readonly advance?: Advance;
}

const DEFAULT_MUSIC = 'default';
/** What ARI plays. */
const MEDIA_URI = /^(sound|recording|number|digits|characters|tone):[^,]+$/;

const NO_CHANNEL: Refusal = { code: 'switch.gone', status: 404, detail: 'Channel not found' };
const NOT_OURS: Refusal = { code: 'switch.refused', status: 409, detail: 'Channel not in Stasis application' };
const NO_BRIDGE: Refusal = { code: 'switch.gone', status: 404, detail: 'Bridge not found' };

/**
 * A switch in virtual time that behaves to the engine as Asterisk does over ARI: held to the same contract suite. It
 * begins without an engine connected. README.md of this folder tells where it follows Asterisk and where not.
 */
export class SimulatedSwitch implements CallControl, CallEvents {
  readonly nodeId: NodeId;
  /** What it records, and what lies on its disk. */
  readonly recorder: SimulatedRecorder;
  readonly #waits: Waits;
  readonly #link: EngineLink;
  /** Since an engine was last connected. */
  #hasCrashed = false;
  readonly #exchange: Exchange;

  constructor({ nodeId, clock, mediaDurationMs, advance }: SimulatedSwitchOptions) {
    this.nodeId = nodeId;
    this.#waits = new Waits(clock, advance);
    this.#link = new EngineLink(nodeId, clock, (id) => this.#exchange.knew(id) || this.recorder.knew(id));
    this.#exchange = new Exchange(nodeId, this.#link, this.#waits, { clock, mediaDurationMs: (uri) => (uri === SILENCE ? SILENCE_MS : mediaDurationMs(uri)) });
    this.#exchange.dialTimeoutCause = () => this.knobs.dialTimeoutCause;
    this.recorder = new SimulatedRecorder({ nodeId, clock, link: this.#link, hasChannel: (id) => this.#exchange.channels.has(id) });
    this.#exchange.channelEnded = (id) => this.recorder.channelEnded(id);
  }

  // The world outside

  /** Somebody calls. */
  call(call: PlacedCall): SimulatedCaller {
    return this.#exchange.call(call);
  }

  /** The phone under `endpoint`; the first request makes it. Without a behaviour it rings until somebody gives up. */
  phone(endpoint: string, behaviour?: PhoneBehaviour): SimulatedAgentPhone {
    return this.#exchange.phone(endpoint, behaviour);
  }

  /** Calls that the dialplan took: no engine was connected, or it gave them up. */
  get fallbacks(): readonly SimulatedCaller[] {
    return this.#exchange.fallbacks;
  }

  // The engine's connection

  get knobs(): SwitchKnobs {
    return this.#link.knobs;
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  /**
   * The engine's connection opens; after a crash the switch is up again and empty. What ended unnoticed by this engine
   * is told after `node.up`; `newEngine`: it is another process, which knows nothing.
   */
  connect({ newEngine = false }: { readonly newEngine?: boolean } = {}): void {
    this.restart();
    const ours = this.#exchange.ours().map(({ id }) => id);
    this.#link.open(ours, newEngine, this.#hasCrashed);
    this.#hasCrashed = false;
  }

  /** The connection is lost. Calls go on, events are discarded, requests that are under way get no answer. */
  disconnect(reason = 'connection lost'): void {
    this.#link.close(reason);
  }

  /** A newer engine takes the application over: this one gets no more events, its requests still work. */
  replace(): void {
    this.#link.replace();
  }

  /** As `replace`, and the other engine listens from that moment on. */
  takeOver(): void {
    this.#link.takeOver(this.#exchange.ours().map(({ id }) => id));
  }

  /** The switch dies with all its calls. */
  crash(): void {
    this.#hasCrashed = true;
    this.#link.close('the switch crashed');
    this.#exchange.crash();
  }

  /** After a crash the switch is up again, empty, and no engine is connected yet. */
  restart(): void {
    this.#exchange.running = true;
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    return this.#link.subscribe(listener);
  }

  // What a test asks

  /** Requests that the switch refused, with why. Those that were merely too late have `late: true`. */
  get protocolErrors(): readonly ProtocolError[] {
    return this.#link.protocolErrors;
  }

  leaks(): Leaks {
    return this.#exchange.leaks();
  }

  /** Resolves when `probe` finds something, as time goes; rejects with `what` after `limitMs`. */
  until<T>(probe: () => T | undefined, what: string, limitMs = 120_000): Promise<T> {
    return this.#waits.until(probe, () => what, limitMs);
  }

  // CallControl

  answer(id: ChannelId): Promise<void> {
    return this.#onChannel('answer', id, (channel, done) => {
      channel.inTurn(() => {
        this.#exchange.setState(channel, 'up');
        done();
      });
    });
  }

  hangup(id: ChannelId, cause: number = HangupCause.normal): Promise<void> {
    return this.#link.request('hangup', id, (done) => {
      const channel = this.#exchange.channels.get(id);
      if (channel) this.#exchange.end(channel, 'switch', cause);
      done();
    });
  }

  sendToFallback(id: ChannelId): Promise<void> {
    return this.#onChannel('sendToFallback', id, (channel, done) => {
      channel.inTurn(() => this.#exchange.leave(channel));
      done();
    });
  }

  play(id: ChannelId, playbackId: PlaybackId, media: readonly string[]): Promise<void> {
    return this.#onChannel('play', id, (channel, done) => {
      const bad = media.find((uri) => !MEDIA_URI.test(uri));
      if (media.length === 0) done({ code: 'switch.refused', status: 400, detail: 'no media to play' });
      else if (bad !== undefined) done({ code: 'switch.refused', status: 400, detail: `'${bad}' is no media URI` });
      else {
        channel.play({ id: playbackId, media });
        done();
      }
    });
  }

  playSilence(id: ChannelId, playbackId: PlaybackId): Promise<void> {
    return this.play(id, playbackId, [SILENCE]);
  }

  stopPlayback(id: ChannelId, playbackId: PlaybackId): Promise<void> {
    return this.#link.request('stopPlayback', id, (done) => {
      this.#exchange.channels.get(id)?.stopPlayback(playbackId);
      done();
    });
  }

  async isPlaying(id: ChannelId, playbackId: PlaybackId): Promise<boolean> {
    let is = false;
    await this.#link.request('isPlaying', id, (done) => {
      is = this.#exchange.channels.get(id)?.playbacks.includes(playbackId) === true;
      done();
    });
    return is;
  }

  startMusic(id: ChannelId, musicClass: string = DEFAULT_MUSIC): Promise<void> {
    return this.#onChannel('startMusic', id, (channel, done) => {
      channel.inTurn(() => channel.startMusic(musicClass));
      done();
    });
  }

  stopMusic(id: ChannelId): Promise<void> {
    return this.#link.request('stopMusic', id, (done) => {
      const channel = this.#exchange.channels.get(id);
      channel?.inTurn(() => channel.stopMusic());
      done();
    });
  }

  async originate(request: OriginateRequest): Promise<void> {
    const { channelId: id, endpoint } = request;
    const isNew = this.#link.expect(id);
    const wasConnected = this.isConnected;
    try {
      await this.#link.request('originate', id, (done) => {
        if (this.#exchange.channels.has(id)) done({ code: 'switch.refused', status: 409, detail: 'a channel with this id exists' });
        else if (this.#exchange.dial(request)) done();
        else done({ code: 'switch.refused', status: 500, detail: `Allocation failed: nobody can be dialled at ${endpoint}` });
      });
    } catch (error) {
      if (isNew) this.#closeFailedLeg(id, error, wasConnected);
      throw error;
    }
  }

  createBridge(id: BridgeId, owner: ChannelId): Promise<void> {
    return this.#link.request('createBridge', owner, (done) => {
      if (this.#exchange.bridge(id)) done();
      else done({ code: 'switch.refused', status: 409, detail: 'a bridge with this id exists', id });
    });
  }

  addToBridge(bridgeId: BridgeId, id: ChannelId): Promise<void> {
    return this.#onChannel('addToBridge', id, (channel, done) => {
      const bridge = this.#exchange.bridges.get(bridgeId);
      if (!bridge) {
        done({ ...NO_BRIDGE, id: bridgeId });
        return;
      }
      channel.inTurn(() => {
        if (this.#exchange.bridges.get(bridgeId) !== bridge) {
          done({ ...NO_BRIDGE, id: bridgeId });
          return;
        }
        this.#exchange.join(bridge, channel);
        done();
      });
    });
  }

  removeFromBridge(bridgeId: BridgeId, id: ChannelId): Promise<void> {
    return this.#link.request('removeFromBridge', id, (done) => {
      const channel = this.#exchange.channels.get(id);
      if (!channel) {
        done();
        return;
      }
      channel.inTurn(() => {
        this.#exchange.bridges.get(bridgeId)?.remove(channel);
        done();
      });
    });
  }

  destroyBridge(id: BridgeId, owner: ChannelId | undefined): Promise<void> {
    return this.#link.request('destroyBridge', owner, (done) => {
      this.#exchange.destroyBridge(id);
      done();
    });
  }

  refuseCalls(forMs: number): Promise<void> {
    return this.#link.request('refuseCalls', undefined, (done) => {
      this.#exchange.refuseCalls(forMs);
      done();
    });
  }

  async snapshot(): Promise<SwitchSnapshot> {
    let snapshot: SwitchSnapshot = { channels: [], bridges: [] };
    await this.#link.request('snapshot', undefined, (done) => {
      snapshot = this.#exchange.snapshot();
      done();
    });
    return snapshot;
  }

  // Inside

  /** A request for a channel that has to be under our control. */
  #onChannel(
    operation: 'answer' | 'sendToFallback' | 'play' | 'startMusic' | 'addToBridge',
    id: ChannelId,
    act: (channel: SimulatedChannel, done: (refusal?: Refusal) => void) => void,
  ): Promise<void> {
    return this.#link.request(operation, id, (done) => {
      const channel = this.#exchange.channels.get(id);
      if (!channel) done(NO_CHANNEL);
      else if (!channel.inApplication) done(NOT_OURS);
      else act(channel, done);
    });
  }

  /** A leg whose dialling failed is told to be gone exactly once, also when it came into being all the same. */
  #closeFailedLeg(id: ChannelId, failure: unknown, wasSent: boolean): void {
    // Sent and lost with the connection: the next one looks for it.
    if (isStrowgerError(failure, 'switch.unreachable') && wasSent) return;
    const channel = this.#exchange.channels.get(id);
    if (channel) this.#exchange.end(channel, 'switch', HangupCause.normal);
    else this.#link.tellGone(id, isStrowgerError(failure) && failure.fields['status'] === 500 ? HangupCause.subscriberAbsent : 0);
  }
}
