import { z } from 'zod';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../engine/domain/errors.ts';
import type { Principal, Role } from './principal.ts';
import type { WebSession } from './web-sessions.ts';

/** Flat objects of strings, as they come in a path or a query. */
type Strings = z.ZodObject<Record<string, z.ZodType<unknown, string | undefined>>>;

/** The browser or program at the other end. */
export interface WebPeer {
  /** As the proxies that are trusted tell it, else of the connection. */
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the cookie, if there is one. */
  readonly session: WebSession | undefined;
  signIn(principal: Principal): WebSession;
  signOut(): void;
}

/** What a handler knows beside its input. `by`: who asks; of a route for anyone, nobody in particular. */
export interface Asker {
  readonly by: Principal;
  readonly web: WebPeer;
}

interface RouteSpec<Params extends Strings, Query extends Strings, Body extends z.ZodType, Result extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/v1, parameters in braces: `/agents/{agentId}/ready`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Who may call it. An agent may, with `{agentId}` in the path, for itself only. */
  readonly roles: readonly Role[] | 'anyone';
  /** Of a route that changes something: whether the event log tells who did. Default true. */
  readonly isAudited?: boolean;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** What goes out; fields that it does not name stay in. */
  readonly result: Result;
  /** Codes beside api.* that a caller should expect. */
  readonly errors?: readonly ErrorCode[];
  handle(input: { params: z.output<Params>; query: z.output<Query>; body: z.output<Body> } & Asker): z.input<Result> | Promise<z.input<Result>>;
}

/** A route with its types worn off: server and OpenAPI document are made from the same list of these. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly roles: readonly Role[] | 'anyone';
  readonly isAudited: boolean;
  readonly params: Strings;
  readonly query: Strings;
  readonly body: z.ZodType | undefined;
  readonly result: z.ZodType;
  /** What goes out is a `Download` of this type, not JSON. */
  readonly media: string | undefined;
  readonly errors: readonly ErrorCode[];
  handle(input: { params: unknown; query: unknown; body: unknown } & Asker): unknown;
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
    isAudited: spec.method !== 'GET' && (spec.isAudited ?? true),
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
    handle(input: { params: z.output<Params>; query: z.output<Query> } & Asker): Promise<Download>;
  },
): Route {
  return { ...route({ ...spec, method: 'GET', result: z.unknown() }), media: spec.media };
}
