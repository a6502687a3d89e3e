import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import { fastify, type FastifyInstance } from 'fastify';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Attempts } from '../../engine/ports/attempts.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { authenticator, isLoopback } from './access.ts';
import { acdRoutes } from './acd-routes.ts';
import { admissionRoutes } from './admission-routes.ts';
import { agentRoutes } from './agent-routes.ts';
import type { ApiDeps } from './api-deps.ts';
import { asApiError, errorBody } from './api-error.ts';
import { engineRoutes } from './engine-routes.ts';
import type { ApiEvent } from './api-event.ts';
import { apiV1 } from './api-v1.ts';
import { callbackRoutes } from './callback-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { checkPasswordHash } from './password.ts';
import type { ApiToken, ApiUser } from './principal.ts';
import { reportRoutes } from './report-routes.ts';
import { recordingRoutes } from './recording-routes.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { SignIn } from './sign-in.ts';
import type { TlsSource } from './tls-source.ts';
import { viewRoutes } from './view-routes.ts';
import { WebSessions } from './web-sessions.ts';

export interface ApiServerOptions {
  readonly deps: ApiDeps;
  readonly logger: Logger;
  /** Default 127.0.0.1. Any other address needs a token or users. */
  readonly host?: string;
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** What programs send as `Authorization: Bearer …`, with the role of an engineer. */
  readonly token?: string;
  /** More of these, each with a name and a role. */
  readonly tokens?: readonly ApiToken[];
  /** People who sign in. Without tokens and users the API serves this machine only, and everybody there. */
  readonly users?: readonly ApiUser[];
  /** Wrong passwords, by the scopes of SIGN_IN_SCOPES. Needed where there are users. */
  readonly attempts?: Attempts;
  readonly session?: { readonly idleMs: number; readonly longestMs: number };
  /** Where browsers find us when it is not the server itself: a proxy that ends TLS. `https://console.example` */
  readonly publicUrl?: string;
  /** Addresses or networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** From one address. Default 6 000. */
  readonly requestsPerMinute?: number;
  readonly tls?: TlsSource;
  /** Told who signed in and who changed what. */
  readonly announce?: (event: ApiEvent) => void;
  /** Show the numbers of callers and of those who are called back as they are. Default false: masked. */
  readonly showPersonalData?: boolean;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;
/** The text format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const SESSION = { idleMs: 30 * 60_000, longestMs: 12 * 3_600_000 } as const;
const REQUESTS_PER_MINUTE = 6_000;
/** The user of `token`. */
const TOKEN_NAME = 'token';

/**
 * The HTTP side of the engine: /healthz (the process lives), /readyz (calls are served), /metrics (Prometheus) and
 * /api/v1 (docs at /api/v1/openapi.json). Rejects with `api.listen`.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { deps, logger, host = '127.0.0.1', port = 8080, showPersonalData = false, users = [], publicUrl, tls, announce = () => undefined } = options;
  const tokens: readonly ApiToken[] = [...(options.token === undefined ? [] : [{ name: TOKEN_NAME, role: 'engineer', token: options.token } as const]), ...(options.tokens ?? [])];
  const needsCredentials = tokens.length > 0 || users.length > 0;
  if (!needsCredentials && !isLoopback(host)) {
    throw new StrowgerError('api.listen', `The API is not opened on ${host} without a token: anyone in the network could sign agents out.`, {
      fields: { host },
      hint: 'Set `http.token` or `http.users`, or leave `http.host` at 127.0.0.1.',
    });
  }
  for (const user of users) checkPasswordHash(user.passwordHash, user.name);
  const isSecure = tls !== undefined || publicUrl?.startsWith('https:') === true;
  const origin = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  const server = fastify({
    ...(tls === undefined ? {} : { https: { ...tls.current, minVersion: 'TLSv1.2' } }),
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: true,
    trustProxy: options.trustedProxies === undefined || options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
  }) as FastifyInstance;
  const forgetTls = tls?.onRenewed((material) => (server.server as unknown as TlsServer).setSecureContext({ ...material, minVersion: 'TLSv1.2' }));
  acceptEmptyBodies(server);
  answerErrors(server, logger);
  serveHealth(server, deps);
  await server.register(fastifyCookie);
  await server.register(fastifyHelmet, {
    // Without TLS a browser that is told to upgrade would find nothing.
    strictTransportSecurity: isSecure,
    contentSecurityPolicy: { directives: { defaultSrc: ["'self'"], frameAncestors: ["'none'"], objectSrc: ["'none'"], upgradeInsecureRequests: isSecure ? [] : null } },
  });
  const sessions = new WebSessions(options.session ?? SESSION);
  const routes: readonly Route[] = [
    ...(options.attempts === undefined ? [] : sessionRoutes({ signIn: new SignIn({ users, attempts: options.attempts }), announce, origin })),
    ...agentRoutes(deps),
    ...contactRoutes(deps, showPersonalData),
    ...callbackRoutes(deps, showPersonalData),
    ...recordingRoutes(deps),
    ...acdRoutes(deps),
    ...engineRoutes(deps),
    ...admissionRoutes(deps),
    ...viewRoutes(deps, showPersonalData),
    ...reportRoutes(deps.reports),
  ];
  await server.register(
    async (api) => {
      await api.register(fastifyRateLimit, {
        global: false,
        max: options.requestsPerMinute ?? REQUESTS_PER_MINUTE,
        timeWindow: 60_000,
        errorResponseBuilder: (_, { ttl }) => new StrowgerError('api.too-many', 'More requests come from this address than are taken.', { fields: { retryAfterMs: ttl } }),
      });
      // Before anybody is asked who it is: by itself the plugin would count behind each route's own hook, and so no wrong token.
      api.addHook('onRequest', api.rateLimit());
      await api.register(apiV1({ routes, authenticate: authenticator({ tokens, isOpen: !needsCredentials, origin }), sessions, announce, isSecure, needsCredentials }));
    },
    { prefix: '/api/v1' },
  );
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw new StrowgerError('api.listen', `The API cannot listen on ${host}:${port}: ${messageOf(error)}`, { fields: { host, port }, cause: error });
  }
  const listening = (server.server.address() as AddressInfo).port;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    port: listening,
    close: async () => {
      forgetTls?.();
      await server.close();
    },
  };
}

/** A command without anything to say may come with a content type and no content. */
function acceptEmptyBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(body.toString()));
    } catch (error) {
      done(new StrowgerError('api.invalid', `The body is no JSON: ${messageOf(error)}`));
    }
  });
}

function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler((thrown, request, reply) => {
    const { status, error } = asApiError(thrown, request.id);
    if (status >= 500) logger.error({ requestId: request.id, method: request.method, path: request.routeOptions.url, error }, 'A request to the API failed');
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    const { retryAfterMs } = error.fields;
    if (status === 429 && typeof retryAfterMs === 'number') reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
    return reply.status(status).send(errorBody(error));
  });
  server.setNotFoundHandler((request, reply) => {
    const error = new StrowgerError('api.not-found', `There is no ${request.method} ${request.url.split('?')[0]}.`);
    return reply.status(404).send(errorBody(error));
  });
}

function serveHealth(server: FastifyInstance, deps: ApiDeps): void {
  server.get('/healthz', () => ({ alive: true }));
  server.get('/readyz', (_, reply) => {
    const parts = deps.health();
    const amiss = Object.entries(parts).filter(([, part]) => !part.ready);
    const ready = amiss.every(([, part]) => !part.needed);
    const reasons = amiss.map(([name, { detail }]) => (detail === undefined ? name : `${name}: ${detail}`));
    return reply.status(ready ? 200 : 503).send({ ready, degraded: amiss.length > 0, reasons, parts });
  });
  server.get('/metrics', async (_, reply) => reply.header('content-type', METRICS_TYPE).send(await deps.metrics()));
}
