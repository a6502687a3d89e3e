import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { StrowgerError } from '../../engine/domain/errors.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Throws `api.unauthorized` unless a request may use the API. */
export type AccessCheck = (headers: IncomingHttpHeaders) => void;

/**
 * With a token: the request has to carry it. Without one (on loopback only, see api-server.ts): anyone on this machine,
 * but no web page in a browser on this machine, which could send requests here under another name (DNS rebinding) or
 * from another origin.
 */
export function accessCheck(token: string | undefined): AccessCheck {
  return token === undefined ? localOnly : (headers) => checkToken(headers, token);
}

function checkToken({ authorization }: IncomingHttpHeaders, token: string): void {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  // Hashes have one length, so the comparison takes the same time whatever was given.
  if (given !== undefined && timingSafeEqual(hash(given), hash(token))) return;
  throw new StrowgerError('api.unauthorized', given === undefined ? 'The request carries no token.' : 'The token of the request is wrong.');
}

function localOnly({ host = '', origin }: IncomingHttpHeaders): void {
  const named = host.replace(/:\d+$/, '');
  const own = origin === undefined || origin === `http://${host}`;
  if (isLoopback(named) && own) return;
  throw new StrowgerError('api.unauthorized', 'Without a token the API serves programs on this machine only.', {
    hint: 'Set `http.token` and send it as `Authorization: Bearer <token>`.',
  });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
