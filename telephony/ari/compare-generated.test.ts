import { describe, expect, it } from 'vitest';
import { readApiDocs } from './api-docs.ts';
import { differences } from './compare-generated.ts';
import { renderTypes } from './render-types.ts';

/** A small API in the shape of Asterisk's api-docs. */
const docs = () => ({
  'resources.json': { apis: [{ path: '/api-docs/things.{format}' }, { path: '/api-docs/events.{format}' }] },
  'things.json': {
    resourcePath: '/api-docs/things.{format}',
    apis: [
      {
        path: '/things/{thingId}/play',
        operations: [
          {
            httpMethod: 'POST',
            nickname: 'play',
            responseClass: 'Thing',
            parameters: [
              { name: 'thingId', paramType: 'path', dataType: 'string', required: true },
              { name: 'media', paramType: 'query', dataType: 'string', required: true, allowMultiple: true },
              { name: 'direction', paramType: 'query', dataType: 'string', allowableValues: { valueType: 'LIST', values: ['in', 'out'] } },
              { name: 'variables', paramType: 'body', dataType: 'containers' },
            ],
          },
        ],
      },
      { path: '/things/filter', operations: [{ httpMethod: 'PUT', nickname: 'filter', responseClass: 'void', parameters: [{ name: 'filter', paramType: 'body', dataType: 'object' }] }] },
    ],
    models: { Thing: { id: 'Thing', properties: { id: { type: 'string', required: true }, tags: { type: 'List[string]' } } } },
  },
  'events.json': {
    resourcePath: '/api-docs/events.{format}',
    apis: [{ path: '/events', operations: [{ httpMethod: 'GET', nickname: 'eventWebsocket', responseClass: 'Message', upgrade: 'websocket' }] }],
    models: {
      Message: { id: 'Message', subTypes: ['Event'], properties: { type: { type: 'string', required: true } } },
      Event: { id: 'Event', subTypes: ['ThingMoved'], properties: { timestamp: { type: 'Date', required: true } } },
      ThingMoved: { id: 'ThingMoved', properties: { thing: { type: 'Thing', required: true }, cause: { type: 'int' } } },
    },
  },
});
type Docs = ReturnType<typeof docs>;

const render = async (change: (docs: Docs) => void = () => undefined, version = '1.0') => {
  const changed = docs();
  change(changed);
  return renderTypes(await readApiDocs((file) => Promise.resolve(changed[file as keyof Docs])), version);
};

describe('generated types', () => {
  it('hold models, events told apart by type, and operations with path, query and body', async () => {
    const files = await render();
    expect(files['models.ts']).toContain('export interface Thing {\n  readonly id: string;\n  readonly tags?: readonly string[];\n}');
    expect(files['models.ts']).not.toContain('Event');
    expect(files['events.ts']).toContain("import type {\n  Thing,\n} from './models.ts';");
    expect(files['events.ts']).toContain(
      "export interface ThingMoved {\n  readonly cause?: number;\n  readonly thing: Thing;\n  readonly timestamp: string;\n  readonly type: 'ThingMoved';\n}",
    );
    expect(files['events.ts']).toContain('export type AriEvent =\n  | ThingMoved;');
    expect(files['operations.ts']).toContain(
      "'things.play': { params: { readonly thingId: string; readonly media: readonly string[]; readonly direction?: 'in' | 'out'; readonly variables?: Readonly<Record<string, string>> }; result: Thing };",
    );
    expect(files['operations.ts']).toContain("'things.play': { method: 'POST', path: '/things/{thingId}/play', query: ['media', 'direction'], body: { name: 'variables', bare: false } },");
    expect(files['operations.ts']).toContain("body: { name: 'filter', bare: true }");
    expect(files['operations.ts']).not.toContain('eventWebsocket');
  });

  it('of another version with the same API do not differ', async () => {
    expect(differences(await render(), await render(undefined, '2.0'))).toEqual([]);
  });

  it.each<[string, (docs: Docs) => void, string[]]>([
    [
      'a field that came',
      (d) => Object.assign(d['things.json'].models.Thing.properties, { colour: { type: 'string' } }),
      ["models.ts: Thing.colour?: checked in none, running Asterisk 'string'"],
    ],
    [
      'a field of another type',
      (d) => Object.assign(d['events.json'].models.ThingMoved.properties, { cause: { type: 'string' } }),
      ["events.ts: ThingMoved.cause?: checked in 'number', running Asterisk 'string'"],
    ],
    [
      'an event that came',
      (d) => {
        d['events.json'].models.Event.subTypes.push('ThingLost');
        Object.assign(d['events.json'].models, { ThingLost: { id: 'ThingLost', properties: {} } });
      },
      [
        "events.ts: ThingLost.timestamp: checked in none, running Asterisk 'string'",
        "events.ts: ThingLost.type: checked in none, running Asterisk ''ThingLost''",
        "events.ts: AriEvent ThingLost: checked in none, running Asterisk 'present'",
        "events.ts: ARI_EVENT_TYPES ThingLost: checked in none, running Asterisk 'present'",
      ],
    ],
    [
      'a parameter that went',
      (d) => void d['things.json'].apis[0]?.operations[0]?.parameters.splice(2, 1),
      [
        "operations.ts: AriOperations.things.play: checked in '{ params: { readonly thingId: string; readonly media: readonly string[]; readonly direction?: 'in' | 'out'; readonly variables?: Readonly<Record<string, string>> }; result: Thing }', running Asterisk '{ params: { readonly thingId: string; readonly media: readonly string[]; readonly variables?: Readonly<Record<string, string>> }; result: Thing }'",
        "operations.ts: ARI_OPERATIONS.things.play: checked in '{ method: 'POST', path: '/things/{thingId}/play', query: ['media', 'direction'], body: { name: 'variables', bare: false } }', running Asterisk '{ method: 'POST', path: '/things/{thingId}/play', query: ['media'], body: { name: 'variables', bare: false } }'",
      ],
    ],
  ])('name %s', async (_what, change, expected) => {
    const found = differences(await render(), await render(change));
    expect([...found].sort()).toEqual([...expected].sort());
  });

  it('are refused when the documents have another shape', async () => {
    await expect(render((d) => Object.assign(d['things.json'], { apis: 'none' }))).rejects.toThrow('things.json is no Swagger 1.1 document');
  });
});
