import { describe, expect, it } from 'vitest';
import { agentId, callbackId, callId, nodeId, queueId } from '../../engine/domain/ids.ts';
import { anEvent } from './mqtt.fixture.ts';
import { topicLevel, topicsUnder } from './topics.ts';

const REFUSED = { type: 'callback.refused', queueId: queueId('cards'), refusal: 'numberForeign', pii: { number: '+4930123456' } } as const;

describe('topicsUnder', () => {
  const topics = topicsUnder();
  it.each([
    ['the call', anEvent({ type: 'call.ended', termination: { result: 'success', reason: 'served' }, durationMs: 1 }, 'call-7'), 'call/ended/call-7'],
    ['the agent', anEvent({ type: 'agent.state', agentId: agentId('1001'), state: 'ready' }, ''), 'agent/state/1001'],
    ['the queue', anEvent({ type: 'queue.state', queueId: queueId('cards'), waiting: 0, longestWaitingSince: null }, ''), 'queue/state/cards'],
    ['the callback', anEvent({ type: 'callback.dialled', callbackId: callbackId('callback-3'), queueId: queueId('cards'), attempt: 1 }, 'call-7'), 'callback/dialled/callback-3'],
    ['the call that it was offered to', anEvent({ type: 'callback.offered', queueId: queueId('cards') }, 'call-7'), 'callback/offered/call-7'],
    ['the call that asked for it in vain', anEvent({ ...REFUSED, by: { by: 'customer', callId: callId('call-7') } }, 'call-7'), 'callback/refused/call-7'],
    ['the engine when no caller asked', anEvent({ ...REFUSED, by: { by: 'program' } }, ''), 'callback/refused/engine-1'],
    ['the node', anEvent({ type: 'node.up', node: nodeId('pbx'), version: '22' }, ''), 'node/up/pbx'],
    ['the engine', anEvent({ type: 'engine.stopped' }, ''), 'engine/stopped/engine-1'],
  ])('puts an event under %s', (_, event, topic) => {
    expect(topics.event(event, 'engine-1')).toBe(`strowger/v1/event/${topic}`);
  });

  it('begins with the prefix', () => {
    expect(topicsUnder('bank/hotline').state('agent', '1001')).toBe('bank/hotline/v1/state/agent/1001');
  });

  it('makes one level of any id', () => {
    expect(topicLevel('a/b+c#d%e\u0000f 客服')).toBe('a%2Fb%2Bc%23d%25e%00f 客服');
  });
});
