/** A piece of words with the logarithm of its likelihood; `null` stands for minus infinity, which JSON has not. */
export type VocabularyEntry = readonly [piece: string, score: number | null];

const SPACE = '\u2581';
/** The first entries are marks (unknown, begin, end), which no text has. */
const MARKS = 6;
const UNKNOWN = 0;
/** How much less likely a character outside the vocabulary is than the rarest piece (`kUnkPenalty` of SentencePiece, unigram_model.cc). */
const UNKNOWN_PENALTY = 10;

/** What pieces that begin alike have in common: a letter a step. */
interface Step {
  readonly next: Map<number, Step>;
  /** The piece that ends here. */
  piece?: { readonly number: number; readonly score: number };
}

/**
 * Cuts texts into the pieces of a vocabulary so that they are likeliest together: Viterbi's search over a unigram model (Kudo, "Subword
 * Regularization", ACL 2018, §3.2), as SentencePiece does.
 */
export class Pieces {
  readonly #begin: Step = { next: new Map() };
  readonly #unknownScore: number;

  constructor(vocabulary: readonly VocabularyEntry[]) {
    let rarest = 0;
    vocabulary.forEach(([piece, score], number) => {
      if (number < MARKS || score === null) return;
      this.#stepOf(piece).piece = { number, score };
      rarest = Math.min(rarest, score);
    });
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
      const reach = (end: number, number: number, score: number): void => {
        if (best[begin]! + score <= best[end]!) return;
        best[end] = best[begin]! + score;
        from[end] = begin;
        piece[end] = number;
      };
      reach(begin + 1, UNKNOWN, this.#unknownScore);
      let step = this.#begin.next.get(symbols.charCodeAt(begin));
      for (let end = begin + 1; step !== undefined; end += 1) {
        if (step.piece !== undefined) reach(end, step.piece.number, step.piece.score);
        step = end < symbols.length ? step.next.get(symbols.charCodeAt(end)) : undefined;
      }
    }
    const numbers: number[] = [];
    for (let end = symbols.length; end > 0; end = from[end]!) {
      if (piece[end] !== UNKNOWN || numbers.at(-1) !== UNKNOWN) numbers.push(piece[end]!);
    }
    return numbers.reverse().slice(0, most);
  }

  #stepOf(piece: string): Step {
    let step = this.#begin;
    for (let at = 0; at < piece.length; at += 1) {
      const letter = piece.charCodeAt(at);
      const next = step.next.get(letter) ?? { next: new Map() };
      step.next.set(letter, next);
      step = next;
    }
    return step;
  }
}
