import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf, StrowgerError } from '../engine/domain/errors.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { TlsMaterial, TlsSource } from '../integrations/http/tls-source.ts';

/** Programs that renew certificates do so weeks before they end: a minute more does not matter. */
const LOOK_EVERY_MS = 60_000;

export interface TlsFilesOptions {
  readonly certFile: string;
  readonly keyFile: string;
  readonly log: Logger;
  readonly lookEveryMs?: number;
}

/**
 * Key and certificates from files, read again when either has changed. A pair that does not fit (one of the two is written before
 * the other) is not taken: what was there goes on, and it is tried again at the next look. The constructor throws `config.secret`.
 */
export class TlsFiles implements TlsSource {
  readonly #o: TlsFilesOptions;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  readonly #timer: NodeJS.Timeout;
  #stamp: string;
  #material: TlsMaterial;

  constructor(options: TlsFilesOptions) {
    this.#o = options;
    this.#stamp = this.#stampNow();
    this.#material = this.#read();
    this.#timer = setInterval(() => this.look(), options.lookEveryMs ?? LOOK_EVERY_MS);
    this.#timer.unref();
  }

  get current(): TlsMaterial {
    return this.#material;
  }

  onRenewed(listener: (material: TlsMaterial) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks whether the files have changed, now. True when another pair is in use after it. */
  look(): boolean {
    const { log, certFile } = this.#o;
    let stamp: string;
    try {
      stamp = this.#stampNow();
      if (stamp === this.#stamp) return false;
      this.#material = this.#read();
    } catch (error) {
      log.warn({ certFile, error: messageOf(error) }, 'The certificate has changed, but cannot be used; the one before goes on');
      return false;
    }
    this.#stamp = stamp;
    for (const listener of this.#listeners) listener(this.#material);
    log.info({ certFile }, 'The certificate was renewed');
    return true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  #stampNow(): string {
    const { certFile, keyFile } = this.#o;
    try {
      return [certFile, keyFile].map((file) => statSync(file)).map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join('|');
    } catch (cause) {
      throw new StrowgerError('config.secret', `The certificate or its key cannot be read: ${messageOf(cause)}`, { fields: { certFile, keyFile }, cause });
    }
  }

  #read(): TlsMaterial {
    const { certFile, keyFile } = this.#o;
    try {
      const material = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
      createSecureContext(material);
      return material;
    } catch (cause) {
      throw new StrowgerError('config.secret', `Certificate ${certFile} and key ${keyFile} cannot be used: ${messageOf(cause)}`, { fields: { certFile, keyFile }, cause });
    }
  }
}

/** All certificates of the configuration; the same pair of files is one. */
export function certificateFiles(log: Logger): { of(files: Pick<TlsFilesOptions, 'certFile' | 'keyFile'> | undefined): TlsFiles | undefined; look(): void; close(): void } {
  const open = new Map<string, TlsFiles>();
  return {
    of: (files) => {
      if (files === undefined) return undefined;
      const name = `${files.certFile}\0${files.keyFile}`;
      const found = open.get(name) ?? new TlsFiles({ ...files, log });
      open.set(name, found);
      return found;
    },
    look: () => {
      for (const one of open.values()) one.look();
    },
    close: () => {
      for (const one of open.values()) one.close();
    },
  };
}
