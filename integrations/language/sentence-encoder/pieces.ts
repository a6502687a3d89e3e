/** A piece of words with the logarithm of its likelihood; `null` stands for minus infinity, which JSON has not. */
export type VocabularyEntry = readonly [piece: string, score: number | null];

const SPACE = '\u2581';
/** The first entries are marks (unknown, begin, end), which no text has. */
const MARKS = 6;
const UNKNOWN = 0;
/** How much less likely a character outside the vocabulary is than the rarest piece (`kUnkPenalty` of SentencePiece, unigram_model.cc). */
const UNKNOWN_PENALTY = 10;

/**
 * Cuts texts into the pieces of a vocabulary so that they are likeliest together: Viterbi's search over a unigram model (Kudo, "Subword
 * Regularization", ACL 2018, §3.2), as SentencePiece does.
 */
export class Pieces {
  readonly #entries: ReadonlyMap<string, { readonly number: number; readonly score: number }>;
  readonly #longest: number;
  readonly #unknownScore: number;

  constructor(vocabulary: readonly VocabularyEntry[]) {
    const entries = new Map<string, { number: number; score: number }>();
    let [longest, rarest] = [1, 0];
    vocabulary.forEach(([piece, score], number) => {
      if (number < MARKS || score === null) return;
      entries.set(piece, { number, score });
      longest = Math.max(longest, piece.length);
      rarest = Math.min(rarest, score);
    });
    this.#entries = entries;
    this.#longest = longest;
    this.#unknownScore = rarest - UNKNOWN_PENALTY;
  }

  /** The numbers of the pieces, `most` at most. Unknown characters that follow each other are one piece. */
  numbersOf(text: string, most: number): number[] {
    const plain = text.normalize('NFKC').trim().replace(/\s+/g, SPACE);
    if (plain === '') return [];
    const symbols = SPACE + plain;
    const best = new Float64Array(symbols.length + 1).fill(-Infinity);
    const from = new Int32Array(symbols.length + 1);
    const piece = new Int32Array(symbols.length + 1);
    best[0] = 0;
    for (let begin = 0; begin < symbols.length; begin += 1) {
      for (let end = begin + 1; end <= Math.min(symbols.length, begin + this.#longest); end += 1) {
        const found = this.#entries.get(symbols.slice(begin, end));
        const score = found?.score ?? (end === begin + 1 ? this.#unknownScore : -Infinity);
        if (best[begin]! + score <= best[end]!) continue;
        best[end] = best[begin]! + score;
        from[end] = begin;
        piece[end] = found?.number ?? UNKNOWN;
      }
    }
    const numbers: number[] = [];
    for (let end = symbols.length; end > 0; end = from[end]!) {
      if (piece[end] !== UNKNOWN || numbers.at(-1) !== UNKNOWN) numbers.push(piece[end]!);
    }
    return numbers.reverse().slice(0, most);
  }
}
