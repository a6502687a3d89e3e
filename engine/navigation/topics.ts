import type { Language } from '../domain/language.ts';
import type { TextEmbedding } from '../ports/text-embedding.ts';
import { featuresOf, type WordKnowledge } from './features.ts';
import { linearScores, quantized, type LinearWeights } from './linear-scores.ts';
import { trainSvms } from './linear-svm.ts';
import { shuffler } from './shuffle.ts';
import { toLengthOne, type SparseVector } from './sparse.ts';
import { isHan, tokensOf } from './text.ts';
import { Vocabulary } from './vocabulary.ts';

/** Something that callers of many hotlines say, and what they speak of then. */
export interface Saying {
  readonly text: string;
  readonly topic: string;
}

/** Its classes are the topics. */
export interface TopicsParts extends LinearWeights {
  readonly name: string;
  readonly language: Language;
  readonly topics: readonly string[];
  readonly vocabulary: Vocabulary;
}

/** A score that is higher by this makes a topic e times as strong: chosen among 0.25 to 0.7. To leave out what is weak costs points: the weak ones tell, too (docs/adr/0029). */
const TEMPERATURE = 0.5;
/** What one saying alone has is of no use for others: half of the features, none of the accuracy. */
const LEAST_TEXTS = 2;

/**
 * What is spoken of, as a vector: a number a topic, the likelier the larger. Two sentences that have no word in common are near each other when
 * both are of what callers say who speak of lost cards. In microseconds.
 */
export class Topics implements TextEmbedding {
  readonly parts: TopicsParts;
  readonly #knowledge: WordKnowledge;

  constructor(parts: TopicsParts, knowledge: WordKnowledge) {
    this.parts = parts;
    this.#knowledge = knowledge;
  }

  get name(): string {
    return this.parts.name;
  }

  get dimensions(): number {
    return this.parts.topics.length;
  }

  get dimensionNames(): readonly string[] {
    return this.parts.topics.map((topic) => `topic ${topic}`);
  }

  embed(text: string): Float32Array | undefined {
    const vector = this.#vectorOf(text);
    if (vector === undefined) return undefined;
    const scores = linearScores(this.parts, undefined, vector);
    const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    const strengths = new Float32Array(scores.length);
    for (let at = 0; at < scores.length; at += 1) strengths[at] = Math.exp((scores[at]! - best) / TEMPERATURE);
    return toLengthOne(strengths);
  }

  /** Which topic a text is of; undefined for one that is on the wrong side of every machine, and for what has no vector. */
  topicOf(text: string): string | undefined {
    const vector = this.#vectorOf(text);
    if (vector === undefined) return undefined;
    const scores = linearScores(this.parts, undefined, vector);
    const best = scores.reduce((most, score, at) => (score > scores[most]! ? at : most), 0);
    return scores[best]! > 0 ? this.parts.topics[best] : undefined;
  }

  /** Undefined for a text in another language, and for one without a known word. */
  #vectorOf(text: string): SparseVector | undefined {
    const { language, vocabulary } = this.parts;
    if (tokensOf(text).some(isHan) !== (language === 'zh-CN')) return undefined;
    const { vector } = vocabulary.vectorOf(featuresOf(text, this.#knowledge));
    return vector.at.length === 0 ? undefined : vector;
  }
}

/** Learns topics. `name`: of the embedding; the same sayings give the same, bit for bit. */
export function trainTopics({ name, language, sayings }: { readonly name: string; readonly language: Language; readonly sayings: readonly Saying[] }, knowledge: WordKnowledge): Topics {
  const topics = [...new Set(sayings.map(({ topic }) => topic))].sort();
  const said = sayings.map(({ text }) => featuresOf(text, knowledge));
  const vocabulary = Vocabulary.of(said, LEAST_TEXTS);
  const columns = trainSvms(
    { examples: said.map((features) => vocabulary.vectorOf(features).vector), features: vocabulary.size, labels: sayings.map(({ topic }) => topics.indexOf(topic)), classes: topics.length },
    shuffler(1),
  );
  return new Topics({ name, language, topics, vocabulary, ...quantized(columns, vocabulary.size) }, knowledge);
}
