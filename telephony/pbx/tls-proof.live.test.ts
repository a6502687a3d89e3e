import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificate, CertificateFiles, type TestCertificate } from '../../test/fakes/certificates.ts';
import { PrivateAsterisk } from './private-asterisk.ts';
import { ensurePrivateRoot } from './private-packages.ts';

const HOST = '127.0.0.1';

/** The TLS port of a carrier. */
class Carrier {
  readonly #server: Server;
  /** All that was sent to it. */
  heard = '';
  /** Connections that came to it; how they end is another matter. */
  visits = 0;

  private constructor(shown: TestCertificate) {
    this.#server = createServer(shown, (socket) => socket.setEncoding('utf8').on('data', (text: string) => (this.heard += text)).on('error', () => undefined));
    this.#server.on('connection', () => (this.visits += 1));
  }

  static async start(shown: TestCertificate): Promise<Carrier> {
    const carrier = new Carrier(shown);
    carrier.#server.listen(0, HOST);
    await once(carrier.#server, 'listening');
    return carrier;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.close();
  }
}

const [own, authorities] = [new CertificateFiles(), new CertificateFiles()];
const shown: Record<'good' | 'ofAnother' | 'unknown', TestCertificate> = { good: { cert: '', key: '' }, ofAnother: { cert: '', key: '' }, unknown: { cert: '', key: '' } };
const carriers = new Map<string, Carrier>();
let pbx: PrivateAsterisk;
let sipPort: number;

beforeAll(async () => {
  const root = await ensurePrivateRoot();
  shown.good = await certificate();
  shown.ofAnother = await certificate('sip.example.com', [{ type: 2, value: 'sip.example.com' }]);
  shown.unknown = await certificate();
  own.write(shown.good);
  authorities.write({ cert: `${shown.good.cert}\n${shown.ofAnother.cert}` });
  for (const [name, one] of Object.entries(shown)) carriers.set(name, await Carrier.start(one));
  const free = await Carrier.start(shown.good);
  sipPort = free.port;
  free.stop();
  pbx = await PrivateAsterisk.start({
    root,
    config: {
      trunks: [...carriers].map(([name, { port }], at) => ({ name, matches: [`192.0.2.${at + 1}`], transport: 'tls', srtp: true, outbound: { host: HOST, port } })),
      secure: {
        sip: { port: sipPort, certFile: own.certFile, keyFile: own.keyFile, caFile: authorities.certFile, requireCertificate: true },
        http: { port: sipPort + 1, certFile: own.certFile, keyFile: own.keyFile },
        ariPermit: [HOST],
      },
    },
  });
}, 300_000);
afterAll(async () => {
  for (const carrier of carriers.values()) carrier.stop();
  await pbx.stop();
  for (const files of [own, authorities]) files.remove();
});

/** Calls `1` at a trunk, and returns when that call is over or has reached it. */
async function call(trunk: string): Promise<string> {
  const carrier = carriers.get(trunk);
  const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.password}`).toString('base64')}`;
  const answer = await fetch(`${pbx.ari.url}/ari/channels?endpoint=${encodeURIComponent(`PJSIP/1@${trunk}`)}&context=strowger-unknown&extension=1`, { method: 'POST', headers: { authorization } });
  expect(answer.status).toBe(200);
  await expect.poll(async () => carrier?.heard.includes('INVITE') === true || (await pbx.channelCount()) === 0, { timeout: 15_000 }).toBe(true);
  await fetch(`${pbx.ari.url}/ari/channels/${((await answer.json()) as { readonly id: string }).id}`, { method: 'DELETE', headers: { authorization } });
  expect(carrier?.visits).toBeGreaterThan(0);
  return carrier?.heard ?? '';
}

describe('a carrier that we call over TLS', () => {
  it('hears of the call when it proves its name', async () => expect(await call('good')).toContain(`INVITE sip:1@${HOST}`));
  it('hears nothing when it shows the certificate of another', async () => expect(await call('ofAnother')).toBe(''));
  it('hears nothing when nobody knows who signed its certificate', async () => expect(await call('unknown')).toBe(''));
});

/** Asks whether somebody is there; resolves with the answer, '' when the connection was closed without one. */
function ask(client: Partial<TestCertificate>): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: HOST, port: sipPort, ca: readFileSync(own.certFile), ...client }, () =>
      socket.write([`OPTIONS sip:x@${HOST} SIP/2.0`, `Via: SIP/2.0/TLS ${HOST}:9;branch=z9hG4bK1;rport`, 'Max-Forwards: 70', `From: <sip:y@${HOST}>;tag=1`, `To: <sip:x@${HOST}>`, 'Call-ID: 1', 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', ''].join('\r\n')),
    );
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      socket.end();
    });
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
}

describe('whoever comes over TLS', () => {
  it('is answered when these authorities know it', async () => expect(await ask(shown.good)).toMatch(/^SIP\/2\.0 /));
  it('is sent away without a certificate', async () => expect(await ask({})).toBe(''));
  it('is sent away with one that nobody knows', async () => expect(await ask(shown.unknown)).toBe(''));
});
