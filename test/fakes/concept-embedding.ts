import type { TextEmbedding } from '../../engine/ports/text-embedding.ts';

/** Words that mean alike, a dimension for each row. */
const CONCEPTS = ['lost missing gone stolen vanished', 'balance money left worth', 'agent human person somebody', 'card plastic', 'weather rain sun', 'send transfer wire move'].map((words) => words.split(' '));

/** A `TextEmbedding` that knows a few English words, and which of them mean alike. */
export class ConceptEmbedding implements TextEmbedding {
  readonly name: string = 'concepts';
  readonly dimensions = CONCEPTS.length;

  embed(text: string): Float32Array | undefined {
    const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
    const counts = CONCEPTS.map((concept) => words.filter((word) => concept.includes(word)).length);
    const length = Math.hypot(...counts);
    return length === 0 ? undefined : Float32Array.from(counts, (count) => count / length);
  }
}
