import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrivateAsterisk } from '../private-asterisk.ts';
import type { PrivateRoot } from '../private-root.ts';

/** What came back to a sipp that ran one scenario. */
export interface SippResult {
  /** 0 when all went as the scenario says. */
  readonly code: number | null;
  /** First lines of the SIP messages that it got, with the Reason header if there is one. */
  readonly messages: readonly string[];
}

/** Runs one sipp scenario to its end (at most 40 s) from `port`. `args` are further options of sipp. */
export async function runSipp(root: PrivateRoot, pbx: PrivateAsterisk, port: number, scenario: string, args: readonly string[]): Promise<SippResult> {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-sipp-'));
  const file = join(dir, 'scenario.xml');
  writeFileSync(file, scenario);
  const messages = join(dir, 'messages');
  const sipp = root.command('sipp', [
    `${pbx.sip.host}:${pbx.sip.port}`, '-sf', file, '-i', '127.0.0.1', '-p', String(port), ...args,
    '-m', '1', '-nostdin', '-timeout', '40s', '-timeout_error', '-trace_msg', '-message_file', messages,
  ]);
  const child = spawn(sipp.file, sipp.args, { env: sipp.env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  const received = readFileSync(messages, 'utf8').split(/^-{10,}.*$/m).filter((block) => block.includes('message received'));
  rmSync(dir, { recursive: true });
  return {
    code,
    messages: received.map((block) => {
      const first = /^(SIP\/2\.0 .*|[A-Z]+ sip:.*)$/m.exec(block)?.[1]?.trim() ?? '';
      return [first, /^Reason: .*$/m.exec(block)?.[0].trim()].filter(Boolean).join(' | ');
    }),
  };
}

/** What a caller got to hear. */
export interface Heard extends SippResult {
  /** 20 ms packets that carried sound, not silence. */
  readonly soundPackets: number;
}

/** A caller: sipp speaks SIP, a socket beside it listens to the media. Ends when the switch ends the call. */
export async function call(root: PrivateRoot, pbx: PrivateAsterisk, number: string, port: number, onSound: (packets: number) => void = () => undefined): Promise<Heard> {
  const media = createSocket('udp4');
  let soundPackets = 0;
  // PCMA (RFC 3551 §6) after a header of 12 bytes; silence is 0xD5 or 0x55.
  media.on('message', (packet) => {
    if (((packet[1] ?? 0) & 0x7f) !== 8 || packet.subarray(12).every((byte) => byte === 0xd5 || byte === 0x55)) return;
    soundPackets += 1;
    onSound(soundPackets);
  });
  media.bind(0, '127.0.0.1');
  await once(media, 'listening');
  const result = await runSipp(root, pbx, port, callerScenario(media.address().port), ['-s', number]);
  media.close();
  return { ...result, soundPackets };
}

/** Registers a phone at `port`; the scenario expects the challenge and then `expected`, a status code. */
export function register(root: PrivateRoot, pbx: PrivateAsterisk, agent: { readonly id: string; readonly password: string }, port: number, expected: number): Promise<SippResult> {
  const request = (sequence: number, extra: string) => `<send retrans="500"><![CDATA[
REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[service]@[remote_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: ${sequence} REGISTER
Contact: <sip:[service]@[local_ip]:[local_port]>
Max-Forwards: 70
Expires: 60
${extra}Content-Length: 0

]]></send>`;
  const scenario = `<?xml version="1.0"?>
<scenario name="phone">
${request(1, '')}
<recv response="401" auth="true"/>
${request(2, '[authentication]\n')}
<recv response="${expected}"/>
</scenario>`;
  return runSipp(root, pbx, port, scenario, ['-s', agent.id, '-au', agent.id, '-ap', agent.password]);
}

function callerScenario(mediaPort: number): string {
  const ack = (fields: string) => `<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${fields}
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>`;
  return `<?xml version="1.0"?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:13800138000@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio ${mediaPort} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="404" optional="true" next="1"/>
<recv response="200" rrs="true"/>
${ack('Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nFrom: <sip:13800138000@[local_ip]:[local_port]>;tag=[call_number]\nTo: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]')}
<recv request="BYE"/>
<send next="2"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<label id="1"/>
${ack('[last_Via:]\n[last_From:]\n[last_To:]')}
<label id="2"/>
</scenario>`;
}
