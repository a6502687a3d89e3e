import WebSocket from 'ws';
import { messageOf, StrowgerError, type ErrorCode } from '../../engine/domain/errors.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Recognition, RecognitionSink, Transcript } from '../../engine/ports/recognizer.ts';
import type { SpeechProtocol } from './speech-protocol.ts';
import { Upsampler } from './upsampler.ts';

export interface SocketOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** The certificate (PEM) to trust, when it is one's own: FunASR comes with a self-signed one. */
  readonly ca?: string;
  /** Sent when the connection is opened, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the connection is open, and the server has agreed to what it wants to agree to. */
  readonly connectLimitMs: number;
  /** From the end of the utterance until all is answered. */
  readonly answerLimitMs: number;
  /** What an utterance has beyond this is cut off. */
  readonly maxUtteranceMs: number;
}

/** So long nothing more comes after an answer that may have been the last. */
export const SETTLE_MS = 400;
/** No server says more about an utterance. */
const MAX_MESSAGE_BYTES = 1_000_000;

/**
 * One utterance over one WebSocket, opened at once. What is written before it is open waits, bounded by the length of an utterance. The sink
 * is told from events and timers only, never from inside a call of its user.
 */
export class SocketRecognition implements Recognition {
  readonly #name: string;
  readonly #options: SocketOptions;
  readonly #protocol: SpeechProtocol;
  readonly #clock: Clock;
  readonly #sink: RecognitionSink;
  readonly #upsampler: Upsampler | undefined;
  readonly #socket: WebSocket | undefined;
  /** A message in the making. */
  readonly #chunk: Int16Array;
  #chunkLength = 0;
  /** Messages that wait for the connection. */
  #waiting: Buffer[] = [];
  #samplesLeft: number;
  #isEmpty = true;
  #isOpen = false;
  /** Sound may be sent. */
  #isReady = false;
  #isEnded = false;
  #isClosingSent = false;
  #isOver = false;
  #mayBeOver = false;
  #lastPartial = '';
  #limit: TimerHandle;
  #settling: TimerHandle;
  #reminding: TimerHandle;

  constructor(name: string, options: SocketOptions, protocol: SpeechProtocol, clock: Clock, sink: RecognitionSink) {
    this.#name = name;
    this.#options = options;
    this.#protocol = protocol;
    this.#clock = clock;
    this.#sink = sink;
    this.#upsampler = protocol.sampleRateHz === CALL_SAMPLE_RATE_HZ ? undefined : new Upsampler();
    this.#chunk = new Int16Array((protocol.chunkMs * protocol.sampleRateHz) / 1000);
    this.#samplesLeft = Math.round((options.maxUtteranceMs * CALL_SAMPLE_RATE_HZ) / 1000);
    this.#socket = this.#connect();
    if (this.#isOver) return;
    this.#limit = clock.setTimeout(
      () => this.#fail('speech.timeout', `${this.#isOpen ? 'agreed to nothing' : 'opened no connection'} within ${options.connectLimitMs} ms`),
      options.connectLimitMs,
    );
  }

  write(samples: Int16Array): void {
    if (this.#isOver || this.#isEnded) return;
    const taken = samples.length <= this.#samplesLeft ? samples : samples.subarray(0, this.#samplesLeft);
    if (taken.length === 0) return;
    this.#samplesLeft -= taken.length;
    this.#isEmpty = false;
    this.#collect(this.#upsampler?.write(taken) ?? taken);
  }

  end(): void {
    if (this.#isOver || this.#isEnded) return;
    this.#isEnded = true;
    if (this.#isEmpty) {
      // Nobody needs to be asked what nothing means; not every server would answer.
      queueMicrotask(() => this.#finish([]));
      return;
    }
    if (this.#upsampler !== undefined) this.#collect(this.#upsampler.end());
    this.#flush();
    if (this.#isReady) this.#sendClosing();
  }

  cancel(): void {
    this.#close();
  }

  #connect(): WebSocket | undefined {
    const { url, ca, headers } = this.#options;
    const { subprotocol } = this.#protocol;
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, subprotocol === undefined ? [] : [subprotocol], {
        ...(headers === undefined ? {} : { headers }),
        ...(ca === undefined ? {} : { ca }),
        // Sound does not get shorter by it.
        perMessageDeflate: false,
        maxPayload: MAX_MESSAGE_BYTES,
      });
    } catch (error) {
      queueMicrotask(() => this.#fail('speech.unreachable', `has no address that can be used: ${messageOf(error)}`, error));
      return undefined;
    }
    // `ws` does not take a server that names none where one was asked for; it looks after this event.
    if (subprotocol !== undefined) socket.on('upgrade', ({ headers: named }) => (named['sec-websocket-protocol'] ??= subprotocol));
    socket.on('open', () => this.#opened());
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.#fail('speech.unreachable', `refused the connection (HTTP ${response.statusCode ?? 0})`);
    });
    // It stays: a socket that is torn down while it is being opened has an error to tell, which would end the process.
    socket.on('error', (error) => {
      if (this.#isOpen) this.#fail('speech.failed', `broke off: ${reasonOf(error)}`, error);
      else this.#fail('speech.unreachable', `cannot be reached: ${reasonOf(error)}`, error);
    });
    socket.on('close', (code) => this.#closed(code));
    return socket;
  }

  #opened(): void {
    if (this.#isOver) return;
    this.#isOpen = true;
    if (this.#protocol.opening !== undefined) this.#socket?.send(this.#protocol.opening);
    this.#readyOnceAgreed();
  }

  #readyOnceAgreed(): void {
    if (this.#isReady || this.#protocol.isAgreed === false) return;
    this.#isReady = true;
    this.#clock.clearTimeout(this.#limit);
    for (const message of this.#waiting) this.#socket?.send(message);
    this.#waiting = [];
    if (this.#isEnded && !this.#isEmpty) this.#sendClosing();
  }

  #collect(samples: Int16Array): void {
    for (let from = 0; from < samples.length; ) {
      const piece = samples.subarray(from, from + this.#chunk.length - this.#chunkLength);
      this.#chunk.set(piece, this.#chunkLength);
      this.#chunkLength += piece.length;
      from += piece.length;
      if (this.#chunkLength === this.#chunk.length) this.#flush();
    }
  }

  #flush(): void {
    if (this.#chunkLength === 0) return;
    const message = this.#protocol.encode(this.#chunk.subarray(0, this.#chunkLength));
    this.#chunkLength = 0;
    if (this.#isReady) this.#socket?.send(message);
    else this.#waiting.push(message);
  }

  #sendClosing(): void {
    const { closing, mayBeComplete = false, reminder } = this.#protocol;
    for (const message of closing) this.#socket?.send(message);
    this.#isClosingSent = true;
    const { answerLimitMs } = this.#options;
    this.#limit = this.#clock.setTimeout(() => this.#fail('speech.timeout', `gave no answer within ${answerLimitMs} ms`), answerLimitMs);
    this.#mayBeOver ||= mayBeComplete;
    if (this.#mayBeOver) this.#settle();
    else if (reminder !== undefined) this.#reminding = this.#clock.setTimeout(() => this.#socket?.send(reminder.message), reminder.afterMs);
  }

  /** It is over unless more comes soon. */
  #settle(): void {
    this.#clock.clearTimeout(this.#reminding);
    this.#clock.clearTimeout(this.#settling);
    this.#settling = this.#clock.setTimeout(() => this.#finish(this.#protocol.transcripts()), SETTLE_MS);
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    if (this.#isOver) return;
    this.#clock.clearTimeout(this.#settling);
    if (isBinary) return this.#fail('speech.failed', 'answered wrongly: a binary message came');
    try {
      const over = this.#protocol.receive((data as Buffer).toString(), this.#isClosingSent);
      for (const answer of this.#protocol.answers?.() ?? []) this.#socket?.send(answer);
      if (over === 'yes') return this.#finish(this.#protocol.transcripts());
      this.#mayBeOver ||= over === 'perhaps';
      if (this.#mayBeOver) this.#settle();
    } catch (error) {
      return this.#fail('speech.failed', `answered wrongly: ${messageOf(error)}`, error);
    }
    this.#readyOnceAgreed();
    const text = this.#protocol.text();
    if (text === '' || text === this.#lastPartial) return;
    this.#lastPartial = text;
    this.#sink.partial(text);
  }

  #closed(code: number): void {
    if (this.#isOver) return;
    const isInOrder = code === 1000 || code === 1005;
    if (this.#isClosingSent && isInOrder && this.#protocol.isCompleteAtClose()) this.#finish(this.#protocol.transcripts());
    else if (this.#isOpen) this.#fail('speech.failed', `closed the connection in the middle of an utterance (${code})`);
    else this.#fail('speech.unreachable', `closed the connection (${code})`);
  }

  #finish(transcripts: readonly Transcript[]): void {
    if (this.#isOver) return;
    this.#close();
    this.#sink.final(transcripts.filter(({ text }) => text !== ''));
  }

  #fail(code: ErrorCode, what: string, cause?: unknown): void {
    if (this.#isOver) return;
    this.#close();
    this.#sink.failed(new StrowgerError(code, `Recogniser '${this.#name}' ${what}.`, { fields: { recognizer: this.#name }, cause }));
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting = [];
    this.#clock.clearTimeout(this.#limit);
    this.#clock.clearTimeout(this.#settling);
    this.#clock.clearTimeout(this.#reminding);
    // Says good-bye, but does not wait for the other side's: it may be the one that hangs.
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.close(1000);
    this.#socket?.terminate();
  }
}

/** Node gives no message when several addresses of a host failed. */
function reasonOf(error: Error & { readonly code?: string }): string {
  return error.message === '' ? (error.code ?? error.name) : error.message;
}
