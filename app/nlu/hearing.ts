import type { Intents } from '../../engine/domain/intent.ts';
import { LANGUAGES, type Language } from '../../engine/domain/language.ts';
import type { WordKnowledge } from '../../engine/navigation/features.ts';
import type { Hearing } from '../../engine/navigation/intent-model.ts';
import { JOINT, JoinedEmbedding } from '../../engine/navigation/joined-embedding.ts';
import { isHan, tokensOf } from '../../engine/navigation/text.ts';
import type { TextEmbedding } from '../../engine/ports/text-embedding.ts';
import { SentenceEncoder } from '../../integrations/language/sentence-encoder/sentence-encoder.ts';
import { bankShareOf, bankTopics, bankTopicsNamed, TOPICS } from './bank-topics.ts';
import { CHINESE } from './chinese.ts';

/** Of the texts so many must be English for the sentence encoder to be worth its time and memory. */
const ENGLISH_SHARE = 0.1;

let opened: { readonly encoder: TextEmbedding | undefined } | undefined;

/** The sentence encoder, opened when it is first asked for; undefined: its package is not installed. Throws `nlu.embedding`. */
export function sentenceEncoder(): TextEmbedding | undefined {
  opened ??= { encoder: SentenceEncoder.open() };
  return opened.encoder;
}

/** Of the Chinese texts so many must have words of the thesaurus: it is a bank's, and costs a point of accuracy elsewhere (SMP2019: 29 % of the texts). */
const THESAURUS_SHARE = 0.5;

/** Of the texts in a language so many must be of a topic of banks: of Banking77 29 % are and of zh_bank 57, of CLINC150 9 % and of SMP2019 2, where topics are of no use. */
const TOPICS_SHARE = 0.2;

/** What examples of these texts are best read with: pinyin where some are Chinese, the thesaurus where most of these speak of what it knows, the topics of banks in languages where some are of these; and where some are English the sentence encoder, if it is wanted. */
export function hearingFor(texts: readonly string[], isEncoderWanted: boolean): Hearing {
  const [chinese, others] = [texts.filter(hasHan), texts.filter((text) => !hasHan(text))];
  const topics = [bankTopicsFor('zh-CN', chinese), bankTopicsFor('en', others)];
  const embeddings = [isEncoderWanted && wantsEncoder(texts) ? sentenceEncoder() : undefined, ...topics].filter((each) => each !== undefined);
  return { ...chineseFor(chinese), ...(embeddings.length === 0 ? {} : { embedding: new JoinedEmbedding(embeddings) }) };
}

/** What a hotline hears its callers with: with the sentence encoder where a recogniser writes whatever was said, not where it knows the examples only. Throws `nlu.embedding`. */
export function hotlineHearing(intents: Intents, isFreeSpeechHeard: boolean): Hearing {
  return hearingFor(Object.values(intents).flatMap((examples) => LANGUAGES.flatMap((language) => examples[language] ?? [])), isFreeSpeechHeard);
}

/** The embedding of a name that `hearingFor` gave; undefined: this installation has not all of it. */
export function embeddingNamed(name: string): TextEmbedding | undefined {
  const parts = name.split(JOINT).map((part) => (part.startsWith(TOPICS) ? bankTopicsNamed(part) : sentenceEncoder()));
  const joined = new JoinedEmbedding(parts.filter((part) => part !== undefined));
  return joined.name === name ? joined : undefined;
}

function bankTopicsFor(language: Language, texts: readonly string[]): TextEmbedding | undefined {
  if (texts.length === 0) return undefined;
  const topics = bankTopics(language);
  return bankShareOf(texts, topics) >= TOPICS_SHARE ? topics : undefined;
}

const hasHan = (text: string): boolean => tokensOf(text).some(isHan);

function chineseFor(texts: readonly string[]): WordKnowledge {
  const { thesaurus, ...rest } = CHINESE;
  if (texts.length === 0) return {};
  const speaksOfIt = texts.filter((text) => (thesaurus?.conceptsOf(text).length ?? 0) > 0).length;
  return speaksOfIt >= THESAURUS_SHARE * texts.length ? CHINESE : rest;
}

/** Whether enough of the texts are English. */
export function wantsEncoder(texts: readonly string[]): boolean {
  const english = texts.filter((text) => /\p{Script=Latin}/u.test(text) && !/\p{Script=Han}/u.test(text)).length;
  return english > 0 && english >= ENGLISH_SHARE * texts.length;
}
