import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onnxFile, type Tensor } from './onnx-file.ts';

const MELS = 80;
const FRAMES = 8;
const FRAMES_OUT = 2;
/** Logarithm of the energy in a band from which there is a tone: silence has -16, a loud tone some 5. */
const LEAST_ENERGY = 0;

/**
 * Writes a real streaming transducer for sherpa-onnx into a folder (encoder, decoder, joiner, tokens.txt), the smallest that there can be:
 * nobody trained it, it hears tones. Each text is what a tone of its pitch (Hz) means; the same does not come twice in a row. It is of the
 * type `lstm`, whose states are two tensors (sherpa-onnx, csrc/online-lstm-transducer-model.cc).
 */
export async function writeToneModel(folder: string, textByHz: ReadonlyMap<number, string>, { epoch = 1 }: { readonly epoch?: number } = {}): Promise<void> {
  const texts = ['<blk>', ...textByHz.values()];
  const pitches = [...textByHz.keys()];
  const vocabulary = texts.length;
  const name = (part: string): string => join(folder, `${part}-epoch-${epoch}-avg-1.onnx`);

  // Each text is as likely as there is energy in the band of its tone; the blank is the others' measure.
  const weights = Array.from({ length: MELS * vocabulary }, (_, at) => (melBand(pitches[(at % vocabulary) - 1] ?? -1) === Math.floor(at / vocabulary) ? 1 : 0));
  const bias = texts.map((_, at) => (at === 0 ? 0 : -LEAST_ENERGY));
  const state = (which: string) => ({ name: which, dims: [1, 'N', 1], type: 'float' }) as const;
  await writeFile(
    name('encoder'),
    onnxFile({
      metadata: { model_type: 'lstm', num_encoder_layers: '1', T: `${FRAMES}`, decode_chunk_len: `${FRAMES}`, rnn_hidden_size: '1', d_model: '1' },
      inputs: [{ name: 'x', dims: ['N', FRAMES, MELS], type: 'float' }, state('h'), state('c')],
      outputs: [{ name: 'encoder_out', dims: ['N', FRAMES_OUT, vocabulary], type: 'float' }, state('next_h'), state('next_c')],
      constants: [
        floats('weights', [MELS, vocabulary], weights),
        floats('bias', [vocabulary], bias),
        ints('split', [-1, FRAMES_OUT, FRAMES / FRAMES_OUT, vocabulary]),
      ],
      nodes: [
        { type: 'MatMul', inputs: ['x', 'weights'], outputs: ['energies'] },
        { type: 'Add', inputs: ['energies', 'bias'], outputs: ['likely'] },
        { type: 'Reshape', inputs: ['likely', 'split'], outputs: ['apart'] },
        { type: 'ReduceMean', inputs: ['apart'], outputs: ['encoder_out'], ints: { axes: [2], keepdims: 0 } },
        { type: 'Identity', inputs: ['h'], outputs: ['next_h'] },
        { type: 'Identity', inputs: ['c'], outputs: ['next_c'] },
      ],
    }),
  );

  // What was said last is out of the question.
  const repeated = Array.from({ length: vocabulary ** 2 }, (_, at) => (at % vocabulary === Math.floor(at / vocabulary) && at !== 0 ? -1_000 : 0));
  await writeFile(
    name('decoder'),
    onnxFile({
      metadata: { vocab_size: `${vocabulary}`, context_size: '2' },
      inputs: [{ name: 'y', dims: ['N', 2], type: 'int64' }],
      outputs: [{ name: 'decoder_out', dims: ['N', vocabulary], type: 'float' }],
      constants: [floats('repeated', [vocabulary, vocabulary], repeated), { name: 'last', dims: [], values: [1], type: 'int64' }],
      nodes: [
        { type: 'Gather', inputs: ['y', 'last'], outputs: ['said'], ints: { axis: 1 } },
        { type: 'Gather', inputs: ['repeated', 'said'], outputs: ['decoder_out'], ints: { axis: 0 } },
      ],
    }),
  );
  await writeFile(
    name('joiner'),
    onnxFile({
      metadata: {},
      inputs: [
        { name: 'encoder_out', dims: ['N', vocabulary], type: 'float' },
        { name: 'decoder_out', dims: ['N', vocabulary], type: 'float' },
      ],
      outputs: [{ name: 'logit', dims: ['N', vocabulary], type: 'float' }],
      constants: [],
      nodes: [{ type: 'Add', inputs: ['encoder_out', 'decoder_out'], outputs: ['logit'] }],
    }),
  );
  await writeFile(join(folder, 'tokens.txt'), texts.map((text, at) => `${text} ${at}\n`).join(''));
}

function floats(name: string, dims: readonly number[], values: readonly number[]): Tensor {
  return { name, dims, values, type: 'float' };
}

function ints(name: string, values: readonly number[]): Tensor {
  return { name, dims: [values.length], values, type: 'int64' };
}

/** The band of sherpa-onnx's features that has the pitch in its middle: 80 triangles from 20 to 7600 Hz (csrc/features.h). */
function melBand(hz: number): number {
  if (hz < 0) return -1;
  const mel = (each: number): number => 1_127 * Math.log(1 + each / 700);
  return Math.round(((mel(hz) - mel(20)) * (MELS + 1)) / (mel(7_600) - mel(20))) - 1;
}
