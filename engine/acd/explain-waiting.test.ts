import { expect, it } from 'vitest';
import { agent, queue } from '../../test/acd/distributor-rig.ts';
import { agentId, callId, contactId, offerId, queueId } from '../domain/ids.ts';
import { explainWaiting } from './explain-waiting.ts';
import type { WaitingContact } from './waiting-line.ts';

it('explains a contact of the line: who goes before it, when it leaves', () => {
  const bank = queue('bank', { maxWaitMs: 60_000 });
  const waiting = (name: string, fields: Partial<WaitingContact> & { priority?: number; enqueuedAt?: number } = {}): WaitingContact => {
    const { priority = 5, enqueuedAt = 100, ...rest } = fields;
    const request = { contactId: contactId(name), callId: callId('call'), queueId: queueId('bank'), priority, enqueuedAt, ageBoostMs: 0, steps: [{ require: { skill: 'loans' }, forMs: 'untilServed' as const }], afterSteps: 'strict' as const };
    return { request, owner: {} as WaitingContact['owner'], queue: bank, sequence: 0, leaveAt: enqueuedAt + 60_000, notBefore: new Map(), openStep: { index: 0, openedAt: 100 }, opened: [{ index: 0, openedAt: 100 }], promoted: false, isRouted: true, offer: undefined, ...rest };
  };
  const own = waiting('own');
  const ringing = waiting('ringing', { offer: { offerId: offerId('o'), contactId: contactId('ringing'), agentId: agentId('li'), endpoint: '', offeredAt: 1, ringUntil: 900 }, priority: 1 });
  const why = explainWaiting({
    contact: own,
    line: [own, waiting('later', { enqueuedAt: 200 }), waiting('urgent', { priority: 1, enqueuedAt: 300 }), ringing, waiting('promoted', { promoted: true, enqueuedAt: 400 })],
    members: [{ agent: agent('li', { skills: { loans: 1 } }), status: { agentId: agentId('li'), state: 'ringing', since: 1, idleSince: 1 } }],
    fairAfterMs: 1000,
    held: true,
    now: 500,
  });
  expect(why.ahead).toEqual({ contacts: 3, competing: 2, first: ['promoted', 'urgent'] });
  expect(why.changes.map(({ kind }) => kind)).toEqual(['released', 'goBefore', 'conversationEnds', 'promotion', 'overflow']);
  expect(why.changes).toContainEqual({ kind: 'overflow', at: 60_100 });
  expect(why).toMatchObject({ held: true, callId: 'call', steps: [{ state: 'open' }] });
});
