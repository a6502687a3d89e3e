import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** RFC 5280 §4.2.1.6: 2 is a name in the DNS, 7 an address. */
type AltName = { readonly type: 2; readonly value: string } | { readonly type: 7; readonly ip: string };
const HERE: readonly AltName[] = [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }];

/** A certificate of this machine that signs itself: hand it to the client as the authority. */
export async function certificate(commonName = 'localhost', altNames: readonly AltName[] = HERE): Promise<TestCertificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [...altNames] },
    ],
  });
  return { cert, key };
}

/** A folder with a certificate and its key, as an operator has them. */
export class CertificateFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'strowger-tls-'));
  readonly certFile = join(this.folder, 'cert.pem');
  readonly keyFile = join(this.folder, 'key.pem');
  #written = 0;

  write({ cert, key }: Partial<TestCertificate>): void {
    // File systems keep times of a millisecond, some of a second: each writing is later than the one before.
    this.#written += 1;
    const at = new Date(Date.now() + this.#written * 1_000);
    for (const [file, text] of [
      [this.certFile, cert],
      [this.keyFile, key],
    ] as const) {
      if (text === undefined) continue;
      writeFileSync(file, text, { mode: 0o600 });
      utimesSync(file, at, at);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
