import type { Json } from '../domain/json.ts';
import type { CancelSignal } from '../domain/cancellation.ts';
import type { CallId } from '../domain/ids.ts';
import type { Revealed } from './secret.ts';

/**
 * What a flow knows about a back-office service: what goes in and what comes out. A result that is a union told apart by
 * `outcome` gets one exit each in `call`.
 */
export interface ServiceType<Input, Result> {
  /** The caller's patience, over all attempts. */
  readonly timeoutMs: number;
  /** Never set; carries the types. */
  readonly types?: { readonly input: Input; readonly result: Result };
}

export type AnyServiceType = ServiceType<unknown, unknown>;
export type InputOf<S> = S extends ServiceType<infer Input, unknown> ? Input : never;
export type ResultOf<S> = S extends ServiceType<unknown, infer Result> ? Result : never;

/** Declares a service that a flow uses. Default patience: 6 s, the longest silence that callers bear with music on. */
export function service<Input extends object, Result extends { readonly [K in keyof Result]: Json }>(options: {
  readonly timeoutMs?: number;
} = {}): ServiceType<Input, Result> {
  return { timeoutMs: options.timeoutMs ?? 6_000 };
}

/** What an implementation is told beside its input. */
export interface ServiceCall {
  readonly callId: CallId;
  /** The same for every attempt of one step of one call: hand it to systems that must not act twice. */
  readonly idempotencyKey: string;
  readonly cancel: CancelSignal;
}

/** What does the work of a declared service. Rejects with a StrowgerError `service.*`. */
export type ServiceImplementation<S> = (input: Revealed<InputOf<S>>, call: ServiceCall) => Promise<ResultOf<S>>;

/** Implementations for all services of a flow. */
export type ServiceImplementations<Services> = { readonly [N in keyof Services]: ServiceImplementation<Services[N]> };
