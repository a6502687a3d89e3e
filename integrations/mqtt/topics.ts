import type { DomainEvent, DomainEventType } from '../../engine/domain/events.ts';

/**
 * The tree of topics (docs/mqtt.asyncapi.yaml):
 *
 * ```
 * strowger/v1/event/{group}/{name}/{subject}   what happened, once, in order       not retained
 * strowger/v1/state/agent/{agentId}            what is, the newest value only      retained
 * strowger/v1/state/queue/{queueId}                                                retained
 * strowger/v1/state/node/{nodeId}                                                  retained
 * strowger/v1/state/engine/{engineId}          online; offline by the last will    retained
 * ```
 *
 * The type `offer.made` becomes `offer/made`; the subject is the call, or for events of these the agent, queue, callback,
 * recording, node or engine. So `event/#` is everything in order, `event/offer/#` all offers, `event/+/+/{callId}` the story of one
 * call, `event/callback/+/{callbackId}` that of one callback over all of its calls.
 */
export interface Topics {
  readonly prefix: string;
  event(event: DomainEvent, engineId: string): string;
  state(what: StateKind, id: string): string;
}

export const STATE_KINDS = ['agent', 'queue', 'node', 'engine'] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/**
 * Which types go to MQTT unless configured otherwise. Each costs CPU in engine and broker, so what a single caller
 * heard and pressed stays in the event log, and queues are told by their state.
 */
export const PUBLISHED_BY_DEFAULT = {
  'call.started': true,
  'call.resumed': true,
  'call.state': true,
  'call.language': true,
  'call.ended': true,
  'call.refused': true,
  'call.rejected': true,
  'prompt.started': false,
  'prompt.finished': false,
  'prompt.failed': true,
  'digit.pressed': false,
  'menu.chosen': true,
  'menu.missed': false,
  'speech.heard': false,
  'speech.failed': false,
  'digits.collected': false,
  'service.called': false,
  'identification.refused': true,
  'identification.locked': true,
  'contact.queued': true,
  'contact.changed': true,
  'contact.step': true,
  'contact.promoted': true,
  'contact.estimated': true,
  'contact.left': true,
  'offer.made': true,
  'offer.ended': true,
  'conversation.started': true,
  'conversation.ended': true,
  'agent.state': true,
  'contact.coded': true,
  'acd.configured': false,
  'queue.state': false,
  'callback.offered': true,
  'callback.requested': true,
  'callback.refused': true,
  'callback.moved': true,
  'callback.due': true,
  'callback.dialled': true,
  'callback.attempted': true,
  'callback.ended': true,
  'api.changed': false,
  'api.signedIn': false,
  'api.signedOut': false,
  'recording.started': true,
  'recording.paused': true,
  'recording.resumed': true,
  'recording.stopped': true,
  'recording.stored': true,
  'recording.failed': true,
  'recording.fetched': true,
  'recording.deleted': true,
  'node.up': true,
  'node.down': true,
  'node.draining': true,
  'admission.level': true,
  'engine.started': true,
  'engine.stopped': true,
} as const satisfies Record<DomainEventType, boolean>;

export const EVENT_TYPES = Object.keys(PUBLISHED_BY_DEFAULT) as readonly DomainEventType[];

export const DEFAULT_PUBLISHED_TYPES: readonly DomainEventType[] = EVENT_TYPES.filter((type) => PUBLISHED_BY_DEFAULT[type]);

/** Topics under `prefix`, which may have levels of its own (`bank/hotline`). */
export function topicsUnder(prefix = 'strowger'): Topics {
  const root = `${prefix}/v1`;
  return {
    prefix,
    event: (event, engineId) => `${root}/event/${event.type.replace('.', '/')}/${topicLevel(subjectOf(event, engineId))}`,
    state: (what, id) => `${root}/state/${what}/${topicLevel(id)}`,
  };
}

/** What an event is about follows from its type alone, so that a subscriber knows where to look. */
function subjectOf(event: DomainEvent, engineId: string): string {
  switch (event.type) {
    case 'agent.state':
      return event.agentId;
    case 'queue.state':
      return event.queueId;
    case 'callback.requested':
    case 'callback.moved':
    case 'callback.due':
    case 'callback.dialled':
    case 'callback.attempted':
    case 'callback.ended':
      return event.callbackId;
    case 'recording.started':
    case 'recording.paused':
    case 'recording.resumed':
    case 'recording.stopped':
    case 'recording.stored':
    case 'recording.failed':
    case 'recording.fetched':
    case 'recording.deleted':
      return event.recordingId;
    case 'node.up':
    case 'node.down':
    case 'node.draining':
      return event.node;
    case 'acd.configured':
    case 'admission.level':
    case 'call.refused':
    case 'api.changed':
    case 'api.signedIn':
    case 'api.signedOut':
    case 'engine.started':
    case 'engine.stopped':
      return engineId;
    default:
      return event.callId ?? engineId;
  }
}

/** One level of a topic from any text: MQTT gives `/`, `+`, `#` and NUL a meaning (MQTT 3.1.1 §4.7), `%` is ours. */
export function topicLevel(text: string): string {
  // eslint-disable-next-line no-control-regex -- NUL and other control characters are what this is about
  return text.replace(/[%/+#\u0000-\u001f]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
}
