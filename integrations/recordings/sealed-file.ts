import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { RecordingKeys, WrappedKey } from './recording-keys.ts';

/*
 * The file of a recording:
 *
 *   "STROWREC" 0x01        magic and version
 *   uint32 big-endian      length of the header
 *   header                 JSON, in the clear: ids, times, key id, wrapped data key. It tells nothing of who called or what was said.
 *   parts                  each 64 KiB of sound and a tag of 16 bytes; the last one is shorter, and may be empty
 *
 * Each part is encrypted with AES-256-GCM under a data key of this file's own. Its nonce is its number with a mark on the last one, and the
 * header's hash is authenticated with it: parts cannot be changed, left out, put in another order or taken from another file, and a file
 * that was cut is noticed (the construction STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, "Online authenticated-encryption and its
 * nonce-reuse misuse-resistance", 2015). No nonce is ever used twice, for no key is.
 */

const MAGIC = Buffer.from('STROWREC\u0001', 'latin1');
const PART_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const MOST_HEADER_BYTES = 1024 * 1024;

/** What stands in the clear. */
export type SealedHeader<Facts> = WrappedKey & { readonly facts: Facts };

/** Writes sound into an open file. Returns its length and the SHA-256 of what went in, in hexadecimal. */
export async function seal<Facts>(file: FileHandle, keys: RecordingKeys, id: string, facts: Facts, sound: AsyncIterable<Uint8Array>): Promise<{ readonly bytes: number; readonly sha256: string; readonly keyId: string }> {
  const { dataKey, wrapped } = keys.make(id);
  const header = Buffer.from(JSON.stringify({ ...wrapped, facts } satisfies SealedHeader<Facts>));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const opening = Buffer.concat([MAGIC, length, header]);
  await file.writeFile(opening);
  const bound = digest(opening);
  const hash = createHash('sha256');
  let bytes = 0;
  let number = 0;
  let waiting = Buffer.alloc(0);
  const write = async (part: Buffer, isLast: boolean): Promise<void> => {
    const cipher = createCipheriv('aes-256-gcm', dataKey, nonceOf(number, isLast)).setAAD(bound);
    await file.writeFile(Buffer.concat([cipher.update(part), cipher.final(), cipher.getAuthTag()]));
    number += 1;
  };
  for await (const some of sound) {
    hash.update(some);
    bytes += some.length;
    waiting = Buffer.concat([waiting, some]);
    // One part is always held back: the last one is marked.
    for (; waiting.length > PART_BYTES; waiting = waiting.subarray(PART_BYTES)) await write(waiting.subarray(0, PART_BYTES), false);
  }
  await write(waiting, true);
  return { bytes, sha256: hash.digest('hex'), keyId: wrapped.keyId };
}

/** Reads what stands in the clear. Throws `recording.damaged`. */
export async function readHeader<Facts>(file: FileHandle): Promise<{ readonly header: SealedHeader<Facts>; readonly opening: Buffer }> {
  const start = await readExactly(file, MAGIC.length + 4, 0);
  const headerBytes = start?.readUInt32BE(MAGIC.length) ?? Infinity;
  if (start === undefined || !start.subarray(0, MAGIC.length).equals(MAGIC) || headerBytes > MOST_HEADER_BYTES) throw damaged('it does not begin as one does');
  const text = await readExactly(file, headerBytes, start.length);
  if (text === undefined) throw damaged('it ends within its header');
  try {
    return { header: JSON.parse(text.toString()) as SealedHeader<Facts>, opening: Buffer.concat([start, text]) };
  } catch (cause) {
    throw damaged('its header cannot be read', cause);
  }
}

/** The sound of a sealed file, part by part; each was checked before it is handed out. Throws `recording.damaged` and `recording.key-missing`. */
export async function* unseal(file: FileHandle, keys: RecordingKeys, id: string): AsyncGenerator<Uint8Array> {
  const { header, opening } = await readHeader(file);
  const dataKey = keys.unwrap(header, id);
  const bound = digest(opening);
  const { size } = await file.stat();
  for (let at = opening.length, number = 0; ; number += 1) {
    const isLast = size - at <= PART_BYTES + TAG_BYTES;
    const part = await readExactly(file, isLast ? size - at : PART_BYTES + TAG_BYTES, at);
    if (part === undefined || part.length < TAG_BYTES) throw damaged('it ends too early');
    at += part.length;
    yield open(part, dataKey, number, isLast, bound);
    if (isLast) return;
  }
}

function open(part: Buffer, dataKey: Buffer, number: number, isLast: boolean, bound: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', dataKey, nonceOf(number, isLast)).setAAD(bound).setAuthTag(part.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(part.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw damaged(`its part ${number} is not as it was written, or it was cut`, cause);
  }
}

/** 96 bit: seven bytes of zero, a number of four, and a mark on the last part. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** Undefined when the file ends before. */
async function readExactly(file: FileHandle, length: number, position: number): Promise<Buffer | undefined> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return bytesRead === length ? buffer : undefined;
}

function damaged(how: string, cause?: unknown): StrowgerError {
  return new StrowgerError('recording.damaged', `The file is no whole recording: ${how}.`, cause === undefined ? {} : { cause });
}
