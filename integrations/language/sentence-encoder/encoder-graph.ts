import { OnnxGraph } from './onnx-graph.ts';
import type { EncoderWeights, Matrix } from './weights.ts';

export const INPUT = 'words';
export const OUTPUT = 'sentence';
/** Numbers a word, and a sentence. */
export const WORD = 256;
export const SENTENCE = 512;

const LAYERS = [0, 1];
const HEADS = 4;
const EPSILON = 1e-6;
/** Weights are kept in seven bits: with eight, processors without VNNI overflow (onnxruntime.ai, "Quantize ONNX models", U8S8), and results would differ. */
const LARGEST = 63;
const AS_FLOAT = 1;

/**
 * The network of the Universal Sentence Encoder "lite" (Cer et al., "Universal Sentence Encoder", 2018): two layers of a transformer, each part
 * normalised before it, the mean of the words, and a dense layer. It takes word vectors with their places and gives a vector that is yet to be
 * brought to length 1. It multiplies bytes, which takes a third of the time of floats; the cosine to what floats give is above 0.99.
 */
export function encoderGraph({ find }: EncoderWeights): Buffer {
  const graph = new OnnxGraph();
  let words = INPUT;
  for (const layer of LAYERS) {
    const of = (name: string): Matrix => find(`Layer_${layer}/TransformerLayer/${name}`);
    const normal = (values: string, part: string): string => normalize(graph, values, of(`${part}layer_prepostprocess/layer_norm/layer_norm_scale/ConcatPartitions/concat`), of(`${part}layer_prepostprocess/layer_norm/layer_norm_bias/ConcatPartitions/concat`));
    const through = (values: string, name: string, kernel: string): string => dense(graph, values, of(`${name}/${kernel}`), of(`${name}/bias/ConcatPartitions/concat`));
    const asked = through(normal(words, ''), 'MultiheadAttention/qkv_transform_single', 'kernel/part_0');
    const heard = through(attend(graph, asked, layer === 0 ? WORD : SENTENCE), 'MultiheadAttention/output_transform_single', 'kernel/part_0');
    // The first layer makes words as wide as sentences.
    const beside = layer === 0 ? through(words, 'dense', 'kernel/ConcatPartitions/concat') : words;
    const attended = graph.one('Add', [beside, heard]);
    const inner = graph.one('Relu', [dense(graph, normal(attended, 'FFN/'), of('FFN/conv1/Tensordot/Reshape_1'), of('FFN/conv1/bias/ConcatPartitions/concat'))]);
    words = graph.one('Add', [attended, dense(graph, inner, of('FFN/conv2/Tensordot/Reshape_1'), of('FFN/conv2/bias/ConcatPartitions/concat'))]);
  }
  const mean = graph.one('ReduceMean', [words, graph.constant(BigInt64Array.of(1n))], { keepdims: 0 });
  const sentence = graph.one('Tanh', [dense(graph, mean, find('hidden_layers/tanh_layer_0/weights'), find('hidden_layers/tanh_layer_0/bias'))]);
  return graph.file({ name: INPUT, shape: [1, 'length', WORD] }, { name: OUTPUT, from: sentence, shape: [1, SENTENCE] });
}

function normalize(graph: OnnxGraph, values: string, scale: Matrix, bias: Matrix): string {
  return graph.one('LayerNormalization', [values, graph.constant(scale.data), graph.constant(bias.data)], { axis: -1, epsilon: { float: EPSILON } });
}

/** `values × kernel + bias`, in bytes: a scale for all values, as they come, and one for each column of the kernel. onnxruntime makes one step of these. */
function dense(graph: OnnxGraph, values: string, kernel: Matrix, bias: Matrix): string {
  const { quantized, scales } = quantize(kernel);
  const [bytes = '', scale = '', zero = ''] = graph.add('DynamicQuantizeLinear', [values], {}, 3);
  const product = graph.one('MatMulInteger', [bytes, graph.constant(quantized, [kernel.rows, kernel.columns]), zero, graph.constant(new Int8Array(kernel.columns))]);
  const scaled = graph.one('Mul', [graph.one('Cast', [product], { to: AS_FLOAT }), graph.one('Mul', [scale, graph.constant(scales)])]);
  return graph.one('Add', [scaled, graph.constant(bias.data)]);
}

/** Each word takes from those that concern it, by four heads; `asked`: what it asks, what it answers to and what it tells, side by side. */
function attend(graph: OnnxGraph, asked: string, width: number): string {
  const size = width / HEADS;
  const [queries = '', keys = '', values = ''] = graph.add('Split', [asked], { axis: -1, num_outputs: 3 }, 3);
  const byHeads = graph.constant(BigInt64Array.from([0, -1, HEADS, size], BigInt));
  const heads = (each: string, order: readonly number[]): string => graph.one('Transpose', [graph.one('Reshape', [each, byHeads])], { perm: order });
  const query = graph.one('Mul', [heads(queries, [0, 2, 1, 3]), graph.constant(Float32Array.of(size ** -0.5))]);
  const shares = graph.one('Softmax', [graph.one('MatMul', [query, heads(keys, [0, 2, 3, 1])])], { axis: -1 });
  const taken = graph.one('Transpose', [graph.one('MatMul', [shares, heads(values, [0, 2, 1, 3])])], { perm: [0, 2, 1, 3] });
  return graph.one('Reshape', [taken, graph.constant(BigInt64Array.from([0, -1, width], BigInt))]);
}

function quantize({ data, rows, columns }: Matrix): { readonly quantized: Int8Array; readonly scales: Float32Array } {
  const scales = new Float32Array(columns).fill(1e-9);
  data.forEach((weight, i) => (scales[i % columns] = Math.max(scales[i % columns]!, Math.abs(weight) / LARGEST)));
  const quantized = new Int8Array(rows * columns);
  data.forEach((weight, i) => (quantized[i] = Math.round(weight / scales[i % columns]!)));
  return { quantized, scales };
}
