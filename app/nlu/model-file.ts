import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { IntentModel, type Hearing } from '../../engine/navigation/intent-model.ts';
import { Vocabulary } from '../../engine/navigation/vocabulary.ts';
import type { TextEmbedding } from '../../engine/ports/text-embedding.ts';
import { embeddingNamed } from './hearing.ts';
import { textMark } from './text-marks.ts';
import { bankWords } from '../../integrations/language/bank-words.ts';
import { pinyinPhonetics } from '../../integrations/language/pinyin.ts';

const FORMAT = 'strowger-intents-3';

const bytes = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const floats = bytes.transform((data) => new Float32Array(data.buffer, 0, data.byteLength / Float32Array.BYTES_PER_ELEMENT));
const schema = z.object({
  format: z.literal(FORMAT),
  phonetics: z.enum(['none', 'pinyin']),
  /** The name of the thesaurus that it learnt with; models of before learnt with none. */
  thesaurus: z.string().optional(),
  intents: z.array(z.string()).min(2),
  /** Features, one a line. */
  features: z.string(),
  rarity: floats,
  weights: bytes.transform((data) => new Int8Array(data.buffer)),
  scales: floats,
  temperature: z.number().positive(),
  scope: z.array(z.number()).length(3),
  /** Of models that learnt with an embedding. */
  meaning: z.object({ embedding: z.string(), weights: floats, centres: floats, scope: z.array(z.number()).length(4) }).optional(),
  /** What it learnt from, as marks of texts (text-marks.ts). Models of before have none. */
  learnt: bytes.transform((data) => new Uint32Array(data.buffer, 0, data.byteLength / Uint32Array.BYTES_PER_ELEMENT)).optional(),
});

/** Writes a model; returns its size in bytes. `hearing`: what it was trained with; `texts`: what it learnt from. */
export function saveModel(file: string, { parts }: IntentModel, { phonetics, thesaurus }: Hearing, texts: readonly string[] = []): number {
  const { intents, vocabulary, weights, scales, temperature, scope, meaning } = parts;
  const text = JSON.stringify({
    format: FORMAT,
    phonetics: phonetics === undefined ? 'none' : 'pinyin',
    ...(thesaurus === undefined ? {} : { thesaurus: thesaurus.name }),
    intents,
    features: vocabulary.keys.join('\n'),
    rarity: base64(vocabulary.weights),
    weights: base64(weights),
    scales: base64(scales),
    temperature,
    scope,
    ...(meaning === undefined ? {} : { meaning: { ...meaning, weights: base64(meaning.weights), centres: base64(meaning.centres) } }),
    learnt: base64(Uint32Array.from(texts, textMark)),
  });
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new StrowgerError('nlu.model', `The model cannot be written to ${file}.`, { cause, fields: { file } });
  }
  return Buffer.byteLength(text);
}

/** A model, and what it was made from. */
export interface KeptModel {
  readonly model: IntentModel;
  /** Whether it has learnt from this text; always false for models of before. */
  readonly hasLearnt: (text: string) => boolean;
}

/** Reads what `saveModel` wrote. Throws `nlu.model`, and `nlu.embedding` when the model learnt with an embedding that is not there. */
export function loadModel(file: string): KeptModel {
  let found: z.infer<typeof schema>;
  try {
    found = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new StrowgerError('nlu.model', `${file} is no model that this version can read.`, { cause, fields: { file } });
  }
  const { phonetics, thesaurus, intents, features, rarity, weights, scales, temperature, scope, meaning, learnt } = found;
  const keys = features.split('\n');
  const embedding = meaning === undefined ? undefined : openEmbedding(meaning.embedding, file);
  const fits =
    keys.length === rarity.length &&
    weights.length === (keys.length + 1) * intents.length &&
    scales.length === intents.length &&
    [meaning?.weights, meaning?.centres].every((each) => (each?.length ?? 0) === (embedding?.dimensions ?? 0) * intents.length);
  if (!fits) throw new StrowgerError('nlu.model', `${file} is damaged: its parts do not fit together.`, { fields: { file } });
  const parts = { intents, vocabulary: new Vocabulary(keys, rarity), weights, scales, temperature, scope, ...(meaning === undefined ? {} : { meaning }) };
  const marks = new Set(learnt);
  if (thesaurus !== undefined && thesaurus !== bankWords.name) throw new StrowgerError('nlu.model', `${file} learnt with the thesaurus ${thesaurus}; this version has ${bankWords.name}: train it anew.`, { fields: { file } });
  const hearing = { ...(phonetics === 'pinyin' ? { phonetics: pinyinPhonetics } : {}), ...(thesaurus === undefined ? {} : { thesaurus: bankWords }), ...(embedding === undefined ? {} : { embedding }) };
  return { model: new IntentModel(parts, hearing), hasLearnt: (text) => marks.has(textMark(text)) };
}

/** Throws `nlu.embedding` when the machine has not the one that the model learnt with. */
function openEmbedding(name: string, file: string): TextEmbedding {
  const embedding = embeddingNamed(name);
  if (embedding !== undefined) return embedding;
  throw new StrowgerError('nlu.embedding', `${file} learnt with ${name}, which this installation does not have: train it anew.`, { fields: { file, embedding: name } });
}

function base64({ buffer, byteOffset, byteLength }: Float32Array | Int8Array | Uint32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
