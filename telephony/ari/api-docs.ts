import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

// Asterisk describes its REST interface in Swagger 1.1 (swagger.io's first dialect, with its own JSON shape). Only what the
// generator reads is checked here; a document of another shape is refused with the path of the offending field.
const Parameter = z.object({
  name: z.string(),
  paramType: z.enum(['path', 'query', 'body', 'header']),
  dataType: z.string(),
  required: z.boolean().optional(),
  allowMultiple: z.boolean().optional(),
  allowableValues: z.object({ valueType: z.string(), values: z.array(z.string()).optional() }).optional(),
});
const Operation = z.object({
  httpMethod: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  nickname: z.string(),
  responseClass: z.string(),
  upgrade: z.string().optional(),
  parameters: z.array(Parameter).optional(),
});
const Property = z.object({
  type: z.string(),
  required: z.boolean().optional(),
  allowableValues: z.object({ valueType: z.string(), values: z.array(z.string()).optional() }).optional(),
});
const Model = z.object({
  id: z.string(),
  subTypes: z.array(z.string()).optional(),
  discriminator: z.string().optional(),
  properties: z.record(z.string(), Property),
});
const Declaration = z.object({
  resourcePath: z.string(),
  apis: z.array(z.object({ path: z.string(), operations: z.array(Operation) })),
  models: z.record(z.string(), Model).optional(),
});
const Listing = z.object({ apis: z.array(z.object({ path: z.string() })) });

export type ApiOperation = z.infer<typeof Operation>;
export type ApiModel = z.infer<typeof Model>;
export type ApiProperty = z.infer<typeof Property>;
/** One resource (`channels`, `bridges`, …) of Asterisk's REST interface as its api-docs describe it. */
export type ApiDeclaration = z.infer<typeof Declaration> & { readonly resource: string };

/** Reads the api-docs through `load`, which gets a file name such as `channels.json` and returns its parsed JSON. */
export async function readApiDocs(load: (file: string) => Promise<unknown>): Promise<readonly ApiDeclaration[]> {
  const { apis } = Listing.parse(await load('resources.json'));
  const resources = apis.map((api) => resourceOf(api.path)).sort();
  return Promise.all(
    resources.map(async (resource) => {
      const parsed = Declaration.safeParse(await load(`${resource}.json`));
      if (!parsed.success) throw new Error(`${resource}.json is no Swagger 1.1 document as Asterisk writes it: ${z.prettifyError(parsed.error)}`);
      return { ...parsed.data, resource };
    }),
  );
}

/** From a folder, e.g. `/usr/share/asterisk/rest-api`. */
export function apiDocsOfFolder(folder: string): Promise<readonly ApiDeclaration[]> {
  return readApiDocs(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown);
}

/** From a running Asterisk, e.g. `http://127.0.0.1:8088`. */
export function apiDocsOfServer(url: string, user: string, password: string): Promise<readonly ApiDeclaration[]> {
  return readApiDocs((file) => getJson(new URL(`/ari/api-docs/${file}`, url), user, password));
}

/** `22.10.1`, without the suffix that a distribution adds. */
export async function versionOfServer(url: string, user: string, password: string): Promise<string> {
  const info = await getJson(new URL('/ari/asterisk/info?only=system', url), user, password);
  const { version } = z.object({ system: z.object({ version: z.string() }) }).parse(info).system;
  return /^[0-9.]+/.exec(version)?.[0] ?? version;
}

async function getJson(url: URL, user: string, password: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const response = await fetch(url, { headers: { authorization } });
  if (!response.ok) throw new Error(`GET ${url.pathname} gave ${response.status} ${response.statusText}`);
  return response.json();
}

/** `/api-docs/channels.{format}` → `channels` */
function resourceOf(path: string): string {
  const name = /([A-Za-z]+)\.(?:\{format\}|json)$/.exec(path)?.[1];
  if (name === undefined) throw new Error(`resources.json names '${path}', which is no resource`);
  return name;
}
