import type { IdSource } from '../../engine/ports/id-source.ts';
import type { Transcript } from '../../engine/ports/recognizer.ts';
import { asObject, jsonObject, NotTheProtocol, s16le, textOf, type JsonObject, type Over, type SpeechProtocol } from './speech-protocol.ts';
import { spokenText } from './spoken-text.ts';

/** How sound is written. */
export interface AeapCodec {
  /** As Asterisk calls it. */
  readonly name: string;
  readonly sampleRateHz: 8_000 | 16_000;
  encode(samples: Int16Array): Uint8Array;
}

// Asterisk calls linear sound of every rate by the one name (main/codec_builtin.c), in the byte order of its machine.
export const SLIN: AeapCodec = { name: 'slin', sampleRateHz: 8_000, encode: s16le };
export const SLIN16: AeapCodec = { name: 'slin', sampleRateHz: 16_000, encode: s16le };

export interface AeapProtocolOptions {
  readonly ids: IdSource;
  readonly codec: AeapCodec;
  /** Told at the beginning, as Asterisk tells the `@name=value` lines of aeap.conf. */
  readonly params: Readonly<Record<string, string>>;
  /** The score of what is quite sure. One that is on another scale (higher, or a fraction) tells nothing, and so does 0. */
  readonly fullScore: number;
  /** Milliseconds of silence that follow an utterance. */
  readonly closingSilenceMs: number;
  /** The server is asked for what it has when it has said nothing so long after the end. */
  readonly askAfterMs: number;
}

/** Of res_speech_aeap.c. */
const VERSION = '0.1.0';
/** Asterisk passes on each frame of a call as it comes. */
const CHUNK_MS = 20;

/** Ways to understand one stretch of speech, best first. */
type Segment = readonly Reading[];
interface Reading {
  readonly text: string;
  readonly scores: readonly number[];
}

/**
 * A server of Asterisk's External Application Protocol for speech to text, spoken to as Asterisk speaks to it: one codec is offered and must
 * be taken before there is sound; the server finds the ends of speech by itself and then sets `results`, which is answered; it may be asked
 * for them. Nothing on the wire says that an utterance is over, so silence follows it, in which the server hears that, all at once:
 * recognisers count silence by its samples. What the server had set before is all, unless more comes soon.
 *
 * Sources: Asterisk, res/res_speech_aeap.c, res/res_aeap/ (aeap.c, message_json.c, transaction.c), apps/app_speech_utils.c (find_result);
 * docs.asterisk.org, Asterisk External Application Protocol; asterisk/aeap-speech-to-text, lib/.
 */
export class AeapProtocol implements SpeechProtocol {
  // Asterisk takes a server that answers with no subprotocol (res_http_websocket.c).
  readonly subprotocol = 'speech_to_text';
  readonly sampleRateHz: 8_000 | 16_000;
  readonly chunkMs = CHUNK_MS;
  readonly opening: string;
  readonly closing: readonly Buffer[];
  readonly reminder: { readonly afterMs: number; readonly message: string };
  readonly #codec: AeapCodec;
  readonly #fullScore: number;
  readonly #setupId: string;
  readonly #getId: string;
  readonly #segments: Segment[] = [];
  #answers: string[] = [];
  #isAgreed = false;

  constructor({ ids, codec, params, fullScore, closingSilenceMs, askAfterMs }: AeapProtocolOptions) {
    this.#codec = codec;
    this.#fullScore = fullScore;
    this.sampleRateHz = codec.sampleRateHz;
    this.#setupId = ids.next('setup');
    this.#getId = ids.next('get');
    this.opening = JSON.stringify({ request: 'setup', id: this.#setupId, version: VERSION, codecs: [{ name: codec.name }], params });
    this.reminder = { afterMs: askAfterMs, message: JSON.stringify({ request: 'get', id: this.#getId, params: ['results'] }) };
    const silence = this.encode(new Int16Array((CHUNK_MS * codec.sampleRateHz) / 1000));
    this.closing = Array.from({ length: Math.ceil(closingSilenceMs / CHUNK_MS) }, () => silence);
  }

  get isAgreed(): boolean {
    return this.#isAgreed;
  }

  /** What it has set so far may be all: it may have heard the end before we did. */
  get mayBeComplete(): boolean {
    return this.text() !== '';
  }

  encode(samples: Int16Array): Buffer {
    return Buffer.from(this.#codec.encode(samples));
  }

  receive(text: string, isClosingSent: boolean): Over {
    const message = jsonObject(text);
    // A response is looked for first, and names are read without regard to case (message_json.c, message.c).
    if ('response' in message) return this.#response(nameOf(message, 'response'), message);
    // Of a stretch before the last one, perhaps: how much of the sound a server has worked on is not told.
    if ('request' in message) return this.#request(nameOf(message, 'request'), message) && isClosingSent ? 'perhaps' : 'no';
    if (!this.#isAgreed) throw new NotTheProtocol('it is neither a request nor a response');
    return 'no';
  }

  answers(): readonly string[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  isCompleteAtClose(): boolean {
    return this.mayBeComplete;
  }

  text(): string {
    return spokenText(this.#segments.map((segment) => segment[0]?.text ?? '').join(' '));
  }

  transcripts(): readonly Transcript[] {
    const spoken = this.#segments.filter((segment) => spokenText(segment[0]?.text ?? '') !== '');
    const [only, ...others] = spoken;
    // Which ways to understand several stretches belong together is not told.
    if (only !== undefined && others.length === 0) return only.map((reading) => this.#transcript(reading.text, reading.scores));
    return [this.#transcript(this.text(), spoken.flatMap((segment) => segment[0]?.scores ?? []))];
  }

  #response(name: string, message: JsonObject): Over {
    const { id, error_msg: error } = message;
    if (id === this.#setupId && name.toLowerCase() === 'setup' && !this.#isAgreed) {
      // Nothing has been said yet that it could repeat.
      if (error !== undefined) throw new NotTheProtocol(`it refuses the setup: ${textOf(message, 'error_msg')}`);
      this.#agree(message);
      return 'no';
    }
    if (!this.#isAgreed) throw new NotTheProtocol('it answers something else than the setup');
    if (id !== this.#getId) return 'no';
    // A server that does not know the question has had as long as one that does.
    // What it has set meanwhile stands in its answer once more (asterisk/aeap-speech-to-text, lib/provider.js keeps what it tells).
    if (error === undefined && name.toLowerCase() === 'get' && !this.mayBeComplete) this.#take(message);
    return 'yes';
  }

  #agree({ codecs }: JsonObject): void {
    const codec: unknown = Array.isArray(codecs) ? codecs[0] : undefined;
    if (codec === undefined) throw new NotTheProtocol('it names no codec');
    if (asObject(codec, 'the codec')['name'] !== this.#codec.name) throw new NotTheProtocol(`it does not take the codec '${this.#codec.name}'`);
    this.#isAgreed = true;
  }

  /** Answers as Asterisk does. Returns whether these were results. */
  #request(name: string, message: JsonObject): boolean {
    const { id, error_msg: error } = message;
    // An error is not answered (raise_msg_handler).
    if (error !== undefined) return false;
    const refusal = name.toLowerCase() === 'set' ? this.#set(message) : 'Unsupported and/or un-handled message';
    this.#answers.push(JSON.stringify({ response: name, id, ...(refusal === undefined ? {} : { error_msg: refusal }) }));
    return refusal === undefined;
  }

  /** What is wrong with it, in the words of Asterisk. */
  #set(message: JsonObject): string | undefined {
    const { params } = message;
    if (typeof params !== 'object' || params === null || Object.keys(params).length === 0) return 'no parameter(s) requested';
    if (!('results' in params)) return "can only set 'results'";
    this.#take(message);
    return undefined;
  }

  #take(message: JsonObject): void {
    const { results } = asObject(message['params'], "'params'");
    if (!Array.isArray(results)) throw new NotTheProtocol("'results' is no list");
    this.#segments.push(this.#segment(results.map((result) => asObject(result, 'a result'))));
  }

  /** Results of one `best` belong together, one after the other (SPEECH_TEXT(best/number)). */
  #segment(results: readonly JsonObject[]): Segment {
    const readings = new Map<number, { text: string; scores: number[] }>();
    for (const { text, score, best = 0 } of results) {
      if (typeof text !== 'string') throw new NotTheProtocol("'text' is no text");
      if (typeof best !== 'number') throw new NotTheProtocol("'best' is no number");
      if (score !== undefined && typeof score !== 'number') throw new NotTheProtocol("'score' is no number");
      const reading = readings.get(best) ?? { text: '', scores: [] };
      readings.set(best, reading);
      reading.text = `${reading.text} ${text}`;
      if (score !== undefined) reading.scores.push(score);
    }
    return [...readings].sort(([one], [other]) => one - other).map(([, reading]) => reading);
  }

  /** Asterisk reads whole numbers, and 0 where there is none. */
  #isTold(score: number): boolean {
    return score > 0 && score <= this.#fullScore && (this.#fullScore <= 1 || Number.isInteger(score));
  }

  #transcript(text: string, scores: readonly number[]): Transcript {
    const spoken = spokenText(text);
    if (scores.length === 0 || !scores.every((score) => this.#isTold(score))) return { text: spoken };
    return { text: spoken, confidence: scores.reduce((sum, score) => sum + score) / scores.length / this.#fullScore };
  }
}

function nameOf(message: JsonObject, field: 'request' | 'response'): string {
  const name = message[field];
  if (typeof name !== 'string') throw new NotTheProtocol(`'${field}' is no text`);
  return name;
}
