import { describe, expect, it } from 'vitest';
import type { TextEmbedding } from '../../engine/ports/text-embedding.ts';

export interface EmbeddingSamples {
  /** Of each three the first two mean alike in other words, and the third means something else. */
  readonly alike: readonly (readonly [string, string, string])[];
  /** In a language that it does not know, or no words at all. */
  readonly unknown: readonly string[];
}

export const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** What the engine relies on in every `TextEmbedding`. */
export function textEmbeddingContract(name: string, open: () => TextEmbedding, { alike, unknown }: EmbeddingSamples): void {
  describe(`${name} as a TextEmbedding`, () => {
    const embedding = open();
    const vector = (text: string): Float32Array => {
      const found = embedding.embed(text);
      if (found === undefined) throw new Error(`no vector for "${text}"`);
      return found;
    };

    it('gives vectors of the length that it tells, of length 1', () => {
      for (const text of alike.flat()) {
        expect(vector(text)).toHaveLength(embedding.dimensions);
        expect(cosine(vector(text), vector(text))).toBeCloseTo(1, 4);
      }
    });

    it.each(alike)('puts "%s" nearer to "%s" than to "%s"', (text, other, else_) => {
      expect(cosine(vector(text), vector(other))).toBeGreaterThan(cosine(vector(text), vector(else_)) + 0.1);
    });

    it('gives the same vector each time, and in another instance', () => {
      const again = open();
      expect(again.name).toBe(embedding.name);
      for (const text of alike.flat()) expect(again.embed(text)).toEqual(vector(text));
      expect(vector(alike[0]?.[0] ?? '')).toEqual(vector(alike[0]?.[0] ?? ''));
    });

    it.each(unknown)('knows nothing of "%s"', (text) => expect(embedding.embed(text)).toBeUndefined());
  });
}
