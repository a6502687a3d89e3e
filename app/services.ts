import { bankCoreServices } from '../flows/services/bank-core.ts';
import type { Services } from '../engine/ports/services.ts';
import { createHttpClient } from '../integrations/http/client/http-client.ts';
import type { Config } from './config/schema.ts';
import { serviceRegistry, type AnyServiceImplementation } from './service-registry.ts';

/** All services of all flows; `own`: those that the engine does itself. A back office that is not configured is one that nobody answers for. */
export function flowServices(config: Config, own: Readonly<Record<string, AnyServiceImplementation>>): Services {
  const { bankCore } = config.services;
  return serviceRegistry({
    ...own,
    ...(bankCore ? bankCoreServices(createHttpClient({ name: 'bank core', baseUrl: bankCore.url, timeoutMs: bankCore.timeoutSeconds * 1000 })) : {}),
  });
}
