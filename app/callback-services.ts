import type { CallbackDesk } from '../engine/callback/callback-desk.ts';
import type { CallbackRefusal } from '../engine/domain/callback.ts';
import { isStrowgerError } from '../engine/domain/errors.ts';
import { callbackId, queueId, type CallId } from '../engine/domain/ids.ts';
import type { callbackWindows, cancelCallback, findCallback, moveCallback, requestCallback } from '../engine/flow/callback-services.ts';
import type { ResultOf, ServiceImplementations } from '../engine/flow/service.ts';
import type { CallSession } from '../engine/session/call-session.ts';

interface CallbackServices {
  readonly requestCallback: typeof requestCallback;
  readonly findCallback: typeof findCallback;
  readonly callbackWindows: typeof callbackWindows;
  readonly cancelCallback: typeof cancelCallback;
  readonly moveCallback: typeof moveCallback;
}

type Refused = Exclude<ResultOf<typeof requestCallback>, { outcome: 'taken' }>['outcome'];

/** What a caller is told of a refusal: rules have many names, answers few. */
const TOLD: Readonly<Record<CallbackRefusal, Refused>> = {
  numberInvalid: 'badNumber',
  numberTooShort: 'badNumber',
  numberWithheld: 'badNumber',
  numberForeign: 'notAllowed',
  numberType: 'notAllowed',
  ownNumber: 'notAllowed',
  doNotCall: 'notAllowed',
  tooManyForNumber: 'tooMany',
  tooManyByCaller: 'tooMany',
  tooManyToday: 'tooMany',
  costLimit: 'tooMany',
  callingHours: 'notAllowed',
  alreadyPending: 'pending',
  notOffered: 'unavailable',
  windowFull: 'windowGone',
  windowPast: 'windowGone',
  queueUnknown: 'unavailable',
};

/** The services of engine/flow/callback-services.ts, done by the engine itself. */
export function callbackServices(desk: () => CallbackDesk, sessionOf: (callId: CallId) => CallSession | undefined): ServiceImplementations<CallbackServices> {
  return {
    requestCallback: async ({ queue, number, window, topic }, { callId }) => {
      const id = queueId(queue);
      const session = sessionOf(callId);
      const left = session?.left?.queueId === id ? session.left : undefined;
      // The same step of the same call, again after a restart: what it asked for is there.
      const own = desk().pending(number, id);
      if (own !== undefined && own.requestedBy.by === 'customer' && own.requestedBy.callId === callId) return { outcome: 'taken', callbackId: own.callbackId };
      try {
        const taken = await desk().request({
          queueId: id,
          number,
          language: session?.language ?? 'zh-CN',
          callerNumber: session?.facts.callerNumber ?? '',
          by: { by: 'customer', callId },
          ...(window > 0 ? { wanted: window } : {}),
          ...(left === undefined ? {} : { virtualSince: left.enqueuedAt - left.ageBoostMs, priority: left.priority, steps: left.steps, afterSteps: left.afterSteps }),
          ...(topic === '' ? {} : { topic }),
          ...(session?.wish === undefined ? {} : { wish: session.wish }),
        });
        session?.forgetLeft();
        return { outcome: 'taken', callbackId: taken.callbackId };
      } catch (error) {
        return { outcome: TOLD[refusalOf(error)] };
      }
    },
    findCallback: async ({ queue, number }) => {
      const found = desk().pending(number, queueId(queue));
      if (found === undefined) return { outcome: 'none' };
      const { callbackId: id, kind, period } = found;
      return kind === 'soon' ? { outcome: 'soon', callbackId: id } : { outcome: 'at', callbackId: id, from: period.from, to: period.to };
    },
    callbackWindows: async ({ queue }) => {
      const [first, second, third] = desk().windows(queueId(queue)).map(({ period }) => period);
      if (first === undefined) return { outcome: 'none' };
      return {
        outcome: 'some',
        first: first.from,
        firstEnd: first.to,
        second: second?.from ?? 0,
        secondEnd: second?.to ?? 0,
        third: third?.from ?? 0,
        thirdEnd: third?.to ?? 0,
      };
    },
    cancelCallback: async ({ callbackId: id }, { callId }) => {
      try {
        await desk().cancel(callbackId(id), { by: 'customer', callId });
        return { outcome: 'canceled' };
      } catch (error) {
        if (isTooLate(error)) return { outcome: 'tooLate' };
        throw error;
      }
    },
    moveCallback: async ({ callbackId: id, window }, { callId }) => {
      try {
        await desk().move(callbackId(id), window > 0 ? window : 'soon', { by: 'customer', callId });
        return { outcome: 'moved' };
      } catch (error) {
        if (isTooLate(error)) return { outcome: 'tooLate' };
        refusalOf(error);
        return { outcome: 'windowGone' };
      }
    },
  };
}

function isTooLate(error: unknown): boolean {
  return isStrowgerError(error, 'callback.conflict') || isStrowgerError(error, 'callback.unknown');
}

/** Throws what is no refusal: the flow takes it for a service that failed. */
function refusalOf(error: unknown): CallbackRefusal {
  if (isStrowgerError(error, 'callback.refused')) return error.fields['refusal'] as CallbackRefusal;
  throw error;
}
