import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';

import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import type { SippCommand } from './sipp-stack.ts';
import { type IncomingCall, ScriptedAgentPhone, type ScriptedAgentPhoneOptions } from './scripted-agent-phone.ts';
import { ScriptedCaller } from './scripted-caller.ts';
import { SippStack } from './sipp-stack.ts';
import { RawSipPeer } from './testing/raw-sip-peer.ts';

// What a real switch does seldom or in bad moments: the peer here is a bare socket, each message is the test's.

/** A busy machine takes its time. */
const eventually = <T>(get: () => T) => expect.poll(get, { timeout: 10_000 });

let command: SippCommand;
beforeAll(async () => {
  command = (await ensurePrivateRoot()).command('sipp', []);
}, 300_000);

async function openPeer(): Promise<RawSipPeer> {
  const peer = await RawSipPeer.open();
  onTestFinished(() => peer.close());
  return peer;
}

async function startPhone(options: Partial<ScriptedAgentPhoneOptions> = {}): Promise<{ peer: RawSipPeer; phone: ScriptedAgentPhone; port: number }> {
  const peer = await openPeer();
  const starting = ScriptedAgentPhone.start({ command, server: { host: '127.0.0.1', port: peer.port }, user: 'a', password: 'b', behaviour: { do: 'ring' }, ...options });
  const register = await peer.next('REGISTER');
  const port = Number(/:(\d+)>/.exec(register.header('Contact') ?? '')?.[1]);
  peer.respond(port, register, '200 OK');
  const phone = await starting;
  onTestFinished(() => phone.unplug());
  return { peer, phone, port };
}

/** The peer calls and is answered. */
async function talk(peer: RawSipPeer, phone: ScriptedAgentPhone, port: number, callId: string): Promise<{ call: IncomingCall; to: string }> {
  peer.request(port, 'INVITE', callId, 1, { sdpPort: 4000 });
  const call = await phone.nextCall();
  const answered = call.answer();
  const ok = await peer.next('SIP/2.0 200');
  const to = ok.header('To') ?? '';
  peer.request(port, 'ACK', callId, 1, { to });
  await answered;
  return { call, to };
}

async function startCaller(): Promise<{ peer: RawSipPeer; caller: ScriptedCaller; port: number }> {
  const peer = await openPeer();
  const caller = await ScriptedCaller.start({ command, server: { host: '127.0.0.1', port: peer.port } });
  onTestFinished(() => caller.stop());
  return { peer, caller, port: caller.stack.port };
}

describe('a phone that is called', () => {
  it('takes a re-INVITE and other requests of the dialog', async () => {
    const { peer, phone, port } = await startPhone();
    const { call, to } = await talk(peer, phone, port, 'reinvite');
    expect(call.media.remote).toEqual({ host: '127.0.0.1', port: 4000 });
    peer.request(port, 'INVITE', 'reinvite', 2, { to, sdpPort: 4002 });
    const ok = await peer.next('SIP/2.0 200');
    expect(ok.body).toContain(`m=audio ${call.media.port} `);
    peer.request(port, 'ACK', 'reinvite', 2, { to });
    await eventually(() => call.media.remote).toEqual({ host: '127.0.0.1', port: 4002 });
    for (const [i, method] of ['UPDATE', 'INFO', 'OPTIONS', 'NOTIFY', 'MESSAGE'].entries()) {
      peer.request(port, method, 'reinvite', 3 + i, { to });
      expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe(`${3 + i} ${method}`);
    }
    peer.request(port, 'BYE', 'reinvite', 20, { to });
    expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('20 BYE');
    expect(await call.ended).toMatchObject({ by: 'them', how: 'bye' });
  });

  it('holds the other side and takes it back, each by a re-INVITE of its own', async () => {
    const { peer, phone, port } = await startPhone();
    const { call, to } = await talk(peer, phone, port, 'hold');
    const cseqs: number[] = [];
    for (const [act, direction, answer] of [['hold', 'sendonly', 'recvonly'], ['unhold', 'sendrecv', 'sendrecv']] as const) {
      const done = call[act]();
      const invite = await peer.next('INVITE');
      expect(invite.startLine).toBe(`INVITE sip:peer@127.0.0.1:${peer.port} SIP/2.0`);
      expect(invite.header('From')).toBe(to);
      expect(invite.header('To')).toContain(';tag=peer');
      expect(invite.body).toMatch(new RegExp(`^o=- ${call.media.port} ${act === 'hold' ? 2 : 3} [^]*a=${direction}\r$`, 'm'));
      cseqs.push(Number.parseInt(invite.header('CSeq') ?? ''));
      peer.respond(port, invite, '100 Trying');
      // What else comes in the dialog meanwhile is answered.
      peer.request(port, 'OPTIONS', 'hold', act === 'hold' ? 2 : 3, { to });
      expect((await peer.next('SIP/2.0 200')).header('CSeq')).toContain('OPTIONS');
      peer.respond(port, invite, '200 OK', 4006, { direction: answer });
      const ack = await peer.next('ACK');
      expect(ack.header('CSeq')).toBe(`${cseqs.at(-1)} ACK`);
      expect(ack.header('Via')).not.toBe(invite.header('Via'));
      await done;
    }
    expect(cseqs[1]).toBe((cseqs[0] ?? 0) + 1);
    expect(call.media.remote?.port).toBe(4006);
    const end = call.hangUp();
    const bye = await peer.next('BYE');
    expect(bye.header('CSeq')).toBe(`${(cseqs[1] ?? 0) + 1} BYE`);
    peer.respond(port, bye, '200 OK');
    await end;
    await expect(call.hold()).rejects.toMatchObject({ code: 'phone.call-failed' });
  });

  it('is told that its hold was refused, and that the other side hung up meanwhile', async () => {
    const { peer, phone, port } = await startPhone();
    const { call, to } = await talk(peer, phone, port, 'refused');
    const refused = expect(call.hold()).rejects.toMatchObject({ code: 'phone.call-failed', message: expect.stringContaining('491') as string });
    const invite = await peer.next('INVITE');
    peer.respond(port, invite, '491 Request Pending');
    // The ACK of a refusal belongs to the transaction (RFC 3261 §17.1.1.3).
    expect((await peer.next('ACK')).header('Via')).toBe(invite.header('Via'));
    await refused;
    const crossed = expect(call.hold('inactive')).rejects.toMatchObject({ message: expect.stringContaining('the call ended') as string });
    expect((await peer.next('INVITE')).body).toContain('a=inactive');
    peer.request(port, 'BYE', 'refused', 9, { to });
    expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('9 BYE');
    await crossed;
    expect(await call.ended).toMatchObject({ by: 'them', how: 'bye' });
  });

  it('hangs up also while a re-INVITE is under way, at any moment', async () => {
    const { peer, phone, port } = await startPhone();
    for (let delayMs = 0; delayMs < 16; delayMs++) {
      const callId = `glare${delayMs}`;
      const { call, to } = await talk(peer, phone, port, callId);
      peer.request(port, 'INVITE', callId, 2, { to, sdpPort: 4002 });
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const end = call.hangUp();
      // Whichever of the two was first in sipp: the re-INVITE is answered before the BYE comes, or never.
      let bye = await peer.next('');
      if (bye.startLine.startsWith('SIP/2.0 200')) {
        expect(bye.header('CSeq')).toBe('2 INVITE');
        peer.request(port, 'ACK', callId, 2, { to });
        bye = await peer.next('BYE');
      }
      expect(bye.startLine).toMatch(/^BYE /);
      expect(bye.header('To')).toContain(';tag=peer');
      expect(bye.header('From')).toContain(/tag=[^;]+/.exec(to)?.[0]);
      peer.respond(port, bye, '200 OK');
      expect(await end).toMatchObject({ by: 'us', how: 'bye' });
    }
  });

  it('bears a BYE that crosses its own', async () => {
    const { peer, phone, port } = await startPhone();
    const { call, to } = await talk(peer, phone, port, 'crossing');
    const end = call.hangUp();
    const bye = await peer.next('BYE');
    peer.request(port, 'BYE', 'crossing', 2, { to });
    expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('2 BYE');
    peer.respond(port, bye, '481 Call/Transaction Does Not Exist');
    expect(await end).toMatchObject({ by: 'us', how: 'bye' });
  });

  it('ends in one way or the other when CANCEL and answer cross, at any moment', async () => {
    const { peer, phone, port } = await startPhone();
    const seen = new Set<string>();
    for (let delayMs = 0; delayMs < 16; delayMs++) {
      const callId = `cancel${delayMs}`;
      peer.request(port, 'INVITE', callId, 1, { sdpPort: 4000, branch: callId });
      const call = await phone.nextCall();
      void call.answer().catch(() => undefined);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      peer.request(port, 'CANCEL', callId, 1, { branch: callId });
      let final = await peer.next('SIP/2.0 ');
      while (final.startLine.startsWith('SIP/2.0 1') || final.header('CSeq') !== '1 INVITE') final = await peer.next('SIP/2.0 ');
      const to = final.header('To') ?? '';
      peer.request(port, 'ACK', callId, 1, { to });
      if (final.startLine.includes(' 200 ')) peer.request(port, 'BYE', callId, 2, { to });
      const { by, how } = await call.ended;
      expect(by).toBe('them');
      seen.add(how);
    }
    expect([...seen].sort()).toEqual(['bye', 'cancelled']);
  });

  it('hangs up also while its answer waits for the ACK, or for ever', async () => {
    const { peer, phone, port } = await startPhone();
    for (const callId of ['late-ack', 'no-ack']) {
      peer.request(port, 'INVITE', callId, 1, { sdpPort: 4000 });
      const call = await phone.nextCall();
      void call.answer().catch(() => undefined);
      const ok = await peer.next('SIP/2.0 200');
      const end = call.hangUp();
      if (callId === 'late-ack') {
        peer.request(port, 'ACK', callId, 1, { to: ok.header('To') ?? '' });
        peer.respond(port, await peer.next('BYE'), '200 OK');
        expect(await end).toMatchObject({ by: 'us', how: 'bye' });
      } else {
        expect(await end).toMatchObject({ by: 'us', how: 'failed' });
      }
    }
  });

  it('copies every Via, answers strangers, and knows no calls that it does not have', async () => {
    const { peer, phone, port } = await startPhone({ behaviour: { do: 'busy' } });
    const vias = ['SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-proxy', 'SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK-origin'];
    peer.request(port, 'INVITE', 'vias', 1, { sdpPort: 4000, vias });
    const busy = await peer.next('SIP/2.0 486');
    for (const via of vias) expect(busy.text).toContain(`Via: ${via}\r\n`);
    peer.request(port, 'ACK', 'vias', 1, { to: busy.header('To') ?? '' });
    expect(await (await phone.nextCall()).ended).toMatchObject({ by: 'us', how: 'rejected', status: 486 });
    peer.request(port, 'OPTIONS', 'ping', 1);
    expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('1 OPTIONS');
    peer.request(port, 'BYE', 'unknown', 1);
    expect((await peer.next('SIP/2.0 481')).header('CSeq')).toBe('1 BYE');
    peer.send(port, 'no SIP at all');
    peer.send(port, 'SIP/2.0 200 OK\r\nCall-ID: stray\r\nTo: x\r\nCSeq: 1 INVITE\r\n\r\n');
    peer.request(port, 'OPTIONS', 'ping2', 2);
    expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('2 OPTIONS');
  });

  it('takes A-law and another payload type for digits when that is what is offered', async () => {
    const { peer, phone, port } = await startPhone();
    const offer = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n';
    peer.send(
      port,
      `INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK-x\r\nFrom: <sip:x>;tag=1\r\nTo: <sip:a>\r\nCall-ID: alaw\r\nCSeq: 1 INVITE\r\n` +
        `Contact: <sip:peer@127.0.0.1:${peer.port}>\r\nContent-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`,
    );
    const call = await phone.nextCall();
    void call.answer().catch(() => undefined);
    expect((await peer.next('SIP/2.0 200')).body).toMatch(/m=audio \d+ RTP\/AVP 8 96\r\n/);
    peer.request(port, 'ACK', 'alaw', 1);
    await call.answered;
  });
});

describe('a phone that calls', () => {
  it('sends BYE when the answer crosses its CANCEL', async () => {
    const { peer, caller, port } = await startCaller();
    const call = await caller.dial({ number: '1', callerNumber: '2' });
    const invite = await peer.next('INVITE');
    peer.respond(port, invite, '100 Trying');
    peer.respond(port, invite, '180 Ringing');
    await eventually(() => call.progress).toEqual([180]);
    const end = call.hangUp();
    const cancel = await peer.next('CANCEL');
    expect(cancel.header('Via')).toBe(invite.header('Via'));
    peer.respond(port, invite, '200 OK', 4000);
    peer.respond(port, cancel, '200 OK');
    expect((await peer.next('ACK')).header('CSeq')).toBe('1 ACK');
    const bye = await peer.next('BYE');
    peer.respond(port, bye, '200 OK');
    expect(await end).toMatchObject({ by: 'us', how: 'cancelled' });
    await expect(call.answered).rejects.toMatchObject({ code: 'phone.call-failed' });
  });

  it('acknowledges an answer each time it comes', async () => {
    const { peer, caller, port } = await startCaller();
    const call = await caller.dial({ number: '1', callerNumber: '2' });
    const invite = await peer.next('INVITE');
    expect(invite.body).toContain(`m=audio ${call.media.port} RTP/AVP 0 101\r\n`);
    peer.respond(port, invite, '183 Session Progress', 4000);
    await eventually(() => call.media.remote?.port).toBe(4000);
    peer.respond(port, invite, '200 OK', 4002);
    await peer.next('ACK');
    peer.respond(port, invite, '200 OK', 4002);
    expect((await peer.next('ACK')).startLine).toBe(`ACK sip:peer@127.0.0.1:${peer.port} SIP/2.0`);
    await call.answered;
    expect(call.media.remote?.port).toBe(4002);
    const end = call.hangUp();
    peer.respond(port, await peer.next('BYE'), '200 OK');
    await end;
  });

  it('is told of a refusal with its reason', async () => {
    const { peer, caller, port } = await startCaller();
    const call = await caller.dial({ number: '1', callerNumber: '2', headers: ['X-A: 1', 'X-B: 2'] });
    const invite = await peer.next('INVITE');
    expect([invite.header('X-A'), invite.header('X-B')]).toEqual(['1', '2']);
    peer.respond(port, invite, '503 Service Unavailable');
    expect((await peer.next('ACK')).header('Via')).toBe(invite.header('Via'));
    expect(await call.ended).toMatchObject({ by: 'them', how: 'rejected', status: 503, phrase: 'Service Unavailable' });
  });

  it('comes to an end when its BYE is never answered', async () => {
    const { peer, caller, port } = await startCaller();
    const call = await caller.dial({ number: '1', callerNumber: '2' });
    peer.respond(port, await peer.next('INVITE'), '200 OK', 4000);
    await call.answered;
    expect(await call.hangUp()).toMatchObject({ by: 'us', how: 'failed' });
  });

  it('bears a BYE at any moment after the answer', async () => {
    const { peer, caller, port } = await startCaller();
    for (let delayMs = 0; delayMs < 10; delayMs++) {
      const call = await caller.dial({ number: '1', callerNumber: '2' });
      const invite = await peer.next('INVITE');
      peer.respond(port, invite, '200 OK', 4000);
      const ack = await peer.next('ACK');
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      peer.send(
        port,
        `BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${peer.port};branch=z9hG4bK-b${delayMs}\r\nFrom: ${ack.header('To')}\r\nTo: ${ack.header('From')}\r\n` +
          `Call-ID: ${call.id}\r\nCSeq: 7 BYE\r\nReason: Q.850;cause=31\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(await call.ended).toMatchObject({ by: 'them', how: 'bye', cause: 31 });
      await call.answered;
      expect((await peer.next('SIP/2.0 200')).header('CSeq')).toBe('7 BYE');
    }
  });
});

describe('a sipp process', () => {
  it('says why it does not start', async () => {
    await expect(SippStack.start({ command: { file: '/no/such/program' }, server: { host: '127.0.0.1', port: 9 } })).rejects.toMatchObject({ code: 'phone.start-failed' });
    const refusing = { ...command, args: [...(command.args ?? []), '-no_such_option'] };
    await expect(SippStack.start({ command: refusing, server: { host: '127.0.0.1', port: 9 } })).rejects.toThrow(/no_such_option/);
  });

  it('leaves no file, also while it runs', async () => {
    const own = await mkdtemp(join(tmpdir(), 'strowger-own-'));
    onTestFinished(() => rm(own, { recursive: true }));
    vi.stubEnv('TMPDIR', own);
    onTestFinished(() => void vi.unstubAllEnvs());
    const stack = await SippStack.start({ command, server: { host: '127.0.0.1', port: 9 } });
    expect(await readdir(own)).toEqual([]);
    await stack.stop();
    const traced = await SippStack.start({ command, server: { host: '127.0.0.1', port: 9 }, trace: true });
    expect(await readdir(own)).toHaveLength(1);
    await traced.stop();
    expect(await readdir(own)).toEqual([]);
  });

  it('ends its calls when it is killed', async () => {
    const { peer, caller, port } = await startCaller();
    const call = await caller.dial({ number: '1', callerNumber: '2' });
    peer.respond(port, await peer.next('INVITE'), '200 OK', 4000);
    await call.answered;
    const { pid } = caller.stack;
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await call.ended).toMatchObject({ by: 'us', how: 'failed' });
    await caller.stop();
    await caller.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});
