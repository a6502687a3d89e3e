import { bankCoreServices } from '../flows/services/bank-core.ts';
import type { Services } from '../engine/ports/services.ts';
import { createHttpClient, type HttpClient } from '../integrations/http/client/http-client.ts';
import type { Config } from './config/schema.ts';
import { serviceRegistry, type AnyServiceImplementation } from './service-registry.ts';

/** A back office that is asked over HTTP, and whether it is. */
export interface ServiceCircuit {
  readonly service: string;
  readonly state: ReturnType<HttpClient['breakerState']>;
}

/** All services of all flows; `own`: those that the engine does itself. A back office that is not configured is one that nobody answers for. */
export function flowServices(config: Config, own: Readonly<Record<string, AnyServiceImplementation>>): { readonly services: Services; readonly circuits: () => readonly ServiceCircuit[] } {
  const { bankCore } = config.services;
  const core = bankCore && createHttpClient({ name: 'bank core', baseUrl: bankCore.url, timeoutMs: bankCore.timeoutSeconds * 1000 });
  return {
    services: serviceRegistry({ ...own, ...(core ? bankCoreServices(core) : {}) }),
    circuits: () => (core ? [{ service: 'bankCore', state: core.breakerState() }] : []),
  };
}
