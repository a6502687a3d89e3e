import { createSocket, type Socket } from 'node:dgram';
import { encodeRtp } from '../../telephony/phones/rtp-packet.ts';
import { buildSdp, parseSdp } from '../../telephony/phones/sdp.ts';
import { parseSipMessage, statusOf, type SipMessage } from '../../telephony/phones/sip-message.ts';
import { SipCall, type Wire } from './sip-call.ts';

const HOST = '127.0.0.1';
const RETRANSMIT_MS = 500;
const MOST_RETRANSMISSIONS = 6;
const CODECS = ['pcma', 'pcmu'] as const;
/** Of PCMA. */
const SILENCE = new Uint8Array(160).fill(0xd5);

/** A request or an answer that is repeated until the other side reacts (RFC 3261 §17.1, §13.3.1.4). */
interface Repeated {
  readonly timer: NodeJS.Timeout;
  readonly onResponse?: ((status: number, response: SipMessage) => void) | undefined;
}

/**
 * A SIP user agent on one UDP port that holds the calls of all callers and all agents' phones, in the process that measures: the moment
 * at which a phone rings is when this process reads its INVITE. Loopback to one Asterisk only: no TCP, no proxies, no authentication.
 * Its RTP port is never listened to; what Asterisk sends there (hold music) is thrown away.
 */
export class SipLine implements Wire {
  readonly port: number;
  /** An INVITE that begins a call to `user`. To be answered or refused at once. */
  onCall: (call: SipCall, user: string, callerNumber: string) => void = (call) => call.refuse();
  readonly #socket: Socket;
  readonly #rtp: Socket;
  readonly #calls = new Map<string, SipCall>();
  readonly #repeated = new Map<string, Repeated>();
  #serverPort = 0;
  #serial = 0;

  static async open(): Promise<SipLine> {
    const [socket, rtp] = await Promise.all([bound(), bound()]);
    return new SipLine(socket, rtp);
  }

  private constructor(socket: Socket, rtp: Socket) {
    this.#socket = socket;
    this.#rtp = rtp;
    this.port = socket.address().port;
    socket.on('message', (bytes) => this.#receive(parseSipMessage(bytes.toString())));
  }

  /** Where calls go. Asterisk starts after this line, because its configuration names this line's port. */
  connect(serverPort: number): void {
    this.#serverPort = serverPort;
  }

  /** Calls that have not ended. */
  get openCalls(): number {
    return this.#calls.size;
  }

  /** Calls `number`. */
  dial(number: string, callerNumber: string): SipCall {
    const callId = `bench-${process.pid}-${this.#unique()}`;
    const call = SipCall.outgoing(this, {
      callId,
      local: `<sip:${callerNumber}@${HOST}:${this.port}>;tag=c${this.#unique()}`,
      remote: `<sip:${number}@${HOST}:${this.#serverPort}>`,
      target: `sip:${number}@${HOST}:${this.#serverPort}`,
    });
    this.#calls.set(callId, call);
    return call;
  }

  async close(): Promise<void> {
    for (const key of [...this.#repeated.keys()]) this.settle(key);
    await Promise.all([this.#socket, this.#rtp].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  // The wire, as its calls use it

  newBranch(): string {
    return `z9hG4bK-${this.#unique()}`;
  }

  request(method: string, target: string, branch: string, headers: readonly string[], body = ''): string {
    return message(`${method} ${target} SIP/2.0`, [`Via: SIP/2.0/UDP ${HOST}:${this.port};rport;branch=${branch}`, 'Max-Forwards: 70', ...headers, this.#contact()], body);
  }

  respond(request: SipMessage, statusLine: string, body = ''): string {
    const to = request.header('To') ?? '';
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${request.header(name)}`);
    return message(`SIP/2.0 ${statusLine}`, [...copied, `To: ${to.includes(';tag=') ? to : `${to};tag=${tagOf(request)}`}`, this.#contact()], body);
  }

  /** Our side of the media; the same for all calls. */
  sdp(): string {
    return buildSdp({ host: HOST, port: this.#rtp.address().port }, CODECS);
  }

  /**
   * One packet to where the other side's SDP says. Without it Asterisk's Answer() waits 500 ms for one (main/channel.c,
   * __ast_answer).
   */
  sayHello(remoteSdp: string): void {
    const remote = parseSdp(remoteSdp);
    if (remote === undefined) return;
    this.#serial++;
    const header = { payloadType: remote.payloadTypes[0] ?? 8, marker: true, sequence: this.#serial, timestamp: 0, ssrc: this.#serial };
    this.#rtp.send(encodeRtp(header, SILENCE), remote.address.port, remote.address.host);
  }

  send(text: string): void {
    this.#socket.send(text, this.#serverPort, HOST);
  }

  /** Sends now, and again every 500 ms until `settle(key)`. A response with that branch is handed to `onResponse`. */
  repeat(key: string, text: string, onResponse?: (status: number, response: SipMessage) => void): void {
    this.send(text);
    let left = MOST_RETRANSMISSIONS;
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) this.send(text);
      else clearInterval(timer);
    }, RETRANSMIT_MS);
    this.#repeated.set(key, { timer, onResponse });
  }

  /** No more repetitions, and no more responses wanted. */
  settle(key: string): void {
    clearInterval(this.#repeated.get(key)?.timer);
    this.#repeated.delete(key);
  }

  /** It was heard; the final response is still to come. */
  heard(key: string): void {
    clearInterval(this.#repeated.get(key)?.timer);
  }

  forget(callId: string): void {
    this.#calls.delete(callId);
  }

  #receive(received: SipMessage): void {
    const response = statusOf(received);
    if (response !== undefined) {
      const branch = /;branch=([^;,\s]+)/.exec(received.header('Via') ?? '')?.[1] ?? '';
      this.#repeated.get(branch)?.onResponse?.(response.status, received);
      return;
    }
    const callId = received.header('Call-ID') ?? '';
    const call = this.#calls.get(callId);
    if (call !== undefined) call.receive(received);
    else if (received.startLine.startsWith('INVITE ')) this.#beginIncoming(callId, received);
    // A BYE that was repeated because our 200 was lost, or an OPTIONS.
    else if (!received.startLine.startsWith('ACK ')) this.send(this.respond(received, '200 OK'));
  }

  #beginIncoming(callId: string, invite: SipMessage): void {
    const call = SipCall.incoming(this, callId, invite, tagOf(invite));
    this.#calls.set(callId, call);
    this.onCall(call, userOf(invite.startLine), userOf(invite.header('From') ?? ''));
  }

  #contact(): string {
    return `Contact: <sip:bench@${HOST}:${this.port}>`;
  }

  #unique(): number {
    this.#serial++;
    return this.#serial;
  }
}

/** Our tag in a call that came to us; the same for each repetition. */
function tagOf(request: SipMessage): string {
  return `b${request.header('Call-ID')?.replace(/[^A-Za-z0-9]/g, '').slice(0, 24)}`;
}

function userOf(text: string): string {
  return /sip:([^@>;\s]+)@/.exec(text)?.[1] ?? '';
}

function message(startLine: string, headers: readonly string[], body: string): string {
  const type = body === '' ? [] : ['Content-Type: application/sdp'];
  return [startLine, ...headers, ...type, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

async function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, HOST, resolve);
  });
  return socket;
}
