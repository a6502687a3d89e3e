import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isStrowgerError, StrowgerError } from '../../engine/domain/errors.ts';
import { authorise, type Authenticate } from './access.ts';
import type { ApiEvent } from './api-event.ts';
import { asApiError } from './api-error.ts';
import { openApiDocument } from './openapi.ts';
import type { Principal } from './principal.ts';
import type { Download, Route, WebPeer } from './route.ts';
import type { WebSessions } from './web-sessions.ts';

export interface ApiV1Options {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly sessions: WebSessions;
  readonly announce: (event: ApiEvent) => void;
  /** The browser reaches us over TLS, by ourselves or by a proxy. */
  readonly isSecure: boolean;
  /** Somebody has to say who it is. */
  readonly needsCredentials: boolean;
}

/** What a command without anything to say may carry. */
const nothing = z.strictObject({}).optional();
/** Whoever calls a route for anyone. */
const NOBODY: Principal = { name: '', role: 'agent', via: 'local' };
const NO_PATH_PARAMETERS: Readonly<Record<string, string>> = {};

/** The routes below /api/v1: who asks, whether it may, what it asks for, and what the event log is told of it. */
export function apiV1({ routes, authenticate, sessions, announce, isSecure, needsCredentials }: ApiV1Options): (api: FastifyInstance) => Promise<void> {
  // `__Host-`: of this host only, over TLS only (RFC 6265bis §4.1.3.2).
  const cookie = isSecure ? '__Host-strowger' : 'strowger';
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
  const askers = new WeakMap<FastifyRequest, Principal>();

  const sessionIdOf = (request: FastifyRequest): string | undefined => request.cookies[cookie];
  const sessionOf = (request: FastifyRequest): ReturnType<WebSessions['find']> => {
    const id = sessionIdOf(request);
    return id === undefined ? undefined : sessions.find(id);
  };
  const identify = (request: FastifyRequest): Principal => authenticate({ method: request.method, headers: request.headers, session: sessionOf(request) });
  const peerOf = (request: FastifyRequest, reply: FastifyReply): WebPeer => ({
    address: request.ip,
    headers: request.headers,
    session: sessionOf(request),
    signIn: (principal) => {
      // Whoever had this browser before is signed out: nobody could end that session any more.
      sessions.end(sessionIdOf(request) ?? '');
      // A new id at each sign-in: one that somebody else has put into the browser is worth nothing.
      const { id, session } = sessions.begin(principal);
      void reply.setCookie(cookie, id, attributes);
      return session;
    },
    signOut: () => {
      sessions.end(sessionIdOf(request) ?? '');
      void reply.clearCookie(cookie, attributes);
    },
  });

  return async (api) => {
    // Made when somebody asks: while an engine starts, callers wait for each tenth of a second.
    let document: object | undefined;
    api.addHook('onSend', async (_, reply) => void reply.header('cache-control', 'no-store'));
    api.get('/openapi.json', { onRequest: async (request) => void identify(request) }, () => (document ??= openApiDocument(routes, needsCredentials ? { cookie } : undefined)));
    for (const route of routes) {
      const { roles } = route;
      api.route({
        method: route.method,
        url: route.path.replace(/\{(\w+)\}/g, ':$1'),
        // To look whether there is one is not to have it.
        ...(route.media === undefined ? {} : { exposeHeadRoute: false }),
        // Before the body is read: whoever may not ask makes no work.
        onRequest: async (request) => void askers.set(request, roles === 'anyone' ? NOBODY : identify(request)),
        handler: async (request, reply) => {
          const by = askers.get(request) ?? NOBODY;
          const target = (request.params ?? NO_PATH_PARAMETERS) as Readonly<Record<string, string>>;
          const note = (outcome: { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly code: string }): void => {
            if (route.isAudited) announce({ type: 'api.changed', user: by.name, role: by.role, via: by.via, operation: route.operationId, target, fields: fieldsOf(request.body), from: request.ip, ...outcome });
          };
          try {
            if (roles !== 'anyone') authorise(by, roles, target['agentId']);
            const result = await route.handle({
              params: checked(route.params, request.params, 'path'),
              query: checked(route.query, request.query, 'query'),
              body: checked(route.body ?? nothing, request.body, 'body'),
              by,
              web: peerOf(request, reply),
            });
            const answer = route.media === undefined ? route.result.parse(result) : sent(reply, route.media, result as Download);
            note({ outcome: 'done' });
            return answer;
          } catch (error) {
            note({ outcome: 'refused', code: isStrowgerError(error) ? error.code : asApiError(error, request.id).error.code });
            throw error;
          }
        },
      });
    }
  };
}

function sent(reply: FastifyReply, media: string, { name, bytes, content }: Download): Readable {
  void reply.header('content-type', media).header('content-length', bytes).header('content-disposition', `attachment; filename="${name}"`);
  return Readable.from(content);
}

/** Names of what was sent; values may be personal. */
function fieldsOf(body: unknown): readonly string[] {
  return typeof body === 'object' && body !== null ? Object.keys(body).slice(0, 32).map((name) => name.slice(0, 64)) : [];
}

/** What came in, as its schema says, or `api.invalid` with the field that is wrong. */
function checked(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
  throw new StrowgerError('api.invalid', problems.join('; '));
}
