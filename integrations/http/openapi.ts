import { z } from 'zod';
import { CALLBACK_REFUSALS } from '../../engine/domain/callback.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../engine/domain/errors.ts';
import { statusOf } from './api-error.ts';
import type { Route } from './route.ts';

type JsonObject = { readonly [key: string]: unknown };

const EVERYWHERE: readonly ErrorCode[] = ['api.unauthorized', 'api.forbidden', 'api.too-many', 'api.internal'];

/** `credentials`: somebody has to say who it is; with the name of the session's cookie. */
export function openApiDocument(routes: readonly Route[], credentials: { readonly cookie: string } | undefined): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Strowger',
      version: '1.0.0',
      description: 'Agents, queues, contacts, callbacks, recordings, calls and events of a running engine, and the configuration of its ACD. Times are milliseconds since the epoch.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    ...(credentials === undefined ? {} : { security: [{ token: [] }, { session: [] }] }),
    paths,
    components: {
      ...(credentials === undefined
        ? {}
        : {
            securitySchemes: {
              token: { type: 'http', scheme: 'bearer' },
              session: { type: 'apiKey', in: 'cookie', name: credentials.cookie, description: 'Set by `POST /session`. Changes also want the header x-csrf-token.' },
            },
          }),
      schemas: {
        Error: {
          type: 'object',
          required: ['code', 'message', 'hint'],
          properties: {
            code: { type: 'string', description: 'Stable; docs/errors.md lists all of them.' },
            message: { type: 'string', description: 'What happened.' },
            hint: { type: 'string', description: 'What to do next.' },
            refusal: { type: 'string', enum: CALLBACK_REFUSALS, description: 'Of `callback.refused` only: why.' },
          },
        },
      },
    },
  };
}

function operation(route: Route): JsonObject {
  const takesInput = route.body !== undefined || [route.params, route.query].some((schema) => Object.keys(schema.shape).length > 0);
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: route.roles === 'anyone' ? 'For anyone.' : `For ${route.roles.join(', ')}.${route.roles.includes('agent') && 'agentId' in route.params.shape ? ' An agent for itself only.' : ''}`,
    'x-roles': route.roles === 'anyone' ? [] : route.roles,
    ...(route.roles === 'anyone' ? { security: [] } : {}),
    ...withParameters([...parameters(route.params, 'path'), ...parameters(route.query, 'query')]),
    ...(route.body === undefined ? {} : { requestBody: { required: !route.body.safeParse(undefined).success, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } } }),
    responses: {
      200: { description: 'Done.', content: route.media === undefined ? { 'application/json': { schema: jsonSchema(route.result, 'output') } } : { [route.media]: {} } },
      ...errorResponses([...new Set([...route.errors, ...EVERYWHERE, ...(takesInput ? (['api.invalid'] as const) : [])])]),
    },
  };
}

function withParameters(list: readonly JsonObject[]): JsonObject {
  return list.length === 0 ? {} : { parameters: list };
}

function parameters(schema: Route['params'], where: 'path' | 'query'): readonly JsonObject[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, JsonObject>; required?: readonly string[] };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function errorResponses(codes: readonly ErrorCode[]): JsonObject {
  const responses: Record<string, JsonObject> = {};
  for (const status of new Set(codes.map(statusOf))) {
    const lines = codes.filter((code) => statusOf(code) === status).map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].when}`);
    responses[status] = { description: lines.join('\n'), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  }
  return responses;
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
