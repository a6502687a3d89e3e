import { createSocket, type Socket } from 'node:dgram';

import { buildSdp, type SdpOptions } from '../sdp.ts';
import { parseSipMessage, type SipMessage } from '../sip-message.ts';

/** A SIP peer that does nothing by itself: the test writes each message, also those that no real switch would send. */
export class RawSipPeer {
  readonly port: number;
  readonly received: SipMessage[] = [];
  readonly #socket: Socket;
  #waiting: (() => void) | undefined;
  #taken = 0;
  #serial = 0;

  static async open(): Promise<RawSipPeer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new RawSipPeer(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes) => {
      this.received.push(parseSipMessage(bytes.toString()));
      this.#waiting?.();
    });
  }

  /** The next message, not looked at yet, whose start line begins so; others before it are skipped. */
  async next(startLine: string, timeoutMs = 5_000): Promise<SipMessage> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      for (; this.#taken < this.received.length; this.#taken++) {
        const message = this.received[this.#taken];
        if (message?.startLine.startsWith(startLine) === true) {
          this.#taken++;
          return message;
        }
      }
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`No "${startLine}" came within ${timeoutMs} ms; came: ${this.received.map((each) => each.startLine).join(' | ')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  send(port: number, text: string): void {
    this.#socket.send(text, port, '127.0.0.1');
  }

  /** Answers a request. The To tag is ours where the request has none. */
  respond(port: number, request: SipMessage, statusLine: string, sdpPort?: number, sdp: SdpOptions = {}): void {
    const to = request.header('To') ?? '';
    const body = sdpPort === undefined ? '' : buildSdp({ host: '127.0.0.1', port: sdpPort }, ['pcmu'], sdp);
    this.send(
      port,
      [
        `SIP/2.0 ${statusLine}`,
        `Via: ${request.header('Via')}`,
        `From: ${request.header('From')}`,
        `To: ${to.includes(';tag=') ? to : `${to};tag=peer`}`,
        `Call-ID: ${request.header('Call-ID')}`,
        `CSeq: ${request.header('CSeq')}`,
        `Contact: <sip:peer@127.0.0.1:${this.port}>`,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  /** A request of a call that this peer began; `to` carries the phone's tag once it is known. */
  request(port: number, method: string, callId: string, cseq: number, options: { to?: string; branch?: string; sdpPort?: number; vias?: string[] } = {}): void {
    const body = options.sdpPort === undefined ? '' : buildSdp({ host: '127.0.0.1', port: options.sdpPort }, ['pcmu']);
    this.#serial++;
    const branch = options.branch ?? `${method}${this.#serial}`;
    this.send(
      port,
      [
        `${method} sip:phone@127.0.0.1:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK-${branch}`,
        ...(options.vias ?? []).map((via) => `Via: ${via}`),
        'From: "Peer" <sip:peer@127.0.0.1>;tag=peer',
        `To: ${options.to ?? '<sip:phone@127.0.0.1>'}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <sip:peer@127.0.0.1:${this.port}>`,
        'Max-Forwards: 70',
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
