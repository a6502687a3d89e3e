import type { IdSource } from '../ports/id-source.ts';
import type { Vault } from '../verbs/verb-context.ts';

const PREFIX = 'secret:';

/** The secrets of one call. */
export class SecretVault implements Vault {
  readonly #ids: IdSource;
  readonly #secrets = new Map<string, string>();

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  put(secret: string): string {
    const handle = `${PREFIX}${this.#ids.next('s')}`;
    this.#secrets.set(handle, secret);
    return handle;
  }

  reveal(handle: string): string | undefined {
    return this.#secrets.get(handle);
  }

  isHandle(value: unknown): value is string {
    return typeof value === 'string' && value.startsWith(PREFIX);
  }

  clear(): void {
    this.#secrets.clear();
  }
}
