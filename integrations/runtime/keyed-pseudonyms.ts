import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Pseudonyms } from '../../engine/ports/pseudonyms.ts';

const KEY_BYTES = 32;
/** 132 bits: no two texts meet. */
const LENGTH = 22;

/** Pseudonyms by HMAC-SHA-256 (RFC 2104). */
export function keyedPseudonyms(key: Buffer): Pseudonyms {
  return {
    // NUL: no kind and text run together into another pair.
    of: (kind, text) => createHmac('sha256', key).update(`${kind}\0${text}`).digest('base64url').slice(0, LENGTH),
  };
}

/**
 * The key in `file`, as 64 hexadecimal digits; a new one is made when there is none, readable for its owner only. With another key all counts
 * begin anew. Throws `config.secret`.
 */
export function readPseudonymKey(file: string): Buffer {
  const text = existing(file) ?? create(file);
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new StrowgerError('config.secret', `The key in ${file} is not ${KEY_BYTES * 2} hexadecimal digits.`, { fields: { file } });
  }
  return Buffer.from(text, 'hex');
}

function existing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(file, error);
  }
}

function create(file: string): string {
  const key = randomBytes(KEY_BYTES).toString('hex');
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(file, error);
  }
  return key;
}

function unusable(file: string, cause: unknown): StrowgerError {
  return new StrowgerError('config.secret', `The key in ${file} cannot be used: ${messageOf(cause)}`, { fields: { file }, cause });
}
