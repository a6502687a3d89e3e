import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import { certificate, CertificateFiles } from '../fakes/certificates.ts';
import { expectEmptySwitch } from './empty-switch.ts';
import { AGENT_HZ, CALLER_HZ, freePort, HotlineRig } from './hotline-rig.ts';

// Of two networks: an Asterisk knows by the address who calls.
const CUSTOMERS = '127.0.0.2';
const FAR_END = '127.0.0.1';
const PHONE = { id: '1002', password: 'live-phone-1002' };
const TLS_AND_SRTP = { transport: 'tls', srtp: true } as const;

const files = new CertificateFiles();
let rig: HotlineRig;
/** The carrier and the agent's telephone in one: what it hears from us, and says to us, is encrypted. */
let farEnd: PrivateAsterisk;
let customers: ScriptedCaller;
let earpiece: ScriptedAgentPhone;

beforeAll(async () => {
  files.write(await certificate());
  const [sipPort, farPort, ariPort, farAriPort] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const secure = (sip: number, http: number) => ({ sip: { port: sip, ...files, caFile: files.certFile, requireCertificate: true }, http: { port: http, ...files }, ariPermit: ['127.0.0.0/8'] });
  rig = await HotlineRig.start([], {
    pbx: {
      agents: [PHONE],
      phones: TLS_AND_SRTP,
      trunks: [{ name: 'carrier', matches: [FAR_END], ...TLS_AND_SRTP }],
      secure: secure(sipPort, ariPort),
    },
    ariUrl: `https://localhost:${ariPort}`,
    environment: { NODE_EXTRA_CA_CERTS: files.certFile },
    settings: { agents: [{ id: PHONE.id, name: 'Li', endpoint: `PJSIP/${PHONE.id}`, skills: { 'lang.zh': 5, accounts: 5 }, queues: ['personal'], signedIn: true }] },
  });
  farEnd = await PrivateAsterisk.start({
    root: rig.root,
    config: {
      agents: [{ id: '2001', password: 'earpiece' }],
      trunks: [
        { name: 'customers', matches: [CUSTOMERS] },
        { name: 'bank', matches: [FAR_END], ...TLS_AND_SRTP, outbound: { host: FAR_END, port: sipPort }, registration: { username: PHONE.id, password: PHONE.password } },
      ],
      secure: secure(farPort, farAriPort),
      extraDialplan: ['[strowger-inbound](+)', 'exten => 95500,1,Dial(PJSIP/95500@bank)', 'exten => s,1,Dial(PJSIP/2001)'].join('\n'),
    },
  });
  const command = rig.root.command('sipp', []);
  customers = await ScriptedCaller.start({ command, server: farEnd.sip, host: CUSTOMERS });
  earpiece = await ScriptedAgentPhone.start({ command, server: farEnd.sip, user: '2001', password: 'earpiece', source: { kind: 'tone', hz: AGENT_HZ } });
}, 300_000);
afterAll(async () => {
  await Promise.all([customers.stop(), earpiece.stop()]);
  await farEnd.stop();
  await rig.stop();
  files.remove();
});
afterEach(async () => {
  await rig.cleanUp();
  await expectEmptySwitch(farEnd, 5_000);
});

async function ask<T>(path: string): Promise<T> {
  const { url, user, password } = rig.pbx.ari;
  const response = await fetch(`${url}/ari/${path}`, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** What Asterisk says of each channel: is its signalling, is its audio encrypted? */
async function encryption(): Promise<readonly string[][]> {
  const channels = await ask<readonly { readonly id: string }[]>('channels');
  return Promise.all(channels.map(({ id }) => Promise.all(['CHANNEL(pjsip,secure)', 'CHANNEL(rtp,secure)'].map(async (name) => (await ask<{ readonly value: string }>(`channels/${encodeURIComponent(id)}/variable?variable=${encodeURIComponent(name)}`)).value))));
}

it('a call over TLS and SRTP, to the hotline and on to an agent, is heard, and keys count, like one in the clear', async () => {
  await expect.poll(() => farEnd.cli('pjsip show registrations'), { timeout: 20_000 }).toContain(' Registered');
  const call = await customers.dial({ number: '95500', callerNumber: '13800138000' });
  try {
    await call.answered;
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    const agent = await earpiece.nextCall();
    await rig.engine.event('conversation.started');
    call.media.sendTone(CALLER_HZ);
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    expect(rig.heard(call, 'zh-CN')).toContain('welcome');
    expect(await encryption()).toEqual([
      ['1', '1'],
      ['1', '1'],
    ]);
  } finally {
    await call.hangUp();
  }
  expect((await rig.engine.event('call.ended'))['termination']).toMatchObject({ reason: 'served' });
}, 90_000);

it('whoever offers audio in the clear from the address of that trunk is refused: 488', async () => {
  const call = await rig.caller.dial({ number: '95500', callerNumber: '13800138000' });
  await expect(call.answered).rejects.toMatchObject({ fields: { status: 488 } });
});
