/**
 * Writes a network in ONNX's format, a protocol buffer (onnx.proto3 of onnx 1.16; https://protobuf.dev/programming-guides/encoding/): only what
 * the encoder needs. Field numbers are those of the messages ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto.
 */
const IR_VERSION = 9;
const OPERATORS = 18;
const TYPES = { float: 1, int8: 3, int64: 7 } as const;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

export type Attribute = number | readonly number[] | { readonly float: number };
type Data = Float32Array | Int8Array | BigInt64Array;

/** A network that grows a node at a time. Values are known by their names. */
export class OnnxGraph {
  readonly #nodes: Buffer[] = [];
  readonly #constants: Buffer[] = [];
  #values = 0;

  /** Adds a node; gives the names of its results. */
  add(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, results = 1): readonly string[] {
    const outputs = Array.from({ length: results }, () => this.#name());
    this.#node(operator, inputs, outputs, attributes);
    return outputs;
  }

  /** Adds a node with one result; gives its name. */
  one(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.#name();
    this.#node(operator, inputs, [output], attributes);
    return output;
  }

  /** Adds a constant; gives its name. */
  constant(data: Data, shape: readonly number[] = [data.length]): string {
    const name = this.#name();
    const type = data instanceof Float32Array ? TYPES.float : data instanceof Int8Array ? TYPES.int8 : TYPES.int64;
    const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push(message([...shape.map((size) => number(1, size)), number(2, type), text(8, name), bytes(9, raw)]));
    return name;
  }

  /** The file: `input` and `output` are floats of the shapes, in which a string is a size that is not fixed. */
  file(input: { readonly name: string; readonly shape: readonly (number | string)[] }, output: { readonly name: string; readonly from: string; readonly shape: readonly (number | string)[] }): Buffer {
    this.#node('Identity', [output.from], [output.name], {});
    const graph = message([
      ...this.#nodes.map((node) => bytes(1, node)),
      text(2, 'encoder'),
      ...this.#constants.map((constant) => bytes(5, constant)),
      bytes(11, valueInfo(input)),
      bytes(12, valueInfo(output)),
    ]);
    return message([number(1, IR_VERSION), bytes(7, graph), bytes(8, message([number(2, OPERATORS)]))]);
  }

  #node(operator: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, Attribute>>): void {
    this.#nodes.push(
      message([
        ...inputs.map((input) => text(1, input)),
        ...outputs.map((output) => text(2, output)),
        text(4, operator),
        ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ]),
    );
  }

  #name(): string {
    this.#values += 1;
    return `v${this.#values}`;
  }
}

function attribute(name: string, value: Attribute): Buffer {
  if (typeof value === 'number') return message([text(1, name), number(3, value), number(20, ATTRIBUTE.int)]);
  if ('float' in value) {
    const four = Buffer.alloc(4);
    four.writeFloatLE(value.float);
    return message([text(1, name), key(2, 5), four, number(20, ATTRIBUTE.float)]);
  }
  return message([text(1, name), ...value.map((each) => number(8, each)), number(20, ATTRIBUTE.ints)]);
}

function valueInfo({ name, shape }: { readonly name: string; readonly shape: readonly (number | string)[] }): Buffer {
  const sizes = message(shape.map((size) => bytes(1, typeof size === 'number' ? number(1, size) : text(2, size))));
  return message([text(1, name), bytes(2, bytes(1, message([number(1, TYPES.float), bytes(2, sizes)])))]);
}

const message = (fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const key = (field: number, wireType: number): Buffer => varint(field * 8 + wireType);
const number = (field: number, value: number): Buffer => Buffer.concat([key(field, 0), varint(value)]);
const bytes = (field: number, value: Buffer): Buffer => Buffer.concat([key(field, 2), varint(value.length), value]);
const text = (field: number, value: string): Buffer => bytes(field, Buffer.from(value));

/** Seven bits a byte, the lowest first; a negative number is one of 64 bits. */
function varint(value: number): Buffer {
  const parts: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    parts.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(parts);
}
