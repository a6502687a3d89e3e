import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { BridgeId, ChannelId, NodeId, PlaybackId } from '../../engine/domain/ids.ts';
import { HangupCause } from '../../engine/domain/termination.ts';
import type { CallControl, OriginateRequest, SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { CallEvents, SwitchEvent, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { AriConnection } from './ari-connection.ts';
import type { AriConnectionOptions, AriConnectionState } from './ari-connection.ts';
import { refusal } from './ari-failure.ts';
import type { AriStats, AriStatsSnapshot } from './ari-stats.ts';
import type { AriEvent } from './generated/events.ts';
import type { AriOperation, AriParams, AriPulse, AriTransport, AriTransportKind } from './ari-transport.ts';
import { ChannelBook } from './channel-book.ts';
import { WANTED_EVENTS } from './event-mapping.ts';
import { EventTranslator } from './event-translator.ts';
import { bridgeNameOf, findOurChannels, takeSnapshot } from './node-survey.ts';
import { originateParams } from './originate-params.ts';
import type { Occupation } from './background-silence.ts';
import { RecordingLines } from './recording-lines.ts';
import type { AriInfo } from './plain-request.ts';
import { succeedWhenGone } from './succeed-when-gone.ts';
import { SwitchClock } from './switch-clock.ts';
import { TapLines } from './tap-lines.ts';
import { isWanted, isWellFormed } from './well-formed.ts';

/** How a node is, for readiness, `doctor` and the metrics. */
export interface AriNodeStatus {
  readonly nodeId: NodeId;
  readonly state: AriConnectionState;
  /** True only while requests and events flow. */
  readonly ready: boolean;
  /** Signs of life; undefined while there is no connection. */
  readonly pulse: AriPulse | undefined;
  /** As the switch tells it, with the distribution's suffix; undefined before the first connection. */
  readonly version: string | undefined;
  readonly transport: AriTransportKind | undefined;
  /** Why it is not connected. Holds no password. */
  readonly lastError: StrowgerError | undefined;
}

export interface AriNodeOptions extends AriConnectionOptions {
  readonly nodeId: NodeId;
}

// Asterisk takes any other scheme, starts such a playback and never ends it (seen on 22.10).
const MEDIA_SCHEMES = /^(sound|recording|number|digits|characters|tone):/;

/** Ten seconds, of Asterisk's core sounds. */
export const SILENCE_SOUND = 'silence/10';
const SILENCE_MEDIA = Array<string>(6).fill(`sound:${SILENCE_SOUND}`);

// An event source without an id means each of its kind (Asterisk's res_stasis.c, app_subscribe).
const ALL_CHANNELS = 'channel:';

/** So many heartbeats of silence, and a node is not ready any more; it counts as dead later (heartbeatLimitMs), because that costs more. */
const QUIET_BEATS = 3;

const COMPARE_CLOCKS_EVERY_MS = 5_000;

/** After a connection is up. A network that has stood still brings late requests within seconds, a slow one within TCP's patience. */
const SWEEPS_AFTER_MS = [8_000, 30_000, 120_000];

/** Read by asterisk-config/extensions.conf. */
const REFUSE_UNTIL_VARIABLE = 'STROWGER_REFUSE_UNTIL';

/** Of asterisk-config/extensions.conf; `doctor` looks for it in a dialplan of one's own. */
const FALLBACK_CONTEXT = 'strowger-fallback';

/** One Asterisk as the engine sees it. */
export class AriNode implements CallControl, CallEvents {
  readonly nodeId: NodeId;
  readonly #app: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #stats: AriStats;
  readonly #requestTimeoutMs: number;
  readonly #connection: AriConnection;
  readonly #book = new ChannelBook();
  readonly #translator: EventTranslator;
  readonly #listeners = new Set<(event: SwitchEvent) => void>();
  /** For the sound of calls: MediaLines of telephony/media. */
  readonly taps: TapLines;
  readonly #switchClock = new SwitchClock();
  readonly #quietMs: number;
  #comparing: TimerHandle = undefined;
  #sweeps: TimerHandle[] = [];
  /** What it records of calls: see AriRecorder. */
  readonly recordings: RecordingLines;
  #version: string | undefined;
  #startedAt: string | undefined;
  /** Since the last `node.up`. */
  #restarted = false;
  #vanished: readonly ChannelId[] = [];

  constructor(options: AriNodeOptions) {
    this.nodeId = options.nodeId;
    this.#app = options.app;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#stats = options.stats;
    this.#requestTimeoutMs = options.requestTimeoutMs;
    this.#quietMs = QUIET_BEATS * options.heartbeatMs;
    this.#translator = new EventTranslator({ book: this.#book, stats: this.#stats, emit: (event) => this.#emit(event) });
    this.#connection = new AriConnection(options, {
      prepare: (transport, info) => this.#prepare(transport, info),
      up: () => this.#up(),
      event: (event) => {
        if (!this.#isRead(event)) return;
        const lagMs = this.#switchClock.lagMs(Date.parse(event.timestamp), this.#clock.now());
        if (lagMs !== undefined) this.#stats.lagged(lagMs);
        if (!this.recordings.handle(event) && !this.taps.handle(event)) this.#translator.handle(event);
      },
      down: (reason) => {
        this.#stopComparing();
        this.recordings.abandon(reason);
        this.#emit({ type: 'node.down', reason });
      },
      replaced: () => {
        this.#stopComparing();
        this.taps.abandon('another engine has taken the application over');
        this.#emit({ type: 'node.replaced' });
      },
    });
    this.taps = new TapLines({ ...options, requests: this.#connection, version: () => this.#version });
    this.recordings = new RecordingLines({ ...options, requests: this.#connection });
  }

  /** Begins to connect, and never stops trying. */
  start(): void {
    this.#connection.start();
  }

  stop(): void {
    this.taps.abandon('the connection to the switch was stopped');
    this.#stopComparing();
    this.#connection.stop();
  }

  get status(): AriNodeStatus {
    const { state, transportKind: transport, lastError, pulse } = this.#connection;
    const ready = state === 'up' && pulse !== undefined && pulse.silentMs < this.#quietMs;
    return { nodeId: this.nodeId, state, ready, pulse, version: this.#version, transport, lastError };
  }

  /** How far the switch's clock is ahead of ours, in milliseconds; undefined before it was compared. */
  get clockAheadMs(): number | undefined {
    return this.#switchClock.aheadMs;
  }

  get stats(): AriStatsSnapshot {
    return this.#stats.snapshot();
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  answer(id: ChannelId): Promise<void> {
    return this.#send('channels.answer', { channelId: id }, id);
  }

  hangup(id: ChannelId, cause?: number): Promise<void> {
    return succeedWhenGone(this.#send('channels.hangup', { channelId: id, ...(cause === undefined ? {} : { reason_code: String(cause) }) }, id));
  }

  sendToFallback(id: ChannelId): Promise<void> {
    return this.#send('channels.continueInDialplan', { channelId: id, context: FALLBACK_CONTEXT, extension: 's', priority: 1 }, id);
  }

  play(id: ChannelId, playback: PlaybackId, media: readonly string[]): Promise<void> {
    const bad = media.find((uri) => !MEDIA_SCHEMES.test(uri) || uri.includes(','));
    if (bad !== undefined || media.length === 0) {
      return Promise.reject(refusal('channels.playWithId', undefined, bad === undefined ? 'there is nothing to play' : `'${bad}' is no media URI of Asterisk`));
    }
    return this.#send('channels.playWithId', { channelId: id, playbackId: playback, media }, id);
  }

  playSilence(id: ChannelId, playback: PlaybackId): Promise<void> {
    return this.play(id, playback, SILENCE_MEDIA);
  }

  stopPlayback(id: ChannelId, playback: PlaybackId): Promise<void> {
    return succeedWhenGone(this.#send('playbacks.stop', { playbackId: playback }, id));
  }

  async isPlaying(id: ChannelId, playback: PlaybackId): Promise<boolean> {
    try {
      await this.#connection.request('playbacks.get', { playbackId: playback }, { orderKey: id });
      return true;
    } catch (error) {
      if (isStrowgerError(error, 'switch.gone')) return false;
      throw error;
    }
  }

  startMusic(id: ChannelId, musicClass?: string): Promise<void> {
    return this.#occupying(id, 'music', () => this.#send('channels.startMoh', { channelId: id, ...(musicClass === undefined ? {} : { mohClass: musicClass }) }, id));
  }

  stopMusic(id: ChannelId): Promise<void> {
    const stopped = succeedWhenGone(this.#send('channels.stopMoh', { channelId: id }, id));
    this.taps.silence.free(id, 'music');
    return stopped;
  }

  async originate(request: OriginateRequest): Promise<void> {
    const isNew = this.#book.add(request.channelId);
    const isReachable = this.#connection.state === 'up';
    try {
      await this.#send('channels.originateWithId', originateParams(request, this.#app), request.channelId);
    } catch (error) {
      if (isNew) this.#closeFailedLeg(request.channelId, error, isReachable);
      throw error;
    }
  }

  createBridge(id: BridgeId, owner: ChannelId): Promise<void> {
    return this.#send('bridges.createWithId', { bridgeId: id, type: 'mixing', name: bridgeNameOf(this.#app, owner) }, owner);
  }

  addToBridge(id: BridgeId, channel: ChannelId): Promise<void> {
    return this.#occupying(channel, 'bridge', () => this.#send('bridges.addChannel', { bridgeId: id, channel: [channel] }, channel));
  }

  removeFromBridge(id: BridgeId, channel: ChannelId): Promise<void> {
    const removed = succeedWhenGone(this.#send('bridges.removeChannel', { bridgeId: id, channel: [channel] }, channel));
    this.taps.silence.free(channel, 'bridge');
    return removed;
  }

  async destroyBridge(id: BridgeId, owner: ChannelId | undefined): Promise<void> {
    // Out of the bridge first: Asterisk agrees to the end of a bridge before its channels have left, and what is played to a channel on its
    // way out is lost without an end (a playback that never finished, on 22.10 under load).
    if (owner !== undefined) {
      await this.removeFromBridge(id, owner).catch((error: unknown) => {
        // The switch may do it yet; the bridge must go in any case.
        if (!isStrowgerError(error, 'switch.timeout')) throw error;
      });
    }
    await succeedWhenGone(this.#send('bridges.destroy', { bridgeId: id }, owner ?? id));
  }

  refuseCalls(forMs: number): Promise<void> {
    // In the switch's own time, by whole seconds: its dialplan compares with EPOCH. So it ends by itself when nobody renews it.
    const until = forMs <= 0 ? 0 : Math.ceil((this.#clock.now() + (this.#switchClock.aheadMs ?? 0) + forMs) / 1000);
    return this.#connection.send('asterisk.setGlobalVar', { variable: REFUSE_UNTIL_VARIABLE, value: String(until) });
  }

  async snapshot(): Promise<SwitchSnapshot> {
    try {
      return await takeSnapshot(this.#connection, this.#app, (id) => this.#book.has(id));
    } catch (error) {
      if (error instanceof StrowgerError) throw error;
      throw refusal('channels.list', undefined, `what it lists cannot be read (${messageOf(error)})`);
    }
  }

  #send<Op extends AriOperation>(operation: Op, params: AriParams<Op>, orderKey: string): Promise<void> {
    return this.#connection.send(operation, params, { orderKey });
  }

  async #prepare(transport: AriTransport, { version, startedAt }: AriInfo): Promise<void> {
    // Each connection anew: the filter belongs to the application, which Asterisk forgets with its last subscription.
    // Without RESTResponse in it, no answer to any request would come back over the WebSocket (seen on 22.10).
    const allowed = [...WANTED_EVENTS, 'RESTResponse'].map((type) => ({ type }));
    await transport.send('applications.filter', { applicationName: this.#app, filter: { allowed } });
    // All channels, so that their end is told after they have left the application too; after the filter, before the survey: no event is
    // told for nothing, and none is missed. Not `subscribeAll` of the socket, which takes device states in too (README.md).
    await transport.send('applications.subscribe', { applicationName: this.#app, eventSource: [ALL_CHANNELS] });
    const ours = await findOurChannels(transport, this.#app, (id) => this.#book.has(id));
    this.#vanished = this.#book.ids().filter((id) => !ours.has(id));
    for (const id of ours) this.#book.add(id);
    await this.taps.compare(transport);
    await this.#compareClocks(transport);
    this.#version = version;
    // Told in its own words, so that no clocks are compared.
    this.#restarted ||= this.#startedAt !== undefined && startedAt !== undefined && this.#startedAt !== startedAt;
    this.#startedAt = startedAt ?? this.#startedAt;
    this.#translator.reset();
  }

  /** Asks the switch what time it is there. */
  async #compareClocks(asked: Pick<AriTransport, 'request'>): Promise<void> {
    const sentAt = this.#clock.now();
    try {
      const { timestamp } = await asked.request('asterisk.ping', {});
      this.#switchClock.sample({ sentAt, receivedAt: this.#clock.now(), switchAt: Date.parse(timestamp) });
    } catch (error) {
      // Only the figures suffer; a switch that answers nothing is noticed by others.
      this.#log.debug({ event: 'ari.pingFailed', error: messageOf(error) }, 'The clocks were not compared.');
    }
  }

  #keepComparing(): void {
    this.#comparing = this.#clock.setTimeout(() => {
      void this.#compareClocks(this.#connection);
      this.#keepComparing();
    }, COMPARE_CLOCKS_EVERY_MS);
  }

  #stopComparing(): void {
    this.#clock.clearTimeout(this.#comparing);
    for (const sweep of this.#sweeps.splice(0)) this.#clock.clearTimeout(sweep);
  }

  #up(): void {
    this.#keepComparing();
    this.#sweeps = SWEEPS_AFTER_MS.map((ms) => this.#clock.setTimeout(() => void this.taps.sweep(), ms));
    this.#emit({ type: 'node.up', ...(this.#restarted ? { restarted: true } : {}) });
    this.#restarted = false;
    // Their end was missed while nobody listened.
    for (const id of this.#vanished) {
      this.taps.silence.gone(id);
      this.#translator.gone(id, 0);
    }
    this.#vanished = [];
  }

  /**
   * A request to dial that failed may have left a leg behind all the same (it timed out, or failed half-way): it is hung
   * up, and its end is told exactly once, by the switch if it existed, by us if not.
   */
  #closeFailedLeg(id: ChannelId, failure: unknown, wasSent: boolean): void {
    if (isStrowgerError(failure, 'switch.unreachable')) {
      // Sent and lost: the next connection looks for it.
      if (!wasSent) queueMicrotask(() => this.#translator.gone(id, 0));
      return;
    }
    // After a time-out the request may still be at work in the switch.
    const checks = isStrowgerError(failure, 'switch.timeout') ? 3 : 1;
    // Asterisk says 500 "Allocation failed" when the endpoint has no address to dial.
    const cause = isStrowgerError(failure, 'switch.refused') && failure.fields['status'] === 500 ? HangupCause.subscriberAbsent : 0;
    void this.#hangupUntilGone(id, checks, cause);
  }

  async #hangupUntilGone(id: ChannelId, checks: number, cause: number): Promise<void> {
    for (let missing = 0; missing < checks && this.#book.has(id); ) {
      try {
        await this.#send('channels.hangup', { channelId: id }, id);
        return; // It existed: ChannelDestroyed follows.
      } catch (error) {
        if (isStrowgerError(error, 'switch.gone')) missing += 1;
        else if (this.#connection.state !== 'up') return; // The next connection looks for it.
        else this.#log.warn({ event: 'ari.legCheckFailed', channelId: id }, messageOf(error));
      }
      if (missing < checks) await new Promise<void>((resolve) => void this.#clock.setTimeout(() => resolve(), this.#requestTimeoutMs));
    }
    this.#translator.gone(id, cause);
  }

  /** What is refused occupies nothing; of what was not answered nobody knows, and music that plays must not be ended by silence. */
  async #occupying(id: ChannelId, by: Occupation, request: () => Promise<void>): Promise<void> {
    this.taps.silence.occupy(id, by);
    await request().catch((error: unknown) => {
      if (isStrowgerError(error, 'switch.refused') || isStrowgerError(error, 'switch.gone')) this.taps.silence.free(id, by);
      throw error;
    });
  }

  /** Whether an event is for us to read, and can be read. */
  #isRead(event: AriEvent): boolean {
    if (!isWanted(event)) return false;
    if (isWellFormed(event)) return true;
    const count = (this.#stats.malformedMessages += 1);
    // The first, and each thousandth: whoever sends one sends more.
    if (count % 1_000 === 1) this.#log.error({ event: 'ari.malformed', type: event.type, count }, 'The switch sends events that cannot be read: calls may not be served. Compare its version with the documentation.');
    return false;
  }

  #emit(body: SwitchEventBody): void {
    const event = { ...body, nodeId: this.nodeId, at: this.#clock.now() } as SwitchEvent;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // One listener's fault must not keep the event from the others, nor end the connection.
        this.#stats.listenerErrors += 1;
        this.#log.error({ event: 'ari.listenerFailed', type: event.type, error: messageOf(error) }, 'A listener threw.');
      }
    }
  }
}
