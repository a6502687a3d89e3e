import type { Transcript } from '../../engine/ports/recognizer.ts';
import { asObject, jsonObject, NotTheProtocol, s16le, textOf, type JsonObject, type Over, type SpeechProtocol } from './speech-protocol.ts';
import { spokenText } from './spoken-text.ts';

export interface VoskProtocolOptions {
  readonly sampleRateHz: 8_000 | 16_000;
  /** Nothing but these can be understood; empty: anything. */
  readonly phrases: readonly string[];
  /** How many ways to understand an utterance are told; 1: the best one, with its confidence. */
  readonly alternatives: number;
}

/** What a stretch of speech up to a pause was, best first. */
type Segment = readonly { readonly text: string; readonly words: readonly number[] }[];

/**
 * The server of Vosk: answers every binary message by one text message, and the end by one more, then closes. An answer has `partial`, or,
 * where it heard a pause, `text` (with `alternatives` instead if those were asked for) for all since the last pause; then it begins anew.
 * Before the first sound is decoded it answers an empty `text`.
 * Sources: vosk-server, websocket/asr_server.py (recognize, process_chunk); vosk-api, src/recognizer.cc (MbrResult, NbestResult,
 * PartialResult, StoreEmptyReturn).
 */
export class VoskProtocol implements SpeechProtocol {
  readonly sampleRateHz: 8_000 | 16_000;
  // Each message costs the server a search for the best path.
  readonly chunkMs = 100;
  readonly opening: string;
  // The server compares the whole message, the space before the colon included.
  readonly closing = ['{"eof" : 1}'];
  readonly #segments: Segment[] = [];
  #partial = '';
  #unanswered = 0;

  constructor({ sampleRateHz, phrases, alternatives }: VoskProtocolOptions) {
    this.sampleRateHz = sampleRateHz;
    this.opening = JSON.stringify({
      config: {
        sample_rate: sampleRateHz,
        words: true,
        // `[unk]` takes up what is none of the phrases: without it, everything would be heard as one of them.
        ...(phrases.length === 0 ? {} : { phrase_list: [...phrases, '[unk]'] }),
        ...(alternatives <= 1 ? {} : { max_alternatives: alternatives }),
      },
    });
  }

  encode(samples: Int16Array): Buffer {
    this.#unanswered += 1;
    return s16le(samples);
  }

  receive(message: string, isClosingSent: boolean): Over {
    const answer = jsonObject(message);
    const answersTheEnd = this.#unanswered === 0;
    if (answersTheEnd && !isClosingSent) throw new NotTheProtocol('it answers what was not sent');
    this.#unanswered -= 1;
    if ('partial' in answer && !answersTheEnd) {
      this.#partial = textOf(answer, 'partial');
      return 'no';
    }
    this.#segments.push(segmentOf(answer));
    this.#partial = '';
    return answersTheEnd ? 'yes' : 'no';
  }

  isCompleteAtClose(): boolean {
    return false;
  }

  text(): string {
    return spokenText([...this.#segments.map((segment) => segment[0]?.text ?? ''), this.#partial].join(' '));
  }

  transcripts(): readonly Transcript[] {
    const spoken = this.#segments.filter((segment) => spokenText(segment[0]?.text ?? '') !== '');
    const [only, ...others] = spoken;
    // Other ways to understand a part are not offered where the whole has several parts: which belong together is not told.
    if (only !== undefined && others.length === 0) return only.map(({ text, words }) => transcript(text, words));
    return [transcript(this.text(), spoken.flatMap((segment) => segment[0]?.words ?? []))];
  }
}

function segmentOf(answer: JsonObject): Segment {
  const { alternatives } = answer;
  if (alternatives === undefined) return [{ text: textOf(answer, 'text'), words: confidences(answer) }];
  if (!Array.isArray(alternatives)) throw new NotTheProtocol("'alternatives' is no list");
  // Their `confidence` is a logarithm of a likelihood, without bounds (NbestResult): nothing that could be compared with others.
  return alternatives.map((alternative) => ({ text: textOf(asObject(alternative, 'an alternative'), 'text'), words: [] }));
}

/** How sure it is of each word. */
function confidences({ result = [] }: JsonObject): readonly number[] {
  if (!Array.isArray(result)) throw new NotTheProtocol("'result' is no list");
  return result.map((word) => {
    const { conf } = asObject(word, 'a word');
    if (typeof conf !== 'number' || !(conf >= 0)) throw new NotTheProtocol("'conf' is no number");
    return Math.min(1, conf);
  });
}

function transcript(text: string, words: readonly number[]): Transcript {
  const spoken = spokenText(text);
  return words.length === 0 ? { text: spoken } : { text: spoken, confidence: words.reduce((sum, word) => sum + word) / words.length };
}
