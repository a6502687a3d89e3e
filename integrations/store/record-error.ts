import Database from 'better-sqlite3';

const OF_THE_RECORD = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/;

/**
 * True when a write failed because of what was to be written, so that trying again is of no use: it cannot be told as
 * JSON, or breaks a rule of its table. Everything else is the disk's.
 */
export function isRecordError(error: unknown): boolean {
  return !(error instanceof Database.SqliteError) || OF_THE_RECORD.test(error.code);
}
