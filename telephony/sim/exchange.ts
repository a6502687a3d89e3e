import type { Digit } from '../../engine/domain/digits.ts';
import { channelId } from '../../engine/domain/ids.ts';
import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../../engine/domain/ids.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { OriginateRequest, SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { AnsweredBy, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { PhoneBehaviour } from './phone-behaviour.ts';
import { SimulatedAgentPhone } from './simulated-agent-phone.ts';
import { SimulatedBridge } from './simulated-bridge.ts';
import { SimulatedCaller } from './simulated-caller.ts';
import { SimulatedChannel, type ChannelSurroundings, type EndedBy } from './simulated-channel.ts';
import type { PartySurroundings } from './simulated-party.ts';
import type { Waits } from './waits.ts';

/** Asterisk's AMD() waits for a pause of 0.8 s after the first words, and for the end of a greeting. */
const DETECTION_MS = 1_500;
const GREETING_MS = 5_000;

/** A call that somebody places to a number of ours. */
export interface PlacedCall {
  /** What is dialled. */
  readonly number: string;
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** How messages call the caller; `caller-1` … by default. */
  readonly name?: string;
  /** What it comes in by; `carrier` by default. */
  readonly trunk?: string;
  /** The flow that the dialplan names as its third argument; none by default. */
  readonly flow?: string;
  /** The dialplan answers before it hands the call over. */
  readonly answeredByDialplan?: boolean;
}

/** What is left on the switch; all empty when nothing leaked. */
export interface Leaks {
  readonly channels: readonly ChannelId[];
  readonly bridges: readonly BridgeId[];
  readonly playbacks: readonly PlaybackId[];
}

/** The engine, as the exchange sees it. */
export interface ConnectedEngine {
  readonly isConnected: boolean;
  tell(event: SwitchEventBody): void;
}

/** Lines, bridges and the phones at their ends: what exists on the switch and what happens between them. */
export class Exchange {
  readonly channels = new Map<ChannelId, SimulatedChannel>();
  readonly bridges = new Map<BridgeId, SimulatedBridge>();
  readonly fallbacks: SimulatedCaller[] = [];
  /** The switch runs. */
  running = true;
  /** Q.850 cause of a leg that the switch stopped ringing. */
  dialTimeoutCause: () => number = () => HangupCause.noAnswer;
  /** Told when a line is no more. */
  channelEnded: (id: ChannelId) => void = () => undefined;
  readonly #nodeId: NodeId;
  readonly #engine: ConnectedEngine;
  readonly #waits: Waits;
  readonly #around: ChannelSurroundings;
  readonly #phones = new Map<string, SimulatedAgentPhone>();
  readonly #dialTimers = new Map<SimulatedChannel, TimerHandle>();
  /** Ids of what existed once. */
  readonly #past = new Set<string>();
  #calls = 0;
  #refusesUntil = -Infinity;

  constructor(nodeId: NodeId, engine: ConnectedEngine, waits: Waits, around: Omit<ChannelSurroundings, 'emit'>) {
    this.#nodeId = nodeId;
    this.#engine = engine;
    this.#waits = waits;
    this.#around = { ...around, emit: (event) => engine.tell(event) };
  }

  /** Whether a channel or bridge of that id exists or existed. */
  knew(id: string): boolean {
    return this.#past.has(id);
  }

  call({ number, callerNumber = '', callerName = '', name, trunk = 'carrier', flow, answeredByDialplan = false }: PlacedCall): SimulatedCaller {
    this.#calls += 1;
    const createdAt = this.#clock.now();
    // As Asterisk names channels: seconds of creation, a count; the node in front, as with `systemname`.
    const id = channelId(`${this.#nodeId}-${Math.floor(createdAt / 1000)}.${this.#calls}`);
    const party = new SimulatedCaller(
      { name: name ?? `caller-${this.#calls}`, dialled: number, channelId: id },
      { ...this.#partySurroundings, digit: (...digit) => this.#digit(...digit) },
    );
    const channel = this.#add({
      ...{ id, callerNumber, callerName, dialled: number, trunk, createdAt, party, dialledByUs: false },
      ...{ state: answeredByDialplan ? 'up' : 'ringing', args: ['inbound', number, ...(flow === undefined ? [] : [flow])] },
    });
    party.attach(channel);
    if (!this.running) this.end(channel, 'crash', HangupCause.noRouteToDestination);
    // The dialplan's gate stands before everything else, the answer too.
    else if (this.#clock.now() < this.#refusesUntil) this.end(channel, 'switch', HangupCause.congestion);
    else if (this.#engine.isConnected) this.#enter(channel);
    // Stasis() returns with STASISSTATUS=FAILED, and the dialplan goes on.
    else this.#fallBack(channel, party);
    return party;
  }

  /** Out of the application, into the dialplan's fallback, as CallControl.sendToFallback has it. A leg that we dialled has no dialplan. */
  leave(channel: SimulatedChannel): void {
    if (channel.gone || !channel.inApplication) return;
    channel.inApplication = false;
    this.#engine.tell({ type: 'channel.left', channelId: channel.id });
    if (channel.party instanceof SimulatedCaller) this.#fallBack(channel, channel.party);
    else this.end(channel, 'switch', HangupCause.normal);
    this.#waits.notice();
  }

  /** As CallControl has it. */
  refuseCalls(forMs: number): void {
    this.#refusesUntil = this.#clock.now() + forMs;
  }

  phone(endpoint: string, behaviour?: PhoneBehaviour): SimulatedAgentPhone {
    let phone = this.#phones.get(endpoint);
    if (!phone) {
      phone = new SimulatedAgentPhone(endpoint, {
        ...this.#partySurroundings,
        ringing: (channel) => this.setState(channel, 'ringing'),
        answered: (channel, soundsLike) => this.#answered(channel, soundsLike),
        digit: (...digit) => this.#digit(...digit),
      });
      this.#phones.set(endpoint, phone);
    }
    if (behaviour) phone.behaviour = behaviour;
    return phone;
  }

  /** Dials a phone. False: no channel can be made. */
  dial({ channelId: id, endpoint, callerNumber = '', callerName = '', args, timeoutMs, detectMachine }: OriginateRequest): boolean {
    const phone = this.#phones.get(endpoint);
    if (!phone || phone.behaviour.does === 'refuseDial') return false;
    const facts = { id, callerNumber, callerName, dialled: '', createdAt: this.#clock.now(), party: phone, args, ...(detectMachine ? { detectMachine } : {}) };
    const channel = this.#add({ ...facts, state: 'down', dialledByUs: true });
    const giveUp = (): void => this.end(channel, 'switch', this.dialTimeoutCause());
    // ARI takes whole seconds, and at least one.
    const limitMs = Math.max(1, Math.ceil(timeoutMs / 1000)) * 1000;
    this.#dialTimers.set(channel, this.#clock.setTimeout(giveUp, limitMs));
    phone.ring(channel);
    return true;
  }

  /** Makes a bridge. False: the id is taken. */
  bridge(id: BridgeId): boolean {
    if (this.bridges.has(id)) return false;
    this.bridges.set(id, new SimulatedBridge(id));
    this.#past.add(id);
    return true;
  }

  destroyBridge(id: BridgeId): void {
    const bridge = this.bridges.get(id);
    for (const channel of [...(bridge?.channels ?? [])]) bridge?.remove(channel);
    this.bridges.delete(id);
    this.#waits.notice();
  }

  join(bridge: SimulatedBridge, channel: SimulatedChannel): void {
    if (channel.gone) return;
    bridge.add(channel);
    this.#waits.notice();
  }

  setState(channel: SimulatedChannel, state: 'ringing' | 'up'): void {
    if (channel.state === state || channel.gone) return;
    channel.state = state;
    this.#engine.tell({ type: 'channel.state', channelId: channel.id, state });
    this.#waits.notice();
  }

  end(channel: SimulatedChannel, by: EndedBy, cause: number): void {
    if (channel.gone) return;
    const { id, inApplication } = channel;
    this.channels.delete(id);
    this.#stopDialTimer(channel);
    channel.bridge?.remove(channel);
    channel.close();
    channel.inApplication = false;
    this.channelEnded(id);
    if (inApplication) this.#engine.tell({ type: 'channel.left', channelId: id });
    if (channel.isKnown) this.#engine.tell({ type: 'channel.gone', channelId: id, cause });
    channel.party.closed(channel, by, cause);
    this.#waits.notice();
  }

  /** All is gone. */
  crash(): void {
    this.running = false;
    for (const channel of [...this.channels.values()]) this.end(channel, 'crash', 0);
    this.bridges.clear();
  }

  /** Callers in our application, and legs that we dialled. */
  ours(): readonly SimulatedChannel[] {
    return [...this.channels.values()].filter((channel) => channel.inApplication || channel.dialledByUs);
  }

  snapshot(): SwitchSnapshot {
    return {
      channels: this.ours().map((channel) => ({
        ...channel.info,
        inApplication: channel.inApplication,
        ...(channel.bridge ? { held: channel.holds } : {}),
        ...(channel.answeredBy === undefined ? {} : { answeredBy: channel.answeredBy }),
      })),
      bridges: [...this.bridges.values()].map(({ id, channels }) => ({ id, channelIds: [...channels].map((channel) => channel.id) })),
    };
  }

  leaks(): Leaks {
    return {
      channels: [...this.channels.keys()],
      bridges: [...this.bridges.keys()],
      playbacks: [...this.channels.values()].flatMap((channel) => [...channel.playbacks]),
    };
  }

  get #clock(): Clock {
    return this.#around.clock;
  }

  get #partySurroundings(): PartySurroundings {
    return {
      clock: this.#clock,
      waits: this.#waits,
      end: (channel, cause) => this.end(channel, 'self', cause),
      hold: (channel, held) => this.#hold(channel, held),
    };
  }

  #add(facts: ConstructorParameters<typeof SimulatedChannel>[0]): SimulatedChannel {
    const channel = new SimulatedChannel(facts, this.#around);
    this.channels.set(channel.id, channel);
    this.#past.add(channel.id);
    return channel;
  }

  /** The dialplan answers and announces. */
  #fallBack(channel: SimulatedChannel, party: SimulatedCaller): void {
    channel.state = 'up';
    party.inFallback = true;
    this.fallbacks.push(party);
  }

  #enter(channel: SimulatedChannel): void {
    channel.inApplication = true;
    channel.isKnown = true;
    const { info, args, answeredBy } = channel;
    this.#engine.tell({ type: 'channel.entered', channel: info, args, ...(answeredBy === undefined ? {} : { answeredBy }) });
  }

  #answered(channel: SimulatedChannel, soundsLike: AnsweredBy): void {
    this.#stopDialTimer(channel);
    this.setState(channel, 'up');
    if (channel.detectMachine === undefined) {
      this.#handOver(channel);
      return;
    }
    const listenMs = DETECTION_MS + (soundsLike === 'machine' && channel.detectMachine.waitForGreeting ? GREETING_MS : 0);
    this.#clock.setTimeout(() => {
      channel.answeredBy = soundsLike;
      this.#handOver(channel);
    }, listenMs);
  }

  #handOver(channel: SimulatedChannel): void {
    if (channel.gone) return;
    if (this.#engine.isConnected) this.#enter(channel);
    // The leg's only application is Stasis(), which fails: nothing else is left to do for it.
    else this.end(channel, 'switch', HangupCause.normal);
  }

  #stopDialTimer(channel: SimulatedChannel): void {
    this.#clock.clearTimeout(this.#dialTimers.get(channel));
    this.#dialTimers.delete(channel);
  }

  /** Asterisk tells changes only, and gives the music to those who are in the bridge at that moment. */
  #hold(channel: SimulatedChannel, held: boolean): void {
    if (channel.holds === held) return;
    channel.holds = held;
    if (channel.inApplication) this.#engine.tell({ type: 'channel.hold', channelId: channel.id, held });
    for (const other of channel.bridge?.channels ?? []) if (other !== channel) other.setHeld(held);
    this.#waits.notice();
  }

  #digit(id: ChannelId, digit: Digit, durationMs: number): void {
    if (this.channels.get(id)?.inApplication) this.#engine.tell({ type: 'digit', channelId: id, digit, durationMs });
  }
}
