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

/** What examples are best read with: `CHINESE` where some are; where some are English the sentence encoder, unless it is not wanted. */
export function hearingFor(texts: readonly string[], isEncoderWanted = true): Hearing {
  const embedding = isEncoderWanted && wantsEncoder(texts) ? sentenceEncoder() : undefined;
  return { ...(texts.some((text) => tokensOf(text).some(isHan)) ? CHINESE : {}), ...(embedding === undefined ? {} : { embedding }) };
}

/** Whether enough of the texts are English. */
export function wantsEncoder(texts: readonly string[]): boolean {
  const english = texts.filter((text) => /\p{Script=Latin}/u.test(text) && !/\p{Script=Han}/u.test(text)).length;
  return english > 0 && english >= ENGLISH_SHARE * texts.length;
}
