import { bankCoreServices } from '../flows/services/bank-core.ts';
import type { IdentificationGuard } from '../engine/identification/identification-guard.ts';
import type { Services } from '../engine/ports/services.ts';
import { createHttpClient } from '../integrations/http/client/http-client.ts';
import type { Config } from './config/schema.ts';
import { serviceRegistry, type AnyServiceImplementation } from './service-registry.ts';

/**
 * All services of all flows; `own`: those that the engine does itself. A back office that is not configured is one that nobody answers for.
 * A service that checks who somebody is stands behind `guard`.
 */
export function flowServices(config: Config, own: Readonly<Record<string, AnyServiceImplementation>>, guard: () => IdentificationGuard): Services {
  return serviceRegistry({ ...own, ...bankServices(config, guard) });
}

function bankServices({ services: { bankCore } }: Config, guard: () => IdentificationGuard): Readonly<Record<string, AnyServiceImplementation>> {
  if (bankCore === undefined) return {};
  const bank = bankCoreServices(createHttpClient({ name: 'bank core', baseUrl: bankCore.url, timeoutMs: bankCore.timeoutSeconds * 1000 }));
  const authenticate: typeof bank.authenticate = (input, call) => guard().guarded('authenticate', bank.authenticate)(input, call);
  return { ...bank, authenticate };
}
