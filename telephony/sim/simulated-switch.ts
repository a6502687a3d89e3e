import type { Digit } from '../../engine/domain/digits.ts';
import { channelId } from '../../engine/domain/ids.ts';
import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../../engine/domain/ids.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { CallControl, OriginateRequest, SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { CallEvents, SwitchEvent, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import { EngineLink, type ProtocolError, type Refusal } from './engine-link.ts';
import type { PhoneBehaviour } from './phone-behaviour.ts';
import { SimulatedAgentPhone } from './simulated-agent-phone.ts';
import { SimulatedBridge } from './simulated-bridge.ts';
import { SimulatedCaller } from './simulated-caller.ts';
import { SimulatedChannel, type EndedBy } from './simulated-channel.ts';
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

/** A call that somebody places to a number of ours. */
export interface PlacedCall {
  /** What is dialled. */
  readonly number: string;
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** How messages call the caller; `caller-1` … by default. */
  readonly name?: string;
  /** The dialplan answers before it hands the call over. */
  readonly answeredByDialplan?: boolean;
}

/** What is left on the switch; all empty when nothing leaked. */
export interface Leaks {
  readonly channels: readonly ChannelId[];
  readonly bridges: readonly BridgeId[];
  readonly playbacks: readonly PlaybackId[];
}

const DEFAULT_MUSIC = 'default';
const NOT_OURS: Refusal = { code: 'switch.refused', detail: 'the channel is not in our application' };

/**
 * A switch in virtual time that behaves to the engine as Asterisk does over ARI: held to the same contract suite. It
 * begins without an engine connected. See README.md of this folder for where it follows Asterisk and where not.
 */
export class SimulatedSwitch implements CallControl, CallEvents {
  readonly nodeId: NodeId;
  /** Calls that the dialplan took because no engine was connected. */
  readonly fallbacks: SimulatedCaller[] = [];
  readonly #clock: Clock;
  readonly #waits: Waits;
  readonly #link: EngineLink;
  readonly #mediaDurationMs: (uri: string) => number | undefined;
  readonly #channels = new Map<ChannelId, SimulatedChannel>();
  readonly #bridges = new Map<BridgeId, SimulatedBridge>();
  readonly #phones = new Map<string, SimulatedAgentPhone>();
  /** Ids of what existed once: asking for it is a race, asking for something else a mistake. */
  readonly #past = new Set<string>();
  readonly #dialTimers = new Map<SimulatedChannel, TimerHandle>();
  #calls = 0;
  #crashed = false;

  constructor({ nodeId, clock, mediaDurationMs, advance }: SimulatedSwitchOptions) {
    this.nodeId = nodeId;
    this.#clock = clock;
    this.#mediaDurationMs = mediaDurationMs;
    this.#waits = new Waits(clock, advance);
    this.#link = new EngineLink(nodeId, clock, (id) => this.#past.has(id));
  }

  // The world outside

  /** Somebody calls. */
  call({ number, callerNumber = '', callerName = '', name, answeredByDialplan = false }: PlacedCall): SimulatedCaller {
    this.#calls += 1;
    const now = this.#clock.now();
    // As Asterisk names channels: seconds of creation, a count; the node in front, as with `systemname`.
    const id = channelId(`${this.nodeId}-${Math.floor(now / 1000)}.${this.#calls}`);
    const caller = new SimulatedCaller(
      { name: name ?? `caller-${this.#calls}`, dialled: number, channelId: id },
      { ...this.#partySurroundings, digit: (...digit) => this.#digit(...digit) },
    );
    const channel = new SimulatedChannel(
      {
        ...{ id, callerNumber, callerName, dialled: number, createdAt: now, party: caller },
        ...{ state: answeredByDialplan ? 'up' : 'ringing', dialledByUs: false, args: ['inbound', number] },
      },
      this.#channelSurroundings,
    );
    this.#channels.set(id, channel);
    this.#past.add(id);
    caller.attach(channel);
    if (this.#crashed) this.#end(channel, 'crash', HangupCause.noRouteToDestination);
    else if (this.#link.isConnected) this.#enter(channel);
    else {
      // Stasis() returns with STASISSTATUS=FAILED, and the dialplan goes on.
      channel.state = 'up';
      caller.inFallback = true;
      this.fallbacks.push(caller);
    }
    return caller;
  }

  /** The phone under `endpoint`; the first request makes it. */
  phone(endpoint: string, behaviour?: PhoneBehaviour): SimulatedAgentPhone {
    let phone = this.#phones.get(endpoint);
    if (!phone) {
      phone = new SimulatedAgentPhone(endpoint, {
        ...this.#partySurroundings,
        ringing: (channel) => this.#setState(channel, 'ringing'),
        answered: (channel) => this.#answered(channel),
      });
      this.#phones.set(endpoint, phone);
    }
    if (behaviour) phone.behaviour = behaviour;
    return phone;
  }

  // The engine's connection

  get knobs(): SwitchKnobs {
    return this.#link.knobs;
  }

  get isConnected(): boolean {
    return this.#link.isConnected;
  }

  /** The engine's connection opens; after a crash the switch is up again and empty. */
  connect(): void {
    this.restart();
    this.#link.open();
  }

  /** The connection is lost. Calls go on, events are discarded, requests that are under way get no answer. */
  disconnect(reason = 'connection lost'): void {
    this.#link.close(reason);
  }

  /** A newer engine takes the application over: this one gets no more events, its requests still work. */
  replace(): void {
    this.#link.replace();
  }

  /** After a crash the switch is up again, empty, and no engine is connected yet. */
  restart(): void {
    this.#crashed = false;
  }

  /** The switch dies with all its calls. */
  crash(): void {
    this.#crashed = true;
    this.#link.close('the switch crashed');
    for (const channel of [...this.#channels.values()]) this.#end(channel, 'crash', 0);
    this.#bridges.clear();
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
    return {
      channels: [...this.#channels.keys()],
      bridges: [...this.#bridges.keys()],
      playbacks: [...this.#channels.values()].flatMap((channel) => [...channel.playbacks]),
    };
  }

  // CallControl

  answer(id: ChannelId): Promise<void> {
    return this.#onChannel('answer', id, (channel, done) => {
      channel.inTurn(() => {
        this.#setState(channel, 'up');
        done();
      });
    });
  }

  hangup(id: ChannelId, cause: number = HangupCause.normal): Promise<void> {
    return this.#link.request('hangup', id, (done) => {
      const channel = this.#channels.get(id);
      if (channel) this.#end(channel, 'switch', cause);
      done();
    });
  }

  play(id: ChannelId, playbackId: PlaybackId, media: readonly string[]): Promise<void> {
    return this.#onChannel('play', id, (channel, done) => {
      if (media.length === 0) done({ code: 'switch.refused', detail: 'no media to play' });
      else {
        channel.play({ id: playbackId, media });
        done();
      }
    });
  }

  stopPlayback(id: ChannelId, playbackId: PlaybackId): Promise<void> {
    return this.#link.request('stopPlayback', id, (done) => {
      this.#channels.get(id)?.stopPlayback(playbackId);
      done();
    });
  }

  startMusic(id: ChannelId, musicClass: string = DEFAULT_MUSIC): Promise<void> {
    return this.#onChannel('startMusic', id, (channel, done) => {
      channel.inTurn(() => channel.startMusic(musicClass));
      done();
    });
  }

  stopMusic(id: ChannelId): Promise<void> {
    return this.#link.request('stopMusic', id, (done) => {
      const channel = this.#channels.get(id);
      if (channel && !channel.inApplication) {
        done(NOT_OURS);
        return;
      }
      channel?.inTurn(() => channel.stopMusic());
      done();
    });
  }

  originate(request: OriginateRequest): Promise<void> {
    return this.#link.request('originate', request.channelId, (done) => {
      const { channelId: id, endpoint, callerNumber = '', callerName = '', args } = request;
      const phone = this.#phones.get(endpoint);
      if (this.#channels.has(id)) {
        done({ code: 'switch.refused', detail: 'a channel with this id exists' });
        return;
      }
      if (!phone || phone.behaviour.does === 'refuseDial') {
        // ARI answers 500 "Allocation failed" when no channel can be made, e.g. for an endpoint without a contact.
        done({ code: 'switch.refused', detail: `allocation failed: nothing can be dialled at ${endpoint}` });
        return;
      }
      const facts = { id, callerNumber, callerName, dialled: '', createdAt: this.#clock.now(), party: phone, args };
      const channel = new SimulatedChannel({ ...facts, state: 'down', dialledByUs: true }, this.#channelSurroundings);
      this.#channels.set(id, channel);
      this.#past.add(id);
      done();
      const giveUp = (): void => this.#end(channel, 'switch', this.knobs.dialTimeoutCause);
      this.#dialTimers.set(channel, this.#clock.setTimeout(giveUp, request.timeoutMs));
      phone.ring(channel);
    });
  }

  createBridge(id: BridgeId, owner: ChannelId): Promise<void> {
    return this.#link.request('createBridge', owner, (done) => {
      if (this.#bridges.has(id)) {
        done({ code: 'switch.refused', detail: 'a bridge with this id exists', id });
        return;
      }
      this.#bridges.set(id, new SimulatedBridge(id));
      this.#past.add(id);
      done();
    });
  }

  addToBridge(bridgeId: BridgeId, id: ChannelId): Promise<void> {
    return this.#onChannel('addToBridge', id, (channel, done) => {
      const bridge = this.#bridges.get(bridgeId);
      if (!bridge) {
        done({ code: 'switch.gone', detail: 'no such bridge', id: bridgeId });
        return;
      }
      channel.inTurn(() => {
        if (this.#bridges.get(bridgeId) !== bridge) {
          done({ code: 'switch.gone', detail: 'the bridge went meanwhile', id: bridgeId });
          return;
        }
        if (!channel.gone) bridge.add(channel);
        done();
        this.#waits.notice();
      });
    });
  }

  removeFromBridge(bridgeId: BridgeId, id: ChannelId): Promise<void> {
    return this.#link.request('removeFromBridge', id, (done) => {
      const channel = this.#channels.get(id);
      if (!channel) {
        done();
        return;
      }
      channel.inTurn(() => {
        this.#bridges.get(bridgeId)?.remove(channel);
        done();
      });
    });
  }

  destroyBridge(id: BridgeId, owner: ChannelId): Promise<void> {
    return this.#link.request('destroyBridge', owner, (done) => {
      for (const channel of this.#bridges.get(id)?.channels ?? []) channel.bridge?.remove(channel);
      this.#bridges.delete(id);
      done();
    });
  }

  async snapshot(): Promise<SwitchSnapshot> {
    let snapshot: SwitchSnapshot = { channels: [], bridges: [] };
    await this.#link.request('snapshot', undefined, (done) => {
      snapshot = {
        channels: [...this.#channels.values()]
          .filter((channel) => channel.inApplication || channel.dialledByUs)
          .map((channel) => ({ ...channel.info, inApplication: channel.inApplication })),
        bridges: [...this.#bridges.values()].map(({ id, channels }) => ({ id, channelIds: [...channels].map((channel) => channel.id) })),
      };
      done();
    });
    return snapshot;
  }

  // Inside

  get #partySurroundings(): { clock: Clock; waits: Waits; end: (channel: SimulatedChannel, cause: number) => void } {
    return { clock: this.#clock, waits: this.#waits, end: (channel, cause) => this.#end(channel, 'self', cause) };
  }

  get #channelSurroundings(): ConstructorParameters<typeof SimulatedChannel>[1] {
    return { clock: this.#clock, emit: this.#emit, mediaDurationMs: this.#mediaDurationMs };
  }

  readonly #emit = (event: SwitchEventBody): void => this.#link.tell(event);

  /** A request for a channel that has to be under our control. */
  #onChannel(
    operation: 'answer' | 'play' | 'startMusic' | 'addToBridge',
    id: ChannelId,
    act: (channel: SimulatedChannel, done: (refusal?: Refusal) => void) => void,
  ): Promise<void> {
    return this.#link.request(operation, id, (done) => {
      const channel = this.#channels.get(id);
      if (!channel) done({ code: 'switch.gone', detail: 'no such channel' });
      else if (!channel.inApplication) done(NOT_OURS);
      else act(channel, done);
    });
  }

  #enter(channel: SimulatedChannel): void {
    channel.inApplication = true;
    this.#emit({ type: 'channel.entered', channel: channel.info, args: channel.args });
  }

  #setState(channel: SimulatedChannel, state: 'ringing' | 'up'): void {
    if (channel.state === state || channel.gone) return;
    channel.state = state;
    this.#emit({ type: 'channel.state', channelId: channel.id, state });
    this.#waits.notice();
  }

  #stopDialTimer(channel: SimulatedChannel): void {
    this.#clock.clearTimeout(this.#dialTimers.get(channel));
    this.#dialTimers.delete(channel);
  }

  #answered(channel: SimulatedChannel): void {
    this.#stopDialTimer(channel);
    this.#setState(channel, 'up');
    if (this.#link.isConnected) this.#enter(channel);
    // The leg's only application is Stasis(), which fails: nothing else is left to do for it.
    else this.#end(channel, 'switch', HangupCause.normal);
  }

  #digit(id: ChannelId, digit: Digit, durationMs: number): void {
    const channel = this.#channels.get(id);
    if (channel?.inApplication) this.#emit({ type: 'digit', channelId: id, digit, durationMs });
  }

  #end(channel: SimulatedChannel, by: EndedBy, cause: number): void {
    if (channel.gone) return;
    const { id, inApplication } = channel;
    this.#channels.delete(id);
    this.#stopDialTimer(channel);
    channel.bridge?.remove(channel);
    channel.close();
    channel.inApplication = false;
    if (inApplication) this.#emit({ type: 'channel.left', channelId: id });
    if (inApplication || channel.dialledByUs) this.#emit({ type: 'channel.gone', channelId: id, cause });
    channel.party.closed(channel, by, cause);
    this.#waits.notice();
  }
}
