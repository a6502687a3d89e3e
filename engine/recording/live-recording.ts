import { isStrowgerError, messageOf } from '../domain/errors.ts';
import type { DomainEventBody } from '../domain/events.ts';
import type { CallId, ContactId, NodeId } from '../domain/ids.ts';
import type { PauseReason, RecordedTalk, RecordingActor, RecordingStep, StopReason } from '../domain/recording.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { RecordingSwitch } from '../ports/recording-switch.ts';
import type { RecordingRecord } from './recording-record.ts';

/** What a recording works with, and who is told of it. */
export interface RecordingHost {
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: RecordingSwitch;
  readonly announce: (body: DomainEventBody, callId: CallId | undefined) => void;
  /** A pause that somebody asked for ends after this time. */
  readonly pauseLimitMs: number;
  /** Resolves when what the node has was compared with what we know, after its last connection. */
  readonly ready: (nodeId: NodeId) => Promise<void>;
  /** Keeps what a restart needs. */
  readonly keep: (record: RecordingRecord) => void;
  /** Whether the call goes on, as far as we know. */
  readonly isCallAlive: (callId: CallId | undefined) => boolean;
  /** The sound waits on the switch. */
  readonly ended: (recording: LiveRecording) => void;
  /** There is no sound: it never began, or it was lost. */
  readonly dropped: (recording: LiveRecording) => void;
}

/** A switch ends a recording with its call, and tells it before or after the end of the call: who ended it is judged after this time. */
const VERDICT_MS = 1_000;
/** A switch that does not answer is asked again to stop. */
const STOP_AGAIN_MS = 5_000;
/** No conversation is so long. The switch then ends it by itself. */
const MOST_MS = 6 * 3_600_000;

/**
 * One recording on a switch, from the wish to have it to its last sound. Requests are made one after another, each by what is
 * wanted when its turn has come. What cannot be silenced is ended: rather no recording than one with a secret in it.
 */
export class LiveRecording {
  readonly #host: RecordingHost;
  #record: RecordingRecord;
  /** Silence is recorded; undefined: not known. */
  #muted: boolean | undefined;
  #turn: Promise<void> = Promise.resolve();
  #verdict: TimerHandle;
  #limit: TimerHandle;
  /** When the switch told that it has ended. */
  #endedAt: number | undefined;
  #isOver = false;

  constructor(host: RecordingHost, record: RecordingRecord) {
    this.#host = host;
    this.#record = record;
    this.#watchLimit();
  }

  get record(): RecordingRecord {
    return this.#record;
  }

  /** Nothing more comes of it here. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get isStopping(): boolean {
    return this.#record.stop !== undefined;
  }

  /** Why nothing is kept now; empty when it is. */
  get reasons(): readonly PauseReason[] {
    return this.#record.pauses.filter(({ to }) => to === undefined).map(({ reason }) => reason);
  }

  /** Asks the switch to record; while nothing may be kept, that waits. Resolves when it records, or does not. */
  begin(): Promise<void> {
    return this.#inTurn(() => this.#begin());
  }

  talk(talk: Omit<RecordedTalk, 'from'>): void {
    if (this.#openTalk(talk.contactId) !== undefined) return;
    this.#keep({ talks: [...this.#record.talks, { ...talk, from: this.#host.clock.now() }] });
  }

  talkEnded(contactId: ContactId): void {
    const to = this.#host.clock.now();
    this.#keep({ talks: this.#record.talks.map((talk) => (talk.contactId === contactId && talk.to === undefined ? { ...talk, to } : talk)) });
  }

  /** The longer of two times to keep it. */
  retain(retentionMs: number): void {
    if (retentionMs > this.#record.retentionMs) this.#keep({ retentionMs });
  }

  /** Resolves when the switch keeps nothing any more, or cannot be asked. */
  pause(reason: PauseReason, by?: RecordingActor): Promise<void> {
    if (this.#isOver || this.#endedAt !== undefined) return Promise.resolve();
    if (this.reasons.includes(reason)) return this.#turn;
    this.#keep({ pauses: [...this.#record.pauses, { reason, from: this.#host.clock.now() }] });
    this.#watchLimit();
    return this.#inTurn(async () => {
      await this.#mute();
      if (this.#record.phase === 'live' && this.#muted === true) this.#announce({ type: 'recording.paused', recordingId: this.#record.recordingId, reason, ...(by === undefined ? {} : { by }) });
    });
  }

  /** Sound is kept again, unless there is another reason for silence. */
  resume(reason: PauseReason, by?: RecordingActor): void {
    if (this.#isOver || !this.reasons.includes(reason)) return;
    const to = this.#host.clock.now();
    this.#keep({ pauses: this.#record.pauses.map((pause) => (pause.reason === reason && pause.to === undefined ? { ...pause, to } : pause)) });
    this.#watchLimit();
    void this.#inTurn(async () => {
      if (this.#record.phase === 'planned') {
        await this.#begin();
        return;
      }
      await this.#mute();
      if (this.#record.phase !== 'live') return;
      this.#announce({ type: 'recording.resumed', recordingId: this.#record.recordingId, reason, stillPaused: this.#muted !== false, ...(by === undefined ? {} : { by }) });
    });
  }

  stop(reason: StopReason, by?: RecordingActor): void {
    if (this.#isOver || this.isStopping) return;
    this.#keep({ stop: { reason, ...(by === undefined ? {} : { by }) } });
    if (this.#endedAt !== undefined) this.#judge();
    else void this.#inTurn(() => this.#stop());
  }

  /** The switch tells that all of it is on its disk. */
  hasEnded(): void {
    if (this.#isOver || this.#endedAt !== undefined) return;
    this.#endedAt = this.#host.clock.now();
    if (this.isStopping) this.#judge();
    else this.#verdict = this.#host.clock.setTimeout(() => this.#judge(), VERDICT_MS);
  }

  /** What the switch has of it after a new connection: it goes on, it waits, or there is nothing. */
  found(isLive: boolean | undefined): void {
    const { phase } = this.#record;
    if (this.#isOver || this.#endedAt !== undefined || phase === 'planned') return;
    if (isLive === undefined) {
      // One that was only asked for was never made; one that was live is lost.
      if (phase === 'live') this.#failed('takeOver', 'switch.gone');
      this.#drop();
    } else if (!isLive) this.hasEnded();
    else {
      this.#muted = undefined;
      if (phase === 'asked') this.#live();
      void this.#inTurn(() => (this.isStopping ? this.#stop() : this.#mute()));
    }
  }

  /** The process lets go of it; the switch goes on. */
  release(): void {
    this.#isOver = true;
    this.#host.clock.clearTimeout(this.#verdict);
    this.#host.clock.clearTimeout(this.#limit);
  }

  // Requests, each in its turn

  async #begin(): Promise<void> {
    const { recordingId, nodeId, channelId, phase } = this.#record;
    if (phase !== 'planned' || channelId === undefined) return;
    if (this.isStopping) this.#drop();
    if (this.#isOver || this.reasons.length > 0) return;
    // Kept before it is asked for, so that a process that dies in between leaves nothing unknown.
    this.#keep({ phase: 'asked', startedAt: this.#host.clock.now() });
    try {
      await this.#host.recorder.start(nodeId, { recordingId, channelId, maxDurationMs: MOST_MS });
    } catch (error) {
      await this.#notStarted(error);
      return;
    }
    if (this.#isOver) return;
    this.#muted = false;
    this.#live();
    await this.#mute();
  }

  async #notStarted(error: unknown): Promise<void> {
    const { recordingId, nodeId } = this.#record;
    // The next connection tells whether it was made.
    if (isStrowgerError(error, 'switch.unreachable')) return;
    // The call has ended: nothing to record, and no fault.
    if (!isStrowgerError(error, 'switch.gone')) this.#failed('start', codeOf(error), error);
    if (!isStrowgerError(error, 'switch.timeout')) {
      this.#drop();
      return;
    }
    // One that was not answered in time may be at work: what there is of it is kept.
    try {
      await this.#host.recorder.stop(nodeId, recordingId);
      this.hasEnded();
    } catch (again) {
      if (!isStrowgerError(again, 'switch.unreachable')) this.#failed('stop', codeOf(again), again);
    }
  }

  #live(): void {
    this.#keep({ phase: 'live', startedAt: this.#host.clock.now() });
    const { recordingId, by, talks } = this.#record;
    const talk = talks.findLast(({ to }) => to === undefined);
    this.#announce({ type: 'recording.started', recordingId, by, ...(talk === undefined ? {} : { contactId: talk.contactId, queueId: talk.queueId, agentId: talk.agentId }) });
  }

  /** Brings the switch to what is wanted now. */
  async #mute(): Promise<void> {
    const { recordingId, nodeId, phase } = this.#record;
    const wanted = this.reasons.length > 0;
    if (phase !== 'live' || this.#isOver || this.#endedAt !== undefined || this.#muted === wanted) return;
    try {
      await this.#host.recorder.setMuted(nodeId, recordingId, wanted);
      this.#muted = wanted;
    } catch (error) {
      this.#muted = undefined;
      // It has ended; or the next connection brings it to what is wanted then.
      if (isStrowgerError(error, 'switch.gone') || isStrowgerError(error, 'switch.unreachable')) return;
      this.#failed(wanted ? 'pause' : 'resume', codeOf(error), error);
      if (!wanted || this.isStopping) return;
      this.#keep({ stop: { reason: 'notMuted' } });
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    const { recordingId, nodeId, phase } = this.#record;
    if (this.#isOver || this.#endedAt !== undefined) return;
    if (phase === 'planned') {
      this.#drop();
      return;
    }
    try {
      await this.#host.recorder.stop(nodeId, recordingId);
    } catch (error) {
      if (isStrowgerError(error, 'switch.unreachable')) return;
      this.#failed('stop', codeOf(error), error);
      this.#host.clock.setTimeout(() => void this.#inTurn(() => this.#stop()), STOP_AGAIN_MS);
    }
  }

  // The end

  #judge(): void {
    if (this.#isOver) return;
    const endedAt = this.#endedAt ?? this.#host.clock.now();
    const { callId, recordingId, startedAt, talks, pauses } = this.#record;
    const stop = this.#record.stop ?? { reason: this.#host.isCallAlive(callId) ? 'switch' : 'callEnded' };
    const closed = <T extends { readonly to?: number }>(spans: readonly T[]): readonly T[] => spans.map((span) => (span.to === undefined ? { ...span, to: endedAt } : span));
    this.#keep({ phase: 'ended', endedAt, stop, talks: closed(talks), pauses: closed(pauses) });
    this.#announce({ type: 'recording.stopped', recordingId, reason: stop.reason, lastedMs: endedAt - startedAt, ...(stop.by === undefined ? {} : { by: stop.by }) });
    this.release();
    this.#host.ended(this);
  }

  #drop(): void {
    if (this.#isOver) return;
    this.release();
    this.#host.dropped(this);
  }

  // Parts

  #inTurn(work: () => Promise<void>): Promise<void> {
    const { nodeId } = this.#record;
    this.#turn = this.#turn
      .then(() => this.#host.ready(nodeId))
      .then(() => (this.#isOver ? undefined : work()))
      .catch((error: unknown) => this.#host.log.error({ event: 'recording.broken', recordingId: this.#record.recordingId, error: messageOf(error) }, 'A step of a recording failed in an unforeseen way'));
    return this.#turn;
  }

  /** Whoever asks for a pause may forget to end it. */
  #watchLimit(): void {
    const { clock, pauseLimitMs } = this.#host;
    clock.clearTimeout(this.#limit);
    const asked = this.#record.pauses.find(({ reason, to }) => reason === 'request' && to === undefined);
    if (asked === undefined || this.#isOver) return;
    this.#limit = clock.setTimeout(() => this.resume('request', { by: 'limit' }), Math.max(0, asked.from + pauseLimitMs - clock.now()));
  }

  #openTalk(contactId: ContactId): RecordedTalk | undefined {
    return this.#record.talks.find((talk) => talk.contactId === contactId && talk.to === undefined);
  }

  #failed(step: RecordingStep, code: string, error?: unknown): void {
    const { recordingId, callId } = this.#record;
    this.#host.log.warn({ event: 'recording.stepFailed', recordingId, callId, step, code, ...(error === undefined ? {} : { error: messageOf(error) }) }, 'A recording could not be made as it should');
    this.#announce({ type: 'recording.failed', recordingId, step, code });
  }

  #announce(body: DomainEventBody): void {
    this.#host.announce(body, this.#record.callId);
  }

  #keep(change: Partial<RecordingRecord>): void {
    this.#record = { ...this.#record, ...change };
    if (!this.#isOver) this.#host.keep(this.#record);
  }
}

function codeOf(error: unknown): string {
  return isStrowgerError(error) ? error.code : 'unknown';
}
