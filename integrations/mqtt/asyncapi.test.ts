import { readFileSync } from 'node:fs';
import asyncapi from '@asyncapi/specs';
import { Ajv, type AnySchemaObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ADMISSION_LEVELS, LOAD_MEASURES, REFUSAL_REASONS } from '../../engine/domain/admission.ts';
import { AGENT_STATES } from '../../engine/domain/agent.ts';
import { ATTEMPT_OUTCOMES, CALLBACK_ENDS, CALLBACK_REFUSALS, type CallbackActor } from '../../engine/domain/callback.ts';
import { OFFER_OUTCOMES, OVERFLOW_REASONS } from '../../engine/domain/contact.ts';
import { LANGUAGES } from '../../engine/domain/language.ts';
import { PAUSE_REASONS, RECORDING_ACTORS, RECORDING_STEPS, STOP_REASONS } from '../../engine/domain/recording.ts';
import { TERMINATION_REASONS, TERMINATION_RESULTS } from '../../engine/domain/termination.ts';
import { EVENT_SAMPLES, OPTIONAL_FIELDS } from './event-samples.fixture.ts';
import { eventMessage, stateMessage, type StateMessages } from './messages.ts';
import { anEvent } from './mqtt.fixture.ts';
import { EVENT_TYPES, PUBLISHED_BY_DEFAULT, STATE_KINDS, topicsUnder } from './topics.ts';

interface Channel {
  readonly address: string;
  readonly parameters: Record<string, unknown>;
  readonly 'x-published-by-default'?: boolean;
}
interface Part {
  readonly required?: readonly string[];
  readonly properties: Record<string, unknown>;
}
interface Document {
  readonly channels: Record<string, Channel>;
  readonly operations: Record<string, { readonly action: string; readonly channel: { readonly $ref: string } }>;
  readonly components: {
    readonly messages: Record<string, { readonly payload: Part & { readonly allOf?: readonly (Part & { readonly $ref?: string })[] } }>;
    readonly schemas: Record<string, Part>;
  };
}

const text = readFileSync(new URL('../../docs/mqtt.asyncapi.yaml', import.meta.url), 'utf8');
const document = parse(text) as Document;
const { channels, operations, components } = document;
const topics = topicsUnder();
const allMessages = [...EVENT_TYPES, ...STATE_KINDS.map((kind) => `state.${kind}`)].toSorted();

/** The payload of a message with all of its parts joined, and closed: a field that it does not know is an error. */
function closed(message: string): AnySchemaObject & Part {
  const { payload } = components.messages[message] ?? expect.fail(`no message ${message}`);
  const parts = payload.allOf?.map((part) => (part.$ref === undefined ? part : (components.schemas[part.$ref.split('/').at(-1) ?? ''] ?? part))) ?? [payload];
  return {
    type: 'object',
    required: [...new Set(parts.flatMap((part) => part.required ?? []))],
    properties: Object.assign({}, ...parts.map((part) => part.properties)) as Record<string, unknown>,
    additionalProperties: false,
    components: { schemas: components.schemas },
  };
}

function validate(message: string, payload: unknown): void {
  const ajv = new Ajv({ strict: false, allErrors: true });
  expect(ajv.validate(closed(message), payload), `${message}: ${ajv.errorsText()}`).toBe(true);
}

/** The address of a channel with its one parameter filled in. */
const addressOf = (channel: string, subject: string): string | undefined => channels[channel]?.address.replace(/\{[^}]+\}/, subject);

describe('docs/mqtt.asyncapi.yaml', () => {
  it('is an AsyncAPI 3.0 document', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
    // The schema of AsyncAPI brings the draft-07 meta-schema along under its own name, which ajv has already.
    const schema = JSON.parse(JSON.stringify(asyncapi.schemasWithoutId['3.0.0'])) as AnySchemaObject;
    const valid = ajv.validate(schema, document);
    expect(valid, ajv.errorsText()).toBe(true);
  });

  it('has a channel, a message and an operation for each type of event and each kind of state, and no other', () => {
    expect(Object.keys(channels).toSorted()).toEqual(allMessages);
    expect(Object.keys(components.messages).toSorted()).toEqual(allMessages);
    expect(Object.values(operations).map((o) => o.channel.$ref).toSorted()).toEqual(allMessages.map((name) => `#/channels/${name}`));
  });

  it.each(EVENT_TYPES)('describes %s: topic, default and every field', (type) => {
    const sample = EVENT_SAMPLES[type];
    // Not every event of these belongs to a call: a program asks for a callback without one, too.
    const own = (/^(acd|admission|agent|api|queue|node|engine|callback|recording)\./.test(type) && type !== 'callback.offered') || type === 'call.refused';
    const event = anEvent(sample, own ? '' : 'call-1');
    const { topic, payload } = eventMessage(topics, 'engine-1', { seq: 7, event }, 'shown');
    const subject = topic.split('/').at(-1) ?? '';
    expect(addressOf(type, subject)).toBe(topic);
    expect(channels[type]?.['x-published-by-default']).toBe(PUBLISHED_BY_DEFAULT[type]);

    const sent = JSON.parse(payload) as Record<string, unknown>;
    validate(type, sent);
    const schema = closed(type);
    const fields = new Set([...Object.keys(sent), 'callId']);
    expect(Object.keys(schema.properties).toSorted()).toEqual([...fields].toSorted());
    const optional = new Set([...Object.keys(OPTIONAL_FIELDS[type]), 'pii', ...(own ? ['callId'] : [])]);
    expect([...new Set(schema.required)].toSorted()).toEqual([...fields].filter((field) => !optional.has(field)).toSorted());
  });

  it('lets personal data be absent', () => {
    const event = anEvent(EVENT_SAMPLES['call.started']);
    validate('call.started', JSON.parse(eventMessage(topics, 'engine-1', { seq: 7, event }, 'dropped').payload));
  });

  it('shows no more of the number of a callback than configured', () => {
    const recorded = { seq: 7, event: anEvent(EVENT_SAMPLES['callback.requested']) };
    const sent = (['dropped', 'masked', 'shown'] as const).map((personalData) => {
      const payload = JSON.parse(eventMessage(topics, 'engine-1', recorded, personalData).payload) as { readonly pii?: unknown };
      validate('callback.requested', payload);
      return payload.pii;
    });
    expect(sent).toEqual([undefined, { number: '**********8000' }, { number: '+8613812348000' }]);
  });

  it('tells what a caller wants, and what it said only where that is configured', () => {
    const recorded = { seq: 7, event: anEvent(EVENT_SAMPLES['contact.queued']) };
    const sent = (['dropped', 'masked', 'shown'] as const).map((personalData) => JSON.parse(eventMessage(topics, 'engine-1', recorded, personalData).payload) as { readonly wish: unknown; readonly pii?: unknown });
    for (const payload of sent) validate('contact.queued', payload);
    expect(sent.map(({ wish }) => wish)).toEqual(Array(3).fill({ choice: 'question.fees', confidence: 0.8 }));
    expect(sent.map(({ pii }) => pii)).toEqual([undefined, { text: '' }, { text: 'what does account <number> cost' }]);
    const { pii: _pii, wish: _wish, ...typed } = EVENT_SAMPLES['contact.queued'];
    const without = JSON.parse(eventMessage(topics, 'engine-1', { seq: 7, event: anEvent(typed) }, 'masked').payload) as object;
    validate('contact.queued', without);
    expect(without).not.toHaveProperty('pii');
  });

  it('describes the states', () => {
    const states: { [Kind in keyof StateMessages]: [id: string, ...StateMessages[Kind][]] } = {
      agent: ['1001', { v: 1, agentId: '1001', state: 'notReady', since: 1, reason: 'lunch' }, { v: 1, agentId: '1001', state: 'ready', since: 1 }],
      queue: ['cards', { v: 1, queueId: 'cards', waiting: 1, longestWaitingSince: 1 }, { v: 1, queueId: 'cards', waiting: 0, longestWaitingSince: null }],
      node: ['pbx', { v: 1, node: 'pbx', state: 'up', since: 1, version: '22' }, { v: 1, node: 'pbx', state: 'down', since: 1, reason: 'x' }],
      engine: ['e', { v: 1, engine: 'e', status: 'online', since: 1 }, { v: 1, engine: 'e', status: 'offline' }],
    };
    for (const kind of STATE_KINDS) {
      const [id, ...samples] = states[kind];
      for (const sample of samples) {
        const { topic, payload } = stateMessage(topics, kind, id, sample);
        expect(addressOf(`state.${kind}`, id)).toBe(topic);
        validate(`state.${kind}`, JSON.parse(payload));
      }
      const described = Object.keys(closed(`state.${kind}`).properties).toSorted();
      expect(described).toEqual([...new Set(samples.flatMap((sample) => Object.keys(sample)))].toSorted());
    }
  });

  it('lists the same values as the domain', () => {
    const at = (path: string): unknown => path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], components);
    expect(at('schemas/agentState/enum')).toEqual(AGENT_STATES);
    expect(at('messages/call.refused/payload/allOf/1/properties/reason/enum')).toEqual(REFUSAL_REASONS);
    expect(at('messages/admission.level/payload/allOf/1/properties/level/enum')).toEqual(ADMISSION_LEVELS);
    expect(at('messages/admission.level/payload/allOf/1/properties/reasons/items/properties/measure/enum')).toEqual(LOAD_MEASURES);
    expect(at('schemas/attemptOutcome/enum')).toEqual(ATTEMPT_OUTCOMES);
    expect(at('schemas/callbackEnd/enum')).toEqual(CALLBACK_ENDS);
    expect(at('schemas/callbackRefusal/enum')).toEqual(CALLBACK_REFUSALS);
    const actors = { customer: true, agent: true, supervisor: true, program: true } satisfies Record<CallbackActor['by'], true>;
    expect(at('schemas/callbackActor/properties/by/enum')).toEqual(Object.keys(actors));
    expect(at('schemas/recordingActor/properties/by/enum')).toEqual(RECORDING_ACTORS);
    expect(at('schemas/pauseReason/enum')).toEqual(PAUSE_REASONS);
    expect(at('messages/recording.stopped/payload/allOf/1/properties/reason/enum')).toEqual(STOP_REASONS);
    expect(at('messages/recording.failed/payload/allOf/1/properties/step/enum')).toEqual(RECORDING_STEPS);
    expect(at('schemas/language/enum')).toEqual(LANGUAGES);
    expect(at('schemas/termination/properties/result/enum')).toEqual(TERMINATION_RESULTS);
    expect(at('schemas/termination/properties/reason/enum')).toEqual(TERMINATION_REASONS);
    expect(at('messages/contact.left/payload/allOf/1/properties/reason/enum')).toEqual(OVERFLOW_REASONS);
    expect(at('messages/offer.ended/payload/allOf/1/properties/outcome/enum')).toEqual(OFFER_OUTCOMES);
  });
});
