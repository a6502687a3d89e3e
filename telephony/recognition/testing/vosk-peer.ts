import { expectFields, fromS16le, SpeechPeer, type Talk } from './speech-peer.ts';

/** A peer, NOT Vosk: speaks the protocol of its server as read in its sources (see ../vosk-protocol.ts), hears by a given function. */
export class VoskPeer extends SpeechPeer {
  protected override async take(talk: Talk, message: string | Buffer): Promise<void> {
    if (typeof message !== 'string') {
      if (talk.opening === undefined) throw new Error('sound came before the configuration: the server would take it for its own rate');
      this.heard(talk, fromS16le(message));
      const segments = (await this.textOf(talk)).split('|');
      // One answer a message: a pause is told in place of what is said after it.
      if (talk.pauses < segments.length - 1) this.#result(talk, segments[talk.pauses++] ?? '');
      else this.#answer(talk, { partial: asVoskWrites(segments.at(-1) ?? '') });
    } else if (message === '{"eof" : 1}') {
      this.ended(talk);
      this.#result(talk, (await this.textOf(talk)).split('|').slice(talk.pauses).join(''));
      this.leave(talk);
    } else if (talk.opening === undefined) {
      this.#configure(talk, JSON.parse(message));
    } else {
      // The real server would feed it to the decoder as sound.
      throw new Error(`${message} is not to the letter what the server knows`);
    }
  }

  #configure(talk: Talk, said: unknown): void {
    expectFields(said, { config: (value) => typeof value === 'object' });
    expectFields(said['config'], {
      sample_rate: (value) => value === 8_000 || value === 16_000,
      words: (value) => value === true,
      phrase_list: (value) => value === undefined || (Array.isArray(value) && value.length > 0 && value.every((phrase) => typeof phrase === 'string')),
      max_alternatives: (value) => value === undefined || (Number.isInteger(value) && Number(value) > 1),
    });
    talk.opening = said['config'];
  }

  #result(talk: Talk, heard: string): void {
    const { phrase_list: phrases, max_alternatives: alternatives } = talk.opening as { phrase_list?: string[]; max_alternatives?: number };
    const text = phrases === undefined || phrases.includes(heard) || heard === '' ? asVoskWrites(heard) : '[unk]';
    const words = text === '' ? [] : text.split(' ');
    if (alternatives !== undefined) {
      const shorter = words.slice(0, -1);
      const ways = words.length > 1 ? [words, shorter] : [words];
      this.#answer(talk, {
        alternatives: ways.map((way, at) => ({ confidence: 312.5 - at, result: way.map((word) => ({ end: 1, start: 0, word })), text: way.join(' ') })),
      });
    } else if (words.length === 0) {
      this.#answer(talk, { text: '' });
    } else {
      this.#answer(talk, { result: words.map((word, at) => ({ conf: at === 0 ? 0.5 : 1, end: 1, start: 0, word })), text });
    }
  }

  #answer(talk: Talk, answer: unknown): void {
    this.say(talk, JSON.stringify(answer, undefined, 2));
  }
}

/** Words apart; of Chinese, here, each character. */
function asVoskWrites(text: string): string {
  return text.replace(/\p{Script=Han}/gu, ' $& ').replace(/\s+/g, ' ').trim();
}
