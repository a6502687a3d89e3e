import type { AriOperation, AriParams } from './ari-transport.ts';
import { ARI_OPERATIONS } from './generated/operations.ts';

/** A request as both HTTP and REST over WebSocket carry it. `uri` has no leading slash, `query` values are not escaped. */
export interface EncodedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly uri: string;
  readonly query: readonly { readonly name: string; readonly value: string }[];
  /** JSON text. */
  readonly body?: string;
}

/** Path templates cut at their parameters: `['channels/', 'channelId', '/answer']`, odd places are names. */
const PATHS = new Map<AriOperation, readonly string[]>();

export function encodeRequest<Op extends AriOperation>(operation: Op, params: AriParams<Op>): EncodedRequest {
  const row = ARI_OPERATIONS[operation];
  const values = params as Readonly<Record<string, unknown>>;
  let uri = '';
  pathOf(operation).forEach((part, index) => (uri += index % 2 === 0 ? part : encodeURIComponent(textOf(values[part]))));
  const query: { name: string; value: string }[] = [];
  for (const name of row.query) {
    const value = values[name];
    if (value !== undefined) query.push({ name, value: textOf(value) });
  }
  const content = row.body === undefined ? undefined : values[row.body.name];
  if (row.body === undefined || content === undefined) return { method: row.method, uri, query };
  return { method: row.method, uri, query, body: JSON.stringify(row.body.bare ? content : { [row.body.name]: content }) };
}

function pathOf(operation: AriOperation): readonly string[] {
  const known = PATHS.get(operation);
  if (known !== undefined) return known;
  const parts = ARI_OPERATIONS[operation].path.slice(1).split(/\{(\w+)\}/);
  PATHS.set(operation, parts);
  return parts;
}

// A list travels comma-separated: Asterisk splits the value itself ("Allows comma separated values" in its api-docs).
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
