import { z } from 'zod';
import { acdConfigResult, reloadResult } from './acd-schemas.ts';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';

/** Ids as the configuration file has them. */
const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "_", "." and "-", at most 64');

export function acdRoutes({ acd }: ApiDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/acd/config',
      operationId: 'acd-config',
      summary: 'Agents, queues and skills as they are configured. Passwords stay in.',
      roles: ['supervisor', 'engineer', 'designer'],
      result: acdConfigResult,
      handle: () => acd.config(),
    }),
    route({
      method: 'POST',
      path: '/acd/reload',
      operationId: 'acd-reload',
      summary: 'Reads agents, queues and skills of the configuration file again. Calls and conversations go on. A file with a mistake is refused as a whole.',
      roles: ['engineer'],
      result: reloadResult,
      errors: ['acd.refused', 'acd.no-file'],
      handle: () => acd.reload(),
    }),
    route({
      method: 'PUT',
      path: '/acd/agents/{agentId}',
      operationId: 'acd-put-agent',
      summary: 'Sets an agent in the configuration file (a new one is added) and reads the file again.',
      roles: ['engineer'],
      params: z.object({ agentId: id }),
      body: acd.forms.agent,
      result: reloadResult,
      errors: ['acd.refused', 'acd.no-file'],
      handle: (input) => acd.put('agents', input.params.agentId, input.body),
    }),
    route({
      method: 'DELETE',
      path: '/acd/agents/{agentId}',
      operationId: 'acd-delete-agent',
      summary: 'Takes an agent out of the configuration file. One who talks finishes the conversation.',
      roles: ['engineer'],
      params: z.object({ agentId: id }),
      result: reloadResult,
      errors: ['acd.unknown', 'acd.refused', 'acd.no-file'],
      handle: (input) => acd.remove('agents', input.params.agentId),
    }),
    route({
      method: 'PUT',
      path: '/acd/queues/{queueId}',
      operationId: 'acd-put-queue',
      summary: 'Sets a queue in the configuration file (a new one is added) and reads the file again. Settings that are not given take their defaults.',
      roles: ['engineer'],
      params: z.object({ queueId: id }),
      body: acd.forms.queue,
      result: reloadResult,
      errors: ['acd.refused', 'acd.no-file'],
      handle: (input) => acd.put('queues', input.params.queueId, input.body),
    }),
    route({
      method: 'DELETE',
      path: '/acd/queues/{queueId}',
      operationId: 'acd-delete-queue',
      summary: 'Takes a queue out of the configuration file; refused while an agent serves it. Who waits in it overflows.',
      roles: ['engineer'],
      params: z.object({ queueId: id }),
      result: reloadResult,
      errors: ['acd.unknown', 'acd.refused', 'acd.no-file'],
      handle: (input) => acd.remove('queues', input.params.queueId),
    }),
  ];
}
