import { randomUUID } from 'node:crypto';

import { StrowgerError } from '../../engine/domain/errors.ts';
import { preciseNowMs, type RtpEndpoint } from './rtp-endpoint.ts';
import { type MediaDirection, parseSdp, type SdpOptions } from './sdp.ts';
import { causeOf, statusOf, type SipMessage } from './sip-message.ts';
import type { SippEvent, SippStack } from './sipp-stack.ts';

const REPEAT_MS = 150;
const END_TIMEOUT_MS = 5_000;
const OFFER_TIMEOUT_MS = 5_000;

/** How a call ended, as this phone saw it. */
export interface CallEnd {
  readonly by: 'us' | 'them';
  /**
   * `bye`: after an answer. `cancelled`: the caller gave up before. `rejected`: a final status instead of an answer.
   * `failed`: no SIP end was seen (the stack stopped, or the peer never responded).
   */
  readonly how: 'bye' | 'cancelled' | 'rejected' | 'failed';
  readonly atMs: number;
  /** SIP status of a rejected call. */
  readonly status?: number;
  readonly phrase?: string;
  /** The Reason header of the message that ended the call, and the Q.850 cause in it. */
  readonly reason?: string;
  readonly cause?: number;
}

/** What both directions of a call share: its media, how it is answered and how it ends. Instants are epoch milliseconds. */
export abstract class ScriptedCall {
  readonly id: string;
  readonly media: RtpEndpoint;
  /** Settles with the instant of the answer; rejects with `phone.call-failed` when the call ends unanswered. */
  readonly answered: Promise<number>;
  /** Settles when the call is over, whoever ended it; never rejects. */
  readonly ended: Promise<CallEnd>;
  /** Everything sipp reported about this call, in order. */
  readonly events: SippEvent[] = [];
  protected readonly stack: SippStack;
  protected state: 'open' | 'answered' | 'ended' = 'open';
  /** Set when we asked for the end, so that the end is known as ours. */
  protected hangingUp = false;
  #commands: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<(event: SippEvent) => void>();
  /** Of the description that began the call. */
  #sessionVersion = 1;
  #resolveAnswered!: (atMs: number) => void;
  #rejectAnswered!: (error: StrowgerError) => void;
  #resolveEnded!: (end: CallEnd) => void;

  protected constructor(stack: SippStack, media: RtpEndpoint, id: string = randomUUID()) {
    this.id = id;
    this.stack = stack;
    this.media = media;
    this.answered = new Promise((resolve, reject) => {
      this.#resolveAnswered = resolve;
      this.#rejectAnswered = reject;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    // Nobody has to wait for the answer; a call that is awaited only by `ended` is no unhandled rejection.
    this.answered.catch(() => undefined);
    stack.listen(this.id, (event) => {
      this.events.push(event);
      for (const waiter of [...this.#waiting]) waiter(event);
      this.onEvent(event);
    });
  }

  get isOver(): boolean {
    return this.state === 'ended';
  }

  /** Ends the call from this side; settles when it is over. Does nothing to a call that is over. */
  async hangUp(): Promise<CallEnd> {
    if (this.state !== 'ended' && !this.hangingUp) {
      this.hangingUp = true;
      this.limitEnding();
      await this.leave();
    }
    return this.ended;
  }

  /**
   * Puts the other side on hold by a re-INVITE (RFC 3264 §8.4); settles when the switch has agreed. What this phone sends goes
   * on: it is the switch's to keep it from the other side. Rejects with `phone.call-failed` when it was refused.
   */
  async hold(direction: 'sendonly' | 'inactive' = 'sendonly'): Promise<void> {
    await this.#offer(direction);
  }

  /** Takes the other side back. */
  async unhold(): Promise<void> {
    await this.#offer('sendrecv');
  }

  /** The last message of that kind that sipp reported, or undefined. */
  messageOf(name: SippEvent['name']): SipMessage | undefined {
    return this.events.findLast((event) => event.name === name)?.message;
  }

  /**
   * Sends a command to sipp until `effect` is reported or the call is over. Commands of a call go out one after another.
   */
  protected async command(method: string, effect: SippEvent['name'], body?: string): Promise<void> {
    const run = async (): Promise<void> => {
      if (this.state === 'ended') return;
      const done = this.#next((event) => event.name === effect);
      const repeat = setInterval(() => this.stack.request(this.id, method, body), REPEAT_MS);
      this.stack.request(this.id, method, body);
      await Promise.race([done, this.ended]);
      clearInterval(repeat);
    };
    this.#commands = this.#commands.then(run);
    return this.#commands;
  }

  /** Sends what ends the call: BYE or CANCEL. */
  protected async leave(): Promise<void> {
    await this.command('X-HANGUP', 'leaving');
  }

  /** A peer that does not answer the end of a call, or a sipp that gave the call up, must not keep us. */
  protected limitEnding(): void {
    const timer = setTimeout(() => this.markFailed(), END_TIMEOUT_MS);
    void this.ended.then(() => clearTimeout(timer));
  }

  protected abstract onEvent(event: SippEvent): void;

  /** Our SDP. */
  protected abstract describeMedia(options: Omit<SdpOptions, 'eventPayloadType'>): string;

  protected takeRemoteMedia(message: SipMessage): void {
    const remote = parseSdp(message.body);
    if (remote !== undefined) this.media.setRemote(remote.address);
  }

  protected markAnswered(atMs: number): void {
    if (this.state !== 'open') return;
    this.state = 'answered';
    this.#resolveAnswered(atMs);
  }

  protected markEnded(end: Omit<CallEnd, 'atMs' | 'reason' | 'cause'>, event?: SippEvent): void {
    if (this.state === 'ended') return;
    const answered = this.state === 'answered';
    this.state = 'ended';
    this.stack.forget(this.id);
    const reason = event?.message.header('Reason');
    const cause = event === undefined ? undefined : causeOf(event.message);
    const full: CallEnd = {
      ...end,
      atMs: event?.atMs || preciseNowMs(),
      ...(reason === undefined ? {} : { reason }),
      ...(cause === undefined ? {} : { cause }),
    };
    if (!answered) {
      const status = end.status === undefined ? '' : ` ${end.status} ${end.phrase ?? ''}`;
      this.#rejectAnswered(
        new StrowgerError('phone.call-failed', `Call ${this.id} ended unanswered: ${end.how} by ${end.by}${status}`, {
          fields: { by: end.by, how: end.how, status: end.status },
        }),
      );
    }
    // The port is given back before anyone learns of the end; what was heard stays readable.
    void this.media.close().then(() => this.#resolveEnded(full));
  }

  /** The next event that fits; never settles when none comes before the end of the call. */
  #next(wanted: (event: SippEvent) => boolean): Promise<SippEvent> {
    return new Promise((resolve) => {
      const waiter = (event: SippEvent): void => {
        if (!wanted(event)) return;
        this.#waiting.delete(waiter);
        resolve(event);
      };
      this.#waiting.add(waiter);
    });
  }

  async #offer(direction: MediaDirection): Promise<void> {
    const failure = (why: string): StrowgerError =>
      new StrowgerError('phone.call-failed', `A re-INVITE of call ${this.id} (${direction}) failed: ${why}`, { fields: { direction } });
    if (this.state !== 'answered') throw failure('there is no conversation');
    // A command that sipp took twice makes two re-INVITEs: an answer to an earlier offer is told by its direction.
    const answer = this.#next(
      ({ name, message }) => name === 'reofferRefused' || (name === 'reoffered' && keepsSending(message) === (direction === 'sendrecv')),
    );
    this.#sessionVersion += 1;
    await this.command('X-REINVITE', 'reoffering', this.describeMedia({ direction, sessionVersion: this.#sessionVersion }));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), OFFER_TIMEOUT_MS);
    });
    const event = await Promise.race([answer, limit, this.ended.then(() => undefined)]);
    clearTimeout(timer);
    if (event?.name !== 'reoffered') throw failure(event?.message.startLine ?? (this.isOver ? 'the call ended' : 'no answer came'));
  }

  protected markFailed(event?: SippEvent): void {
    this.markEnded({ by: 'us', how: 'failed', ...(event === undefined ? {} : { phrase: event.message.startLine }) }, event);
  }

  /** The end by a final response, for a caller: our CANCEL gives 487 (RFC 3261 §9.2). */
  protected markRefused(event: SippEvent): void {
    const { status = 0, phrase = '' } = statusOf(event.message) ?? {};
    if (this.hangingUp && status === 487) this.markEnded({ by: 'us', how: 'cancelled', status, phrase }, event);
    else this.markEnded({ by: 'them', how: 'rejected', status, phrase }, event);
  }
}

/** True when the peer goes on sending to us by its SDP: we have not put it on hold. */
function keepsSending(answer: SipMessage): boolean {
  const direction = parseSdp(answer.body)?.direction;
  return direction === 'sendrecv' || direction === 'sendonly';
}
