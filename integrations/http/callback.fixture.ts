import type { CallbackActor, CallbackRefusal, Period } from '../../engine/domain/callback.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { agentId, callbackId, callId, queueId, type CallbackId } from '../../engine/domain/ids.ts';
import type { CallbackCommands, CallbackRow } from './api-deps.ts';

export const PERIOD: Period = { from: 3_600_000, to: 7_200_000 };

export const OPEN: CallbackRow = {
  callbackId: callbackId('callback-1'),
  queueId: queueId('loans'),
  number: '+8613812345678',
  language: 'zh-CN',
  kind: 'at',
  period: PERIOD,
  stage: 'scheduled',
  requestedAt: 1,
  requestedBy: { by: 'customer', callId: callId('call-1') },
  virtualSince: 1,
  priority: 5,
  steps: [],
  afterSteps: 'strict',
  topic: 'mortgage',
  wish: { choice: 'loans', confidence: 0.9, text: 'a loan' },
  attempts: [{ at: 2, outcome: 'busy', agentId: agentId('1001') }],
  notBefore: 5_000_000,
};

export const OTHER: CallbackRow = { ...OPEN, callbackId: callbackId('callback-2'), queueId: queueId('cards'), notBefore: 6_000_000 };

export const ENDED: CallbackRow = { ...OPEN, callbackId: callbackId('callback-0'), stage: 'ended', ended: { how: 'canceled', at: 9, by: { by: 'supervisor', name: 'Han' } } };

export const ENDED_LATER: CallbackRow = { ...ENDED, callbackId: callbackId('callback-3'), ended: { how: 'reached', at: 10 } };

const refuse = (refusal: CallbackRefusal): never => {
  throw new StrowgerError('callback.refused', `The callback is not taken: ${refusal}.`, { fields: { queueId: 'loans', refusal } });
};

/** Callbacks as the API needs them: notes what it was told and changes nothing. Ids and numbers say what goes wrong. */
export function fakeCallbacks(told: (what: string) => void = () => undefined): CallbackCommands {
  const did = (what: string, id: CallbackId, by: CallbackActor): CallbackRow => {
    told(`${what} ${id} ${JSON.stringify(by)}`);
    if (id === 'nobody') throw new StrowgerError('callback.unknown', 'There is no callback nobody.');
    if (id === 'over') throw new StrowgerError('callback.conflict', 'Callback over has ended.');
    if (id === 'full') refuse('windowFull');
    return OPEN;
  };
  return {
    request: async (wish) => {
      told(`request ${JSON.stringify(wish)}`);
      if (wish.number.startsWith('00')) refuse('numberForeign');
      return OPEN;
    },
    move: async (id, wanted, by) => did(`move ${wanted}`, id, by),
    cancel: (id, by) => did('cancel', id, by),
    get: (id) => (id === 'nobody' ? undefined : OPEN),
    list: () => [ENDED, OPEN, ENDED_LATER, OTHER],
    windows: () => [{ period: PERIOD, left: 3 }],
  };
}
