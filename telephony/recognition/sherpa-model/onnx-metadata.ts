import { open, type FileHandle } from 'node:fs/promises';

/** Longer than any field that is read here; weights are stepped over. */
const MOST_BYTES = 65_536;
const LENGTH_DELIMITED = 2;
/** `metadata_props` of ModelProto, an entry each (onnx/onnx.proto). */
const METADATA = 14;

/**
 * What the maker of a model wrote beside it: sherpa-onnx tells types of models apart by it. Reads only that, however large the file is.
 * Rejects with an Error when it is no model in the ONNX format, or the file cannot be read.
 */
export async function onnxMetadata(path: string): Promise<ReadonlyMap<string, string>> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const entries = new Map<string, string>();
    for (let at = 0; at < size; ) {
      const head = await bytesAt(file, at, Math.min(20, size - at));
      const { field, bytes, length } = fieldAt(head, 0);
      if (at + bytes + length > size) throw new Error(`${path} is no ONNX model, or not all of it is there`);
      if (field === METADATA && length <= MOST_BYTES) {
        const { key, value } = entry(await bytesAt(file, at + bytes, length));
        entries.set(key, value);
      }
      at += bytes + length;
    }
    return entries;
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** A StringStringEntryProto: its first field is the key, its second the value. */
function entry(message: Buffer): { readonly key: string; readonly value: string } {
  const told = ['', ''];
  for (let at = 0; at < message.length; ) {
    const { field, bytes, length } = fieldAt(message, at);
    if (field === 1 || field === 2) told[field - 1] = message.toString('utf8', at + bytes, at + bytes + length);
    at += bytes + length;
  }
  const [key = '', value = ''] = told;
  return { key, value };
}

/** The number of a field, how many bytes its head takes, and how many what is in it. A number counts as part of the head. */
function fieldAt(message: Buffer, at: number): { readonly field: number; readonly bytes: number; readonly length: number } {
  const tag = varintAt(message, at);
  const wire = tag.value & 7;
  const value = wire === LENGTH_DELIMITED || wire === 0 ? varintAt(message, at + tag.bytes) : undefined;
  if (value === undefined || tag.value < 8) throw new Error('this is no ONNX model');
  return { field: Math.floor(tag.value / 8), bytes: tag.bytes + value.bytes, length: wire === LENGTH_DELIMITED ? value.value : 0 };
}

function varintAt(message: Buffer, at: number): { readonly value: number; readonly bytes: number } {
  let value = 0;
  for (let bytes = 0; bytes < 10; bytes += 1) {
    const byte = message[at + bytes];
    if (byte === undefined) break;
    value += (byte & 127) * 128 ** bytes;
    if (byte < 128) return { value, bytes: bytes + 1 };
  }
  throw new Error('this is no ONNX model');
}
