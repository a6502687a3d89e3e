import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onnxMetadata } from './onnx-metadata.ts';
import { onnxFile, type Model } from './testing/onnx-file.ts';

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strowger-onnx-'));
  path = join(folder, 'model.onnx');
});
afterAll(() => rm(folder, { recursive: true }));

const model = (metadata: Readonly<Record<string, string>>, weights = 4): Model => ({
  inputs: [],
  outputs: [],
  nodes: [],
  constants: [{ name: 'weights', dims: [weights], values: Array<number>(weights).fill(1), type: 'float' }],
  metadata,
});

it('reads what stands behind the weights, of any length', async () => {
  const metadata = { model_type: 'zipformer2', T: '45', 说明: '流式', empty: '', long: 'x'.repeat(300) };
  for (const weights of [1, 100_000]) {
    await writeFile(path, onnxFile(model(metadata, weights)));
    expect(Object.fromEntries(await onnxMetadata(path))).toEqual(metadata);
  }
});

it('knows a model that is not all there', async () => {
  await writeFile(path, onnxFile(model({ model_type: 'zipformer2' }, 1_000)));
  await truncate(path, 2_000);
  await expect(onnxMetadata(path)).rejects.toThrow('not all of it');
});

it.each([['text', 'version https://git-lfs.github.com/spec/v1\n'], ['zeros', Buffer.alloc(100)], ['a number that does not end', Buffer.alloc(100, 0xff)]])('knows what is no model: %s', async (_what, bytes) => {
  await writeFile(path, bytes);
  await expect(onnxMetadata(path)).rejects.toThrow('no ONNX model');
});

it('ends, whatever it reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      await writeFile(path, bytes);
      await onnxMetadata(path).then(
        (entries) => expect(entries).toBeInstanceOf(Map),
        (error: unknown) => expect(error).toBeInstanceOf(Error),
      );
    }),
    { numRuns: 100 },
  );
});
