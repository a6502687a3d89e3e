import { randomUUID } from 'node:crypto';

import { StrowgerError } from '../../engine/domain/errors.ts';
import type { G711Law } from './g711.ts';
import { RtpEndpoint, type RtpAddress, type RtpEndpointOptions } from './rtp-endpoint.ts';
import type { AudioSource } from './rtp-stream.ts';
import { ScriptedCall, type CallEnd } from './scripted-call.ts';
import { buildSdp, parseSdp, type SdpOptions } from './sdp.ts';
import { nameAddress, statusOf } from './sip-message.ts';
import { SippStack, type SippCommand, type SippEvent } from './sipp-stack.ts';
import type { RejectStatus } from './sipp-scenario.ts';

/** What the phone does with a call. */
export type AnswerBehaviour =
  /** Rings (180), answers after `afterMs`, stays until someone hangs up, or hangs up itself after `hangUpAfterMs`. */
  | {
      readonly do: 'answer';
      readonly afterMs?: number;
      readonly hangUpAfterMs?: number;
      /** Said from the answer on, instead of what the phone sends otherwise. */
      readonly says?: AudioSource;
    }
  | { readonly do: 'busy' }
  | { readonly do: 'decline' }
  | { readonly do: 'reject'; readonly status: RejectStatus; readonly afterMs?: number }
  /** Rings for ever. */
  | { readonly do: 'ring' }
  /** Says 100 Trying and then nothing. */
  | { readonly do: 'ignore' };

export interface ScriptedAgentPhoneOptions {
  readonly command: SippCommand;
  readonly server: RtpAddress;
  readonly user: string;
  readonly password: string;
  readonly host?: string;
  /** For every call, or decided call by call. Answers after 200 ms by default. */
  readonly behaviour?: AnswerBehaviour | ((call: IncomingCall) => AnswerBehaviour);
  /** What the agent sends once connected; silence by default. */
  readonly source?: AudioSource;
  readonly media?: Omit<RtpEndpointOptions, 'host' | 'law' | 'source'>;
  /** Lifetime of the registration. */
  readonly expiresS?: number;
  readonly trace?: boolean;
  readonly onRinging?: (call: IncomingCall) => void;
  readonly onAnswered?: (call: IncomingCall) => void;
  readonly onCancelled?: (call: IncomingCall) => void;
  readonly onEnded?: (call: IncomingCall, end: CallEnd) => void;
}

/** A call to this phone. */
export class IncomingCall extends ScriptedCall {
  /** The INVITE came. */
  readonly invitedAtMs: number;
  /** The From header, and the display name in it. */
  readonly from: string;
  readonly callerName: string | undefined;
  readonly #law: G711Law;
  readonly #eventPayloadType: number;
  #rejectedWith: RejectStatus | undefined;
  #answering = false;

  constructor(stack: SippStack, media: RtpEndpoint, event: SippEvent, law: G711Law, eventPayloadType: number) {
    super(stack, media, event.callId);
    this.events.push(event);
    this.invitedAtMs = event.atMs;
    this.from = event.message.header('From') ?? '';
    this.callerName = /^\s*"((?:[^"\\]|\\.)*)"/.exec(this.from)?.[1]?.replace(/\\(.)/g, '$1');
    this.#law = law;
    this.#eventPayloadType = eventPayloadType;
    this.takeRemoteMedia(event.message);
  }

  /** The INVITE's header, for instance `P-Asserted-Identity`. */
  header(name: string): string | undefined {
    return this.messageOf('incoming')?.header(name);
  }

  /** Sends 180; settles when it is out. */
  async ring(): Promise<void> {
    return this.command('X-RING', 'ringing');
  }

  /** Sends 200 OK; `answered` settles with the caller's ACK. */
  async answer(): Promise<number> {
    this.#answering = true;
    void this.command('X-ANSWER', 'answering', this.describeMedia({}));
    return this.answered;
  }

  /** Refuses the call; too late once it is being answered. */
  async reject(status: RejectStatus): Promise<CallEnd> {
    if (this.state !== 'open' || this.#answering) return this.hangUp();
    this.#rejectedWith = status;
    this.limitEnding();
    await this.command(`X-REJECT${status}`, 'rejecting');
    return this.ended;
  }

  /** A called phone cannot hang up before the answer, only refuse: 603. */
  protected override async leave(): Promise<void> {
    if (this.#answering) await this.answered.catch(() => undefined); // an ACK that never comes: `limitEnding`
    if (this.state === 'open') await this.reject(603);
    else await super.leave();
  }

  protected override describeMedia(options: Omit<SdpOptions, 'eventPayloadType'>): string {
    return buildSdp(this.media.address, [this.#law], { eventPayloadType: this.#eventPayloadType, ...options });
  }

  protected override onEvent(event: SippEvent): void {
    switch (event.name) {
      case 'accepted':
        this.markAnswered(event.atMs);
        break;
      case 'reinvite':
      case 'reoffered':
        this.takeRemoteMedia(event.message);
        break;
      case 'cancelled':
        this.markEnded({ by: 'them', how: 'cancelled' }, event);
        break;
      case 'rejected':
        this.markEnded({ by: 'us', how: 'rejected', ...(this.#rejectedWith === undefined ? {} : { status: this.#rejectedWith }) }, event);
        break;
      case 'bye':
        this.markEnded({ by: 'them', how: 'bye' }, event);
        break;
      case 'ended':
        this.markEnded({ by: 'us', how: 'bye' }, event);
        break;
      case 'failed':
        this.markFailed(event);
        break;
      default:
        break;
    }
  }
}

/** A desk phone: registers, is called, does with each call what its behaviour says. One sipp process. */
export class ScriptedAgentPhone {
  readonly calls: IncomingCall[] = [];
  /** May be changed between calls. */
  behaviour: AnswerBehaviour | ((call: IncomingCall) => AnswerBehaviour);
  readonly stack: SippStack;
  readonly #options: ScriptedAgentPhoneOptions;
  readonly #unseen: IncomingCall[] = [];
  #waiting: ((call: IncomingCall) => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #registered = false;
  #registrationId = '';

  /** Starts the phone and registers it. */
  static async start(options: ScriptedAgentPhoneOptions): Promise<ScriptedAgentPhone> {
    const stack = await SippStack.start(options);
    const phone = new ScriptedAgentPhone(stack, options);
    try {
      await phone.register();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return phone;
  }

  private constructor(stack: SippStack, options: ScriptedAgentPhoneOptions) {
    this.stack = stack;
    this.#options = options;
    this.behaviour = options.behaviour ?? { do: 'answer', afterMs: 200 };
    stack.onIncoming = (event) => void this.#take(event);
  }

  get user(): string {
    return this.#options.user;
  }

  get isRegistered(): boolean {
    return this.#registered;
  }

  async register(): Promise<void> {
    await this.#register(this.#options.expiresS ?? 3600);
    this.#registered = true;
  }

  async unregister(): Promise<void> {
    this.#registered = false;
    await this.#register(0);
  }

  /** The next call that comes in, or one that came since the last `nextCall`. */
  async nextCall(timeoutMs = 10_000): Promise<IncomingCall> {
    const unseen = this.#unseen.shift();
    if (unseen !== undefined) return unseen;
    return new Promise((resolve, reject) => {
      const waiter = (call: IncomingCall): void => {
        clearTimeout(timer);
        resolve(call);
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((each) => each !== waiter);
        reject(new Error(`Phone ${this.user} was not called within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.push(waiter);
    });
  }

  /** Hangs up, takes the registration back and ends sipp. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    const farewell = async (): Promise<void> => {
      await Promise.all(this.calls.filter((call) => !call.isOver).map((call) => call.hangUp()));
      if (this.#registered) await this.unregister();
    };
    // A switch that is gone must not keep the phone.
    await Promise.race([farewell().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
    await this.#end();
  }

  /** Pulls the plug: no BYE, no un-REGISTER. The switch still believes in the phone: an unreachable agent. */
  async unplug(): Promise<void> {
    this.#registered = false;
    await this.#end();
  }

  async #end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.stack.stop();
    await Promise.all(this.calls.map((call) => call.ended));
  }

  async #register(expiresS: number): Promise<void> {
    const { user, password, server } = this.#options;
    this.#registrationId = randomUUID();
    const id = this.#registrationId;
    const event = await new Promise<SippEvent>((resolve, reject) => {
      const timer = setTimeout(() => reject(registerError(user, 'no response')), 5_000);
      this.stack.listen(id, (each) => {
        clearTimeout(timer);
        resolve(each);
      });
      this.stack.open(id, {
        Do: 'register',
        Uri: `sip:${server.host}:${server.port}`,
        From: nameAddress(user, `${server.host}:${server.port}`),
        Contact: nameAddress(user, `${this.stack.host}:${this.stack.port}`),
        Expires: String(expiresS),
        User: user,
        Password: password,
      });
    }).finally(() => this.stack.forget(id));
    const status = statusOf(event.message);
    if (status?.status !== 200) throw registerError(user, status === undefined ? event.message.startLine : `${status.status} ${status.phrase}`);
  }

  async #take(event: SippEvent): Promise<void> {
    const offer = parseSdp(event.message.body);
    const law: G711Law = offer === undefined || offer.payloadTypes.includes(0) ? 'pcmu' : 'pcma';
    const eventPayloadType = offer?.eventPayloadType ?? 101;
    const media = await RtpEndpoint.open({
      ...this.#options.media,
      host: this.stack.host,
      law,
      eventPayloadType,
      source: this.#options.source ?? { kind: 'silence' },
    });
    const call = new IncomingCall(this.stack, media, event, law, eventPayloadType);
    this.calls.push(call);
    void call.ended.then((end) => {
      if (end.how === 'cancelled') this.#options.onCancelled?.(call);
      this.#options.onEnded?.(call, end);
    });
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#unseen.push(call);
    else waiter(call);
    this.#behave(call, typeof this.behaviour === 'function' ? this.behaviour(call) : this.behaviour);
  }

  #behave(call: IncomingCall, behaviour: AnswerBehaviour): void {
    switch (behaviour.do) {
      case 'busy':
        void call.reject(486);
        return;
      case 'decline':
        void call.reject(603);
        return;
      case 'ignore':
        return;
      case 'ring':
        this.#ring(call);
        return;
      case 'reject':
        this.#ring(call);
        this.#later(behaviour.afterMs ?? 0, () => void call.reject(behaviour.status));
        return;
      case 'answer':
        this.#ring(call);
        this.#later(behaviour.afterMs ?? 200, () => void this.#answer(call, behaviour));
        return;
    }
  }

  #ring(call: IncomingCall): void {
    void call.ring();
    this.#options.onRinging?.(call);
  }

  async #answer(call: IncomingCall, { hangUpAfterMs, says }: Extract<AnswerBehaviour, { readonly do: 'answer' }>): Promise<void> {
    if (call.isOver) return;
    if (says !== undefined) call.media.send(says);
    try {
      await call.answer();
    } catch {
      return; // the caller was faster: `ended` tells how
    }
    this.#options.onAnswered?.(call);
    if (hangUpAfterMs === 0) void call.hangUp();
    else if (hangUpAfterMs !== undefined) this.#later(hangUpAfterMs, () => void call.hangUp());
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function registerError(user: string, why: string): StrowgerError {
  return new StrowgerError('phone.register-failed', `Phone ${user} could not register: ${why}`, { fields: { user } });
}
