import { StrowgerError } from '../engine/domain/errors.ts';
import type { Json } from '../engine/domain/json.ts';
import type { ServiceCall } from '../engine/flow/service.ts';
import type { Services } from '../engine/ports/services.ts';

/** An implementation with its types worn off: the kit checked them where the flow declares the service. */
export type AnyServiceImplementation = (input: never, call: ServiceCall) => Promise<Json | object>;

/** Finds the implementation of a flow's service by its name. Rejects with `service.unknown` when there is none. */
export function serviceRegistry(implementations: Readonly<Record<string, AnyServiceImplementation>>): Services {
  return {
    async request({ service, input, callId, idempotencyKey, cancel }) {
      const implementation = Object.hasOwn(implementations, service) ? implementations[service] : undefined;
      if (!implementation) {
        throw new StrowgerError('service.unknown', `No implementation of the service '${service}' is registered.`, { fields: { service } });
      }
      return (await implementation(input as never, { callId, idempotencyKey, cancel })) as Json;
    },
  };
}
