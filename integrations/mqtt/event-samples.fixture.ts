import type { DomainEventBody, DomainEventType } from '../../engine/domain/events.ts';
import { agentId, contactId, nodeId, offerId, queueId } from '../../engine/domain/ids.ts';
import { termination } from '../../engine/domain/termination.ts';

type BodyOf<Type extends DomainEventType> = Extract<DomainEventBody, { readonly type: Type }>;
type OptionalKeys<T> = { [Key in keyof T]-?: Record<never, never> extends Pick<T, Key> ? Key : never }[keyof T];

const contact = { contactId: contactId('contact-1') };
const offer = { offerId: offerId('offer-1'), agentId: agentId('1001'), ...contact };

/** One event of each type with all its fields: the compiler sees to it that neither a type nor a field is missing. */
export const EVENT_SAMPLES: { readonly [Type in DomainEventType]: Required<BodyOf<Type>> } = {
  'call.started': {
    type: 'call.started',
    flow: 'bank',
    flowVersion: 'abc',
    dialled: '95500',
    pii: { callerNumber: '13812345678', callerName: '王小明' },
  },
  'call.resumed': { type: 'call.resumed', state: 'main', outageMs: 1500 },
  'call.state': { type: 'call.state', state: 'main' },
  'call.language': { type: 'call.language', language: 'zh-CN' },
  'call.ended': { type: 'call.ended', termination: termination('served', 16), durationMs: 60_000 },
  'call.rejected': { type: 'call.rejected', reason: 'unknownNumber', dialled: '000' },
  'prompt.started': { type: 'prompt.started', prompts: ['main.menu'], language: 'en' },
  'prompt.finished': { type: 'prompt.finished', prompts: ['main.menu'], interrupted: true, playedMs: 12.5 },
  'prompt.failed': { type: 'prompt.failed', prompts: ['main.menu'] },
  'digit.pressed': { type: 'digit.pressed', digit: '1' },
  'menu.chosen': { type: 'menu.chosen', prompt: 'main.menu', choice: 'balance', by: 'speech' },
  'menu.missed': { type: 'menu.missed', prompt: 'main.menu', why: 'noMatch', attempt: 1 },
  'digits.collected': { type: 'digits.collected', prompt: 'account.ask', count: 6 },
  'service.called': { type: 'service.called', service: 'getBalance', outcome: 'failed', code: 'service.timeout', durationMs: 3000 },
  'contact.queued': { type: 'contact.queued', ...contact, queueId: queueId('cards'), priority: 1, position: 3 },
  'contact.step': { type: 'contact.step', ...contact, step: 2 },
  'contact.left': { type: 'contact.left', ...contact, queueId: queueId('cards'), how: 'overflowed', reason: 'timeout', waitedMs: 9000 },
  'offer.made': { type: 'offer.made', ...offer, queueId: queueId('cards') },
  'offer.ended': { type: 'offer.ended', ...offer, outcome: 'noAnswer', rangMs: 20_000 },
  'conversation.started': { type: 'conversation.started', ...contact, agentId: agentId('1001') },
  'conversation.ended': { type: 'conversation.ended', ...contact, agentId: agentId('1001'), endedBy: 'caller', talkMs: 60_000 },
  'agent.state': { type: 'agent.state', agentId: agentId('1001'), state: 'notReady', reason: 'lunch' },
  'queue.state': { type: 'queue.state', queueId: queueId('cards'), waiting: 2, longestWaitingSince: 1_700_000_000_000 },
  'node.up': { type: 'node.up', node: nodeId('pbx-1'), version: '22.10.1' },
  'node.down': { type: 'node.down', node: nodeId('pbx-1'), reason: 'socket closed' },
  'engine.started': { type: 'engine.started', resumed: 2 },
  'engine.stopped': { type: 'engine.stopped' },
};

/** The fields that an event of a type may lack. */
export const OPTIONAL_FIELDS: { readonly [Type in DomainEventType]: Readonly<Record<OptionalKeys<BodyOf<Type>>, true>> } = {
  'call.started': {},
  'call.resumed': {},
  'call.state': {},
  'call.language': {},
  'call.ended': {},
  'call.rejected': {},
  'prompt.started': {},
  'prompt.finished': {},
  'prompt.failed': {},
  'digit.pressed': {},
  'menu.chosen': {},
  'menu.missed': {},
  'digits.collected': {},
  'service.called': { code: true },
  'contact.queued': {},
  'contact.step': {},
  'contact.left': { reason: true },
  'offer.made': {},
  'offer.ended': {},
  'conversation.started': {},
  'conversation.ended': {},
  'agent.state': { reason: true },
  'queue.state': {},
  'node.up': {},
  'node.down': {},
  'engine.started': {},
  'engine.stopped': {},
};
