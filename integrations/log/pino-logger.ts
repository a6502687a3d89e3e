import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { maskPersonalData } from '../../engine/domain/personal-data.ts';
import type { LogFields, Logger } from '../../engine/ports/logger.ts';

export interface PinoLoggerOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Show numbers and names as they are. Default false: numbers masked, the rest dropped. */
  readonly showPersonalData?: boolean;
  /** Where the lines go. Default: standard output, written at once. */
  readonly destination?: DestinationStream;
}

const SECRET = /^(password|passwd|secret|pin|token|authorization|cookie|set-cookie|api[-_]?key|ari_?password|credentials?)$/i;
/** A user and password inside a URL or a query. */
const SECRET_IN_TEXT = /(\/\/[^/\s:@]+:)[^/\s@]+@|([?&](?:api_key|password|token)=)[^&\s]+/gi;
const DEEPEST = 6;

/**
 * The Logger port by pino: one JSON line an event, e.g.
 * `{"level":"info","time":"2026-01-05T09:30:00.000Z","callId":"call-…","msg":"…"}`.
 * Secrets are blotted out wherever they stand, personal data (`pii`) is masked.
 */
export function pinoLogger(options: PinoLoggerOptions = {}): Logger {
  const { level = 'info', showPersonalData = false, destination } = options;
  const clean = cleaner(showPersonalData);
  const root = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  return wrap(root, clean);
}

function wrap(logger: Pino, clean: (fields: LogFields) => LogFields): Logger {
  return {
    debug: (fields, message) => {
      // Cleaning costs; lines that nobody reads are not cleaned.
      if (logger.isLevelEnabled('debug')) logger.debug(clean(fields), blot(message));
    },
    info: (fields, message) => {
      if (logger.isLevelEnabled('info')) logger.info(clean(fields), blot(message));
    },
    warn: (fields, message) => {
      if (logger.isLevelEnabled('warn')) logger.warn(clean(fields), blot(message));
    },
    error: (fields, message) => {
      if (logger.isLevelEnabled('error')) logger.error(clean(fields), blot(message));
    },
    child: (fields) => wrap(logger.child(clean(fields)), clean),
  };
}

/**
 * pino's own `redact` knows paths, not names at any depth, and does not look into texts; so the fields are copied. That
 * also keeps cycles, errors and getters from spoiling a line.
 */
function cleaner(showPersonalData: boolean): (fields: LogFields) => LogFields {
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return blot(value);
    if (typeof value === 'bigint') return value.toString();
    if (value === null || typeof value !== 'object') return value;
    if (depth >= DEEPEST) return '[deep]';
    if (value instanceof Error) return errorFields(value, depth);
    if (Array.isArray(value)) return value.map((entry) => copy(entry, depth + 1));
    if (value instanceof Date) return value.toISOString();
    return copyFields(value as LogFields, depth);
  };
  const errorFields = (error: Error, depth: number): unknown => ({
    message: blot(error.message),
    ...('code' in error ? { code: error.code } : {}),
    ...('fields' in error ? { fields: copy(error.fields, depth + 1) } : {}),
    stack: blot(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, depth + 1) }),
  });
  const copyFields = (fields: LogFields, depth: number): LogFields => {
    const copied: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(fields)) {
      if (SECRET.test(key)) copied[key] = '[secret]';
      else if (key === 'pii' && !showPersonalData) copied[key] = isRecord(value) ? maskPersonalData(value) : '';
      else copied[key] = copy(value, depth + 1);
    }
    return copied;
  };
  return (fields) => copyFields(fields, 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function blot(text: string): string {
  if (!text.includes('//') && !text.includes('=')) return text;
  return text.replace(SECRET_IN_TEXT, (_, url?: string, query?: string) => (url === undefined ? `${query}[secret]` : `${url}[secret]@`));
}
