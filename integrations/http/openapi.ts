import { z } from 'zod';
import { CALLBACK_REFUSALS } from '../../engine/domain/callback.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../engine/domain/errors.ts';
import { statusOf } from './api-error.ts';
import type { Route } from './route.ts';

type JsonObject = { readonly [key: string]: unknown };

const EVERYWHERE: readonly ErrorCode[] = ['api.unauthorized', 'api.internal'];

/** The OpenAPI 3.1 description of the routes, made from the schemas that requests and answers go through. */
export function openApiDocument(routes: readonly Route[], needsToken: boolean): JsonObject {
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
    ...(needsToken ? { security: [{ token: [] }] } : {}),
    paths,
    components: {
      ...(needsToken ? { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } } : {}),
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
    ...withParameters([...parameters(route.params, 'path'), ...parameters(route.query, 'query')]),
    ...(route.body === undefined ? {} : { requestBody: { required: !route.body.safeParse(undefined).success, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } } }),
    responses: {
      200: { description: 'Done.', content: route.media === undefined ? { 'application/json': { schema: jsonSchema(route.result, 'output') } } : { [route.media]: {} } },
      ...errorResponses([...route.errors, ...EVERYWHERE, ...(takesInput ? (['api.invalid'] as const) : [])]),
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
