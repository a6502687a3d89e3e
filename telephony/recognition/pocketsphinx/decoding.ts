/** A stretch of an utterance. */
export interface Segment {
  /** A word of the grammar, or what is none: `<sil>`, `[NOISE]`, `++COUGH++`, `(NULL)`. */
  readonly word: string;
  readonly frames: number;
  /** How well it fits, as a logarithm in units of the model. */
  readonly score: number;
}

/** What pocketsphinx made of an utterance. */
export interface Decoding {
  /** Empty when the utterance does not fit the grammar. */
  readonly segments: readonly Segment[];
}

// A row of the backtrace: word, first and last frame (-1 for what takes no time), a share of 1, acoustic score, language score, lback.
const ROW = /^(\S+)\s+(-?\d+)\s+(-?\d+)\s+\S+\s+(-?\d+)\s+-?\d+\s+-?\d+\s*$/;
const HEAD = /^word\s+start\s+end\s+pprob\s+ascr/;
// Whatever stands for no speech in the dictionaries of models; our own names begin with a letter.
const NO_SPEECH = /^[<[+(]/;

/**
 * Reads a run of `pocketsphinx -backtrace yes -loglevel INFO … single -`. The JSON line on its standard output tells whether and what was
 * understood; the acoustic scores are in the backtrace of its log only. Throws an Error when it is something else.
 */
export function parseDecoding(stdout: string, log: string): Decoding {
  const words = wordsOf(stdout);
  const lines = log.split('\n');
  const head = lines.findLastIndex((line) => HEAD.test(line));
  const segments: Segment[] = [];
  for (const line of head < 0 ? [] : lines.slice(head + 1)) {
    const [, word, from, to, score] = ROW.exec(line) ?? [];
    if (word === undefined) break;
    segments.push({ word: word.replace(/\(\d+\)$/, ''), frames: Number(to) - Number(from) + 1, score: Number(score) });
  }
  const traced = spokenWords({ segments }).join(' ');
  if (words !== traced) throw new Error(`it understood '${words}' but traced '${traced}'`);
  return { segments };
}

/** The words of the grammar that were said. */
export function spokenWords({ segments }: Decoding): readonly string[] {
  return segments.filter(({ word }) => !NO_SPEECH.test(word)).map(({ word }) => word);
}

/** Frames (10 ms) that are speech. */
export function speechFrames({ segments }: Decoding): number {
  return segments.reduce((sum, { word, frames }) => sum + (NO_SPEECH.test(word) ? 0 : frames), 0);
}

/** Of the whole utterance. */
export function totalScore({ segments }: Decoding): number {
  return segments.reduce((sum, { score }) => sum + score, 0);
}

function wordsOf(stdout: string): string {
  const line = stdout.trim();
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw new Error(`it answered '${line.slice(0, 100)}', which is not one line of JSON`, { cause });
  }
  const text = typeof parsed === 'object' && parsed !== null && 't' in parsed ? parsed.t : undefined;
  if (typeof text !== 'string') throw new Error(`its answer '${line.slice(0, 100)}' has no text`);
  return text;
}
