import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { TopicsParts } from '../../engine/navigation/topics.ts';
import { Vocabulary } from '../../engine/navigation/vocabulary.ts';

/** What is learnt once and kept. */
export type KeptTopics = Pick<TopicsParts, 'topics' | 'vocabulary' | 'weights' | 'scales'>;

const schema = z
  .object({ topics: z.array(z.string()), keys: z.array(z.string()), rarity: z.instanceof(Float32Array), weights: z.instanceof(Int8Array), scales: z.instanceof(Float32Array) })
  .refine(({ topics, keys, rarity, weights, scales }) => rarity.length === keys.length && scales.length === topics.length && weights.length === (keys.length + 1) * topics.length);

/** What `keepTopics` wrote; undefined when there is nothing, or nothing that can be read: then it is learnt again, which is all that a damaged file costs. */
export function readTopics(file: string): KeptTopics | undefined {
  if (!existsSync(file)) return undefined;
  let kept: unknown;
  try {
    kept = deserialize(readFileSync(file));
  } catch {
    return undefined;
  }
  const { data } = schema.safeParse(kept);
  return data && { topics: data.topics, vocabulary: new Vocabulary(data.keys, data.rarity), weights: data.weights, scales: data.scales };
}

/** Several processes may learn at once: what has its name is complete. Where nobody may write, or nothing fits, nothing is kept. */
export function keepTopics(file: string, { topics, vocabulary, weights, scales }: KeptTopics): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, serialize({ topics, keys: vocabulary.keys, rarity: vocabulary.weights, weights, scales }));
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
