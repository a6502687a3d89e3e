import { maskNumber } from './digits.ts';

/**
 * What may be kept of the `pii` of an event or a log line where persons must not be recognised: numbers with their last
 * digits, nothing of anything else (a name has no harmless part).
 */
export function maskPersonalData(pii: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const masked: Record<string, string> = {};
  for (const [key, value] of Object.entries(pii)) {
    if (typeof value !== 'string') masked[key] = '';
    else masked[key] = /number$/i.test(key) ? maskNumber(value) : '';
  }
  return masked;
}
