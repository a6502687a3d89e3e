import { z } from 'zod';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';

export function engineRoutes({ engine }: Pick<ApiDeps, 'engine'>): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/engine/hand-over',
      operationId: 'hand-over',
      summary: 'Another process asks for the calls. Answers in a moment in which no caller would notice, at most five seconds later; that process takes the switches over then, and this one ends.',
      result: z.object({ calls: z.int().describe('So many calls are handed over.') }),
      errors: ['engine.hand-over'],
      handle: () => engine.handOver(),
    }),
  ];
}
