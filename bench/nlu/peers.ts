import { featuresOf } from '../../engine/navigation/features.ts';
import type { SparseVector } from '../../engine/navigation/sparse.ts';
import { tokensOf } from '../../engine/navigation/text.ts';
import { Vocabulary } from '../../engine/navigation/vocabulary.ts';
import type { Example } from '../../engine/navigation/intent-trainer.ts';

/** Tells the intent of a text. */
export type Classify = (text: string) => string | undefined;

/** The intent of the most similar example, by TF-IDF and cosine: what one would write in an afternoon. */
export function nearestExample(examples: readonly Example[]): Classify {
  const features = examples.map(({ text }) => featuresOf(text));
  const vocabulary = Vocabulary.of(features);
  const vectors = features.map((text): SparseVector => vocabulary.vectorOf(text).vector);
  return (text) => {
    const { vector } = vocabulary.vectorOf(featuresOf(text));
    const query = new Float64Array(vocabulary.size);
    vector.at.forEach((feature, k) => (query[feature] = vector.values[k]!));
    let best = 0;
    let found: string | undefined;
    vectors.forEach((other, i) => {
      const similarity = dot(query, other);
      if (similarity <= best) return;
      best = similarity;
      found = examples[i]?.intent;
    });
    return found;
  };
}

function dot(query: Float64Array, { at, values }: SparseVector): number {
  return at.reduce((sum, feature, k) => sum + query[feature]! * values[k]!, 0);
}

/** Multinomial naive Bayes on words (Han characters), with one added to each count: what the common chatbot packages do. */
export function naiveBayes(examples: readonly Example[]): Classify {
  const counts = new Map<string, Map<string, number>>();
  const words = new Set<string>();
  for (const { text, intent } of examples) {
    const own = counts.get(intent) ?? new Map<string, number>();
    counts.set(intent, own);
    for (const token of tokensOf(text)) {
      words.add(token);
      own.set(token, (own.get(token) ?? 0) + 1);
    }
  }
  const classes = [...counts].map(([intent, own]) => {
    const total = [...own.values()].reduce((sum, count) => sum + count, 0) + words.size;
    const prior = Math.log(examples.filter((example) => example.intent === intent).length / examples.length);
    return { intent, own, total, prior };
  });
  return (text) => {
    const known = tokensOf(text).filter((token) => words.has(token));
    let best = -Infinity;
    let found: string | undefined;
    for (const { intent, own, total, prior } of classes) {
      const score = known.reduce((sum, token) => sum + Math.log(((own.get(token) ?? 0) + 1) / total), prior);
      if (score <= best) continue;
      best = score;
      found = intent;
    }
    return found;
  };
}
