import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findModel } from './model-folder.ts';
import { onnxFile } from './testing/onnx-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strowger-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

const TOKENS = '<blk> 0\n<unk> 1\n▁HE 2\nLLO 3\n';

async function put(...names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), name === 'tokens.txt' ? TOKENS : '');
}

const within = (...names: readonly string[]): string[] => names.map((name) => join(folder, name));

it('takes encoder and joiner of a transducer as int8, the decoder not', async () => {
  await put(
    'encoder-epoch-99-avg-1.int8.onnx', 'encoder-epoch-99-avg-1.onnx', 'decoder-epoch-99-avg-1.int8.onnx', 'decoder-epoch-99-avg-1.onnx',
    'joiner-epoch-99-avg-1.int8.onnx', 'joiner-epoch-99-avg-1.onnx', 'tokens.txt', 'README.md',
  );
  const [encoder, decoder, joiner, tokens] = within('encoder-epoch-99-avg-1.int8.onnx', 'decoder-epoch-99-avg-1.onnx', 'joiner-epoch-99-avg-1.int8.onnx', 'tokens.txt');
  expect(await findModel(folder)).toEqual({ kind: 'transducer', files: { encoder, decoder, joiner }, tokens, isUpperCase: true });
});

it('takes what there is', async () => {
  await put('encoder.onnx', 'decoder.int8.onnx', 'joiner.onnx', 'tokens.txt');
  const [encoder, decoder, joiner] = within('encoder.onnx', 'decoder.int8.onnx', 'joiner.onnx');
  expect((await findModel(folder)).files).toEqual({ encoder, decoder, joiner });
});

it('takes one variant of several, the one with the highest numbers', async () => {
  for (const part of ['encoder', 'decoder', 'joiner']) await put(...[64, 128, 9].map((left) => `${part}-epoch-99-avg-1-chunk-16-left-${left}.onnx`));
  await put('tokens.txt');
  expect(Object.values((await findModel(folder)).files).every((file) => file.endsWith('-left-128.onnx'))).toBe(true);
});

it('knows a paraformer by the joiner that it has not', async () => {
  await put('encoder.int8.onnx', 'encoder.onnx', 'decoder.int8.onnx', 'decoder.onnx', 'tokens.txt');
  const [encoder, decoder] = within('encoder.int8.onnx', 'decoder.onnx');
  expect(await findModel(folder)).toMatchObject({ kind: 'paraformer', files: { encoder, decoder } });
});

it.each([
  ['zipformer2Ctc', { encoder_dims: '192,256', decode_chunk_len: '32', T: '45' }],
  ['nemoCtc', { model_type: 'EncDecHybridRNNTCTCBPEModel', chunk_shift: '56', cache_last_channel_dim1: '17' }],
  ['toneCtc', { model_type: 't-one', frame_length_ms: '300' }],
] as const)('tells CTC models apart by what stands in them: %s', async (kind, metadata) => {
  await put('tokens.txt');
  const bytes = onnxFile({ inputs: [], outputs: [], nodes: [], constants: [], metadata });
  await writeFile(join(folder, 'model.onnx'), bytes);
  await writeFile(join(folder, 'model.int8.onnx'), bytes);
  expect(await findModel(folder)).toMatchObject({ kind, files: { model: join(folder, 'model.int8.onnx') } });
});

it('finds out how hot words are spelled', async () => {
  await put('encoder.onnx', 'decoder.onnx', 'joiner.onnx');
  const tokens = (text: string): Promise<void> => writeFile(join(folder, 'tokens.txt'), text);
  await tokens('<blk> 0\n我 1\n要 2\n');
  expect(await findModel(folder)).toMatchObject({ modelingUnit: 'cjkchar' });
  await put('bpe.vocab');
  expect(await findModel(folder)).toMatchObject({ modelingUnit: 'cjkchar+bpe', bpeVocab: join(folder, 'bpe.vocab') });
  await tokens('<blk> 0\n▁he 1\nllo 2\n');
  expect(await findModel(folder)).toMatchObject({ modelingUnit: 'bpe', isUpperCase: false });
  await rm(join(folder, 'bpe.vocab'));
  expect(await findModel(folder)).not.toHaveProperty('modelingUnit');
});

it.each([
  ['nothing', [], 'no tokens.txt'],
  ['no model', ['tokens.txt'], 'no file *.onnx'],
  ['half a transducer', ['tokens.txt', 'encoder-1.onnx', 'decoder-2.onnx'], 'no decoder-1.onnx'],
  ['something else', ['tokens.txt', 'model.onnx'], 'does not stream'],
])('names what is missing: %s', async (_what, names, reason) => {
  await put(...names);
  await expect(findModel(folder)).rejects.toMatchObject({ code: 'speech.model', message: expect.stringContaining(reason) as string });
});

it('names a folder that there is not', async () => {
  await expect(findModel(join(folder, 'elsewhere'))).rejects.toMatchObject({ code: 'speech.model' });
});
