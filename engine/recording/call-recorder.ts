import { StrowgerError } from '../domain/errors.ts';
import type { AgentId, CallId, ChannelId, ContactId, NodeId } from '../domain/ids.ts';
import type { FlowRecording, PauseReason, RecordedTalk, RecordingActor, RecordingCommand, RecordingPolicy, RecordingRequester } from '../domain/recording.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { LiveRecording } from './live-recording.ts';
import type { RecordingRecord } from './recording-record.ts';

/** A span in which nothing may be kept. */
export interface Secrecy {
  /** Resolves when the switch keeps nothing any more. */
  readonly silent: Promise<void>;
  /** The span is over. Idempotent. */
  end(): void;
}

/** What the call's own record keeps of its recording. */
export interface KeptRecording {
  readonly forbidden: boolean;
  /** The flow wants silence in what is recorded from now on. */
  readonly paused: boolean;
}

/** The recording of one call, as those see it who run the call. All of it returns at once; the switch is asked behind it. */
export interface CallRecorder {
  /** A conversation begins, or goes on after a restart. */
  talk(talk: Omit<RecordedTalk, 'from' | 'to'>, policy: RecordingPolicy | undefined): void;
  /** Idempotent. */
  talkEnded(): void;
  /** One side holds the other. */
  held(held: boolean): void;
  /** Digits are asked for that must not be kept. */
  secrecy(): Secrecy;
  /** Resolves when the switch has done it, so that nothing of what comes next is lost or kept against the flow's will. */
  flow(what: FlowRecording): Promise<void>;
  readonly kept: KeptRecording;
  /** What an earlier process left counts only if it is claimed before `settle`: pauses for digits that are not asked for any more, conversations that are over. */
  unclaim(): void;
  settle(): void;
  /** The call is over. */
  close(): void;
}

/** Where nothing is recorded. */
export const noRecorder: CallRecorder = {
  talk: () => undefined,
  talkEnded: () => undefined,
  held: () => undefined,
  secrecy: () => ({ silent: Promise.resolve(), end: () => undefined }),
  flow: () => Promise.resolve(),
  kept: { forbidden: false, paused: false },
  unclaim: () => undefined,
  settle: () => undefined,
  close: () => undefined,
};

export interface CallToRecord {
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly channelId: ChannelId;
}

export interface CallRecorderHost {
  readonly clock: Clock;
  /** Of recordings that a flow asks for. */
  readonly retentionMs: number;
  readonly make: (wish: Pick<RecordingRecord, 'callId' | 'nodeId' | 'channelId' | 'by' | 'scope' | 'talks' | 'pauses' | 'retentionMs'>) => LiveRecording;
  readonly closed: (recorder: RecordedCall) => void;
}

/** What is shown of the recording of a call. */
export interface RecordingView {
  readonly callId: CallId;
  readonly contactId?: ContactId;
  /** Who talks with the caller. */
  readonly agentId?: AgentId;
  readonly recordingId?: string;
  readonly state: 'off' | 'recording' | 'paused';
  readonly reasons: readonly PauseReason[];
}

type Talk = Omit<RecordedTalk, 'from' | 'to'> & { readonly policy: RecordingPolicy | undefined };

/** Who speaks while typing has not said the last digit yet when it is pressed. */
const SECRET_TAIL_MS = 500;
/** One that failed is begun anew so often. */
const MOST_TRIES = 3;
const TRY_AGAIN_MS = 2_000;

/** The recording of one call: at most one at a time, for the whole call or for a conversation. */
export class RecordedCall implements CallRecorder {
  readonly #host: CallRecorderHost;
  readonly call: CallToRecord;
  #live: LiveRecording | undefined;
  #talk: Talk | undefined;
  #held = false;
  #secrets = 0;
  /** Raised when verbs start again: spans of an earlier generation have no end of their own. */
  #generation = 0;
  #kept: KeptRecording;
  /** What was claimed since `unclaim`; undefined when nothing has to be. */
  #claims: Set<'talk' | 'secret'> | undefined;
  #tries = 0;
  #again: TimerHandle;
  /** When the silence for digits ends. */
  #tail: TimerHandle;
  #isClosed = false;

  constructor(host: CallRecorderHost, call: CallToRecord, left: LiveRecording | undefined, kept: KeptRecording | undefined) {
    this.#host = host;
    this.call = call;
    this.#live = left;
    this.#kept = kept ?? noRecorder.kept;
    this.#held = left?.reasons.includes('hold') ?? false;
  }

  get kept(): KeptRecording {
    return this.#kept;
  }

  get view(): RecordingView {
    const reasons = this.#live?.reasons ?? [];
    return {
      callId: this.call.callId,
      ...(this.#talk === undefined ? {} : { contactId: this.#talk.contactId, agentId: this.#talk.agentId }),
      ...(this.#live === undefined ? {} : { recordingId: this.#live.record.recordingId }),
      state: this.#live === undefined ? 'off' : reasons.length > 0 ? 'paused' : 'recording',
      reasons,
    };
  }

  get contactId(): ContactId | undefined {
    return this.#talk?.contactId;
  }

  talk(talk: Omit<RecordedTalk, 'from' | 'to'>, policy: RecordingPolicy | undefined): void {
    this.#claims?.add('talk');
    const { contactId, queueId, agentId } = talk;
    this.#talk = { contactId, queueId, agentId, policy };
    this.#tries = 0;
    const live = this.#running();
    if (live !== undefined) {
      live.talk(talk);
      if (policy !== undefined) live.retain(policy.retentionMs);
    } else if (policy?.record === 'always' && isChosen(contactId, policy.share)) void this.#begin('talk', { by: 'queue' });
  }

  talkEnded(): void {
    const talk = this.#talk;
    if (talk === undefined) return;
    this.#talk = undefined;
    this.#held = false;
    this.#live?.talkEnded(talk.contactId);
    if (this.#live?.record.scope === 'talk') this.#stop('conversationEnded');
    else this.#live?.resume('hold');
  }

  held(held: boolean): void {
    this.#held = held;
    if (held) void this.#live?.pause('hold');
    else this.#live?.resume('hold');
  }

  secrecy(): Secrecy {
    this.#claims?.add('secret');
    this.#secrets += 1;
    this.#host.clock.clearTimeout(this.#tail);
    const generation = this.#generation;
    let isOver = false;
    return {
      silent: this.#live?.pause('secret') ?? Promise.resolve(),
      end: () => {
        if (isOver || generation !== this.#generation) return;
        isOver = true;
        this.#secrets -= 1;
        if (this.#secrets > 0 || this.#isClosed) return;
        const live = this.#live;
        if (live !== undefined) this.#tail = this.#host.clock.setTimeout(() => live.resume('secret'), SECRET_TAIL_MS);
      },
    };
  }

  async flow(what: FlowRecording): Promise<void> {
    switch (what) {
      case 'start':
        if (!this.#kept.forbidden && this.#running() === undefined) await this.#begin('call', { by: 'flow' });
        return;
      case 'pause':
        this.#kept = { ...this.#kept, paused: true };
        await this.#live?.pause('flow', { by: 'flow' });
        return;
      case 'resume':
        this.#kept = { ...this.#kept, paused: false };
        this.#live?.resume('flow', { by: 'flow' });
        return;
      case 'stop':
        this.#stop('flow', { by: 'flow' });
        return;
      case 'forbid':
        this.#kept = { ...this.#kept, forbidden: true };
        this.#stop('flow', { by: 'flow' });
    }
  }

  /** Throws `recording.conflict`. */
  command(command: RecordingCommand, by: RecordingRequester): RecordingView {
    const live = this.#running();
    const conflict = (why: string, hint?: string): StrowgerError =>
      new StrowgerError('recording.conflict', `${why} (call ${this.call.callId}).`, { fields: { callId: this.call.callId, command }, ...(hint === undefined ? {} : { hint }) });
    switch (command) {
      case 'start':
        if (live !== undefined) throw conflict('This call is being recorded already');
        if (this.#kept.forbidden) throw conflict('The caller does not want to be recorded');
        if (this.#talk === undefined) throw conflict('There is no conversation');
        if (this.#talk.policy === undefined || this.#talk.policy.record === 'never') throw conflict(`The queue ${this.#talk.queueId} does not record`, 'Set its `recording.record` to onDemand.');
        void this.#begin('talk', by);
        return this.view;
      case 'stop':
        if (live === undefined) throw conflict('This call is not being recorded');
        if (live.record.by.by === 'queue') throw conflict('The queue records all of its conversations: this one may be paused, but not ended');
        this.#stop('request', by);
        return this.view;
      case 'pause':
        if (live === undefined) throw conflict('This call is not being recorded');
        void live.pause('request', by);
        return this.view;
      case 'resume':
        if (live === undefined || !live.reasons.includes('request')) throw conflict('The recording of this call was not paused by request');
        live.resume('request', by);
        return this.view;
    }
  }

  unclaim(): void {
    this.#claims = new Set();
    // Whoever asked for digits asks again.
    this.#secrets = 0;
    this.#generation += 1;
    this.#host.clock.clearTimeout(this.#tail);
  }

  settle(): void {
    const claims = this.#claims;
    this.#claims = undefined;
    if (claims === undefined || this.#live === undefined) return;
    if (!claims.has('secret')) this.#live.resume('secret');
    if (claims.has('talk')) return;
    for (const { contactId, to } of this.#live.record.talks) if (to === undefined) this.#live.talkEnded(contactId);
    this.#talk = undefined;
    this.#held = false;
    if (this.#live.record.scope === 'talk') this.#stop('conversationEnded');
    else this.#live.resume('hold');
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#host.clock.clearTimeout(this.#again);
    this.#host.clock.clearTimeout(this.#tail);
    this.#talk = undefined;
    this.#stop('callEnded');
    this.#host.closed(this);
  }

  /** The process lets go of the call. */
  release(): void {
    this.#isClosed = true;
    this.#host.clock.clearTimeout(this.#again);
    this.#host.clock.clearTimeout(this.#tail);
  }

  /** The recording is no more, without our asking for its end: another one takes its place while there is something to record. */
  lost(recording: LiveRecording): void {
    if (recording !== this.#live) return;
    this.#live = undefined;
    this.#tries += 1;
    if (this.#isClosed || this.#tries >= MOST_TRIES || this.#kept.forbidden) return;
    const { scope, by } = recording.record;
    this.#again = this.#host.clock.setTimeout(() => {
      if (this.#live === undefined && (scope === 'call' || this.#talk !== undefined)) void this.#begin(scope, by);
    }, TRY_AGAIN_MS);
  }

  #running(): LiveRecording | undefined {
    return this.#live?.isOver === false && !this.#live.isStopping ? this.#live : undefined;
  }

  #begin(scope: RecordingRecord['scope'], by: RecordingActor): Promise<void> {
    const talk = this.#talk;
    if (this.#kept.forbidden || this.#isClosed) return Promise.resolve();
    const now = this.#host.clock.now();
    const reasons: PauseReason[] = [...(this.#secrets > 0 ? (['secret'] as const) : []), ...(this.#held ? (['hold'] as const) : []), ...(this.#kept.paused ? (['flow'] as const) : [])];
    this.#live = this.#host.make({
      ...this.call,
      scope,
      by,
      talks: talk === undefined ? [] : [{ contactId: talk.contactId, queueId: talk.queueId, agentId: talk.agentId, from: now }],
      pauses: reasons.map((reason) => ({ reason, from: now })),
      retentionMs: (scope === 'talk' ? talk?.policy?.retentionMs : undefined) ?? this.#host.retentionMs,
    });
    return this.#live.begin();
  }

  #stop(reason: 'conversationEnded' | 'callEnded' | 'flow' | 'request', by?: RecordingActor): void {
    const live = this.#live;
    this.#live = undefined;
    this.#host.clock.clearTimeout(this.#again);
    live?.stop(reason, by);
  }
}

/** The same answer for the same contact, also after a restart; ids are random, so it is a fair share. */
function isChosen(contactId: ContactId, share: number): boolean {
  if (share >= 1) return true;
  // FNV-1a, 32 bit, and a finish that spreads ids which differ in their last characters only (MurmurHash3's fmix32).
  let hash = 0x811c9dc5;
  for (let i = 0; i < contactId.length; i += 1) hash = Math.imul(hash ^ contactId.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < share;
}
