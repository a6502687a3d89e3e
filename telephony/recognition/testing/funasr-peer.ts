import { expectFields, fromS16le, SpeechPeer, type Hearing, type Talk } from './speech-peer.ts';

/** The server of the runtime packages, the Python one, and the Python one as it was before July 2026. */
export type FunasrKind = 'runtime' | 'python' | 'old-python';

const CHUNK_SAMPLES = 960;
const MESSAGES_A_PIECE = 10;

/**
 * A peer, NOT FunASR: speaks its protocol of two passes as read in its sources (see ../funasr-protocol.ts), hears by a given function. Wants
 * 16 kHz in messages of 60 ms, as both of its clients send.
 */
export class FunasrPeer extends SpeechPeer {
  readonly #kind: FunasrKind;

  constructor(hear: Hearing, kind: FunasrKind = 'runtime') {
    super(hear);
    this.#kind = kind;
  }

  protected override async take(talk: Talk, message: string | Buffer): Promise<void> {
    if (typeof message !== 'string') return this.#sound(talk, message);
    const said: unknown = JSON.parse(message);
    if (talk.opening === undefined) this.#opening(talk, said);
    else await this.#end(talk, said);
  }

  #opening(talk: Talk, said: unknown): void {
    expectFields(said, {
      mode: (value) => value === '2pass',
      wav_name: (value) => typeof value === 'string',
      wav_format: (value) => value === 'pcm',
      is_speaking: (value) => value === true,
      chunk_size: (value) => JSON.stringify(value) === '[5,10,5]',
      chunk_interval: (value) => value === 10,
      audio_fs: (value) => value === 16_000,
      hotwords: (value) => value === undefined || areHotwords(value),
      itn: (value) => typeof value === 'boolean',
    });
    talk.opening = said;
  }

  async #sound(talk: Talk, bytes: Buffer): Promise<void> {
    if (talk.opening === undefined) throw new Error('sound came before the first message');
    if (talk.lengths.some((length) => length !== CHUNK_SAMPLES)) throw new Error('a message that was not 60 ms long was not the last');
    const samples = fromS16le(bytes);
    if (samples.length > CHUNK_SAMPLES) throw new Error(`a message is longer than 60 ms: ${samples.length} samples`);
    this.heard(talk, samples);
    if (talk.lengths.length % MESSAGES_A_PIECE !== 0) return;
    const sentences = (await this.textOf(talk)).split('|');
    while (talk.pauses < sentences.length - 1) {
      const sentence = sentences[talk.pauses] ?? '';
      talk.pauses += 1;
      talk.said = '';
      this.#sentence(talk, `${sentence}，`, false);
    }
    const sentence = sentences.at(-1) ?? '';
    if (!sentence.startsWith(talk.said) || sentence === talk.said) return;
    this.#tell(talk, { mode: '2pass-online', text: sentence.slice(talk.said.length), is_final: this.#kind === 'old-python' });
    talk.said = sentence;
  }

  async #end(talk: Talk, said: unknown): Promise<void> {
    expectFields(said, { is_speaking: (value) => value === false, is_end: (value) => value === undefined || value === true });
    this.ended(talk);
    const sentences = (await this.textOf(talk)).split('|').slice(talk.pauses);
    const text = sentences.join('，');
    if (text !== '') this.#sentence(talk, `${text}。`, true);
    else if (this.#kind === 'runtime') this.#tell(talk, { text: '', is_final: true });
    else if (this.#kind === 'python') this.#sentence(talk, '', true);
    if (this.#kind === 'python' && said['is_end'] === true) this.#tell(talk, { mode: '2pass', is_final: true, is_end: true });
  }

  /** A result of the second pass. */
  #sentence(talk: Talk, text: string, isLast: boolean): void {
    const result = { mode: '2pass-offline', text: text === '' ? '' : `<|zh|><|NEUTRAL|>${text}` };
    if (this.#kind === 'runtime') this.#tell(talk, { ...result, is_final: isLast, timestamp: '[[100,200]]', stamp_sents: [] });
    // The old one has it the wrong way round.
    else if (this.#kind === 'old-python') this.#tell(talk, { ...result, is_final: !isLast });
    else this.#tell(talk, { ...result, spk_name: 'unknown', spk_score: 0, is_final: true });
  }

  #tell(talk: Talk, message: Readonly<Record<string, unknown>>): void {
    this.say(talk, JSON.stringify({ ...message, wav_name: (talk.opening as { wav_name: string }).wav_name }));
  }
}

function areHotwords(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const words: unknown = JSON.parse(value);
  return typeof words === 'object' && words !== null && !Array.isArray(words) && Object.values(words).every((weight) => Number.isInteger(weight));
}
