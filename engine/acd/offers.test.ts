import { describe, expect, it } from 'vitest';
import { callId, contactId, offerId, queueId } from '../domain/ids.ts';
import { agent, queue, RecordedOwner } from '../../test/acd/distributor-rig.ts';
import { RecordedLog } from '../../test/fakes/recorded-log.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { Conversations } from './conversations.ts';
import { Deadlines } from './deadlines.ts';
import { Offers, type OpenOffer } from './offers.ts';
import type { Member } from './roster.ts';
import type { WaitingContact } from './waiting-line.ts';

function rig() {
  const clock = new VirtualClock(1_000);
  const log = new RecordedLog(clock);
  const rangOut: OpenOffer[] = [];
  const deadlines = new Deadlines(clock);
  const offers = new Offers({ clock, announce: log.announce, deadlines, rangOut: (open) => rangOut.push(open) });
  const li = agent('li');
  const work = { callId: callId('call'), queueId: queueId('bank'), ringUntil: 21_000 };
  const member: Member = { agent: li, leaving: false, status: { agentId: li.id, state: 'reserved', since: 0, idleSince: 0 }, work };
  const request = { contactId: contactId('x'), ...work, priority: 5, enqueuedAt: 0, ageBoostMs: 0, steps: [], afterSteps: 'strict' as const };
  const contact: WaitingContact = {
    request,
    owner: new RecordedOwner(),
    queue: queue(),
    leaveAt: Infinity,
    sequence: 1,
    notBefore: new Map(),
    openStep: undefined,
    opened: [],
    promoted: false,
    isRouted: true,
    offer: undefined,
  };
  const offer = {
    offerId: offerId('o'),
    contactId: contactId('x'),
    agentId: li.id,
    endpoint: li.endpoint,
    offeredAt: 1_000,
    ringUntil: 21_000,
  };
  const open: OpenOffer = { offer, member, work, contact, told: false };
  return { clock, log, offers, rangOut, open, contact, member, work };
}

describe('Offers', () => {
  it('ends each once, and knows it no more', async () => {
    const { clock, log, offers, rangOut, open, contact } = rig();
    offers.make(open);
    expect(contact.offer).toBe(open.offer);
    expect(offers.get(open.offer.offerId)).toBe(open);
    expect(offers.end(open, 'busy')).toBe(true);
    expect(offers.end(open, 'accepted')).toBe(false);
    expect(log.types).toEqual(['offer.made', 'offer.ended']);
    expect(contact.offer).toBeUndefined();
    expect(offers.get(open.offer.offerId)).toBeUndefined();
    expect(offers.ofContact(open.offer.contactId)).toBeUndefined();
    expect(clock.pending).toBe(0);
    await clock.advanceBy(60_000);
    expect(rangOut).toEqual([]);
  });

  it('lets one that nobody has claimed ring without limit, and counts once it is claimed', async () => {
    const { clock, offers, rangOut, open, contact } = rig();
    open.contact = undefined;
    offers.keep(open);
    expect(offers.unclaimed()).toEqual([open]);
    await clock.advanceBy(30_000);
    expect(rangOut).toEqual([]);
    offers.claim(open, contact);
    expect(offers.unclaimed()).toEqual([]);
    await clock.advanceBy(0);
    expect(rangOut).toEqual([open]);
  });
});

describe('Conversations', () => {
  it('end once', () => {
    const { clock, log, member, work } = rig();
    const conversations = new Conversations(clock, log.announce);
    const conversation = { contactId: contactId('x'), member, work, since: 400, claimed: true };
    conversations.start(conversation);
    conversations.end(conversation, 'agent');
    conversations.end(conversation, 'caller');
    expect(log.types).toEqual(['conversation.started', 'conversation.ended']);
    expect(log.last('conversation.ended')).toMatchObject({ endedBy: 'agent', talkMs: 600, callId: 'call' });
    expect(conversations.get(contactId('x'))).toBeUndefined();
  });
});
