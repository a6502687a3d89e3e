import { createHash, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isStrowgerError, messageOf, StrowgerError } from '../../engine/domain/errors.ts';
import { agentId, callId } from '../../engine/domain/ids.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { ApiDeps } from './api-deps.ts';
import { openApiDocument } from './openapi.ts';

export interface ApiServerOptions {
  readonly deps: ApiDeps;
  readonly logger: Logger;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 8080; 0 takes a free one. */
  readonly port?: number;
  /** Asked of everyone who uses /api. Without it only this machine may. */
  readonly token?: string;
}

export interface ApiServer {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const STATUS: Readonly<Record<string, number>> = {
  'api.invalid': 400,
  'api.unauthorized': 401,
  'agent.unknown': 404,
  'agent.conflict': 409,
};

/** Starts the API. Rejects with `api.listen` when the port is taken. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { deps, logger, host = '127.0.0.1', port = 8080, token } = options;
  const app = fastify({ logger: false, bodyLimit: 64 * 1024 });
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, logger));
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: 'api.not-found', message: `There is no ${request.method} ${request.url.split('?')[0]}.`, hint: 'GET /api/v1/openapi.json lists what there is.' }),
  );
  healthRoutes(app, deps);
  await app.register(
    async (api) => {
      api.addHook('onRequest', async (request) => authorize(request, token));
      agentRoutes(api, deps);
      viewRoutes(api, deps);
    },
    { prefix: '/api/v1' },
  );
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new StrowgerError('api.listen', `The API cannot listen on ${host}:${port}: ${messageOf(error)}`, { cause: error, fields: { host, port } });
  }
  const [address] = app.addresses();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' ? address.port : port}`,
    close: () => app.close(),
  };
}

function healthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/healthz', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const parts = deps.health();
    const ready = Object.values(parts).every((part) => part.ready);
    return reply.code(ready ? 200 : 503).send({ ready, parts });
  });
  app.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await deps.metrics()));
}

const notReadyBody = z.strictObject({ reason: z.string().min(1).max(64) });
const emptyBody = z.strictObject({}).optional().nullable();

function agentRoutes(app: FastifyInstance, { agents }: ApiDeps): void {
  app.get('/agents', async () => ({ agents: agents.agents() }));
  const command = (name: string, run: (id: ReturnType<typeof agentId>, body: unknown) => unknown): void => {
    app.post<{ Params: { id: string } }>(`/agents/:id/${name}`, async ({ params, body }) => run(agentId(params.id), body));
  };
  const plain = (run: (id: ReturnType<typeof agentId>) => unknown) => (id: ReturnType<typeof agentId>, body: unknown) => {
    valid(emptyBody, body);
    return run(id);
  };
  command('sign-in', plain((id) => agents.signIn(id)));
  command('sign-out', plain((id) => agents.signOut(id)));
  command('ready', plain((id) => agents.setReady(id)));
  command('not-ready', (id, body) => agents.setNotReady(id, valid(notReadyBody, body).reason));
  command('finish-wrap-up', plain((id) => agents.finishWrapUp(id)));
}

const eventsQuery = z.strictObject({
  callId: z.string().min(1).max(64).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

function viewRoutes(app: FastifyInstance, deps: ApiDeps): void {
  app.get('/queues', async () => ({ queues: deps.queues() }));
  app.get('/calls', async () => ({ calls: deps.calls() }));
  app.get('/events', async ({ query }) => {
    const { callId: call, after, limit } = valid(eventsQuery, query);
    return { events: await deps.events({ afterSeq: after, limit, ...(call === undefined ? {} : { callId: callId(call) }) }) };
  });
  app.get('/openapi.json', async () => openApiDocument);
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`);
  throw new StrowgerError('api.invalid', problems.join('; '));
}

async function authorize(request: FastifyRequest, token: string | undefined): Promise<void> {
  if (token === undefined) {
    if (!LOOPBACK.test(request.ip)) throw new StrowgerError('api.unauthorized', 'Without a token the API answers this machine only.');
    return;
  }
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  // Digests have one length, so that the comparison takes the same time whatever was given.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(token))) throw new StrowgerError('api.unauthorized', 'The token is missing or wrong.');
}

function sendError(reply: FastifyReply, error: unknown, logger: Logger): FastifyReply {
  if (isStrowgerError(error)) {
    const status = STATUS[error.code];
    if (status !== undefined) return reply.code(status).send({ code: error.code, message: error.message, hint: error.hint });
  }
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status < 500) return reply.code(status).send({ code: 'api.invalid', message: messageOf(error), hint: 'GET /api/v1/openapi.json tells the form.' });
  logger.error({ error: messageOf(error) }, 'An API request failed');
  return reply.code(500).send({ code: 'api.failed', message: 'The engine could not answer.', hint: 'Its log says why.' });
}
