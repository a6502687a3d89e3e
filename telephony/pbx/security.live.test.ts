import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificate, CertificateFiles } from '../../test/fakes/certificates.ts';
import { ScriptedCaller } from '../phones/scripted-caller.ts';
import { PrivateAsterisk } from './private-asterisk.ts';
import { ensurePrivateRoot } from './private-packages.ts';
import type { PrivateRoot } from './private-root.ts';

let root: PrivateRoot;
let pbx: PrivateAsterisk;
let caller: ScriptedCaller;
const files = new CertificateFiles();

beforeAll(async () => {
  root = await ensurePrivateRoot();
  files.write(await certificate());
  // The carrier is somewhere else; whoever calls from here is a stranger, whatever it says.
  pbx = await PrivateAsterisk.start({
    root,
    config: { hotlines: [{ number: '95588', flow: 'bank' }], agents: [{ id: '1001', password: 'pw-of-1001' }], trunks: [{ name: 'carrier', matches: ['192.0.2.1'] }] },
  });
  caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
}, 300_000);
afterAll(async () => {
  await caller.stop();
  await pbx.stop();
  files.remove();
});

async function statusOf(callerNumber: string): Promise<unknown> {
  const call = await caller.dial({ number: '95588', callerNumber });
  return call.answered.then(
    () => 'answered',
    (error: { fields?: { status?: unknown } }) => error.fields?.status,
  );
}

describe('a stranger', () => {
  it.each([
    ['under the name of the trunk', 'carrier'],
    ['under the number of an agent', '1001'],
    ['under a name that nobody has', '13800138000'],
  ])('does not get in %s, and cannot tell the three apart', async (_, name) => {
    expect(await statusOf(name)).toBe(401);
    expect(await pbx.channelCount()).toBe(0);
  });

  it('is written to the log that a firewall reads', async () => {
    for (let i = 0; i < 7; i += 1) await statusOf(`scanner${i}`);
    await expect.poll(() => readFileSync(join(pbx.dirs.log, 'security.log'), 'utf8')).toMatch(/SecurityEvent="(InvalidAccountID|ChallengeSent|ChallengeResponseFailed)"/);
  });
});

describe('the secure configuration', () => {
  it('is taken by Asterisk without a complaint: TLS for SIP and ARI, SRTP, and who may use ARI', async () => {
    const [sipPort = 0, ariPort = 0] = pbx.sparePorts;
    const secure = await PrivateAsterisk.start({
      root,
      config: {
        hotlines: [{ number: '95588', flow: 'bank' }],
        agents: [{ id: '1001', password: 'pw-of-1001' }],
        phones: { transport: 'tls', srtp: true },
        trunks: [{ name: 'carrier', matches: ['192.0.2.0/24'], transport: 'tls', srtp: true }],
        secure: { sip: { port: sipPort, ...files }, http: { port: ariPort, ...files }, ariPermit: ['127.0.0.0/8'] },
      },
    });
    try {
      expect(await secure.cli('pjsip show transports')).toMatch(/transport-tls\s+tls/);
      expect(await secure.cli('pjsip show endpoint carrier')).toMatch(/media_encryption\s+: sdes/);
      expect(await secure.cli('http show status')).toMatch(/HTTPS Server Enabled/);
      expect(secure.log).not.toMatch(/WARNING|ERROR/);
    } finally {
      await secure.stop();
    }
  }, 60_000);
});
