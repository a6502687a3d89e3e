import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { accessCheck, isLoopback } from './access.ts';
import { acdRoutes } from './acd-routes.ts';
import { agentRoutes } from './agent-routes.ts';
import type { ApiDeps } from './api-deps.ts';
import { asApiError, errorBody } from './api-error.ts';
import { engineRoutes } from './engine-routes.ts';
import { callbackRoutes } from './callback-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { openApiDocument } from './openapi.ts';
import { reportRoutes } from './report-routes.ts';
import { recordingRoutes } from './recording-routes.ts';
import type { Download, Route } from './route.ts';
import { viewRoutes } from './view-routes.ts';

export interface ApiServerOptions {
  readonly deps: ApiDeps;
  readonly logger: Logger;
  /** Default 127.0.0.1. Any other address needs a token. */
  readonly host?: string;
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** What requests to /api carry as `Authorization: Bearer …`. Without it the API serves this machine only. */
  readonly token?: string;
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
/** What a command without anything to say may carry. */
const nothing = z.strictObject({}).optional();

/**
 * The HTTP side of the engine: /healthz (the process lives), /readyz (calls are served), /metrics (Prometheus) and
 * /api/v1 (docs at /api/v1/openapi.json). Rejects with `api.listen`.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { deps, logger, host = '127.0.0.1', port = 8080, token, showPersonalData = false } = options;
  if (token === undefined && !isLoopback(host)) {
    throw new StrowgerError('api.listen', `The API is not opened on ${host} without a token: anyone in the network could sign agents out.`, {
      fields: { host },
      hint: 'Set `http.token`, or leave `http.host` at 127.0.0.1.',
    });
  }
  const server = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: true,
  });
  acceptEmptyBodies(server);
  answerErrors(server, logger);
  serveHealth(server, deps);
  const routes = [
    ...agentRoutes(deps),
    ...contactRoutes(deps, showPersonalData),
    ...callbackRoutes(deps, showPersonalData),
    ...recordingRoutes(deps),
    ...acdRoutes(deps),
    ...engineRoutes(deps),
    ...viewRoutes(deps, showPersonalData),
    ...reportRoutes(deps.reports),
  ];
  await server.register(apiV1(routes, token), { prefix: '/api/v1' });
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    throw new StrowgerError('api.listen', `The API cannot listen on ${host}:${port}: ${messageOf(error)}`, { fields: { host, port }, cause: error });
  }
  const listening = (server.server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    port: listening,
    close: () => server.close(),
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
    const ready = Object.values(parts).every((part) => part.ready);
    return reply.status(ready ? 200 : 503).send({ ready, parts });
  });
  server.get('/metrics', async (_, reply) => reply.header('content-type', METRICS_TYPE).send(await deps.metrics()));
}

function apiV1(routes: readonly Route[], token: string | undefined): (api: FastifyInstance) => Promise<void> {
  return async (api) => {
    const check = accessCheck(token);
    api.addHook('onRequest', async (request) => check(request.headers));
    const document = openApiDocument(routes, token !== undefined);
    api.get('/openapi.json', () => document);
    for (const route of routes) {
      api.route({
        method: route.method,
        url: route.path.replace(/\{(\w+)\}/g, ':$1'),
        // To look whether there is one is not to have it.
        ...(route.media === undefined ? {} : { exposeHeadRoute: false }),
        handler: async (request, reply) => {
          const result = await route.handle({
            params: checked(route.params, request.params, 'path'),
            query: checked(route.query, request.query, 'query'),
            body: checked(route.body ?? nothing, request.body, 'body'),
          });
          if (route.media === undefined) return route.result.parse(result);
          const { name, bytes, content } = result as Download;
          return reply
            .header('content-type', route.media)
            .header('content-length', bytes)
            .header('content-disposition', `attachment; filename="${name}"`)
            .header('cache-control', 'no-store')
            .send(Readable.from(content));
        },
      });
    }
  };
}

/** What came in, as its schema says, or `api.invalid` with the field that is wrong. */
function checked(schema: z.ZodType, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
  throw new StrowgerError('api.invalid', problems.join('; '));
}
