import { z } from 'zod';
import { expectedWaitResult, reportResult } from './report-schemas.ts';
import { route, type Route } from './route.ts';

const INTERVALS = ['15', '30', '60', 'day', 'range'] as const;
const SUBJECTS = ['queue', 'agent', 'callback', 'total'] as const;

/** What reports the API can give; the application makes them. Both throw `api.invalid` for a range that cannot be reported. */
export interface ReportsApi {
  figures(query: FiguresQuery): Promise<z.input<typeof reportResult>>;
  expectedWait(query: RangeQuery): Promise<z.input<typeof expectedWaitResult>>;
}

const moment = z
  .string()
  .regex(/^(\d{1,15}|\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?)$/, 'e.g. 2026-08-12, 2026-08-12T09:30, or milliseconds since the epoch');

const rangeQuery = z.strictObject({
  from: moment
    .optional()
    .describe('2026-08-12, 2026-08-12T09:30 (wall clock of the time zone), 2026-08-12T09:30Z, or milliseconds since the epoch. Default: the beginning of today.'),
  to: moment.optional().describe('As `from`; not part of the range, but a mere date is, to its end. At most 31 days after `from`. Default: now.'),
  timeZone: z.string().min(1).max(64).optional().describe('IANA name, e.g. Asia/Shanghai. Default: the one of the contact centre.'),
});
const figuresQuery = z.strictObject({
  ...rangeQuery.shape,
  interval: z.enum(INTERVALS).default('30').describe('Minutes by the wall clock, a date, or the whole range as one.'),
  by: z.enum(SUBJECTS).default('queue').describe('`callback`: the callbacks of each queue.'),
  id: z.string().min(1).max(64).optional().describe('Only this queue or agent.'),
});

export type RangeQuery = z.output<typeof rangeQuery>;
export type FiguresQuery = z.output<typeof figuresQuery>;

export function reportRoutes(reports: ReportsApi): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/reports',
      operationId: 'reports',
      summary: 'Figures of queues, agents, callbacks or the whole centre by interval, from the event log. docs/reporting.md explains them.',
      roles: ['supervisor', 'engineer'],
      query: figuresQuery,
      result: reportResult,
      errors: ['store.failed'],
      handle: ({ query }) => reports.figures(query),
    }),
    route({
      method: 'GET',
      path: '/reports/expected-wait',
      operationId: 'reports-expected-wait',
      summary: 'How good the estimated waits were: what was expected against what came.',
      roles: ['supervisor', 'engineer', 'designer'],
      query: rangeQuery,
      result: expectedWaitResult,
      errors: ['store.failed'],
      handle: ({ query }) => reports.expectedWait(query),
    }),
  ];
}
