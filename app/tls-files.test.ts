import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../engine/ports/logger.ts';
import { fakeAcd } from '../integrations/http/acd.fixture.ts';
import type { ApiDeps } from '../integrations/http/api-deps.ts';
import { startApiServer, type ApiServer } from '../integrations/http/api-server.ts';
import { fakeCallbacks } from '../integrations/http/callback.fixture.ts';
import { certificate, CertificateFiles } from '../test/fakes/certificates.ts';
import { TlsFiles } from './tls-files.ts';

let files: CertificateFiles;
let tls: TlsFiles | undefined;
let server: ApiServer | undefined;
beforeEach(() => {
  files = new CertificateFiles();
});
afterEach(async () => {
  await server?.close();
  tls?.close();
  [server, tls] = [undefined, undefined];
  files.remove();
});

/** Health is all that is asked for. */
const deps = { acd: fakeAcd(), callbacks: fakeCallbacks() } as ApiDeps;
const open = (): TlsFiles => (tls = new TlsFiles({ ...files, log: silentLogger }));

/** The name in the certificate of the server, and the status of a request. */
function ask(port: number, ca: string, options: { readonly maxVersion?: 'TLSv1.1' } = {}): Promise<{ readonly status: number | undefined; readonly name: unknown; readonly hsts: unknown }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/healthz', ca, agent: false, ...options, ...(options.maxVersion === undefined ? {} : { minVersion: 'TLSv1' as const }) }, (response) => {
      const name = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      response.resume();
      resolve({ status: response.statusCode, name, hsts: response.headers['strict-transport-security'] });
    })
      .on('error', reject)
      .end();
  });
}

describe('certificates from files', () => {
  it('serve the API over TLS, and a renewed one takes over without a restart', async () => {
    const [first, second] = [await certificate('first'), await certificate('second')];
    files.write(first);
    server = await startApiServer({ deps, logger: silentLogger, port: 0, tls: open() });
    expect(server.url).toMatch(/^https:/);
    expect(await ask(server.port, first.cert)).toMatchObject({ status: 200, name: 'first', hsts: expect.stringContaining('max-age') as string });
    await expect(ask(server.port, second.cert)).rejects.toThrow();
    expect(tls?.look()).toBe(false);
    files.write(second);
    expect(tls?.look()).toBe(true);
    expect(await ask(server.port, second.cert)).toMatchObject({ status: 200, name: 'second' });
  });

  it('refuse old versions of TLS', async () => {
    const one = await certificate();
    files.write(one);
    server = await startApiServer({ deps, logger: silentLogger, port: 0, tls: open() });
    await expect(ask(server.port, one.cert, { maxVersion: 'TLSv1.1' })).rejects.toThrow();
  });

  it('stay as they were while the new pair does not fit, and are tried again', async () => {
    const [first, second] = [await certificate('first'), await certificate('second')];
    files.write(first);
    open();
    files.write({ cert: second.cert });
    expect([tls?.look(), tls?.current.cert]).toEqual([false, first.cert]);
    files.write({ key: second.key });
    expect([tls?.look(), tls?.current.cert]).toEqual([true, second.cert]);
    files.write({ cert: 'nonsense' });
    expect([tls?.look(), tls?.current.cert]).toEqual([false, second.cert]);
  });

  it('are missed by name', async () => {
    expect(open).toThrowError(expect.objectContaining({ code: 'config.secret' }));
    files.write({ cert: 'nonsense', key: 'nonsense' });
    expect(open).toThrowError(expect.objectContaining({ code: 'config.secret' }));
  });
});
