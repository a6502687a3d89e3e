import type { z } from 'zod';
import type { CallbackActor } from '../../engine/domain/callback.ts';
import { maskNumber } from '../../engine/domain/digits.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { callbackId, queueId } from '../../engine/domain/ids.ts';
import type { ApiDeps, CallbackRow } from './api-deps.ts';
import { explained, refused } from './callback-refusals.ts';
import {
  callbackParams,
  callbackResult,
  cancelBody,
  listQuery,
  listResult,
  moveBody,
  queueParams,
  requestBody,
  windowsResult,
  type CallbackAnswer,
} from './callback-schemas.ts';
import { route, type Route } from './route.ts';
import { withShownWish } from './wish-schema.ts';

export function callbackRoutes(deps: ApiDeps, showPersonalData: boolean): readonly Route[] {
  const { callbacks } = deps;
  const shown = (row: CallbackRow): CallbackAnswer => withShownWish(showPersonalData ? row : { ...row, number: maskNumber(row.number) }, showPersonalData);
  const changed = async (change: () => CallbackRow | Promise<CallbackRow>): Promise<CallbackAnswer> => {
    try {
      return shown(await change());
    } catch (error) {
      throw explained(error);
    }
  };
  return [
    route({
      method: 'GET',
      path: '/callbacks',
      operationId: 'callbacks',
      summary: 'Customers who are to be called back, and those who were.',
      query: listQuery,
      result: listResult,
      handle: ({ query }) => {
        const found = selected(callbacks.list(), query);
        return { callbacks: found.slice(0, query.limit).map(shown), total: found.length };
      },
    }),
    route({
      method: 'GET',
      path: '/callbacks/{callbackId}',
      operationId: 'callback',
      summary: 'One callback, open or ended within the last two days.',
      params: callbackParams,
      result: callbackResult,
      errors: ['callback.unknown'],
      handle: ({ params }) => {
        const id = callbackId(params.callbackId);
        const row = callbacks.get(id);
        if (row === undefined) throw new StrowgerError('callback.unknown', `There is no callback ${id}.`, { fields: { callbackId: id } });
        return shown(row);
      },
    }),
    route({
      method: 'GET',
      path: '/queues/{queueId}/callback-windows',
      operationId: 'callback-windows',
      summary: 'The windows for a callback that can be chosen in a queue now.',
      params: queueParams,
      result: windowsResult,
      errors: ['callback.refused'],
      handle: ({ params }) => {
        const id = queueId(params.queueId);
        if (!deps.queues().some(({ queue }) => queue.id === id)) throw refused('queueUnknown');
        return {
          windows: callbacks
            .windows(id)
            .map(({ period: { from, to }, left }) => ({ from, to, fromText: new Date(from).toISOString(), toText: new Date(to).toISOString(), left })),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/callbacks',
      operationId: 'callback-request',
      summary: 'Asks for a callback. Answered when it is on the disk: from then on it may be confirmed to the customer.',
      body: requestBody,
      result: callbackResult,
      errors: ['callback.refused', 'store.failed'],
      handle: ({ body: { queueId: queue, number, language, window, topic, name } }) =>
        changed(() =>
          callbacks.request({
            queueId: queueId(queue),
            number,
            language,
            by: actorOf({ by: 'program', name }),
            ...(window === undefined ? {} : { wanted: window.from }),
            ...(topic === undefined ? {} : { topic }),
          }),
        ),
    }),
    route({
      method: 'POST',
      path: '/callbacks/{callbackId}/move',
      operationId: 'callback-move',
      summary: 'Moves a callback to another window, or to as soon as its turn comes. Refused, it keeps the time that it has.',
      params: callbackParams,
      body: moveBody,
      result: callbackResult,
      errors: ['callback.unknown', 'callback.conflict', 'callback.refused', 'store.failed'],
      handle: ({ params, body }) => changed(() => callbacks.move(callbackId(params.callbackId), body.window?.from ?? 'soon', actorOf(body))),
    }),
    route({
      method: 'POST',
      path: '/callbacks/{callbackId}/cancel',
      operationId: 'callback-cancel',
      summary: "Cancels a callback; too late once the customer's phone rings.",
      params: callbackParams,
      body: cancelBody,
      result: callbackResult,
      errors: ['callback.unknown', 'callback.conflict', 'store.failed'],
      handle: ({ params, body }) => changed(() => callbacks.cancel(callbackId(params.callbackId), actorOf(body ?? { by: 'program' }))),
    }),
  ];
}

function actorOf({ by, name }: { readonly by: Exclude<CallbackActor['by'], 'customer'>; readonly name?: string | undefined }): CallbackActor {
  return { by, ...(name === undefined ? {} : { name }) };
}

/** Open ones as they come, the soonest first; then those that ended, the last one first. */
function selected(rows: readonly CallbackRow[], { state, queue }: z.output<typeof listQuery>): readonly CallbackRow[] {
  const wanted = rows.filter((row) => queue === undefined || row.queueId === queue);
  const open = state === 'ended' ? [] : wanted.filter(({ ended }) => ended === undefined);
  const over = state === 'open' ? [] : wanted.filter(({ ended }) => ended !== undefined);
  return [...open, ...over.toSorted((a, b) => (b.ended?.at ?? 0) - (a.ended?.at ?? 0))];
}
