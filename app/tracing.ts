import type { Logger } from '../engine/ports/logger.ts';
import type { OpenTelemetry } from '../integrations/tracing/open-telemetry.ts';
import { readSecret, type Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';
import { VERSION } from './version.ts';

/** Undefined when the configuration names no collector: OpenTelemetry is not even loaded then. */
export async function openTracing({ engine, tracing }: Pick<Config, 'engine' | 'tracing'>, environment: Environment, log: Logger): Promise<OpenTelemetry | undefined> {
  const { url, ratio } = tracing;
  if (url === undefined) return undefined;
  const headers = Object.fromEntries(Object.entries(tracing.headers).map(([name, secret]) => [name, readSecret(secret, environment)]));
  const { openTelemetry } = await import('../integrations/tracing/open-telemetry.ts');
  return openTelemetry({ url, headers, ratio, engineId: engine.id, version: VERSION, log });
}
