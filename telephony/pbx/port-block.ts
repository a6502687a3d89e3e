import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';
import { StrowgerError } from '../../engine/domain/errors.ts';

// Below the range that Linux hands out for outgoing connections (ip_local_port_range, from 32768), above what services use.
const FIRST_PORT = 12_000;
const LAST_PORT = 31_999;
const BLOCK = 500;
const RTP_OFFSET = 20;

/** Ports of one private Asterisk. Nothing else of ours takes a port of the block until `release()`. */
export interface PortBlock {
  readonly sip: number;
  readonly http: number;
  /** For whatever the owner of the instance wants beside it, e.g. a phone of a test. */
  readonly spare: readonly number[];
  readonly rtpFirst: number;
  readonly rtpLast: number;
  release(): void;
}

/**
 * Finds free ports on loopback and holds them: the first port of each block of 500 stays bound as long as this process
 * lives, so instances side by side (also of other processes) never share a block, and no lock file can be left behind.
 */
export async function claimPorts(rtpPorts = 400): Promise<PortBlock> {
  const blocks = Math.ceil((rtpPorts + RTP_OFFSET) / BLOCK);
  const starts = Math.floor((LAST_PORT - FIRST_PORT + 1) / BLOCK) - blocks + 1;
  const offset = Math.floor(Math.random() * starts);
  for (let attempt = 0; attempt < starts; attempt += 1) {
    const first = FIRST_PORT + ((offset + attempt) % starts) * BLOCK;
    const claimed = await tryClaim(first, blocks);
    if (claimed !== undefined) return { ...claimed, rtpFirst: first + RTP_OFFSET, rtpLast: first + RTP_OFFSET + rtpPorts - 1 };
  }
  throw new StrowgerError('pbx.boot', `No free ports from ${FIRST_PORT} to ${LAST_PORT} for another Asterisk (${rtpPorts} for media).`, {
    hint: 'Stop other instances, or ask for fewer media ports.',
  });
}

async function tryClaim(first: number, blocks: number): Promise<Omit<PortBlock, 'rtpFirst' | 'rtpLast'> | undefined> {
  const guards: Socket[] = [];
  const release = () => {
    for (const guard of guards.splice(0)) guard.close();
  };
  for (let block = 0; block < blocks; block += 1) {
    const guard = await bindUdp(first + block * BLOCK);
    if (guard === undefined) {
      release();
      return undefined;
    }
    guard.unref();
    guards.push(guard);
  }
  const sip = first + 1;
  const http = first + 2;
  const probe = await bindUdp(sip);
  probe?.close();
  if (probe === undefined || !(await canListen(http))) {
    release();
    return undefined;
  }
  return { sip, http, spare: Array.from({ length: RTP_OFFSET - 4 }, (_, index) => first + 4 + index), release };
}

function bindUdp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => resolve(socket));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
