import { g711ByPayloadType } from '../../telephony/phones/g711.ts';
import { RtpEndpoint, type HeardPacket } from '../../telephony/phones/rtp-endpoint.ts';
import type { RtpPacer } from '../../telephony/phones/rtp-pacer.ts';
import { levelDb, tonePower } from '../../telephony/phones/tone.ts';
import { TONES, type ToneName } from './tones.ts';

export interface LoadCallOptions {
  readonly pacer: RtpPacer;
  /** The digit is pressed this long after the first packet of the first prompt. */
  readonly digitAfterMs: number;
}

/** How the audio of a call went. Times in milliseconds since the epoch; undefined: it never happened. */
export interface HeardCall {
  readonly firstPromptAtMs: number | undefined;
  /** The packet that tells the switch that the key is up (RFC 4733, first with the E bit). */
  readonly digitAtMs: number | undefined;
  readonly secondPromptAtMs: number | undefined;
}

const DIGIT_MS = 100;

/** The ears and the finger of one caller: waits for the first prompt, presses 1 while it plays, waits for the second. */
export class LoadCall {
  readonly #endpoint: RtpEndpoint;
  readonly #options: LoadCallOptions;
  #heard: { -readonly [K in keyof HeardCall]: HeardCall[K] } = { firstPromptAtMs: undefined, digitAtMs: undefined, secondPromptAtMs: undefined };
  #timer: NodeJS.Timeout | undefined;

  static async open(options: LoadCallOptions): Promise<LoadCall> {
    return new LoadCall(await RtpEndpoint.open({ record: false, source: { kind: 'none' }, pacer: options.pacer }), options);
  }

  private constructor(endpoint: RtpEndpoint, options: LoadCallOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    endpoint.onAudio((packet) => this.#hear(packet));
  }

  /** The UDP port of its audio: names the call. */
  get port(): number {
    return this.#endpoint.port;
  }

  get heard(): HeardCall {
    return this.#heard;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#endpoint.close();
  }

  #hear(packet: HeardPacket): void {
    const heard = this.#heard;
    if (heard.firstPromptAtMs === undefined) {
      if (!carries(packet, 'first')) return;
      heard.firstPromptAtMs = packet.arrivedAtMs;
      // Spread over one frame: else the digits of all calls would keep step with the frames of their prompts.
      this.#timer = setTimeout(() => this.#press(), this.#options.digitAfterMs + Math.random() * 20);
    } else if (heard.digitAtMs !== undefined && heard.secondPromptAtMs === undefined && carries(packet, 'second')) {
      heard.secondPromptAtMs = packet.arrivedAtMs;
    }
  }

  #press(): void {
    this.#endpoint.sendDigits('1', { durationMs: DIGIT_MS, onEnd: ({ endedAtMs }) => (this.#heard.digitAtMs = endedAtMs) }).catch(() => {
      // The call was closed while the key was down; what is missing in `heard` tells.
    });
  }
}

function carries(packet: HeardPacket, name: ToneName): boolean {
  const pcm = g711ByPayloadType(packet.payloadType)?.decode(packet.payload);
  // A packet may begin with the end of what came before: half of it is enough.
  return pcm !== undefined && levelDb(pcm) > -40 && tonePower(pcm, TONES[name].hz) > 0.5;
}
