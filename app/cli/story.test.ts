import { createColors } from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { DomainEventBody } from '../../engine/domain/events.ts';
import { agentId, callbackId, callId, contactId, queueId, recordingId } from '../../engine/domain/ids.ts';
import { storyLine, storyTeller } from './story.ts';

/** By the clock of this machine, which is what the story shows. */
const at = (hours: number, minutes: number): number => new Date(2026, 7, 12, hours, minutes).getTime();

const CALLBACK = { callbackId: callbackId('callback-1'), queueId: queueId('cards') };
const PERIOD = { from: at(10, 0), to: at(11, 0) };
const PII = { number: '+8613812348000' };
const CUSTOMER = { by: 'customer', callId: callId('call-1') } as const;
const REQUESTED = { type: 'callback.requested', ...CALLBACK, period: PERIOD, virtualSince: at(9, 0), pii: PII } as const;
const ENDED = { type: 'callback.ended', ...CALLBACK, kind: 'soon', period: PERIOD, tookMs: 3_725_000 } as const;

const QUEUED = { type: 'contact.queued', contactId: contactId('contact-1'), queueId: queueId('cards'), priority: 5, ageBoostMs: 0, enqueuedAt: 1, position: 1, steps: [], afterSteps: 'strict' } as const;

const told = (body: DomainEventBody): string | undefined => {
  const line = storyLine({ v: 1, id: 'event-1', at: at(9, 0), ...body });
  return line && `${line.who}: ${line.text}`;
};

describe('storyLine', () => {
  it.each<[line: string, body: DomainEventBody]>([
    ['callback: cards: offered to the caller', { type: 'callback.offered', queueId: queueId('cards') }],
    ['caller: asks to be called back at **********8000 as soon as its turn comes', { ...REQUESTED, kind: 'soon', by: CUSTOMER }],
    ['caller: asks to be called back at **********8000 between 10:00:00 and 11:00:00', { ...REQUESTED, kind: 'at', by: CUSTOMER }],
    ['callback: program crm asks to call **********8000 back as soon as its turn comes', { ...REQUESTED, kind: 'soon', by: { by: 'program', name: 'crm' } }],
    ['callback: to **********8000 refused: tooManyToday', { type: 'callback.refused', queueId: queueId('cards'), refusal: 'tooManyToday', by: CUSTOMER, pii: PII }],
    ['callback: the customer moves it: between 10:00:00 and 11:00:00', { type: 'callback.moved', ...CALLBACK, period: PERIOD, by: CUSTOMER }],
    ['callback: cards: its time has come, until 11:00:00', { type: 'callback.due', ...CALLBACK, period: PERIOD }],
    ['callback: the customer is dialled (attempt 1)', { type: 'callback.dialled', ...CALLBACK, attempt: 1 }],
    ['callback: the customer is dialled for agent 1001 (attempt 2)', { type: 'callback.dialled', ...CALLBACK, attempt: 2, agentId: agentId('1001') }],
    ['callback: nobody answered; again at 10:30:00', { type: 'callback.attempted', ...CALLBACK, attempt: 1, outcome: 'noAnswer', nextAt: at(10, 30) }],
    ['callback: there is no such number', { type: 'callback.attempted', ...CALLBACK, attempt: 1, outcome: 'wrongNumber' }],
    ['callback: ended after 1:02:05 and 1 attempt: reached', { ...ENDED, how: 'reached', attempts: 1 }],
    ['callback: ended after 1:02:05 and 3 attempts: attemptsUsed', { ...ENDED, how: 'attemptsUsed', attempts: 3 }],
    ['callback: ended after 1:02:05 and 0 attempts: canceled by the supervisor', { ...ENDED, how: 'canceled', attempts: 0, by: { by: 'supervisor' } }],
    ['queue: cards: waits at position 1, priority 5; wants loans, said "a loan" (0.93)', { ...QUEUED, wish: { choice: 'loans', confidence: 0.93 }, pii: { text: 'a loan' } }],
    ['queue: cards: waits at position 1, priority 5; wants loans', { ...QUEUED, wish: { choice: 'loans' } }],
    ['queue: cards: waits at position 1, priority 5', QUEUED],
    ['recorder: records again after hold', { type: 'recording.resumed', recordingId: recordingId('rec-1'), reason: 'hold', stillPaused: false }],
    ['recorder: rec-1 handed out to supervisor Chen', { type: 'recording.fetched', recordingId: recordingId('rec-1'), by: { by: 'supervisor', name: 'Chen' } }],
    ['recorder: rec-1 deleted by the retention', { type: 'recording.deleted', recordingId: recordingId('rec-1'), by: { by: 'retention' } }],
  ])('tells %s', (line, body) => {
    expect(told(body)).toBe(line);
  });
});

describe('storyTeller', () => {
  it('prints when it happened, who and what, and nothing of what another line tells', () => {
    const lines: string[] = [];
    const terminal = { isTty: false, colors: createColors(false), line: (text = '') => lines.push(text), note: () => undefined, progress: () => undefined };
    const tell = storyTeller(terminal, at(9, 0));
    tell({ v: 1, id: 'event-1', at: at(9, 0) + 1500, type: 'queue.state', queueId: queueId('cards'), waiting: 0, longestWaitingSince: null });
    tell({ v: 1, id: 'event-2', at: at(9, 0) + 1500, type: 'callback.dialled', ...CALLBACK, attempt: 1 });
    expect(lines).toEqual(['   1.500  callback the customer is dialled (attempt 1)']);
  });
});
