import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../domain/agent.ts';
import { agentId, callId, contactId, offerId, queueId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import { decodeAgent, encodeAgent, type AgentRecord } from './agent-record.ts';

const id = agentId('li');
const work = { callId: callId('call'), queueId: queueId('bank') };
const base = { agentId: id, since: 100, idleSince: 50 };
const decode = (record: unknown) => decodeAgent(id, JSON.parse(JSON.stringify(record)) as Json);

describe('the journal record of an agent', () => {
  const records: [string, AgentRecord][] = [
    ['ready', { status: { ...base, state: 'ready' }, work: undefined }],
    ['loggedOut', { status: { ...base, state: 'loggedOut' }, work: undefined }],
    ['notReady', { status: { ...base, state: 'notReady', reason: 'busy', readyAgainAt: 200 }, work: undefined }],
    ['notResponding', { status: { ...base, state: 'notResponding' }, work: undefined }],
    [
      'reserved',
      {
        status: { ...base, state: 'reserved', offerId: offerId('o'), contactId: contactId('c') },
        work: { ...work, ringUntil: 300 },
      },
    ],
    [
      'talking, with a break to come',
      { status: { ...base, state: 'talking', contactId: contactId('c'), pending: { state: 'notReady', reason: 'lunch' } }, work },
    ],
    [
      'wrapUp, about to leave',
      {
        status: { ...base, state: 'wrapUp', contactId: contactId('c'), wrapUpUntil: 400, pending: { state: 'loggedOut' } },
        work: undefined,
      },
    ],
  ];

  it.each(records)('is read as it was written: %s', (_name, record) => {
    expect(decode(encodeAgent(record))).toEqual(record);
  });

  const status: AgentStatus = { ...base, state: 'ready' };
  const broken: [string, unknown][] = [
    ['null', null],
    ['a list', []],
    ['a text', 'ready'],
    ['of another version', { v: 2, status }],
    ['without status', { v: 1 }],
    ['of an unknown state', { v: 1, status: { ...status, state: 'dancing' } }],
    ['without a time', { v: 1, status: { ...status, since: 'yesterday' } }],
    ['reserved for nothing', { v: 1, status: { ...status, state: 'reserved' }, work: { ...work, ringUntil: 1 } }],
    ['reserved without end', { v: 1, status: { ...status, state: 'reserved', offerId: 'o', contactId: 'c' }, work }],
    ['talking to nobody', { v: 1, status: { ...status, state: 'talking' }, work }],
    ['talking for no queue', { v: 1, status: { ...status, state: 'talking', contactId: 'c' } }],
    ['in wrap-up without end', { v: 1, status: { ...status, state: 'wrapUp' } }],
  ];

  it.each(broken)('is refused when it is %s', (_name, record) => {
    expect(decode(record)).toBeUndefined();
  });
});
