import { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { contactId } from '../../engine/domain/ids.ts';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';
import { whyResult } from './why-schemas.ts';
import { withShownWish } from './wish-schema.ts';

const params = z.object({ contactId: z.string().min(1).max(64) });
const anyId = z.object({ contactId: z.string().min(1).max(64).describe('A contact, or the call that it belongs to.') });

const priority = z
  .strictObject({
    priority: z.int().min(1).max(99).optional().describe('1 is the most urgent, 5 the default.'),
    ageBoostSeconds: z.number().min(0).max(86_400).optional().describe('It stands as if it had come this much earlier; 0 takes that back. The reported wait stays true.'),
  })
  .refine((body) => body.priority !== undefined || body.ageBoostSeconds !== undefined, 'priority or ageBoostSeconds')
  .describe('Its new place.');

export function contactRoutes({ contacts }: ApiDeps, showPersonalData: boolean): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/contacts/{contactId}/why',
      operationId: 'contact-why',
      summary: 'Why a contact waits and what would change it; what happened to it when it waits no more.',
      roles: ['supervisor', 'engineer', 'designer'],
      params: anyId,
      result: whyResult,
      errors: ['contact.unknown', 'store.failed'],
      handle: async (input) => {
        const { waiting, history } = await contacts.why(input.params.contactId);
        return {
          ...(waiting === undefined ? {} : { waiting: withShownWish(waiting, showPersonalData) }),
          ...(history === undefined ? {} : { history: withShownWish(history, showPersonalData) }),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/contacts/{contactId}/priority',
      operationId: 'contact-priority',
      summary: 'Gives a waiting contact another priority or virtual age; it acts on the next decision.',
      roles: ['supervisor', 'engineer'],
      params,
      body: priority,
      result: z.object({ contactId: z.string() }),
      errors: ['contact.unknown'],
      handle: (input) => {
        const { priority: place, ageBoostSeconds } = input.body;
        const id = contactId(input.params.contactId);
        const waits = contacts.change(id, {
          ...(place === undefined ? {} : { priority: place }),
          ...(ageBoostSeconds === undefined ? {} : { ageBoostMs: ageBoostSeconds * 1000 }),
        });
        if (!waits) throw new StrowgerError('contact.unknown', `No contact ${id} waits.`, { fields: { contactId: id } });
        return { contactId: id };
      },
    }),
  ];
}
