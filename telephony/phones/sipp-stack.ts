import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StrowgerError } from '../../engine/domain/errors.ts';
import type { RtpAddress } from './rtp-endpoint.ts';
import { parseSipMessage, type SipMessage } from './sip-message.ts';
import { sippScenario } from './sipp-scenario.ts';

/** How to run sipp: the program, arguments before ours (a loader's), environment added to this process's. */
export interface SippCommand {
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface SippStackOptions {
  readonly command: SippCommand;
  /** The SIP server that all calls go to. */
  readonly server: RtpAddress;
  /** Local address for SIP. */
  readonly host?: string;
  /** Keep a log of all SIP messages of this stack in memory: `await stack.trace()`. */
  readonly trace?: boolean;
}

export type SippEventName =
  | 'dialled'
  /** Our BYE or CANCEL goes out now. */
  | 'leaving'
  | 'progress'
  | 'answered'
  | 'refused'
  | 'incoming'
  | 'ringing'
  | 'answering'
  | 'accepted'
  | 'cancelled'
  | 'rejecting'
  | 'rejected'
  | 'reinvite'
  /** Our re-INVITE goes out now; it was accepted, or refused. */
  | 'reoffering'
  | 'reoffered'
  | 'reofferRefused'
  | 'bye'
  | 'ended'
  | 'registered'
  /** The sipp process is gone or gave the call up. */
  | 'failed';

export interface SippEvent {
  readonly name: SippEventName;
  readonly callId: string;
  /** When sipp received (or sent) the message: epoch milliseconds, microseconds after the point. */
  readonly atMs: number;
  /** When sipp sent the INVITE of a call of ours, for the first time; 0 before that and for calls to us. */
  readonly invitedAtMs: number;
  /** The last SIP message that sipp received in this call; empty before the first. */
  readonly message: SipMessage;
}

type Listener = (event: SippEvent) => void;

const ESCAPE = 0x1b;
const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

/** One running sipp: a SIP user agent for any number of calls, steered over its twin socket (see sipp-scenario.ts). */
export class SippStack {
  readonly host: string;
  readonly port: number;
  /** Called for every call that comes in. */
  onIncoming: Listener = () => undefined;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #socket: Socket;
  readonly #requests: UdpSocket;
  #requestCount = 0;
  readonly #directory: string;
  readonly #calls = new Map<string, Listener>();
  #received: Buffer = Buffer.alloc(0);
  #stopping: Promise<void> | undefined;

  /** Starts sipp and settles when it listens. Ports are free ones; a lost race for a port is tried again. */
  static async start(options: SippStackOptions): Promise<SippStack> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await SippStack.#startOnce(options);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  static async #startOnce(options: SippStackOptions): Promise<SippStack> {
    const host = options.host ?? '127.0.0.1';
    const [sipPort, twinPort] = await Promise.all([freeUdpPort(host), freeTcpPort(host)]);
    const directory = await mkdtemp(join(tmpdir(), 'strowger-phone-'));
    const scenario = join(directory, 'scenario.xml');
    await writeFile(scenario, sippScenario());
    const { command, server } = options;
    const child = spawn(
      command.file,
      [
        ...(command.args ?? []),
        ...[`${server.host}:${server.port}`, '-i', host, '-p', String(sipPort), '-sf', scenario],
        ...['-3pcc', `${host}:${twinPort}`, '-nostdin', '-f', '3600'],
        // A message that no state expects is left alone instead of ending the call.
        ...['-default_behaviors', 'all,-abortunexp', '-deadcall_wait', '5000'],
        ...(options.trace === true ? ['-trace_msg', '-message_file', join(directory, 'messages.log')] : []),
      ],
      { cwd: directory, env: { ...process.env, TERM: 'dumb', ...command.env }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString()).slice(-2000);
    });
    let running = true;
    const exited = new Promise<void>((resolve) => {
      const ended = (): void => {
        running = false;
        resolve();
      };
      child.once('exit', ended);
      child.once('error', (error) => {
        complaint += error.message;
        ended();
      });
    });
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const socket = await tryConnect(host, twinPort);
      if (socket !== undefined) {
        // It has read its scenario: nothing is left even if this process is killed.
        if (options.trace !== true) await rm(directory, { recursive: true, force: true });
        return new SippStack({ host, port: sipPort, child, exited, socket, directory });
      }
      if (!running || performance.now() > deadlineMs) {
        child.kill('SIGKILL');
        await exited;
        await rm(directory, { recursive: true, force: true });
        throw new StrowgerError('phone.start-failed', `sipp did not start on ${host}:${sipPort}: ${complaint.trim() || 'no message'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private constructor(parts: { host: string; port: number; child: ChildProcess; exited: Promise<void>; socket: Socket; directory: string }) {
    this.host = parts.host;
    this.port = parts.port;
    this.#process = parts.child;
    this.#exited = parts.exited;
    this.#socket = parts.socket;
    this.#directory = parts.directory;
    this.#requests = createSocket('udp4').on('error', () => this.#failAll('commands no longer reach sipp'));
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (data) => this.#receive(data));
    this.#socket.on('error', () => this.#failAll('the control socket of sipp broke'));
    this.#socket.on('close', () => this.#failAll('sipp closed its control socket'));
    void this.#exited.then(() => this.#failAll('sipp ended'));
  }

  /** The process id of sipp. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Starts listening to a call: before the command that begins it. */
  listen(callId: string, listener: Listener): void {
    this.#calls.set(callId, listener);
  }

  forget(callId: string): void {
    this.#calls.delete(callId);
  }

  /** Opens a call: `Do: dial` or `Do: register` (see sipp-scenario.ts). Header values must not hold line breaks. */
  open(callId: string, headers: Readonly<Record<string, string>>, body = ''): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`Call-ID: ${callId}\r\n${lines.join('')}\r\n${body}\x1b`);
  }

  /**
   * Sends a command to an open call: a request of our own method. UDP, so it is to be repeated until the event that shows
   * its effect comes; the counter keeps sipp from taking a repetition for a retransmission.
   */
  request(callId: string, method: string, body = ''): void {
    this.#requestCount++;
    const text = `${method} sip:phone SIP/2.0\r\nCall-ID: ${callId}\r\nTo: <sip:phone>\r\nX-Count: ${this.#requestCount}\r\n\r\n${body}`;
    this.#requests.send(text, this.port, this.host);
  }

  /** All SIP messages so far, as sipp logged them; only with the option `trace`. */
  async trace(): Promise<string> {
    return readFile(join(this.#directory, 'messages.log'), 'utf8').catch(() => '');
  }

  /** Ends sipp and removes its files. Calls under way end as failed, without BYE: hang up first. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#failAll('the phone was stopped');
    this.#requests.close();
    this.#socket.destroy(); // sipp exits when its controller goes
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    for (let end = this.#received.indexOf(ESCAPE); end >= 0; end = this.#received.indexOf(ESCAPE)) {
      const text = this.#received.subarray(0, end).toString('utf8');
      this.#received = this.#received.subarray(end + 1);
      this.#dispatch(text);
    }
  }

  #dispatch(text: string): void {
    const command = parseSipMessage(`event\r\n${text.trimStart()}`);
    const callId = command.header('Call-ID') ?? '';
    const instant = (header: string): number => {
      const [seconds = 0, micros = 0] = (command.header(header) ?? '').split(' ').map(Number);
      return seconds * 1000 + micros / 1000;
    };
    const name = command.header('Event');
    const event: SippEvent = {
      name: name === undefined ? 'failed' : (name as SippEventName),
      callId,
      atMs: instant('At'),
      invitedAtMs: instant('Invited'),
      message: parseSipMessage(command.body),
    };
    const listener = this.#calls.get(callId);
    if (listener !== undefined) listener(event);
    else if (event.name === 'incoming') this.onIncoming(event);
  }

  #failAll(why: string): void {
    const atMs = performance.timeOrigin + performance.now();
    for (const [callId, listener] of [...this.#calls]) {
      this.#calls.delete(callId);
      listener({ name: 'failed', callId, atMs, invitedAtMs: 0, message: parseSipMessage(why) });
    }
  }
}

async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, host, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

async function freeTcpPort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function tryConnect(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('error', () => resolve(undefined));
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
