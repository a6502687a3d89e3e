import { expectFields, fromS16le, SpeechPeer, type Hearing, type Talk } from './speech-peer.ts';

export interface AeapPeerOptions {
  /** The codecs that it takes, as Asterisk calls them, each with what its bytes are. Default: `slin` at 8 kHz. */
  readonly codecs?: Readonly<Record<string, AeapPeerCodec>>;
  /** The languages that it accepts in a setup, as tags with a region; it refuses a setup that names another. Default: it accepts any. */
  readonly languages?: readonly string[];
  /** Whether it sets results when there are some. If not, it must be asked for them. Default true. */
  readonly tells?: boolean;
  /** Whether it sets an empty list when it has understood nothing, or nothing was said for long. Default true. */
  readonly tellsOfNothing?: boolean;
  /** Whether it knows the request `get`. Default true. */
  readonly canBeAsked?: boolean;
  /** The subprotocol that it answers with; false: none. Default: the one it is asked for. */
  readonly namesSubprotocol?: string | false;
  /** Milliseconds of silence after which what was said is over. Default 500. */
  readonly pauseMs?: number;
}

export interface AeapPeerCodec {
  readonly sampleRateHz: number;
  decode(bytes: Buffer): readonly number[];
}

export const SLIN_BYTES: AeapPeerCodec = { sampleRateHz: 8_000, decode: fromS16le };
export const SLIN16_BYTES: AeapPeerCodec = { sampleRateHz: 16_000, decode: fromS16le };

/** Silence that no speaker leaves. */
const NOTHING_MS = 1_600;
const LEAST_LEVEL = 1_000;
/** Asterisk's frames; others have 10 to 60 ms. */
const LONGEST_MESSAGE_MS = 60;

/** What it knows of one connection. */
interface AeapTalk {
  codec: (AeapPeerCodec & { readonly name: string }) | undefined;
  language: string | undefined;
  /** Samples of silence at the end of what came. */
  quiet: number;
  /** Something was said since results were last made. */
  isSpoken: boolean;
  hasToldOfNothing: boolean;
  /** Made and not asked for. */
  results: object[];
  /** Requests that were not answered yet. */
  readonly unanswered: Set<string>;
  requests: number;
}

/**
 * A peer, NOT somebody's server: speaks Asterisk's External Application Protocol for speech to text as a server does (see
 * ../aeap-protocol.ts), hears by a given function. aeap-peer.live.test.ts has a real Asterisk talk to it. It hears itself where speech ends.
 */
export class AeapPeer extends SpeechPeer {
  protected override readonly subprotocol = 'speech_to_text';
  protected override readonly isToldTheEnd = false;
  /** All text messages that came, and what came in answer to those of the peer. */
  readonly messages: Record<string, unknown>[] = [];
  readonly #options: AeapPeerOptions;
  readonly #talks = new Map<Talk, AeapTalk>();

  constructor(hear: Hearing, options: AeapPeerOptions = {}) {
    super(hear);
    this.#options = options;
  }

  /** As of every peer, and what it has set was answered. */
  override get isAtRest(): boolean {
    return super.isAtRest && [...this.#talks.values()].every(({ unanswered }) => unanswered.size === 0);
  }

  protected override nameSubprotocol(asked: string): string | false {
    return this.#options.namesSubprotocol ?? asked;
  }

  protected override async take(talk: Talk, message: string | Buffer): Promise<void> {
    const state = this.#stateOf(talk);
    if (typeof message !== 'string') return this.#sound(talk, state, message);
    const said = JSON.parse(message) as Record<string, unknown>;
    this.messages.push(said);
    if (typeof said['id'] !== 'string' || said['id'] === '') throw new Error(`${message} has no id`);
    if ('response' in said) this.#response(state, said);
    else await this.#request(talk, state, said);
  }

  #stateOf(talk: Talk): AeapTalk {
    let state = this.#talks.get(talk);
    if (state === undefined) {
      state = { codec: undefined, language: undefined, quiet: 0, isSpoken: false, hasToldOfNothing: false, results: [], unanswered: new Set(), requests: 0 };
      this.#talks.set(talk, state);
    }
    return state;
  }

  async #request(talk: Talk, state: AeapTalk, said: Record<string, unknown>): Promise<void> {
    const { request, id } = said;
    const answer = (rest: object): void => this.say(talk, JSON.stringify({ response: request, id, ...rest }));
    if (request === 'setup') {
      const answered = this.#setup(talk, state, said);
      // One that says nothing of an utterance says this.
      if (this.manner === 'silent') talk.socket.send(JSON.stringify({ response: request, id, ...answered }));
      else answer(answered);
    } else if (state.codec === undefined) {
      throw new Error(`${JSON.stringify(request)} came before the setup`);
    } else if (request === 'get' && this.#options.canBeAsked !== false) {
      answer(await this.#get(talk, state, said));
    } else if (request === 'set') {
      expectFields(said, { request: () => true, id: () => true, params: isStrings });
      answer({ params: said['params'] });
    } else {
      answer({ error_msg: `${JSON.stringify(request)} is not supported` });
    }
  }

  #setup(talk: Talk, state: AeapTalk, said: Record<string, unknown>): object {
    expectFields(said, {
      request: () => true,
      id: () => true,
      version: (value) => value === '0.1.0',
      codecs: (value) => Array.isArray(value) && value.length === 1 && typeof (value[0] as { name?: unknown }).name === 'string' && Object.keys(value[0] as object).length === 1,
      // The example server throws without them.
      params: isStrings,
    });
    if (talk.opening !== undefined) throw new Error('the setup came twice');
    talk.opening = said;
    const { name } = (said['codecs'] as readonly { readonly name: string }[])[0] ?? { name: '' };
    const codec = (this.#options.codecs ?? { slin: SLIN_BYTES })[name];
    if (codec === undefined) return { error_msg: `Codec ${name} not supported` };
    const { language } = said['params'] as Record<string, string>;
    const { languages } = this.#options;
    if (languages !== undefined && language !== undefined && !languages.includes(language)) return { error_msg: `Language ${language} not supported` };
    state.codec = { ...codec, name };
    state.language = language ?? languages?.[0];
    return { codecs: [{ name, sampleRate: codec.sampleRateHz, attributes: [] }], params: { language: state.language } };
  }

  async #get(talk: Talk, state: AeapTalk, said: Record<string, unknown>): Promise<object> {
    expectFields(said, { request: () => true, id: () => true, params: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string') });
    const params: Record<string, unknown> = {};
    for (const name of said['params'] as readonly string[]) {
      if (name === 'results') {
        await this.#understand(talk, state);
        params['results'] = state.results.splice(0);
      } else if (name === 'language') {
        params['language'] = state.language;
      }
    }
    return { params };
  }

  #response(state: AeapTalk, said: Record<string, unknown>): void {
    expectFields(said, { response: (value) => value === 'set', id: (value) => state.unanswered.delete(String(value)) });
  }

  async #sound(talk: Talk, state: AeapTalk, bytes: Buffer): Promise<void> {
    const { codec } = state;
    if (codec === undefined) throw new Error('sound came before the setup was agreed upon');
    const samples = codec.decode(bytes);
    const ms = (count: number): number => (count * 1000) / codec.sampleRateHz;
    if (ms(samples.length) > LONGEST_MESSAGE_MS) throw new Error(`a message is longer than a frame: ${samples.length} samples`);
    this.heard(talk, samples);
    const isLoud = samples.some((sample) => Math.abs(sample) >= LEAST_LEVEL);
    if (isLoud) {
      state.isSpoken = true;
      state.hasToldOfNothing = false;
      state.quiet = 0;
    } else {
      state.quiet += samples.length;
    }
    const { pauseMs = 500, tells = true, tellsOfNothing = true } = this.#options;
    const isQuiet = ms(state.quiet) >= pauseMs;
    if (isQuiet && !talk.isEnded) this.ended(talk);
    if (!tells) return;
    if (state.isSpoken) {
      if (isQuiet) await this.#understand(talk, state);
      else await this.#understandToTheBar(talk, state);
      if (state.results.length > 0 || (isQuiet && tellsOfNothing)) this.#set(talk, state);
    } else if (tellsOfNothing && ms(state.quiet) >= NOTHING_MS && !state.hasToldOfNothing && talk.pauses === 0) {
      this.#set(talk, state);
    }
  }

  /** `|` in what is heard is a pause too. */
  async #understandToTheBar(talk: Talk, state: AeapTalk): Promise<void> {
    const segments = (await this.textOf(talk)).split('|');
    while (talk.pauses < segments.length - 1) this.#result(talk, state, segments[talk.pauses] ?? '');
  }

  async #understand(talk: Talk, state: AeapTalk): Promise<void> {
    if (!state.isSpoken) return;
    state.isSpoken = false;
    const segments = (await this.hear(talk.samples.all(), true)).split('|');
    while (talk.pauses < segments.length) this.#result(talk, state, segments[talk.pauses] ?? '');
  }

  #result(talk: Talk, state: AeapTalk, text: string): void {
    talk.pauses += 1;
    if (text !== '') state.results.push({ text, score: 87 });
  }

  #set(talk: Talk, state: AeapTalk): void {
    state.hasToldOfNothing = state.results.length === 0;
    state.requests += 1;
    const id = `results-${state.requests}`;
    state.unanswered.add(id);
    this.say(talk, JSON.stringify({ request: 'set', id, params: { results: state.results.splice(0) } }));
  }
}

function isStrings(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((each) => typeof each === 'string');
}
