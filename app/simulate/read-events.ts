import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { DomainEvent, DomainEventType } from '../../engine/domain/events.ts';
import { openStoreForReading } from '../../integrations/store/sqlite-store.ts';

/** The events that a simulation is made from. */
const TYPES: readonly DomainEventType[] = ['contact.queued', 'contact.left', 'conversation.ended', 'offer.ended', 'agent.state', 'acd.configured'];
const SQLITE = 'SQLite format 3';
const BATCH = 5000;

/**
 * Reads recorded events: from a store file, or from a text file as `/api/v1/events` answers: one answer, or one event a line
 * (with its `seq` around it or without). Throws `config.unreadable`, or `store.unusable` for a store that cannot be read.
 */
export async function readEvents(file: string): Promise<readonly DomainEvent[]> {
  if (isStore(file)) return readStore(file);
  const text = readFileSync(file, 'utf8');
  const whole = parsed(text);
  if (whole !== undefined) return unwrap(whole);
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    if (value === undefined) throw unreadable(file, `line ${index + 1} is no JSON`);
    return unwrap(value);
  });
}

function isStore(file: string): boolean {
  try {
    const handle = openSync(file, 'r');
    try {
      const start = Buffer.alloc(SQLITE.length);
      readSync(handle, start, 0, start.length, 0);
      return start.toString('latin1') === SQLITE;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw unreadable(file, 'it cannot be opened', error);
  }
}

async function readStore(file: string): Promise<readonly DomainEvent[]> {
  const store = openStoreForReading(file);
  try {
    const events: DomainEvent[] = [];
    for (let afterSeq = 0; ; ) {
      const batch = await store.read({ afterSeq, types: TYPES, limit: BATCH });
      for (const { event } of batch) events.push(event);
      const last = batch.at(-1);
      if (last === undefined) return events;
      afterSeq = last.seq;
    }
  } finally {
    store.close();
  }
}

/** An event, a recorded event, an answer of the API; what else stands there is passed over. */
function unwrap(value: unknown): readonly DomainEvent[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('events' in value && Array.isArray(value.events)) return value.events.flatMap(unwrap);
  if ('event' in value) return unwrap(value.event);
  return 'type' in value && 'at' in value && 'v' in value && value.v === 1 && TYPES.includes(value.type as DomainEventType) ? [value as DomainEvent] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unreadable(file: string, why: string, cause?: unknown): StrowgerError {
  return new StrowgerError('config.unreadable', `The event log ${file} cannot be read: ${why}.`, {
    cause,
    fields: { file },
    hint: 'Give a store file (var/strowger.db) or JSON lines as GET /api/v1/events prints them.',
  });
}
