const error = { $ref: '#/components/responses/Error' } as const;
const status = { description: 'The agent’s new state', content: { 'application/json': { schema: { $ref: '#/components/schemas/AgentStatus' } } } } as const;
const agentParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } } as const;

const list = (name: string, description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object', required: [name], properties: { [name]: { type: 'array', items: { type: 'object' } } } } } },
});

const command = (summary: string, body?: object) => ({
  post: {
    summary,
    parameters: [agentParameter],
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { '200': status, '400': error, '401': error, '404': error, '409': error },
  },
});

/** The API as an OpenAPI 3.1 document, served at /api/v1/openapi.json. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Strowger engine', version: '1', description: 'Agents, queues, calls and events of a running engine.' },
  security: [{ token: [] }],
  paths: {
    '/healthz': { get: { summary: 'The process is alive', security: [], responses: { '200': { description: 'Alive' } } } },
    '/readyz': {
      get: {
        summary: 'The engine can serve calls',
        security: [],
        responses: { '200': { description: 'Every part is ready' }, '503': { description: 'A part is not; the body says which' } },
      },
    },
    '/metrics': { get: { summary: 'Metrics in the text format of Prometheus', security: [], responses: { '200': { description: 'Metrics' } } } },
    '/api/v1/agents': { get: { summary: 'All agents with their states', responses: { '200': list('agents', 'Agents'), '401': error } } },
    '/api/v1/agents/{id}/sign-in': command('Sign in; the agent is ready'),
    '/api/v1/agents/{id}/sign-out': command('Sign out, after a conversation that goes on'),
    '/api/v1/agents/{id}/ready': command('Take calls again'),
    '/api/v1/agents/{id}/not-ready': command('Take no calls, with a reason code', {
      type: 'object',
      required: ['reason'],
      properties: { reason: { type: 'string', minLength: 1, maxLength: 64 } },
    }),
    '/api/v1/agents/{id}/finish-wrap-up': command('End the wrap-up before its limit'),
    '/api/v1/queues': { get: { summary: 'All queues with those who wait', responses: { '200': list('queues', 'Queues'), '401': error } } },
    '/api/v1/calls': { get: { summary: 'Live calls', responses: { '200': list('calls', 'Calls'), '401': error } } },
    '/api/v1/events': {
      get: {
        summary: 'Domain events, oldest first',
        parameters: [
          { name: 'callId', in: 'query', schema: { type: 'string' } },
          { name: 'after', in: 'query', description: 'Only events after this place in the log', schema: { type: 'integer', minimum: 0 } },
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } },
        ],
        responses: { '200': list('events', 'Events with their place `seq`'), '400': error, '401': error },
      },
    },
    '/api/v1/openapi.json': { get: { summary: 'This document', responses: { '200': { description: 'OpenAPI 3.1' } } } },
  },
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    responses: {
      Error: {
        description: 'What went wrong and what to do',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['code', 'message', 'hint'],
              properties: { code: { type: 'string' }, message: { type: 'string' }, hint: { type: 'string' } },
            },
          },
        },
      },
    },
    schemas: {
      AgentStatus: {
        type: 'object',
        required: ['agentId', 'state', 'since', 'idleSince'],
        properties: {
          agentId: { type: 'string' },
          state: { enum: ['loggedOut', 'ready', 'reserved', 'talking', 'wrapUp', 'notReady', 'notResponding'] },
          since: { type: 'integer', description: 'Milliseconds since the epoch' },
          idleSince: { type: 'integer', description: 'Milliseconds since the epoch' },
          reason: { type: 'string' },
        },
      },
    },
  },
} as const;
