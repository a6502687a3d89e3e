import { expect, it } from 'vitest';
import { callId, type CallId } from '../engine/domain/ids.ts';
import type { Wish } from '../engine/domain/wish.ts';
import type { CallSession } from '../engine/session/call-session.ts';
import { bank, CallbackRig, CUSTOMER } from '../test/callback/callback-rig.ts';
import { callbackServices } from './callback-services.ts';

const call = callId('call-1');

/** What the services take of a call. */
function sessionOf(fields: Partial<Pick<CallSession, 'wish' | 'language'>>): (id: CallId) => CallSession {
  const session = { language: 'zh-CN', wish: undefined, left: undefined, facts: { callerNumber: CUSTOMER }, forgetLeft: () => undefined, ...fields };
  return () => session as unknown as CallSession;
}

it.each<[string, Wish | undefined]>([
  ['what the caller wants', { choice: 'loans', confidence: 0.9, text: 'a loan' }],
  ['nothing of a wish that there is not', undefined],
])('a callback that a caller asks for keeps %s', async (_what, wish) => {
  const rig = await CallbackRig.start();
  const { requestCallback } = callbackServices(() => rig.desk, sessionOf({ wish, language: 'en' }));
  const context = { callId: call } as Parameters<typeof requestCallback>[1];
  const taken = requestCallback({ queue: bank, number: CUSTOMER, window: 0, topic: '' }, context);
  await rig.clock.advanceBy(0);
  expect(await taken).toMatchObject({ outcome: 'taken' });
  expect(rig.desk.pending(CUSTOMER, bank)).toMatchObject({ language: 'en', requestedBy: { by: 'customer', callId: call } });
  expect(rig.desk.pending(CUSTOMER, bank)?.wish).toEqual(wish);
});
