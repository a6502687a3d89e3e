import { z } from 'zod';
import { maskNumber } from '../../engine/domain/digits.ts';
import type { DomainEventType } from '../../engine/domain/events.ts';
import { callId } from '../../engine/domain/ids.ts';
import type { ApiDeps } from './api-deps.ts';
import { ROLES } from './principal.ts';
import { route, type Route } from './route.ts';
import { wish, withShownWish } from './wish-schema.ts';

const time = z.int().describe('Milliseconds since the epoch.');
const MOST_EVENTS = 1000;
const DEFAULT_EVENTS = 200;

const contact = z.object({
  contactId: z.string(),
  callId: z.string().optional(),
  priority: z.number().describe('1 is the most urgent.'),
  enqueuedAt: time,
  position: z.int().describe('1 is the head of the queue.'),
  step: z.int().describe('The routing step that is open.'),
  promoted: z.boolean().optional().describe('It has waited so long that it goes before all that have not.'),
  offerId: z.string().optional().describe("Set while an agent's phone rings for the contact."),
  wish: wish.optional(),
});

const call = z.object({
  callId: z.string(),
  nodeId: z.string(),
  flow: z.string(),
  flowVersion: z.string(),
  state: z.string().describe('The state of the flow.'),
  stand: z.string().describe('`flow`, `queue` or `talking`.'),
  startedAt: time,
  dialled: z.string(),
  callerNumber: z.string().describe('Masked unless personal data is configured to be shown.'),
});

const queue = z.object({
  id: z.string(),
  name: z.string(),
  serviceLevelMs: z.number().describe('Target: answered within, in milliseconds.'),
  expectedWaitMs: z.number().optional().describe('Of one who would come now; absent when nothing can be said.'),
  contacts: z.array(contact),
});

const eventsQuery = z.strictObject({
  callId: z.string().min(1).max(64).optional().describe('Only the events of this call.'),
  types: z
    .string()
    .regex(/^[a-z]+\.[a-zA-Z]+(,[a-z]+\.[a-zA-Z]+)*$/, 'types are separated by commas, e.g. call.started,call.ended')
    .transform((text) => text.split(',') as DomainEventType[])
    .optional()
    .describe('Only events of these types, separated by commas.'),
  after: z.coerce.number<string>().int().min(0).default(0).describe('Only events after this place; the `next` of the previous answer.'),
  limit: z.coerce.number<string>().int().min(1).max(MOST_EVENTS).default(DEFAULT_EVENTS).describe('At most so many.'),
});

const event = z.looseObject({ v: z.literal(1), id: z.string(), at: time, type: z.string(), callId: z.string().optional() });

export function viewRoutes(deps: ApiDeps, showPersonalData: boolean): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/queues',
      operationId: 'queues',
      summary: 'All queues and who waits in them, head first.',
      roles: ROLES,
      result: z.object({ queues: z.array(queue) }),
      handle: () => ({ queues: deps.queues().map(({ queue: own, ...row }) => ({ ...own, ...row, contacts: row.contacts.map((one) => withShownWish(one, showPersonalData)) })) }),
    }),
    route({
      method: 'GET',
      path: '/calls',
      operationId: 'calls',
      summary: 'All live calls.',
      roles: ['supervisor', 'engineer'],
      result: z.object({ calls: z.array(call) }),
      handle: () => ({
        calls: deps.calls().map((row) => ({ ...row, callerNumber: showPersonalData ? row.callerNumber : maskNumber(row.callerNumber) })),
      }),
    }),
    route({
      method: 'GET',
      path: '/events',
      operationId: 'events',
      summary: 'What happened, oldest first. docs/mqtt.asyncapi.yaml describes each type of event.',
      roles: ['supervisor', 'engineer', 'designer'],
      query: eventsQuery,
      result: z.object({
        events: z.array(z.object({ seq: z.int().describe('The place in the log; it grows, with gaps.'), event })),
        next: z.int().describe('Give it as `after` to read on.'),
      }),
      errors: ['store.failed'],
      handle: async ({ query }) => {
        const { after, limit, types } = query;
        const events = await deps.events({
          afterSeq: after,
          limit,
          ...(types === undefined ? {} : { types }),
          ...(query.callId === undefined ? {} : { callId: callId(query.callId) }),
        });
        return { events: events.map((row) => ({ ...row, event: { ...row.event } })), next: events.at(-1)?.seq ?? after };
      },
    }),
  ];
}
