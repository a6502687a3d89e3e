import { z } from 'zod';
import type { ErrorCode } from '../../engine/domain/errors.ts';

/** Flat objects of strings, as they come in a path or a query. */
type Strings = z.ZodObject<Record<string, z.ZodType<unknown, string | undefined>>>;

interface RouteSpec<Params extends Strings, Query extends Strings, Body extends z.ZodType, Result extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1, parameters in braces: `/agents/{agentId}/ready`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** What goes out; fields that it does not name stay in. */
  readonly result: Result;
  /** Codes beside api.* that a caller should expect. */
  readonly errors?: readonly ErrorCode[];
  handle(input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> }): z.input<Result> | Promise<z.input<Result>>;
}

/** A route with its types worn off: server and OpenAPI document are made from the same list of these. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly params: Strings;
  readonly query: Strings;
  readonly body: z.ZodType | undefined;
  readonly result: z.ZodType;
  /** What goes out is a `Download` of this type, not JSON. */
  readonly media: string | undefined;
  readonly errors: readonly ErrorCode[];
  handle(input: { params: unknown; query: unknown; body: unknown }): unknown;
}

/** What a route with `media` hands out. */
export interface Download {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
}

const none = z.strictObject({});

export function route<
  Result extends z.ZodType,
  Params extends Strings = typeof none,
  Query extends Strings = typeof none,
  Body extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<Params, Query, Body, Result>): Route {
  return {
    ...spec,
    params: spec.params ?? none,
    query: spec.query ?? none,
    body: spec.body,
    media: undefined,
    errors: spec.errors ?? [],
    // The server has put everything through the schemas of this very spec.
    handle: (input) => spec.handle(input as Parameters<typeof spec.handle>[0]),
  };
}

/** A route whose answer is a file. */
export function download<Params extends Strings = typeof none, Query extends Strings = typeof none>(
  spec: Omit<RouteSpec<Params, Query, z.ZodUndefined, z.ZodUnknown>, 'method' | 'body' | 'result' | 'handle'> & {
    readonly media: string;
    handle(input: { params: z.output<Params>; query: z.output<Query> }): Promise<Download>;
  },
): Route {
  return { ...route({ ...spec, method: 'GET', result: z.unknown() }), media: spec.media };
}
