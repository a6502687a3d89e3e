import type { TextEmbedding } from '../ports/text-embedding.ts';
import { toLengthOne } from './sparse.ts';

/** Between the names of the parts. */
export const JOINT = '+';

/** Several embeddings side by side: a text has a vector when one of them knows its language; the numbers of the others are 0. */
export class JoinedEmbedding implements TextEmbedding {
  readonly name: string;
  readonly dimensions: number;
  readonly dimensionNames: readonly (string | undefined)[];
  readonly #parts: readonly TextEmbedding[];

  constructor(parts: readonly TextEmbedding[]) {
    this.#parts = parts;
    this.name = parts.map(({ name }) => name).join(JOINT);
    this.dimensions = parts.reduce((sum, { dimensions }) => sum + dimensions, 0);
    this.dimensionNames = parts.flatMap(({ dimensions, dimensionNames }) => Array.from({ length: dimensions }, (_, at) => dimensionNames?.[at]));
  }

  embed(text: string): Float32Array | undefined {
    const found = this.#parts.map((part) => part.embed(text));
    if (found.every((vector) => vector === undefined)) return undefined;
    const joined = new Float32Array(this.dimensions);
    let from = 0;
    found.forEach((vector, at) => {
      if (vector !== undefined) joined.set(vector, from);
      from += this.#parts[at]?.dimensions ?? 0;
    });
    return toLengthOne(joined);
  }
}
