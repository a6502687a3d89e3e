import { z } from 'zod';
import { ADMISSION_LEVELS, LOAD_MEASURES, REFUSAL_REASONS } from '../../engine/domain/admission.ts';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';

const level = z.literal([...ADMISSION_LEVELS]).describe('0 normal, 1 what is optional is left out, 2 new callers are told to call later, 3 new calls are refused.');
const reason = z.object({
  measure: z.enum(LOAD_MEASURES),
  value: z.number().describe('As measured last.'),
  limit: z.number().describe('Where the level begins.'),
});
const scope = { level, since: z.int().describe('Milliseconds since the epoch.'), reasons: z.array(reason).readonly().describe('Why the level is not lower.') };
const limit = z.object({ calls: z.int().optional(), perMinute: z.int().optional() }).describe('Absent: none.');

export const admissionState = z.object({
  ...scope,
  nodes: z.array(z.object({ nodeId: z.string(), draining: z.boolean().describe('It is to become empty.'), calls: z.int(), ...scope })).readonly().describe('Of each switch, for its own load; the level of the engine holds on all of them.'),
  calls: z.int(),
  callLimit: z.int().optional().describe('Absent: none.'),
  trunks: z.array(z.object({ trunk: z.string(), calls: z.int(), limit })).readonly().describe('Those that have calls.'),
  refused: z.object(Object.fromEntries(REFUSAL_REASONS.map((name) => [name, z.int()]))).describe('Calls since the process began, by the limit that was reached.'),
  diverted: z.int().describe('Calls since the process began that were told to call later.'),
});

export function admissionRoutes(deps: ApiDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/admission',
      operationId: 'admission',
      summary: 'What is done about load now, and why; how many calls there are and were refused.',
      roles: ['supervisor', 'engineer'],
      result: admissionState,
      handle: () => deps.admission(),
    }),
  ];
}
