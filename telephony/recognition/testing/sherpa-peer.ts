import { SpeechPeer, type Hearing, type Talk } from './speech-peer.ts';

export interface SherpaPeerOptions {
  /** The program in C++, or streaming_server.py. */
  readonly kind?: 'native' | 'python';
}

/** A peer, NOT sherpa-onnx: speaks the protocol of its streaming servers as read in their sources (see ../sherpa-protocol.ts), hears by a given function. */
export class SherpaPeer extends SpeechPeer {
  readonly #kind: 'native' | 'python';

  constructor(hear: Hearing, { kind = 'native' }: SherpaPeerOptions = {}) {
    super(hear);
    this.#kind = kind;
  }

  protected override async take(talk: Talk, message: string | Buffer): Promise<void> {
    if (typeof message === 'string') {
      // The real server ignores any other text, and the client would wait for ever.
      if (message !== 'Done') throw new Error(`${JSON.stringify(message)} means nothing to the server`);
      this.ended(talk);
      await this.#tell(talk);
      if (this.#kind === 'native') this.say(talk, 'Done!');
      else this.leave(talk);
    } else {
      this.heard(talk, fromF32le(message));
      await this.#tell(talk);
    }
  }

  async #tell(talk: Talk): Promise<void> {
    const segments = (await this.textOf(talk)).split('|');
    for (; talk.pauses < segments.length - 1; talk.pauses += 1) this.#result(talk, segments[talk.pauses] ?? '', true);
    this.#result(talk, segments.at(-1) ?? '', talk.isEnded);
  }

  #result(talk: Talk, text: string, isFinal: boolean): void {
    if (this.#kind === 'python') this.say(talk, JSON.stringify({ text, segment: talk.pauses }));
    else this.say(talk, nativeResult(text, talk.pauses, isFinal, talk.isEnded));
  }
}

/** As AsJsonString() writes it, spaces and all. */
function nativeResult(text: string, segment: number, isFinal: boolean, isEof: boolean): string {
  const tokens = [...text].map((token) => JSON.stringify(token)).join(', ');
  return (
    `{ "text": ${JSON.stringify(text)}, "tokens": [${tokens}], "timestamps": [], "ys_probs": [], "lm_probs": [], "context_scores": [], ` +
    `"segment": ${segment}, "words": [], "start_time": 0.00, "is_final": ${isFinal}, "is_eof": ${isEof}}`
  );
}

function fromF32le(bytes: Buffer): readonly number[] {
  if (bytes.length % 4 !== 0) throw new Error(`${bytes.length} bytes are no 32-bit floats`);
  return Array.from({ length: bytes.length / 4 }, (_, at) => {
    const value = bytes.readFloatLE(4 * at);
    // 16-bit samples read as floats, or the other byte order, have values without sense.
    if (!(Math.abs(value) <= 1) || !Number.isInteger(value * 32_768)) throw new Error(`${value} is no sample of 16 bits at a full scale of 1`);
    return value * 32_768;
  });
}
