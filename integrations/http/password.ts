import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { StrowgerError } from '../../engine/domain/errors.ts';

/** scrypt (RFC 7914) at 32 MiB and three rounds: what OWASP's Password Storage Cheat Sheet puts beside 128 MiB and one, for servers that have other things in memory. */
const COST = { logN: 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** A hash from elsewhere may cost more, but not so much that checking it stops a server. */
const MOST_LOG_N = 17;
const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Longer than any password, and no work for whoever sends a megabyte. */
const LONGEST_PASSWORD = 256;

interface Parts {
  readonly cost: { readonly logN: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** `$scrypt$ln=15,r=8,p=3$salt$key`, base64 without padding: the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, { cost: COST, salt, key: Buffer.alloc(KEY_BYTES) });
  return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(key)}`;
}

/** Throws `config.invalid` for a text that is no hash of `hashPassword`'s form. */
export function checkPasswordHash(hash: string, whose: string): void {
  if (parse(hash) === undefined) {
    throw new StrowgerError('config.invalid', `The password hash of ${whose} is none.`, { fields: { user: whose }, hint: 'Make it with `./strowger password`.' });
  }
}

/** A hash that no password has, to be checked for users that there are not: the time of the answer must not tell who there is. */
export const NOBODYS_HASH = `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${unpadded(Buffer.alloc(SALT_BYTES))}$${unpadded(Buffer.alloc(KEY_BYTES))}`;

/** Takes some 0.2 s of another thread. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const parts = parse(hash);
  if (parts === undefined || password.length > LONGEST_PASSWORD) return false;
  return timingSafeEqual(await derive(password, parts), parts.key);
}

function parse(hash: string): Parts | undefined {
  const [, logN, r, p, salt = '', key = ''] = FORM.exec(hash) ?? [];
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  if (logN === undefined || cost.logN < 10 || cost.logN > MOST_LOG_N || cost.r < 1 || cost.r > 16 || cost.p < 1 || cost.p > 16) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64') };
}

function derive(password: string, { cost: { logN, r, p }, salt, key }: Parts): Promise<Buffer> {
  const [N, maxmem] = [2 ** logN, 256 * r * 2 ** logN];
  return new Promise((resolve, reject) => {
    // Two ways to type the same letter are the same password (RFC 8265 §4.2.2).
    scrypt(password.normalize('NFC'), salt, key.length, { N, r, p, maxmem }, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
