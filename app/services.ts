import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallId } from '../engine/domain/ids.ts';
import { bankCoreServices } from '../flows/services/bank-core.ts';
import type { IdentificationGuard } from '../engine/identification/identification-guard.ts';
import type { Services } from '../engine/ports/services.ts';
import { createHttpClient, type HttpClient } from '../integrations/http/client/http-client.ts';
import type { Config } from './config/schema.ts';
import { serviceRegistry, type AnyServiceImplementation } from './service-registry.ts';

/** A back office that is asked over HTTP, and whether it is. */
export interface ServiceCircuit {
  readonly service: string;
  readonly state: ReturnType<HttpClient['breakerState']>;
}

export interface FlowServicesOptions {
  readonly config: Config;
  /** Those that the engine does itself. */
  readonly own: Readonly<Record<string, AnyServiceImplementation>>;
  /** A service that checks who somebody is stands behind it. */
  readonly guard: () => IdentificationGuard;
  /** The header of that name for requests on behalf of a call; absent where nothing is traced. */
  readonly traceparent?: (callId: CallId) => string;
}

/** All services of all flows. A back office that is not configured is one that nobody answers for. */
export function flowServices({ config, own, guard, traceparent }: FlowServicesOptions): { readonly services: Services; readonly circuits: () => readonly ServiceCircuit[] } {
  const { bankCore } = config.services;
  // The trace goes with the call through whatever an implementation awaits, so that none has to hand it on.
  const traced = new AsyncLocalStorage<string>();
  const headers = (): Readonly<Record<string, string>> => {
    const value = traced.getStore();
    return value === undefined ? {} : { traceparent: value };
  };
  const core = bankCore && createHttpClient({ name: 'bank core', baseUrl: bankCore.url, timeoutMs: bankCore.timeoutSeconds * 1000, headers });
  const registry = serviceRegistry({ ...own, ...(core ? bankServices(core, guard) : {}) });
  return {
    services: traceparent === undefined ? registry : { request: (request) => traced.run(traceparent(request.callId), () => registry.request(request)) },
    circuits: () => (core ? [{ service: 'bankCore', state: core.breakerState() }] : []),
  };
}

function bankServices(core: HttpClient, guard: () => IdentificationGuard): Readonly<Record<string, AnyServiceImplementation>> {
  const bank = bankCoreServices(core);
  const authenticate: typeof bank.authenticate = (input, call) => guard().guarded('authenticate', bank.authenticate)(input, call);
  return { ...bank, authenticate };
}
