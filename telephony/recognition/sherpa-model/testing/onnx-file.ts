// Writes small models in the ONNX format: protocol buffers as in onnx/onnx.proto of the ONNX project, of which only these fields are needed.

export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
  readonly type: 'float' | 'int64';
}

export interface Node {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly ints?: Readonly<Record<string, number | readonly number[]>>;
}

/** An input or output. A dimension that is a word may be of any size. */
export interface Value {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  readonly type: 'float' | 'int64';
}

export interface Model {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: readonly Tensor[];
  readonly nodes: readonly Node[];
  readonly metadata: Readonly<Record<string, string>>;
}

const ELEMENT = { float: 1, int64: 7 } as const;
const IR_VERSION = 8;
const OPSET = 13;

/** The bytes of a model file. */
export function onnxFile({ inputs, outputs, constants, nodes, metadata }: Model): Buffer {
  const graph = Buffer.concat([
    ...nodes.map((each) => message(1, node(each))),
    text(2, 'graph'),
    ...constants.map((each) => message(5, tensor(each))),
    ...inputs.map((each) => message(11, value(each))),
    ...outputs.map((each) => message(12, value(each))),
  ]);
  return Buffer.concat([
    number(1, IR_VERSION),
    message(7, graph),
    message(8, Buffer.concat([text(1, ''), number(2, OPSET)])),
    ...Object.entries(metadata).map(([key, told]) => message(14, Buffer.concat([text(1, key), text(2, told)]))),
  ]);
}

function node({ type, inputs, outputs, ints = {} }: Node): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...Object.entries(ints).map(([name, told]) =>
      message(5, typeof told === 'number' ? Buffer.concat([text(1, name), number(3, told), number(20, 2)]) : Buffer.concat([text(1, name), ...told.map((each) => number(8, each)), number(20, 7)])),
    ),
  ]);
}

function tensor({ name, dims, values, type }: Tensor): Buffer {
  const bytes = type === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, (each) => BigInt(each));
  return Buffer.concat([...dims.map((size) => number(1, size)), number(2, ELEMENT[type]), text(8, name), message(9, Buffer.from(bytes.buffer))]);
}

function value({ name, dims, type }: Value): Buffer {
  const shape = Buffer.concat(dims.map((size) => message(1, typeof size === 'number' ? number(1, size) : text(2, size))));
  return Buffer.concat([text(1, name), message(2, message(1, Buffer.concat([number(1, ELEMENT[type]), message(2, shape)])))]);
}

function number(field: number, told: number): Buffer {
  return Buffer.concat([varint(BigInt(field << 3)), varint(BigInt.asUintN(64, BigInt(told)))]);
}

function text(field: number, told: string): Buffer {
  return message(field, Buffer.from(told));
}

function message(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

function varint(told: bigint): Buffer {
  const bytes: number[] = [];
  let rest = told;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
