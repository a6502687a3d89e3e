/**
 * sipp's part of a load: one caller's signalling, with the media port of our own RTP endpoint in the SDP (`[field0]`).
 * Each call writes one line `<port> <how it ended>` to the log file: `ok`, or a SIP status, `no-answer`, `no-bye`.
 * `rtd="1"` measures INVITE → 200 (sipp: -trace_rtt).
 */
export function loadScenario(): string {
  const head = (branch: string, extra = '') =>
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]${branch}\n` +
    `From: <sip:13800138000@[local_ip]:[local_port]>;tag=[call_number]\nTo: <sip:[service]@[remote_ip]:[remote_port]>${extra}\n` +
    'Call-ID: [call_id]\nMax-Forwards: 70\nContact: <sip:caller@[local_ip]:[local_port]>\n';
  const log = (how: string) => `<nop><action><log message="[field0] ${how}"/></action></nop>`;
  const ok = `<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>`;
  return `<?xml version="1.0"?>
<scenario name="load">
<send retrans="500" start_rtd="1"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${head('')}CSeq: 1 INVITE
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [field0] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="^[3-6][0-9][0-9]$" regexp_match="true" optional="true" next="refused">
  <action><ereg regexp="[3-6][0-9][0-9]" search_in="msg" check_it="false" assign_to="status"/></action>
</recv>
<recv response="200" rtd="1" rrs="true" timeout="${ANSWER_MS}" ontimeout="unanswered"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
${head('-ack', '[peer_tag_param]')}CSeq: 1 ACK
Content-Length: 0

]]></send>
<recv request="BYE" timeout="${TALK_MS}" ontimeout="stuck"/>
${ok}
<nop next="end"><action><log message="[field0] ok"/></action></nop>
<label id="refused"/>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<nop next="end"><action><log message="[field0] [$status]"/></action></nop>
<label id="unanswered"/>
<nop next="end"><action><log message="[field0] no-answer"/></action></nop>
<label id="stuck"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
${head('-bye', '[peer_tag_param]')}CSeq: 2 BYE
Content-Length: 0

]]></send>
<recv response="200" timeout="3000" ontimeout="end"/>
${log('no-bye')}
<label id="end"/>
<nop/>
</scenario>`;
}

const ANSWER_MS = 8_000;
/** Longer than the whole small IVR takes by far. */
const TALK_MS = 8_000;

/** After its last INVITE a load has come to its end within this time, in milliseconds. */
export const LOAD_DRAIN_LIMIT_MS = ANSWER_MS + TALK_MS + 5_000;
