import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ApiToken, Principal, Role } from './principal.ts';
import type { WebSession } from './web-sessions.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** What a request says of itself. */
export interface RequestFacts {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The session of its cookie. */
  readonly session: WebSession | undefined;
}

export interface AccessOptions {
  readonly tokens: readonly ApiToken[];
  /** Nobody has to say who it is: nothing is configured, and the API listens on loopback only. */
  readonly isOpen: boolean;
  /** Where our pages come from, `https://console.example`; undefined: from the very server that is asked. */
  readonly origin?: string | undefined;
}

/** Tells who makes a request. Throws `api.unauthorized` and `api.forbidden`. */
export type Authenticate = (request: RequestFacts) => Principal;

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
export const CSRF_HEADER = 'x-csrf-token';

/**
 * A token goes before a cookie. Without either, where nothing is configured: anyone on this machine, but no web page in a browser on this machine,
 * which could send requests here under another name (DNS rebinding) or from another origin.
 */
export function authenticator({ tokens, isOpen, origin }: AccessOptions): Authenticate {
  const hashed = tokens.map(({ token, ...who }) => ({ hash: hash(token), principal: { ...who, via: 'token' } as const }));
  return ({ method, headers, session }) => {
    if (headers.authorization !== undefined) return byToken(headers.authorization, hashed);
    if (session !== undefined) {
      if (!SAFE.has(method)) checkPage(headers, session, origin);
      return session.principal;
    }
    if (isOpen) return localOnly(headers);
    throw new StrowgerError('api.unauthorized', 'The request carries neither a token nor the cookie of a session.');
  };
}

function byToken(authorization: string, tokens: readonly { readonly hash: Buffer; readonly principal: Principal }[]): Principal {
  const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  const wanted = hash(given ?? '');
  // Hashes have one length, and all of them are compared: the time is the same, whatever was given.
  const found = tokens.filter((token) => timingSafeEqual(token.hash, wanted));
  const principal = found[0]?.principal;
  if (given === undefined || principal === undefined) throw new StrowgerError('api.unauthorized', 'The token of the request is wrong.');
  return principal;
}

/** A change with a cookie comes from our own page, or not at all: by its token, and by the origin, which browsers send with every such request. */
function checkPage(headers: IncomingHttpHeaders, session: WebSession, origin: string | undefined): void {
  checkOrigin(headers, origin);
  const given = headers[CSRF_HEADER];
  if (typeof given === 'string' && timingSafeEqual(hash(given), hash(session.csrfToken))) return;
  throw new StrowgerError('api.forbidden', `A change with a session wants its csrfToken in the header ${CSRF_HEADER}.`);
}

/** Throws `api.forbidden` for a request of another page. `whenAbsent`: what a request without an origin is taken for. */
export function checkOrigin({ host = '', origin: given }: IncomingHttpHeaders, origin: string | undefined, whenAbsent: 'refused' | 'fine' = 'refused'): void {
  if (given === undefined && whenAbsent === 'fine') return;
  const own = origin === undefined ? [`http://${host}`, `https://${host}`] : [origin];
  if (given !== undefined && own.includes(given)) return;
  throw new StrowgerError('api.forbidden', 'The request comes from another page than ours.');
}

function localOnly({ host = '', origin }: IncomingHttpHeaders): Principal {
  const named = host.replace(/:\d+$/, '');
  const own = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (isLoopback(named) && own) return { name: 'local', role: 'engineer', via: 'local' };
  throw new StrowgerError('api.unauthorized', 'Without a token the API serves programs on this machine only.', {
    hint: 'Set `http.token` and send it as `Authorization: Bearer <token>`.',
  });
}

/** Throws `api.forbidden` unless `roles` have that of the principal, and an agent acts for itself. `agentId`: whom the request is about. */
export function authorise(principal: Principal, roles: readonly Role[], agentId: string | undefined): void {
  if (!roles.includes(principal.role)) {
    throw new StrowgerError('api.forbidden', `This is for ${roles.join(', ')}, not for ${principal.role}.`, { fields: { role: principal.role } });
  }
  if (principal.role === 'agent' && agentId !== undefined && agentId !== principal.agentId) {
    throw new StrowgerError('api.forbidden', 'An agent acts for itself only.', { fields: { role: principal.role } });
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
