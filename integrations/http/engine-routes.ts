import { z } from 'zod';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';

const drain = z.object({
  draining: z.boolean().describe('No switch takes new calls.'),
  calls: z.int().describe('What still goes on: calls, and callbacks that are being placed.'),
  switches: z.array(z.object({ nodeId: z.string(), draining: z.boolean(), calls: z.int() })).readonly(),
});
export type DrainAnswer = z.output<typeof drain>;

export function engineRoutes({ engine }: Pick<ApiDeps, 'engine'>): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/engine/hand-over',
      operationId: 'hand-over',
      summary: 'Another process asks for the calls. Answers in a moment in which no caller would notice, at most five seconds later; that process takes the switches over then, and this one ends.',
      roles: ['engineer'],
      result: z.object({ calls: z.int().describe('So many calls are handed over.') }),
      errors: ['engine.hand-over'],
      handle: () => engine.handOver(),
    }),
    route({
      method: 'GET',
      path: '/engine/drain',
      operationId: 'drain-state',
      summary: 'Which switches take no new calls, and what still goes on there.',
      roles: ['supervisor', 'engineer'],
      result: drain,
      handle: () => engine.drain.state,
    }),
    route({
      method: 'POST',
      path: '/engine/drain',
      operationId: 'drain',
      summary: 'Lets a switch become empty, or the engine, or takes that back: new calls are refused with SIP 503 and no callbacks are placed, while those that are in go on to their ends. A switch stays so over restarts of the engine.',
      roles: ['engineer'],
      body: z.strictObject({ draining: z.boolean(), switch: z.string().min(1).max(64).optional().describe('Without it: the engine.') }),
      result: drain,
      errors: ['switch.unknown', 'store.failed'],
      handle: ({ body }) => engine.drain.set(body.switch, body.draining),
    }),
  ];
}
