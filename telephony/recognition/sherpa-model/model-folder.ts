import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StrowgerError } from '../../../engine/domain/errors.ts';
import { onnxMetadata } from './onnx-metadata.ts';

/** How hot words are spelled in the tokens of a model, as sherpa-onnx calls it. */
export type ModelingUnit = 'cjkchar' | 'bpe' | 'cjkchar+bpe';

/** The files of a streaming model, by the names that sherpa-onnx's configuration has for them. */
export interface ModelFiles {
  readonly kind: 'transducer' | 'paraformer' | 'zipformer2Ctc' | 'nemoCtc' | 'toneCtc';
  readonly files: Readonly<Record<string, string>>;
  readonly tokens: string;
  /** Absent when hot words cannot be spelled: `bpe.vocab` is missing, or there are neither characters nor pieces of words. */
  readonly modelingUnit?: ModelingUnit;
  readonly bpeVocab?: string;
  /** Whether its tokens have no small letters: then hot words must have none. */
  readonly isUpperCase: boolean;
}

type Part = 'encoder' | 'decoder' | 'joiner' | 'model';

/**
 * Finds the files of a streaming model as sherpa-onnx's releases name them: `encoder…`, `decoder…` and `joiner…` of a transducer, the first
 * two of a paraformer, one other file of a CTC model; `tokens.txt` beside them. Encoder and joiner are taken as int8 where there are both, as
 * in sherpa-onnx's own examples: they are where the time goes. Of several variants (`chunk-16-left-64`, `-128`) the one with the highest
 * numbers. Rejects with `speech.model`.
 */
export async function findModel(folder: string): Promise<ModelFiles> {
  try {
    const names = await readdir(folder);
    if (!names.includes('tokens.txt')) throw new Error('there is no tokens.txt');
    const found = await findFiles(folder, names);
    const tokens = join(folder, 'tokens.txt');
    return { ...found, tokens, ...spelling(await readFile(tokens, 'utf8'), names.includes('bpe.vocab') ? join(folder, 'bpe.vocab') : undefined) };
  } catch (error) {
    throw new StrowgerError('speech.model', `There is no streaming model of sherpa-onnx in ${folder}: ${messageOf(error)}.`, { cause: error, fields: { folder } });
  }
}

async function findFiles(folder: string, names: readonly string[]): Promise<Pick<ModelFiles, 'kind' | 'files'>> {
  const models = names.filter((name) => name.endsWith('.onnx'));
  const [variant] = [...new Set(models.flatMap((name) => variantOf(name, 'encoder')))].sort(byNumbers).reverse();
  if (variant !== undefined) {
    const part = (which: Part, preferInt8: boolean): string | undefined => fileOf(models, which, variant, preferInt8);
    const encoder = part('encoder', true);
    const decoder = part('decoder', false);
    const joiner = part('joiner', true);
    if (encoder === undefined || decoder === undefined) throw new Error(`there is an encoder and no decoder${variant}.onnx`);
    if (joiner === undefined) return { kind: 'paraformer', files: { encoder: join(folder, encoder), decoder: join(folder, decoder) } };
    return { kind: 'transducer', files: { encoder: join(folder, encoder), decoder: join(folder, decoder), joiner: join(folder, joiner) } };
  }
  const [single] = [...models].sort(byNumbers).sort((one, other) => Number(isInt8(one)) - Number(isInt8(other))).reverse();
  if (single === undefined) throw new Error('there is no file *.onnx');
  const model = join(folder, single);
  return { kind: ctcKind(await onnxMetadata(model), single), files: { model } };
}

/** What stands behind the name of the part: `-epoch-99-avg-1-chunk-16-left-128`. */
function variantOf(name: string, part: Part): string[] {
  return name.startsWith(part) ? [name.slice(part.length).replace(/(\.int8)?\.onnx$/, '')] : [];
}

function fileOf(models: readonly string[], part: Part, variant: string, preferInt8: boolean): string | undefined {
  const fitting = models.filter((name) => variantOf(name, part)[0] === variant);
  return fitting.find((name) => isInt8(name) === preferInt8) ?? fitting[0];
}

function isInt8(name: string): boolean {
  return name.endsWith('.int8.onnx');
}

function byNumbers(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

// What sherpa-onnx reads of each (csrc/online-zipformer2-ctc-model.cc, online-nemo-ctc-model.cc, online-t-one-ctc-model.cc). Its package for
// Node does not offer WeNet's.
function ctcKind(metadata: ReadonlyMap<string, string>, name: string): ModelFiles['kind'] {
  if (metadata.has('encoder_dims') && metadata.has('decode_chunk_len')) return 'zipformer2Ctc';
  if (metadata.has('cache_last_channel_dim1') && metadata.has('chunk_shift')) return 'nemoCtc';
  if (metadata.get('model_type') === 't-one') return 'toneCtc';
  throw new Error(`${name} is of a type that is not known, or does not stream (model_type: ${metadata.get('model_type') ?? 'not told'})`);
}

function spelling(tokens: string, bpeVocab: string | undefined): Pick<ModelFiles, 'modelingUnit' | 'bpeVocab' | 'isUpperCase'> {
  const symbols = tokens.split('\n').map((line) => line.trim().split(/\s+/)[0] ?? '');
  const hasCharacters = symbols.some((symbol) => /^\p{Script=Han}$/u.test(symbol));
  const isUpperCase = symbols.every((symbol) => symbol.startsWith('<') || !/\p{Ll}/u.test(symbol));
  if (bpeVocab !== undefined) return { modelingUnit: hasCharacters ? 'cjkchar+bpe' : 'bpe', bpeVocab, isUpperCase };
  return hasCharacters ? { modelingUnit: 'cjkchar', isUpperCase } : { isUpperCase };
}
