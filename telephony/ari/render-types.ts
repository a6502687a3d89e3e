import type { ApiDeclaration, ApiModel, ApiOperation, ApiProperty } from './api-docs.ts';

/** File name → TypeScript source. */
export type GeneratedFiles = Readonly<Record<'models.ts' | 'events.ts' | 'operations.ts', string>>;

/** The TypeScript that stands for Asterisk's api-docs: names, shapes and paths only, none of its prose. */
export function renderTypes(docs: readonly ApiDeclaration[], version: string): GeneratedFiles {
  const header = `// Generated from the api-docs of Asterisk ${version} by telephony/ari/generate-types.ts. Do not edit.\n\n`;
  const models = modelsOf(docs);
  const events = leaves(models, 'Event');
  const bases = new Set([...parentsOf(models, 'Message'), ...events.map((event) => event.id)]);
  const values = [...models.values()].filter((model) => !bases.has(model.id)).sort((a, b) => compare(a.id, b.id));
  return {
    'models.ts': header + values.map((model) => interfaceOf(model.id, propertiesOf(models, model))).join('\n'),
    'events.ts': header + eventsFile(models, events),
    'operations.ts': header + operationsFile(docs, models),
  };
}

function modelsOf(docs: readonly ApiDeclaration[]): ReadonlyMap<string, ApiModel> {
  return new Map(docs.flatMap((doc) => Object.values(doc.models ?? {})).map((model) => [model.id, model]));
}

/** The subtypes of `id` that have no subtypes themselves: what really comes over the wire. */
function leaves(models: ReadonlyMap<string, ApiModel>, id: string): readonly ApiModel[] {
  const found = (models.get(id)?.subTypes ?? []).map((name) => {
    const model = models.get(name);
    if (model === undefined) throw new Error(`${id} names the subtype ${name}, which is not described`);
    return model;
  });
  return found.flatMap((model) => (model.subTypes?.length ? leaves(models, model.id) : [model])).sort((a, b) => compare(a.id, b.id));
}

/** `root` and everything below it. */
function parentsOf(models: ReadonlyMap<string, ApiModel>, root: string): readonly string[] {
  return [root, ...(models.get(root)?.subTypes ?? []).flatMap((name) => parentsOf(models, name))];
}

/** Own and inherited properties. Swagger 1.1 has no `allOf`: a parent lists its children. */
function propertiesOf(models: ReadonlyMap<string, ApiModel>, model: ApiModel): Readonly<Record<string, ApiProperty>> {
  const parents = [...models.values()].filter((other) => other.subTypes?.includes(model.id));
  return Object.assign({}, ...parents.map((parent) => propertiesOf(models, parent)), model.properties) as Record<string, ApiProperty>;
}

function interfaceOf(name: string, properties: Readonly<Record<string, ApiProperty>>, fixed: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(properties)
    .sort(([a], [b]) => compare(a, b))
    .map(([key, property]) => `  readonly ${key}${property.required ? '' : '?'}: ${fixed[key] ?? typeOf(property.type, property.allowableValues?.values)};\n`);
  return `export interface ${name} {\n${lines.join('')}}\n`;
}

function eventsFile(models: ReadonlyMap<string, ApiModel>, events: readonly ApiModel[]): string {
  const bodies = events.map((event) => interfaceOf(event.id, propertiesOf(models, event), { type: `'${event.id}'` }));
  const names = events.map((event) => `  | ${event.id}\n`).join('');
  const types = events.map((event) => `  '${event.id}',\n`).join('');
  const text = bodies.join('\n');
  return (
    `${importOf(models, text, events.map((event) => event.id))}${text}\n` +
    `/** Whatever the event WebSocket delivers, told apart by \`type\`. */\nexport type AriEvent =\n${names.trimEnd()};\n\n` +
    `export const ARI_EVENT_TYPES = [\n${types}] as const satisfies readonly AriEvent['type'][];\n`
  );
}

function operationsFile(docs: readonly ApiDeclaration[], models: ReadonlyMap<string, ApiModel>): string {
  const all = docs
    .flatMap((doc) => doc.apis.flatMap((api) => api.operations.map((operation) => ({ key: `${doc.resource}.${operation.nickname}`, path: api.path, operation }))))
    // The WebSocket itself is no request.
    .filter(({ operation }) => operation.upgrade === undefined)
    .sort((a, b) => compare(a.key, b.key));
  const shapes = all.map(({ key, operation }) => `  '${key}': { params: ${paramsOf(operation)}; result: ${typeOf(operation.responseClass)} };\n`).join('');
  const rows = all.map(({ key, path, operation }) => `  '${key}': ${rowOf(path, operation)},\n`).join('');
  return (
    `${importOf(models, shapes, [])}/** Parameters and result of each operation. */\nexport interface AriOperations {\n${shapes}}\n\n` +
    `/** \`body\`: the one parameter that travels as JSON; \`bare\` when it is the whole body, not a field of it. */\n` +
    `export interface AriOperationRow {\n  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';\n  readonly path: string;\n  readonly query: readonly string[];\n` +
    `  readonly body?: { readonly name: string; readonly bare: boolean };\n}\n\n` +
    `export const ARI_OPERATIONS: Readonly<Record<keyof AriOperations, AriOperationRow>> = {\n${rows}};\n`
  );
}

function paramsOf(operation: ApiOperation): string {
  const fields = (operation.parameters ?? []).map((parameter) => {
    const type = typeOf(parameter.dataType, parameter.paramType === 'path' ? undefined : parameter.allowableValues?.values);
    const many = parameter.allowMultiple === true ? `readonly ${type.includes('|') ? `(${type})` : type}[]` : type;
    const required = parameter.required === true || parameter.paramType === 'path';
    return `readonly ${parameter.name}${required ? '' : '?'}: ${many}`;
  });
  return fields.length === 0 ? 'Record<never, never>' : `{ ${fields.join('; ')} }`;
}

function rowOf(path: string, operation: ApiOperation): string {
  const parameters = operation.parameters ?? [];
  const query = parameters.filter((p) => p.paramType === 'query').map((p) => `'${p.name}'`);
  const body = parameters.find((p) => p.paramType === 'body');
  // `containers` is sent as a field of the body (`{"variables": …}`), `object` is the body (applications.filter).
  const bodyText = body === undefined ? '' : `, body: { name: '${body.name}', bare: ${body.dataType === 'object'} }`;
  return `{ method: '${operation.httpMethod}', path: '${path}', query: [${query.join(', ')}]${bodyText} }`;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  Date: 'string',
  int: 'number',
  long: 'number',
  double: 'number',
  boolean: 'boolean',
  object: 'unknown',
  containers: 'Readonly<Record<string, string>>',
  binary: 'unknown',
  void: 'void',
};

function typeOf(type: string, values?: readonly string[]): string {
  const inner = /^List\[(\w+)\]$/.exec(type)?.[1];
  if (inner !== undefined) return `readonly ${typeOf(inner)}[]`;
  if (type === 'string' && values !== undefined && values.length > 0) return values.map((value) => `'${value}'`).join(' | ');
  return PRIMITIVES[type] ?? type;
}

/** Imports the models that `text` names. */
function importOf(models: ReadonlyMap<string, ApiModel>, text: string, own: readonly string[]): string {
  const used = new Set(text.match(/\b[A-Z]\w+\b/g));
  const names = [...models.keys()].filter((name) => used.has(name) && !own.includes(name)).sort(compare);
  return names.length === 0 ? '' : `import type {\n${names.map((name) => `  ${name},\n`).join('')}} from './models.ts';\n\n`;
}

// Not localeCompare: the order of the files must not hang on the machine's language.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
