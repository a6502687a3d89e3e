import type { WordKnowledge } from '../../engine/navigation/features.ts';
import type { Hearing } from '../../engine/navigation/intent-model.ts';
import { isHan, tokensOf } from '../../engine/navigation/text.ts';
import type { TextEmbedding } from '../../engine/ports/text-embedding.ts';
import { SentenceEncoder } from '../../integrations/language/sentence-encoder/sentence-encoder.ts';
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

/** What examples are best read with: pinyin where some are Chinese, and the thesaurus where most of these speak of what it knows; where some are English the sentence encoder, unless it is not wanted. */
export function hearingFor(texts: readonly string[], isEncoderWanted = true): Hearing {
  const embedding = isEncoderWanted && wantsEncoder(texts) ? sentenceEncoder() : undefined;
  return { ...chineseFor(texts.filter((text) => tokensOf(text).some(isHan))), ...(embedding === undefined ? {} : { embedding }) };
}

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
