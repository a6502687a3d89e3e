import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { StrowgerError } from '../../engine/domain/errors.ts';

export interface RecordingKey {
  /** Stands in each file that is encrypted under it. */
  readonly id: string;
  /** 32 bytes in base64 or hexadecimal. */
  readonly key: string;
}

/** A data key as it stands in a file. */
export interface WrappedKey {
  readonly keyId: string;
  /** Base64: nonce, encrypted key, tag. */
  readonly wrapped: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The keys that data keys are encrypted under: the first one from now on, the others for what was encrypted before it came. Throws
 * `recording.key-missing` for a key that is none.
 */
export class RecordingKeys {
  readonly #keys: ReadonlyMap<string, Buffer>;
  /** Under which new recordings are encrypted. */
  readonly current: string;

  constructor(keys: readonly RecordingKey[]) {
    const [first] = keys;
    if (first === undefined) throw new StrowgerError('recording.key-missing', 'There is no key for recordings.');
    this.current = first.id;
    this.#keys = new Map(keys.map(({ id, key }) => [id, bytesOf(id, key)]));
  }

  /** A new data key, and how it is written down. `bound`: what it is for; it can be unwrapped for nothing else. */
  make(bound: string): { readonly dataKey: Buffer; readonly wrapped: WrappedKey } {
    const dataKey = randomBytes(KEY_BYTES);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.current), nonce).setAAD(Buffer.from(bound));
    const sealed = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
    return { dataKey, wrapped: { keyId: this.current, wrapped: sealed.toString('base64') } };
  }

  /** Throws `recording.key-missing` and `recording.damaged`. */
  unwrap({ keyId, wrapped }: WrappedKey, bound: string): Buffer {
    const sealed = Buffer.from(wrapped, 'base64');
    const key = this.#key(keyId);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(bound)).setAuthTag(sealed.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new StrowgerError('recording.damaged', `The data key of ${bound} cannot be unwrapped with the key '${keyId}'.`, { fields: { keyId }, cause });
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key === undefined) throw new StrowgerError('recording.key-missing', `There is no key '${id}' among recording.keys.`, { fields: { keyId: id } });
    return key;
  }
}

function bytesOf(id: string, text: string): Buffer {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== KEY_BYTES) {
    throw new StrowgerError('recording.key-missing', `The key '${id}' of recording.keys has ${bytes.length} bytes, not ${KEY_BYTES}.`, { fields: { keyId: id } });
  }
  return bytes;
}
