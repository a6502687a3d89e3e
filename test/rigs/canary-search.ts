import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A place that was searched, and what stands around the find there. */
export interface Find {
  readonly where: string;
  readonly around: string;
}

const AROUND = 24;

/**
 * Everything that a process left somewhere, searched for a secret of digits: as text, as UTF-16, in hexadecimal and in base64. A find that is only a part
 * of a longer number (a time, an id) is none; one that follows what was typed before it is.
 */
export class CanarySearch {
  readonly #places = new Map<string, Buffer>();

  add(where: string, content: string | Buffer | object): void {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    this.#places.set(where, bytes);
  }

  /** All files below a folder as they are on the disk, databases and their logs included. Sockets and the like are passed over. */
  addFolder(folder: string): void {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, name);
      const kind = statSync(file, { throwIfNoEntry: false });
      if (kind?.isFile() === true) this.add(file, readFileSync(file));
    }
  }

  get places(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** Where a text stands that is no secret: shows that a place is searched at all. */
  placesOf(text: string): readonly string[] {
    return [...this.#places].flatMap(([where, bytes]) => (bytes.includes(text) ? [where] : []));
  }

  /** `typedBefore`: digits that were typed right before the secret, as they would stand together in a buffer. */
  find(secret: string, typedBefore = ''): readonly Find[] {
    return [...this.#places].flatMap(([where, bytes]) => findIn(bytes, secret, typedBefore).map((around) => ({ where, around })));
  }
}

function findIn(bytes: Buffer, secret: string, typedBefore: string): readonly string[] {
  const text = bytes.toString('latin1');
  const alone = new RegExp(`(?<![0-9]|[0-9]\\.)${secret}(?![0-9]|\\.[0-9])`, 'g');
  const patterns = [alone, ...(typedBefore === '' ? [] : [new RegExp(`${typedBefore.slice(-4)}#?${secret}`, 'g')]), ...encodings(secret)];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(({ index }) => text.slice(Math.max(0, index - AROUND), index + AROUND * 2)));
}

/** Other ways to write it that nobody's eye would notice. */
function encodings(secret: string): readonly RegExp[] {
  const escaped = (bytes: string): string => bytes.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const hex = Buffer.from(secret).toString('hex');
  const wide = Buffer.from(secret, 'utf16le').toString('latin1');
  // Base64 of the secret at the three places that it may have among other bytes; the first and last letters depend on those.
  const base64 = [0, 1, 2].map((before) => Buffer.from(`${'x'.repeat(before)}${secret}`).toString('base64').replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -1));
  return [hex, ...base64].map((code) => new RegExp(escaped(code), 'g')).concat(new RegExp(escaped(wide), 'g'));
}
