import type { G711Law } from './g711.ts';
import { RtpEndpoint, type RtpAddress, type RtpEndpointOptions } from './rtp-endpoint.ts';
import { ScriptedCall } from './scripted-call.ts';
import { buildSdp, type SdpOptions } from './sdp.ts';
import { nameAddress, sipUri, statusOf } from './sip-message.ts';
import { EXTRA_HEADERS } from './sipp-scenario.ts';
import { SippStack, type SippCommand, type SippEvent } from './sipp-stack.ts';

export interface ScriptedCallerOptions {
  /** How to run sipp. */
  readonly command: SippCommand;
  /** The SIP address of the switch. */
  readonly server: RtpAddress;
  /** Local address for SIP and RTP; 127.0.0.1 by default. */
  readonly host?: string;
  /** Offered codecs in order of preference; µ-law only by default. */
  readonly laws?: readonly G711Law[];
  readonly trace?: boolean;
}

export interface DialOptions {
  /** User part of the called URI, escaped as needed. */
  readonly number: string;
  readonly callerNumber: string;
  /** Display name; any characters, any length. Line breaks and control characters cannot stand in a header and are left out. */
  readonly callerName?: string;
  /** Up to four whole header lines to add to the INVITE, each without its line break. */
  readonly headers?: readonly string[];
  readonly media?: Omit<RtpEndpointOptions, 'host' | 'law'>;
  /** Give up when nothing at all is heard from the switch for this long. */
  readonly noResponseMs?: number;
}

/** A call that this caller placed. */
export class OutgoingCall extends ScriptedCall {
  /** The INVITE left sipp; NaN until the first response to it. */
  invitedAtMs = NaN;
  /** Provisional statuses seen, 100 left out. */
  readonly progress: number[] = [];
  readonly #laws: readonly G711Law[];
  #noResponse: NodeJS.Timeout | undefined;

  constructor(stack: SippStack, media: RtpEndpoint, server: RtpAddress, options: DialOptions, laws: readonly G711Law[]) {
    super(stack, media);
    this.#laws = laws;
    const host = `${server.host}:${server.port}`;
    const uri = sipUri(options.number, host);
    stack.open(
      this.id,
      {
        Do: 'dial',
        Uri: uri,
        To: `<${uri}>`,
        From: nameAddress(options.callerNumber, stack.host, options.callerName),
        Contact: `<${sipUri(options.callerNumber, `${stack.host}:${stack.port}`)}>`,
        ...Object.fromEntries(EXTRA_HEADERS.flatMap((name, i) => (options.headers?.[i] === undefined ? [] : [[name, options.headers[i]]]))),
      },
      buildSdp(media.address, laws),
    );
    this.#noResponse = setTimeout(() => this.markFailed(), options.noResponseMs ?? 10_000);
    void this.ended.then(() => clearTimeout(this.#noResponse));
  }

  /** INVITE sent to 200 OK received, measured in sipp. Settles like `answered`. */
  async answerDelayMs(): Promise<number> {
    return (await this.answered) - this.invitedAtMs;
  }

  protected override describeMedia(options: Omit<SdpOptions, 'eventPayloadType'>): string {
    return buildSdp(this.media.address, this.#laws, options);
  }

  protected override onEvent(event: SippEvent): void {
    if (event.invitedAtMs > 0) this.invitedAtMs = event.invitedAtMs;
    switch (event.name) {
      case 'progress':
        clearTimeout(this.#noResponse);
        this.progress.push(statusOf(event.message)?.status ?? 0);
        this.takeRemoteMedia(event.message);
        break;
      case 'answered':
        clearTimeout(this.#noResponse);
        this.takeRemoteMedia(event.message);
        this.markAnswered(event.atMs);
        break;
      case 'reinvite':
      case 'reoffered':
        this.takeRemoteMedia(event.message);
        break;
      case 'refused':
        this.markRefused(event);
        break;
      case 'bye':
        this.markEnded({ by: 'them', how: 'bye' }, event);
        break;
      case 'ended':
        this.markEnded({ by: 'us', how: this.state === 'answered' ? 'bye' : 'cancelled' }, event);
        break;
      case 'failed':
        this.markFailed(event);
        break;
      default:
        break;
    }
  }
}

/** A trunk with a telephone at its far end: places any number of calls, one after another or at once, from one sipp. */
export class ScriptedCaller {
  readonly stack: SippStack;
  readonly #options: ScriptedCallerOptions;
  readonly #calls = new Set<OutgoingCall>();

  static async start(options: ScriptedCallerOptions): Promise<ScriptedCaller> {
    const stack = await SippStack.start(options);
    return new ScriptedCaller(stack, options);
  }

  private constructor(stack: SippStack, options: ScriptedCallerOptions) {
    this.stack = stack;
    this.#options = options;
  }

  /** Sends the INVITE and returns at once; wait for `call.answered` or `call.ended`. */
  async dial(options: DialOptions): Promise<OutgoingCall> {
    const laws = this.#options.laws ?? ['pcmu'];
    const media = await RtpEndpoint.open({ ...options.media, host: this.stack.host, law: laws[0] ?? 'pcmu' });
    const call = new OutgoingCall(this.stack, media, this.#options.server, options, laws);
    this.#calls.add(call);
    void call.ended.then(() => this.#calls.delete(call));
    return call;
  }

  /** Hangs up what is still up, then ends sipp. */
  async stop(): Promise<void> {
    await Promise.race([
      Promise.all([...this.#calls].map((call) => call.hangUp())),
      new Promise((resolve) => setTimeout(resolve, 3_000).unref()),
    ]);
    await this.stack.stop();
    await Promise.all([...this.#calls].map((call) => call.ended));
  }
}
