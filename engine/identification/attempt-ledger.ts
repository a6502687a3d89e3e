import { lockMsAfter, type AttemptLimit } from '../domain/attempts.ts';
import type { Json } from '../domain/json.ts';
import type { AttemptLock, AttemptRefusal, AttemptSubject, AttemptTicket, Attempts } from '../ports/attempts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';

export interface AttemptLedgerOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  /** By the scope of a subject. */
  readonly limits: Readonly<Record<string, AttemptLimit>>;
  /** At most so many subjects of each scope are remembered. Default 50 000: some 10 MB. */
  readonly maxSubjects?: number;
}

interface Entry {
  failures: number;
  /** Since when the oldest of them is being forgotten. */
  since: number;
  lockedUntil: number;
  /** Attempts that are being checked, with when they began. */
  pending: Map<string, number>;
}

/** Longer than any check takes (the caller's patience with a service). What is not settled by then died with its process: it counts as wrong. */
const PENDING_LIMIT_MS = 60_000;
/** How many of the least recent entries are looked at when one is added: those that are forgotten go, and one that is not locked goes first. */
const LOOKED_AT = 32;

/**
 * Wrong attempts by subject, with locks that grow. Each subject is a record of the journal, so neither a restart nor another call
 * begins anew. An attempt counts as wrong from its beginning until it is known to be right: a hundred calls at once get no further than one.
 */
export class AttemptLedger implements Attempts {
  readonly #o: AttemptLedgerOptions;
  /** By scope; the least recently used subject first. */
  readonly #scopes: ReadonlyMap<string, Map<string, Entry>>;

  constructor(options: AttemptLedgerOptions) {
    this.#o = options;
    this.#scopes = new Map(Object.keys(options.limits).map((scope) => [scope, new Map<string, Entry>()]));
  }

  /** How many subjects are remembered. */
  get size(): number {
    return [...this.#scopes.values()].reduce((sum, entries) => sum + entries.size, 0);
  }

  /** Takes back what the previous process left. A record that is none, or of a scope that is no more, is removed. */
  async restore(): Promise<void> {
    const { journal, clock } = this.#o;
    const now = clock.now();
    for (const { id, record } of await journal.load('attempts')) {
      const entry = entryFrom(record);
      const { scope, key } = subjectOf(id);
      const entries = this.#scopes.get(scope);
      if (entry === undefined || entries === undefined) {
        journal.remove('attempts', id);
        continue;
      }
      entries.set(key, entry);
      if (this.#isForgotten(scope, entry, now)) this.#remove({ scope, key });
    }
  }

  lockOf(subjects: readonly AttemptSubject[]): AttemptLock | undefined {
    const locks = subjects.flatMap((subject) => this.#lockOf(subject) ?? []);
    return locks.toSorted((a, b) => b.until - a.until)[0];
  }

  begin(id: string, subjects: readonly AttemptSubject[]): AttemptTicket | AttemptRefusal {
    const now = this.#o.clock.now();
    const isKnown = subjects.length > 0 && subjects.every((subject) => this.#entry(subject)?.pending.has(id));
    if (!isKnown) {
      const lock = this.lockOf(subjects);
      if (lock !== undefined) return { allowed: false, lock };
      for (const subject of subjects) this.#entryOrNew(subject, now).pending.set(id, now);
      for (const subject of subjects) this.#touch(subject);
    }
    let settled = false;
    const settle = <T>(how: (subject: AttemptSubject, entry: Entry) => T): readonly T[] => {
      if (settled) return [];
      settled = true;
      return subjects.flatMap((subject) => {
        const entry = this.#entry(subject);
        // Not pending any more: it was given up for lost, and counted.
        if (entry?.pending.delete(id) !== true) return [];
        const result = how(subject, entry);
        this.#touch(subject);
        return [result];
      });
    };
    return {
      allowed: true,
      succeeded: () => {
        settle(({ scope }, entry) => {
          if (!this.#limit(scope).clearedBySuccess) return;
          entry.failures = 0;
          entry.lockedUntil = 0;
        });
      },
      failed: () => settle((subject, entry) => this.#fail(subject, entry, this.#o.clock.now())).flatMap((lock) => lock ?? []),
      undone: () => void settle(() => undefined),
    };
  }

  #fail({ scope, key }: AttemptSubject, entry: Entry, at: number): AttemptLock | undefined {
    const limit = this.#limit(scope);
    this.#ease(entry, limit, at);
    if (entry.failures === 0) entry.since = at;
    entry.failures += 1;
    const lockMs = lockMsAfter(entry.failures, limit);
    if (lockMs === 0) return undefined;
    entry.lockedUntil = Math.max(entry.lockedUntil, at + lockMs);
    return { scope, key, failures: entry.failures, until: entry.lockedUntil };
  }

  #lockOf(subject: AttemptSubject): AttemptLock | undefined {
    const entry = this.#entry(subject);
    if (entry === undefined) return undefined;
    const limit = this.#limit(subject.scope);
    const now = this.#o.clock.now();
    this.#settleLost(subject, entry, now);
    this.#ease(entry, limit, now);
    // Where the clock was put back, a lock must not last longer than the longest.
    const until = Math.min(entry.lockedUntil, now + limit.longestLockMs);
    if (until > now) return { ...subject, failures: entry.failures, until };
    // What is being checked may be wrong: no more at once than would be allowed one after another.
    const perhaps = entry.failures + entry.pending.size;
    if (entry.pending.size === 0 || perhaps < limit.free) return undefined;
    return { ...subject, failures: perhaps, until: now + lockMsAfter(perhaps, limit) };
  }

  /** Whoever began these is dead, or would have told. */
  #settleLost(subject: AttemptSubject, entry: Entry, now: number): void {
    for (const [id, at] of entry.pending) {
      if (now - at < PENDING_LIMIT_MS && at <= now) continue;
      entry.pending.delete(id);
      this.#fail(subject, entry, Math.min(at, now));
      this.#touch(subject);
    }
  }

  #ease(entry: Entry, { forgetMs }: AttemptLimit, now: number): void {
    const forgotten = Math.min(entry.failures, Math.max(0, Math.floor((now - entry.since) / forgetMs)));
    entry.failures -= forgotten;
    entry.since += forgotten * forgetMs;
  }

  #isForgotten(scope: string, entry: Entry, now: number): boolean {
    this.#ease(entry, this.#limit(scope), now);
    return entry.failures === 0 && entry.pending.size === 0 && entry.lockedUntil <= now;
  }

  #entry({ scope, key }: AttemptSubject): Entry | undefined {
    return this.#entries(scope).get(key);
  }

  #entryOrNew(subject: AttemptSubject, now: number): Entry {
    const entries = this.#entries(subject.scope);
    const known = entries.get(subject.key);
    if (known !== undefined) return known;
    this.#makeRoom(subject.scope, now);
    const entry: Entry = { failures: 0, since: now, lockedUntil: 0, pending: new Map() };
    entries.set(subject.key, entry);
    return entry;
  }

  /** Forgets what is over; of what is not, rather a subject that is not locked: who floods the ledger must not free another one. */
  #makeRoom(scope: string, now: number): void {
    const entries = this.#entries(scope);
    const { maxSubjects = 50_000 } = this.#o;
    let looked = 0;
    let free: string | undefined;
    let oldest: string | undefined;
    for (const [key, entry] of entries) {
      looked += 1;
      if (looked > LOOKED_AT) break;
      if (this.#isForgotten(scope, entry, now)) this.#remove({ scope, key });
      else {
        oldest ??= key;
        if (entry.lockedUntil <= now && entry.pending.size === 0) free ??= key;
      }
    }
    const victim = free ?? oldest;
    if (entries.size >= maxSubjects && victim !== undefined) this.#remove({ scope, key: victim });
  }

  /** It was used: it is the most recent one, and goes to the journal. */
  #touch(subject: AttemptSubject): void {
    const entries = this.#entries(subject.scope);
    const entry = entries.get(subject.key);
    if (entry === undefined) return;
    if (this.#isForgotten(subject.scope, entry, this.#o.clock.now())) return this.#remove(subject);
    entries.delete(subject.key);
    entries.set(subject.key, entry);
    this.#o.journal.changed('attempts', idOf(subject), () => ({
      failures: entry.failures,
      since: entry.since,
      lockedUntil: entry.lockedUntil,
      pending: [...entry.pending],
    }));
  }

  #remove(subject: AttemptSubject): void {
    this.#entries(subject.scope).delete(subject.key);
    this.#o.journal.remove('attempts', idOf(subject));
  }

  #entries(scope: string): Map<string, Entry> {
    const entries = this.#scopes.get(scope);
    if (entries === undefined) throw new TypeError(`There is no limit for ${scope}.`);
    return entries;
  }

  #limit(scope: string): AttemptLimit {
    const limit = this.#o.limits[scope];
    if (limit === undefined) throw new TypeError(`There is no limit for ${scope}.`);
    return limit;
  }
}

const idOf = ({ scope, key }: AttemptSubject): string => `${scope}:${key}`;

function subjectOf(id: string): AttemptSubject {
  const colon = id.indexOf(':');
  return { scope: id.slice(0, colon), key: id.slice(colon + 1) };
}

function entryFrom(record: Json): Entry | undefined {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return undefined;
  const { failures, since, lockedUntil, pending } = record as Readonly<Record<string, Json>>;
  if (!isCount(failures) || !isCount(since) || !isCount(lockedUntil) || !Array.isArray(pending)) return undefined;
  const known = (pending as readonly Json[]).flatMap((row): readonly [string, number][] => {
    const [id, at] = Array.isArray(row) ? (row as readonly Json[]) : [];
    return typeof id === 'string' && isCount(at) ? [[id, at]] : [];
  });
  return { failures, since, lockedUntil, pending: new Map(known) };
}

const isCount = (value: Json | undefined): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
